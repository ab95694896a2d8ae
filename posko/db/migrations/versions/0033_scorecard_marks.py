"""Up to which rows the scorecards of a meeting count, noted when it opens (§14.2, R-162; requirements section 8.3 no. 12).

The time alone does not say it: a played clock stands still, and two acts may fall into one moment.
"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give a meeting the marks of its scorecards."""
    op.execute("alter table posko.evaluation_meeting add column cards_marks varchar(500) null")
