"""The tree with MySQL: two processes of the tests ask for it at once, on a machine that has none yet."""

from __future__ import annotations

import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor

from posko.db import mysql_root


def test_of_two_that_need_the_tree_at_once_one_makes_it_and_the_other_waits(tmp_path, monkeypatch):
    made, both = [], threading.Barrier(2)

    def unpack(_program, folder):
        made.append(folder)
        (folder / "usr/sbin").mkdir(parents=True)
        (folder / "usr/sbin/mysqld").touch()
        (folder / ".posko-complete").touch()

    def ask(_):
        both.wait()
        return mysql_root.ensure_mysql_root(tmp_path / "root")

    monkeypatch.setattr(mysql_root, "_unpack", unpack)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda *_args, **_kwargs: "/usr/sbin/debootstrap")
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(ask, range(2)))

    assert found == [tmp_path / "root"] * 2
    assert made == [tmp_path / "root"]
