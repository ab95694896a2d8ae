"""Execution: attendance, scores, decisions, certificates (§13.1-13.14; R-120..R-141, R-186).

Presence has no default: whoever has no row was not there, and a row says how it was proven. A certificate is bound to one
decision, and one valid certificate a TKI and scheme is a unique key. The secure code stands encrypted, beside a keyed
digest that is its unique key; `secure_code_used` is the narrow register in which free codes are looked up. A wrong try
of the public verification takes a slot of its window, and there are only so many.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table posko.attendance (
        attendance_id bigint not null auto_increment primary key,
        session_id bigint not null,
        journey_id bigint null,
        id_as_typed varchar(64) not null,
        outcome varchar(30) not null,
        tries int not null,
        proof_id char(32) character set ascii collate ascii_bin null,
        score int null,
        threshold int null,
        quality int null,
        station_code varchar(40) null,
        statement_no varchar(40) null,
        reason varchar(500) null,
        late_seconds int null,
        recorded_at datetime(6) not null,
        recorded_by varchar(40) not null,
        unique key attendance_once (session_id, journey_id),
        unique key attendance_statement (statement_no),
        key attendance_journey (journey_id),
        constraint attendance_session foreign key (session_id) references posko.exam_session (session_id),
        constraint attendance_of_journey foreign key (journey_id) references posko.journey (journey_id),
        constraint attendance_outcome check (
            outcome in ('PRESENT', 'ABSENT', 'TURNED_AWAY_NOT_REGISTERED', 'TURNED_AWAY_NO_MATCH')
        ),
        constraint attendance_presence_is_proven check (outcome <> 'PRESENT' or proof_id is not null),
        constraint attendance_refusal_is_stated check (
            outcome not in ('TURNED_AWAY_NOT_REGISTERED', 'TURNED_AWAY_NO_MATCH') or statement_no is not null
        )
    )
    """,
    """
    create table posko.scheme_unit (
        scheme_code varchar(20) not null,
        unit_code varchar(40) not null,
        unit_title varchar(255) not null,
        position int not null,
        valid_from date not null,
        valid_until date null,
        primary key (scheme_code, unit_code, valid_from)
    )
    """,
    """
    create table posko.assessment (
        assessment_id bigint not null auto_increment primary key,
        session_id bigint not null,
        journey_id bigint not null,
        version int not null,
        met_no varchar(40) not null,
        result varchar(2) not null,
        proof_id char(32) character set ascii collate ascii_bin not null,
        reason varchar(500) null,
        assessed_at datetime(6) not null,
        assessed_by varchar(40) not null,
        unique key assessment_version (session_id, journey_id, version),
        key assessment_journey (journey_id),
        constraint assessment_session foreign key (session_id) references posko.exam_session (session_id),
        constraint assessment_of_journey foreign key (journey_id) references posko.journey (journey_id),
        constraint assessment_proof foreign key (proof_id) references posko.finger_proof (proof_id),
        constraint assessment_result check (result in ('K', 'BK')),
        constraint assessment_correction_has_reason check (version = 1 or reason is not null)
    )
    """,
    """
    create table posko.score_item (
        assessment_id bigint not null,
        unit_code varchar(40) not null,
        result varchar(2) not null,
        note varchar(500) null,
        primary key (assessment_id, unit_code),
        constraint score_item_assessment foreign key (assessment_id) references posko.assessment (assessment_id),
        constraint score_item_result check (result in ('K', 'BK'))
    )
    """,
    """
    create table posko.decision (
        decision_id bigint not null auto_increment primary key,
        journey_id bigint not null,
        session_id bigint not null,
        lsp_code varchar(20) not null,
        sk_no varchar(60) not null,
        result varchar(2) not null,
        asesor_result varchar(2) not null,
        reason varchar(500) null,
        decided_at datetime(6) not null,
        decided_by varchar(40) not null,
        unique key decision_once (journey_id),
        key decision_sk (lsp_code, sk_no),
        key decision_session (session_id),
        constraint decision_journey foreign key (journey_id) references posko.journey (journey_id),
        constraint decision_session foreign key (session_id) references posko.exam_session (session_id),
        constraint decision_lsp foreign key (lsp_code) references posko.lsp (lsp_code),
        constraint decision_result check (result in ('K', 'BK')),
        constraint decision_deviates_with_reason check (result = asesor_result or reason is not null)
    )
    """,
    """
    create table posko.certificate_counter (
        prefix char(3) not null,
        number_code char(4) not null,
        year smallint not null,
        next_serial int not null,
        primary key (prefix, number_code, year),
        constraint certificate_counter_fits check (next_serial between 1 and 10000000)
    )
    """,
    """
    create table posko.certificate (
        certificate_id bigint not null auto_increment primary key,
        journey_id bigint not null,
        decision_id bigint not null,
        tki_id varchar(64) not null,
        scheme_code varchar(20) not null,
        lsp_code varchar(20) not null,
        certificate_no char(21) not null,
        secure_code_digest binary(16) not null,
        secure_code_cipher varbinary(64) not null,
        certified_on date not null,
        valid_until date not null,
        status varchar(10) not null default 'VALID',
        status_at datetime(6) not null,
        status_reason varchar(500) null,
        in_force varchar(20) as (case when status in ('VALID', 'SUSPENDED') then scheme_code end) stored,
        unique key certificate_number (certificate_no),
        unique key certificate_code (secure_code_digest),
        unique key certificate_decision (decision_id),
        unique key certificate_journey (journey_id),
        unique key certificate_one_each (tki_id, in_force),
        constraint certificate_of_journey foreign key (journey_id) references posko.journey (journey_id),
        constraint certificate_of_decision foreign key (decision_id) references posko.decision (decision_id),
        constraint certificate_status check (status in ('VALID', 'SUSPENDED', 'REVOKED', 'EXPIRED'))
    )
    """,
    """
    create table posko.blank (
        blank_no varchar(30) not null primary key,
        lsp_code varchar(20) not null,
        issued_at datetime(6) not null,
        issued_by varchar(40) not null,
        state varchar(10) not null default 'FREE',
        key blank_stock (lsp_code, state),
        constraint blank_lsp foreign key (lsp_code) references posko.lsp (lsp_code),
        constraint blank_state check (state in ('FREE', 'USED', 'SPOILED'))
    )
    """,
    """
    create table posko.print_event (
        certificate_id bigint not null,
        copy_no int not null,
        blank_no varchar(30) not null,
        reason varchar(500) null,
        printed_at datetime(6) not null,
        printed_by varchar(40) not null,
        primary key (certificate_id, copy_no),
        unique key print_event_blank (blank_no),
        constraint print_event_certificate foreign key (certificate_id) references posko.certificate (certificate_id),
        constraint print_event_of_blank foreign key (blank_no) references posko.blank (blank_no),
        constraint print_event_reprint_has_reason check (copy_no = 1 or reason is not null)
    )
    """,
    """
    create table posko.secure_code_used (
        digest binary(16) not null primary key
    )
    """,
    """
    create table posko.verification_try (
        subject_kind varchar(8) not null,
        subject varchar(64) not null,
        window_began_at datetime not null,
        slot int not null,
        tried_at datetime(6) not null,
        primary key (subject_kind, subject, window_began_at, slot),
        constraint verification_try_kind check (subject_kind in ('NUMBER', 'SOURCE')),
        constraint verification_try_few check (slot between 1 and 100)
    )
    """,
]


def upgrade() -> None:
    """Create the tables of the execution."""
    for statement in TABLES:
        op.execute(statement)
