"""The outbox of the return, and what BNP2TKI confirmed (§14.3-14.5; R-164, R-168, F32).

A row of the outbox is written in the transaction that makes the return, so nothing is sent that was not decided and nothing that was
decided is forgotten. Its unique key makes (tki_id, versi) one row for ever; what was sent once is sent again as the same bytes.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

STATEMENTS = [
    """
    alter table posko.return_batch
        add column dispatch_id varchar(64) character set ascii collate ascii_bin null,
        add column dispatched_at datetime(6) null,
        add column dispatched_by varchar(10) null,
        add column dispatch_note varchar(255) null,
        add unique key return_batch_dispatch (dispatch_id),
        add constraint return_batch_dispatched_by check (dispatched_by in ('TABLE', 'FILE'))
    """,
    """
    create table posko.return_outbox (
        return_batch_id bigint not null,
        journey_id bigint not null,
        tki_id varchar(64) not null,
        source_version int not null,
        row_sha256 binary(32) not null,
        primary key (return_batch_id, journey_id),
        unique key return_outbox_version (tki_id, source_version),
        constraint return_outbox_line foreign key (return_batch_id, journey_id)
            references posko.return_line (return_batch_id, journey_id)
    )
    """,
    """
    create table posko.return_confirmation (
        confirmation_id bigint not null auto_increment primary key,
        dispatch_id varchar(64) not null,
        tki_id varchar(255) not null,
        source_version int not null,
        received_at datetime(6) null,
        status varchar(20) null,
        reason varchar(500) null,
        verdict varchar(10) not null,
        return_batch_id bigint null,
        journey_id bigint null,
        seen_at datetime(6) not null,
        key return_confirmation_row (dispatch_id, tki_id, source_version),
        key return_confirmation_line (journey_id, return_batch_id),
        constraint return_confirmation_verdict check (verdict in ('ACCEPTED', 'REJECTED', 'UNREADABLE', 'FORGED')),
        constraint return_confirmation_known check (verdict = 'FORGED' or journey_id is not null)
    )
    """,
]


def upgrade() -> None:
    """Create the outbox and the register of confirmations."""
    for statement in STATEMENTS:
        op.execute(statement)
