"""Which tests stay with one worker: each worker has servers of its own, and a file shares what its fixtures built."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

STORIES = {
    "tests/pipeline/": "pipeline",
    **dict.fromkeys(("tests/journey/test_1", "tests/journey/test_2", "tests/journey/test_3"), "journey"),
}
"""Start of a file's path -> its story: files that go on from one another, or share one build."""


LONGEST = (
    "tests/journey/test_4", "tests/pipeline/", "tests/apps/test_operator_bad_input", "tests/apps/test_operator_axe",
    "tests/apps/test_bench", "tests/journey/test_6", "tests/journey/test_7",
)  # fmt: skip
"""Files that take longer than a minute."""


class WholeStories(LoadScopeScheduling):
    """Hands out whole files, and whole stories of several files."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return next((story for start, story in STORIES.items() if file.startswith(start)), file)
