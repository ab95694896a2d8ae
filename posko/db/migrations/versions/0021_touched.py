"""When a row was last written, by the server's own clock: what the evaluation must read again (§14.2, R-162; docs/adr/0012).

The acts' own times cannot say it: a played clock may run ahead, and a copy or another assessor leaves the journey's time as it was.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TOUCHED = "add column touched_at datetime(6) not null default current_timestamp(6) on update current_timestamp(6)"
STATEMENTS = [
    f"alter table posko.journey {TOUCHED}, add key journey_touched (touched_at, status)",
    f"alter table posko.exam_session {TOUCHED}, add key exam_session_touched (touched_at)",
    f"alter table posko.print_event {TOUCHED}, add key print_event_touched (touched_at)",
]


def upgrade() -> None:
    """Let the server note when a journey, a session or a copy was written."""
    for statement in STATEMENTS:
        op.execute(statement)
