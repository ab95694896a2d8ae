"""Who may act and how she proves it: staff, stations, finger proofs, logins (§8.2, §12.5, §13.1; R-042..R-050).

There is no password column here or anywhere. A proof is used once: its number is a primary key. Nothing is deleted: no
foreign key of the operational schema cascades, and the application's account has no right to delete these rows.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table posko.station (
        station_code varchar(40) not null primary key,
        station_name varchar(255) not null,
        tuk_code varchar(20) null,
        reader_serial varchar(80) not null,
        valid_from date not null,
        valid_until date null,
        unique key station_reader (reader_serial),
        constraint station_tuk foreign key (tuk_code) references posko.tuk (tuk_code)
    )
    """,
    """
    create table posko.staff (
        person_id varchar(40) not null primary key,
        full_name varchar(255) not null,
        role varchar(12) not null,
        lsp_code varchar(20) null,
        tuk_code varchar(20) null,
        met_no varchar(40) null,
        state varchar(12) not null,
        enrolled_at datetime(6) not null,
        enrolled_by varchar(40) null,
        seconded_by varchar(40) null,
        suspended_at datetime(6) null,
        suspended_by varchar(40) null,
        suspended_reason varchar(500) null,
        template_version int not null default 1,
        unique key staff_met (met_no),
        key staff_role (role),
        constraint staff_lsp foreign key (lsp_code) references posko.lsp (lsp_code),
        constraint staff_tuk foreign key (tuk_code) references posko.tuk (tuk_code),
        constraint staff_asesor foreign key (met_no) references posko.asesor (met_no),
        constraint staff_role_known check (role in ('SUPER', 'KONSORSIUM', 'LSP', 'TUK', 'ASESOR', 'BNSP', 'AUDITOR')),
        constraint staff_state_known check (state in ('ACTIVE', 'SUSPENDED')),
        constraint staff_lsp_scope check ((role = 'LSP') = (lsp_code is not null)),
        constraint staff_tuk_scope check ((role = 'TUK') = (tuk_code is not null)),
        constraint staff_asesor_scope check ((role = 'ASESOR') = (met_no is not null)),
        constraint staff_two_persons check (enrolled_by is null or enrolled_by <> seconded_by)
    )
    """,
    """
    create table posko.finger_proof (
        proof_id char(32) character set ascii collate ascii_bin not null primary key,
        person_kind varchar(6) not null,
        person_id varchar(64) not null,
        purpose varchar(20) not null,
        station_code varchar(40) not null,
        is_match tinyint not null,
        score int not null,
        threshold int not null,
        quality int not null,
        template_version int not null,
        reader_serial varchar(80) not null,
        sample_sha256 binary(32) not null,
        captured_at datetime(6) not null,
        used_for varchar(60) not null,
        used_at datetime(6) not null,
        unique key finger_proof_sample (sample_sha256),
        key finger_proof_person (person_kind, person_id, captured_at),
        constraint finger_proof_kind check (person_kind in ('STAFF', 'TKI')),
        constraint finger_proof_match check (is_match in (0, 1))
    )
    """,
    """
    create table posko.login_attempt (
        attempt_id bigint not null auto_increment primary key,
        attempted_at datetime(6) not null,
        id_as_typed varchar(40) not null,
        station_code varchar(40) not null,
        outcome varchar(20) not null,
        proof_id char(32) character set ascii collate ascii_bin null,
        key login_attempt_id (id_as_typed, attempted_at),
        key login_attempt_station (station_code, attempted_at)
    )
    """,
    """
    create table posko.login_lock (
        subject_kind varchar(8) not null,
        subject varchar(40) not null,
        failures int not null,
        window_began_at datetime(6) not null,
        locked_until datetime(6) null,
        primary key (subject_kind, subject),
        constraint login_lock_kind check (subject_kind in ('PERSON', 'STATION'))
    )
    """,
    """
    create table posko.login_session (
        token_sha256 binary(32) not null primary key,
        person_id varchar(40) not null,
        station_code varchar(40) not null,
        proof_id char(32) character set ascii collate ascii_bin not null,
        auth_event varchar(40) not null,
        opened_at datetime(6) not null,
        last_seen_at datetime(6) not null,
        expires_at datetime(6) not null,
        ended_at datetime(6) null,
        end_reason varchar(20) null,
        active_person varchar(40) as (case when ended_at is null then person_id end) stored,
        unique key login_session_one_each (active_person),
        constraint login_session_staff foreign key (person_id) references posko.staff (person_id)
    )
    """,
    """
    create table posko.parameter (
        parameter_name varchar(60) not null,
        valid_from date not null,
        value varchar(100) not null,
        reason varchar(500) not null,
        set_by varchar(40) not null,
        seconded_by varchar(40) not null,
        set_at datetime(6) not null,
        primary key (parameter_name, valid_from),
        constraint parameter_two_persons check (set_by <> seconded_by)
    )
    """,
    """
    create table posko.registry_change (
        change_id bigint not null auto_increment primary key,
        register varchar(30) not null,
        register_key varchar(255) not null,
        before_json longtext null,
        after_json longtext null,
        changed_at datetime(6) not null,
        changed_by varchar(40) not null,
        reason varchar(500) not null,
        key registry_change_key (register, register_key)
    )
    """,
]


def upgrade() -> None:
    """Create the tables of staff, proofs and logins."""
    for statement in TABLES:
        op.execute(statement)
