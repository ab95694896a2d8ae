"""Ways back: an allocation withdrawn, an assessor who only scores, a publication stopped (§9.4, §12.5-12.8, §13.7, §14.1; R-101, R-126).

A batch is withdrawn once. `tested_met_no` is the assessor who was at the TUK when another scores in her place; that nobody is in two
places at once counts for her and not for who only scores. At most one stop of the publication is open.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATEMENTS = [
    """
    create table posko.allocation_withdrawal (
        batch_id bigint not null primary key,
        back_batch_id bigint not null,
        balance_check_id bigint not null,
        reason varchar(500) not null,
        withdrawn_at datetime(6) not null,
        withdrawn_by varchar(40) not null,
        unique key allocation_withdrawal_back (back_batch_id),
        constraint allocation_withdrawal_batch foreign key (batch_id) references posko.handoff_batch (batch_id),
        constraint allocation_withdrawal_of_back foreign key (back_batch_id) references posko.handoff_batch (batch_id),
        constraint allocation_withdrawal_check foreign key (balance_check_id) references posko.balance_check (balance_check_id)
    )
    """,
    """
    alter table posko.exam_session
        add column tested_met_no varchar(40) null after met_no,
        modify column appointed varchar(40) as (case when status <> 'CANCELLED' then coalesce(tested_met_no, met_no) end) stored
    """,
    """
    create table posko.publication_stop (
        stop_id bigint not null auto_increment primary key,
        stopped_at datetime(6) not null,
        stopped_by varchar(40) not null,
        stop_reason varchar(500) not null,
        resumed_at datetime(6) null,
        resumed_by varchar(40) null,
        resume_reason varchar(500) null,
        is_open tinyint as (case when resumed_at is null then 1 end) stored,
        unique key publication_stop_one_open (is_open),
        constraint publication_stop_resumed check (
            (resumed_at is null) = (resumed_by is null) and (resumed_at is null) = (resume_reason is null)
        )
    )
    """,
]


def upgrade() -> None:
    """Create the withdrawals and the stops, and tell who tested from who scores."""
    for statement in STATEMENTS:
        op.execute(statement)
