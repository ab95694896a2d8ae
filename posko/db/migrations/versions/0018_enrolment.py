"""Enrolments under way: one a person, six impressions under their key until they are a set, nothing of them after it (§6.1, §8.2; R-048).

An impression is taken by whatever reader the sign-in uses, in whatever process its answer arrives, so it waits in the database. It is
cleared when the enrolment ends, however it ends; that it was taken stands in `posko.finger_attempt` for good.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table posko_biometric.enrolment (
        enrolment_id bigint not null auto_increment primary key,
        person_kind varchar(6) not null,
        person_id varchar(64) not null,
        finger_one tinyint not null,
        finger_two tinyint not null,
        is_supervised tinyint not null default 0,
        state varchar(10) not null,
        opened_at datetime(6) not null,
        opened_by varchar(40) not null,
        expires_at datetime(6) not null,
        closed_at datetime(6) null,
        closed_by varchar(40) null,
        active_person varchar(72) as (case when state = 'OPEN' then concat(person_kind, ':', person_id) end) stored,
        unique key enrolment_one_each (active_person),
        key enrolment_person (person_kind, person_id, enrolment_id),
        constraint enrolment_kind check (person_kind in ('STAFF', 'TKI')),
        constraint enrolment_fingers check (finger_one between 1 and 10 and finger_two between 1 and 10 and finger_one <> finger_two),
        constraint enrolment_states check (state in ('OPEN', 'CAPTURED', 'CANCELLED', 'EXPIRED')),
        constraint enrolment_closed check ((state = 'OPEN') = (closed_at is null))
    )
    """,
    """
    create table posko_biometric.enrolment_impression (
        impression_id bigint not null auto_increment primary key,
        enrolment_id bigint not null,
        finger tinyint not null,
        seq tinyint not null,
        state varchar(8) not null,
        format varchar(20) not null,
        key_id varchar(40) not null,
        nonce binary(12) null,
        ciphertext varbinary(8192) null,
        minutiae smallint not null,
        quality tinyint null,
        station_code varchar(40) not null,
        reader_kind varchar(20) not null,
        reader_serial varchar(80) not null,
        taken_at datetime(6) not null,
        kept_seq tinyint as (case when state = 'KEPT' then seq end) stored,
        unique key enrolment_impression_one_each (enrolment_id, finger, kept_seq),
        constraint enrolment_impression_states check (state in ('KEPT', 'CLEARED')),
        constraint enrolment_impression_cleared check ((state = 'KEPT') = (ciphertext is not null)),
        constraint enrolment_impression_of foreign key (enrolment_id) references posko_biometric.enrolment (enrolment_id)
    )
    """,
]


def upgrade() -> None:
    """Create the enrolments under way and their impressions."""
    for statement in TABLES:
        op.execute(statement)
