"""Indexes for the search in the audit log: by whom and by act, each in the order of time (§5.7; R-021, R-025).

Without them a rare act among millions is found by reading all of them. Search by object and by time alone has its index already.
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both indexes in one pass over the table."""
    op.execute(
        "alter table posko_audit.audit_event add index audit_event_actor (actor_id, occurred_at),"
        " add index audit_event_action (action, occurred_at)"
    )
