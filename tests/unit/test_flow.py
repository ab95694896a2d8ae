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


def test_code_that_a_built_stage_names_exists() -> None:
    for stage in STAGES:
        if stage.is_built:
            for name in stage.code.replace("dbt ", "").replace(";", ",").split(","):
                place = name.strip()
                found = (PROJECT_ROOT / place).exists() or list(PROJECT_ROOT.glob(f"dbt_project/models/**/{place}.sql"))
                assert found, f"{stage.name} names {place}, which is not there"
