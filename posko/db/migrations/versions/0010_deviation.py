"""Deviations and their cases (§5.2, requirements section 7; R-020). Never deleted: evidence is frozen with its hash.

`is_attempt` marks what was refused and so did not happen: it is counted and may become a case, but holds nobody's result by itself.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table posko.deviation (
        deviation_id bigint not null auto_increment primary key,
        rule_id varchar(10) not null,
        severity char(1) not null,
        mode char(1) not null,
        is_attempt tinyint not null default 0,
        tki_id varchar(64) null,
        journey_id bigint null,
        session_id bigint null,
        subject_kind varchar(12) not null,
        subject_code varchar(120) not null,
        evidence longtext not null,
        evidence_sha256 binary(32) not null,
        occurred_at datetime(6) not null,
        audit_event varchar(40) null,
        case_id bigint null,
        key deviation_rule (rule_id, occurred_at),
        key deviation_journey (journey_id),
        key deviation_case (case_id),
        constraint deviation_severity check (severity in ('B', 'H', 'W', 'I')),
        constraint deviation_mode check (mode in ('P', 'D'))
    )
    """,
    """
    create table posko.deviation_case (
        case_id bigint not null auto_increment primary key,
        title varchar(255) not null,
        severity char(1) not null,
        status varchar(12) not null,
        holds_result tinyint not null,
        opened_at datetime(6) not null,
        opened_by varchar(40) not null,
        due_at datetime(6) not null,
        evidence_sha256 binary(32) not null,
        sanction varchar(500) null,
        closed_at datetime(6) null,
        closed_by varchar(40) null,
        seconded_by varchar(40) null,
        key deviation_case_open (status, due_at),
        constraint deviation_case_severity check (severity in ('B', 'H', 'W', 'I')),
        constraint deviation_case_two_persons check (closed_by is null or closed_by <> seconded_by)
    )
    """,
    """
    create table posko.case_subject (
        case_id bigint not null,
        subject_kind varchar(12) not null,
        subject_code varchar(120) not null,
        primary key (case_id, subject_kind, subject_code),
        key case_subject_code (subject_kind, subject_code),
        constraint case_subject_case foreign key (case_id) references posko.deviation_case (case_id)
    )
    """,
    """
    create table posko.case_note (
        note_id bigint not null auto_increment primary key,
        case_id bigint not null,
        status_from varchar(12) null,
        status_to varchar(12) null,
        note varchar(2000) not null,
        noted_at datetime(6) not null,
        noted_by varchar(40) not null,
        noted_role varchar(12) not null,
        key case_note_case (case_id),
        constraint case_note_of_case foreign key (case_id) references posko.deviation_case (case_id)
    )
    """,
    """
    alter table posko.deviation add constraint deviation_of_case
        foreign key (case_id) references posko.deviation_case (case_id)
    """,
]


def upgrade() -> None:
    """Create the register of deviations and cases."""
    for statement in TABLES:
        op.execute(statement)
