"""What the Konsorsium undoes before it sends, and what it takes over from files (§12.5-12.6, R-004, R-021, R-096, R-097).

An allocation that was undone stays as it was but belongs to no attempt any more: its `attempt_no` is null, so that the attempt may get
another place. `payment_change` only grows; what was undone stands once in `undone`. `upload` remembers which column of a file was
taken for which, so that the next file of the same person is guessed alike.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STATEMENTS = [
    "alter table posko.allocation modify column attempt_no int null",
    """
    create table posko.payment_change (
        payment_change_id bigint not null auto_increment primary key,
        journey_id bigint not null,
        payment_before varchar(12) not null,
        payment_after varchar(12) not null,
        changed_at datetime(6) not null,
        changed_by varchar(40) not null,
        key payment_change_journey (journey_id),
        constraint payment_change_of_journey foreign key (journey_id) references posko.journey (journey_id),
        constraint payment_change_before check (payment_before in ('BELUM', 'LUNAS', 'DIBEBASKAN')),
        constraint payment_change_after check (payment_after in ('BELUM', 'LUNAS', 'DIBEBASKAN'))
    )
    """,
    """
    create table posko.undone (
        undone_id bigint not null auto_increment primary key,
        kind varchar(10) not null,
        journey_id bigint not null,
        attempt_no int not null,
        allocation_id bigint null,
        payment_change_id bigint null,
        reason varchar(500) not null,
        undone_at datetime(6) not null,
        undone_by varchar(40) not null,
        unique key undone_allocation (allocation_id),
        unique key undone_payment (payment_change_id),
        key undone_journey (journey_id),
        constraint undone_kind check (
            (kind = 'SCHEDULE' and allocation_id is not null and payment_change_id is null)
            or (kind = 'PAYMENT' and allocation_id is null and payment_change_id is not null)),
        constraint undone_of_journey foreign key (journey_id) references posko.journey (journey_id),
        constraint undone_of_allocation foreign key (allocation_id) references posko.allocation (allocation_id),
        constraint undone_of_payment foreign key (payment_change_id) references posko.payment_change (payment_change_id)
    )
    """,
    """
    create table posko.upload (
        upload_id bigint not null auto_increment primary key,
        kind varchar(20) not null,
        file_sha256 binary(32) not null,
        columns_json text not null,
        row_count int not null,
        changed_count int not null,
        reason varchar(500) not null,
        uploaded_at datetime(6) not null,
        uploaded_by varchar(40) not null,
        key upload_by (uploaded_by, kind)
    )
    """,
]


def upgrade() -> None:
    """Let an allocation lose its attempt, and create the registers of what was undone and uploaded."""
    for statement in STATEMENTS:
        op.execute(statement)
