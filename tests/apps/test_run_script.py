"""The script `run`: who checks a file needs the program alone (§5.7; docs/audit-pack.md)."""

from __future__ import annotations

import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from posko.settings import PROJECT_ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the program's environment, but without dbt's requirements: whoever looks for them says so."""
    shutil.copy(PROJECT_ROOT / "run", tmp_path / "run")
    for folder in ("requirements", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "requirements" / "app.txt").write_text("", "utf-8")
    (tmp_path / ".venv" / ".posko-app.txt").write_text(f"{sha256(b'').hexdigest()}  -\n", "utf-8")
    program = tmp_path / ".venv" / "bin" / "posko"
    program.write_text('#!/bin/sh\necho "$@"\n', "utf-8")
    program.chmod(0o755)
    return tmp_path


def called(checkout: Path, words: list[str]) -> subprocess.CompletedProcess[str]:
    # Addresses are given, so that nothing of the system is installed.
    given = {"PATH": "/usr/bin:/bin", "POSKO_DATABASE_URL": "mysql://x", "POSKO_SOURCE_URL": "mysql://x"}
    return subprocess.run(["bash", checkout / "run", *words], capture_output=True, text=True, env=given, check=False)


@pytest.mark.parametrize(
    "words",
    [
        ["audit", "verify-pack", "paket.posko", "--key", "kunci.json"],
        ["audit", "verify", "--from", "ekspor"],
        ["audit", "verify", "--proof", "bukti.json"],
        ["minutes", "verify", "--file", "risalah.pdf", "--keys", "kunci.json"],
        ["certificate", "verify", "--qr", "POSKO1:", "--keys", "kunci.json"],
    ],
)
def test_who_checks_a_file_needs_neither_server_nor_dbt(checkout: Path, words: list[str]) -> None:
    done = called(checkout, words)

    assert (done.returncode, done.stdout.split(), done.stderr) == (0, words, "")


@pytest.mark.parametrize("words", [["audit", "verify"], ["minutes", "verify", "--file", "risalah.pdf"], ["status"]])
def test_everything_else_is_set_up_whole(checkout: Path, words: list[str]) -> None:
    assert "requirements/dbt.txt" in called(checkout, words).stderr
