"""Packages that an LSP or TUK refused, and the list of what was done on another's behalf (§12.10, §9.1; R-069, R-105, R-182).

A refusal never ends: whoever refused may take the package over later, and what was said stays. The index lets the review list be read
without the millions of events that nobody did for another.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STATEMENTS = [
    """
    create table posko.package_refusal (
        refusal_id bigint not null auto_increment primary key,
        batch_id bigint not null,
        reason varchar(500) not null,
        refused_at datetime(6) not null,
        refused_by varchar(40) not null,
        key package_refusal_batch (batch_id),
        constraint package_refusal_of_package foreign key (batch_id) references posko.handoff_batch (batch_id)
    )
    """,
    "alter table posko_audit.audit_event add key audit_event_behalf (on_behalf_of)",
]


def upgrade() -> None:
    """Create the refusals and the index."""
    for statement in STATEMENTS:
        op.execute(statement)
