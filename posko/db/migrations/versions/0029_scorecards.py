"""What a scorecard must know to come out the same again (§14.2, R-162; requirements section 8.3 no. 12).

A deviation says when it went into its case, and a session when it was called off, because a scorecard counts what stood at the moment of
its meeting. A meeting may name the day from which its scorecards count, and notes up to which rows they do: the time alone does not say
it, because a played clock stands still, and two acts may fall into one moment.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

STATEMENTS = [
    "alter table posko.deviation add column case_at datetime(6) null, add key deviation_at (occurred_at)",
    "alter table posko.exam_session add column cancelled_at datetime(6) null",
    "alter table posko.evaluation_meeting add column cards_since date null, add column cards_marks varchar(500) null",
]


def upgrade() -> None:
    """Add the moments that scorecards need."""
    for statement in STATEMENTS:
        op.execute(statement)
