"""A process that makes the site is killed anywhere: what is public stays whole, and the next one ends what it began (§14.1; R-160)."""

from __future__ import annotations

import subprocess
import sys

import pytest

from exports.site_folder import SiteFolder
from exports.site_reader import look_up, site_words
from posko.settings import PROJECT_ROOT
from tests.support.site_rows import BORN

WORK = """
import os, pathlib, signal, sys
from exports.site import build
from exports.site_folder import SiteFolder
from tests.support.site_rows import AT, FakeRows

root, count, left = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])

def doomed(real):
    def call(*given, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)
    return call

for name in ("replace", "mkdir", "symlink", "unlink", "link", "sync", "rmdir"):
    setattr(os, name, doomed(getattr(os, name)))
pathlib.Path.write_bytes = doomed(pathlib.Path.write_bytes)
pathlib.Path.write_text = doomed(pathlib.Path.write_text)

rows, folder = FakeRows(), SiteFolder(root)
for number in range(count):
    rows.add(str(number))
with folder.held():
    made = build(rows, folder, at=AT)
    if made is not None:
        before = folder.state_or_none()
        folder.switch(made.state)
        folder.tidy(before)
print("whole", -left)
"""
NEVER = 0


def work(root, count, left):
    return subprocess.run(
        [sys.executable, "-c", WORK, str(root), str(count), str(left)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def public_ids(folder):
    """Return who is found on the public site, of eight."""
    words = site_words(folder.public)
    return [] if words is None else [n for n in range(8) if look_up(folder.public, words["garam"], str(n), BORN)]


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    """How many calls that change the folder a second version of it takes."""
    root = tmp_path_factory.mktemp("whole") / "situs"
    assert work(root, 4, NEVER).returncode == 0
    done = work(root, 8, NEVER)
    return int(done.stdout.split()[1])


@pytest.mark.parametrize("part", [0.0, 0.3, 0.6, 0.85, 0.92, 0.94, 0.96, 0.98, 0.99, 1.0])
def test_wherever_it_is_killed_the_site_is_the_old_one_or_the_new_one(tmp_path, steps, part):
    folder = SiteFolder(tmp_path / "situs")
    assert work(folder.root, 4, NEVER).returncode == 0

    killed = work(folder.root, 8, max(1, round(steps * part)))

    assert killed.returncode == -9, killed.stderr
    assert public_ids(folder) == list(range(8 if folder.version() == 2 else 4))
    assert work(folder.root, 8, NEVER).returncode == 0
    assert public_ids(folder) == list(range(8))
    folder.sweep()
    assert public_ids(folder) == list(range(8))


def test_the_first_version_is_there_wholly_or_not_at_all(tmp_path, steps):
    folder = SiteFolder(tmp_path / "situs")

    assert work(folder.root, 4, 250).returncode == -9

    assert folder.version() == 0
    assert public_ids(folder) == []
    assert work(folder.root, 4, NEVER).returncode == 0
    assert public_ids(folder) == [0, 1, 2, 3]
