"""The flow as data: every step of the Pedoman is claimed exactly once."""

from collections import Counter

from posko.domain.flow import STAGES, STEPS, flow_markdown
from posko.settings import PROJECT_ROOT


def test_every_step_of_the_pedoman_is_claimed_exactly_once() -> None:
    assert Counter(step for stage in STAGES for step in stage.steps) == Counter(STEPS)


def test_there_are_thirty_steps_and_eleven_stages() -> None:
    assert (len(STEPS), len(STAGES)) == (30, 11)


def test_the_readme_shows_the_flow_table_of_the_code() -> None:
    assert flow_markdown() in (PROJECT_ROOT / "README.md").read_text("utf-8")


def test_code_that_a_stage_names_exists() -> None:
    for stage in STAGES:
        folder = PROJECT_ROOT
        for name in stage.code.replace("dbt ", "").replace(";", ",").split(","):
            place = name.strip()
            folder = (PROJECT_ROOT / place).parent if "/" in place else folder
            found = (folder / place.rpartition("/")[2]).exists() or (PROJECT_ROOT / place).exists()
            assert found or list(PROJECT_ROOT.glob(f"dbt_project/models/**/{place}.sql")), f"{stage.name}: {place}"
