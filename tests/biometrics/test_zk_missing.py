"""What is missing for a ZKTeco reader: the SDK, a .NET runtime, the package, the program; each in its own sentence."""

from __future__ import annotations

import os
import sys
from datetime import datetime

import pytest

from biometrics.errors import ReaderFailed
from biometrics.readers.zk import ZkReader
from tests.biometrics.fake_zkfp.build import compile_library, dotnet

AT = datetime.fromisoformat("2026-05-04 01:00:00")
MONO_THAT_ABORTS = (
    "#include <stdlib.h>\nvoid mono_set_dirs(void) { abort(); }\nvoid *mono_jit_init(void) { abort(); }\n"
)


def test_without_the_native_library_the_sentence_names_the_sdk(zkfp):
    with (
        pytest.raises(ReaderFailed, match="Pustaka libzkfp dari ZKTeco tidak ditemukan"),
        ZkReader(lambda: AT, environment=dotnet(zkfp)),
    ):
        pass


def test_a_native_library_of_another_kind_is_told_apart(tmp_path):
    (tmp_path / "other.c").write_text("int something_else(void) { return 0; }\n")
    compile_library(tmp_path, tmp_path / "other.c")

    with (
        pytest.raises(ReaderFailed, match="tidak cocok dengan pyzkfp"),
        ZkReader(lambda: AT, environment=dotnet(tmp_path) | {"LD_LIBRARY_PATH": str(tmp_path)}),
    ):
        pass


def test_without_a_dotnet_runtime_the_sentence_says_so():
    with (
        pytest.raises(ReaderFailed, match=r"Runtime \.NET"),
        ZkReader(lambda: AT, environment={"PYTHONNET_RUNTIME": ""}),
    ):
        pass


def test_a_dotnet_runtime_that_cannot_be_loaded_is_told(zkfp, tmp_path):
    broken = dotnet(tmp_path) | {"DOTNET_ROOT": str(tmp_path)}

    with pytest.raises(ReaderFailed, match=r"Runtime \.NET"), ZkReader(lambda: AT, environment=broken):
        pass


def test_where_mono_would_be_taken_it_is_not_loaded(tmp_path):
    (tmp_path / "mono.c").write_text(MONO_THAT_ABORTS)
    compile_library(tmp_path, tmp_path / "mono.c", "libmonosgen-2.0.so")

    with (
        pytest.raises(ReaderFailed, match="Mono menghentikan programnya"),
        ZkReader(lambda: AT, environment={"PYTHONNET_RUNTIME": "", "LD_LIBRARY_PATH": str(tmp_path)}),
    ):
        pass


def test_without_the_optional_package_the_sentence_says_how_to_install_it():
    bare = os.path.realpath(sys.executable)  # the Python below the environment, without its packages

    with pytest.raises(ReaderFailed, match=r"pip install -r requirements/zk\.txt"), ZkReader(lambda: AT, python=bare):
        pass


def test_a_program_that_is_not_there_is_named():
    with (
        pytest.raises(ReaderFailed, match="tidak dapat dijalankan"),
        ZkReader(lambda: AT, python="python-yang-tidak-ada"),
    ):
        pass
