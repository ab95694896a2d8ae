"""Templates under their key, what waits for the 1:N search, and every comparison (§6.1, §8.2, §13.2-13.6; R-026, R-120, R-187, F19, F20).

`posko_biometric` is seen by the application's account alone. What anybody may read of a comparison, score, threshold, reader,
digest of the sample, stands in `posko.finger_attempt`, which only grows: a sample, a set of minutiae and a nonce are
unique keys, so that the same one never counts twice (DV-I10).
"""

from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table posko_biometric.finger_template (
        template_id bigint not null auto_increment primary key,
        person_kind varchar(6) not null,
        person_id varchar(64) not null,
        version int not null,
        finger tinyint not null,
        seq tinyint not null,
        format varchar(20) not null,
        key_id varchar(40) not null,
        nonce binary(12) not null,
        ciphertext varbinary(8192) not null,
        quality tinyint null,
        minutiae smallint not null,
        provenance varchar(12) not null,
        is_supervised tinyint not null default 0,
        state varchar(8) not null,
        station_code varchar(40) null,
        reader_kind varchar(20) not null,
        reader_serial varchar(80) not null,
        taken_at datetime(6) not null,
        taken_by varchar(40) not null,
        seconded_by varchar(40) null,
        activated_at datetime(6) null,
        retired_at datetime(6) null,
        retired_by varchar(40) null,
        retired_reason varchar(500) null,
        unique key finger_template_one_each (person_kind, person_id, version, finger, seq),
        key finger_template_person (person_kind, person_id, state),
        key finger_template_state (state, template_id),
        key finger_template_key (key_id, template_id),
        constraint finger_template_kind check (person_kind in ('STAFF', 'TKI')),
        constraint finger_template_finger check (finger between 0 and 10),
        constraint finger_template_origin check (provenance in ('BNP2TKI', 'ENROLMENT')),
        constraint finger_template_states check (state in ('PENDING', 'ACTIVE', 'RETIRED')),
        constraint finger_template_retired_with_reason check (
            (state = 'RETIRED') = (retired_at is not null and retired_reason is not null)
        )
    )
    """,
    """
    create table posko_biometric.duplicate_search (
        search_id bigint not null auto_increment primary key,
        person_kind varchar(6) not null,
        person_id varchar(64) not null,
        version int not null,
        state varchar(8) not null default 'PENDING',
        asked_at datetime(6) not null,
        searched_at datetime(6) null,
        candidates int null,
        unique key duplicate_search_one_each (person_kind, person_id, version),
        key duplicate_search_waits (state, search_id),
        constraint duplicate_search_states check (state in ('PENDING', 'DONE'))
    )
    """,
    """
    create table posko.finger_attempt (
        attempt_id bigint not null auto_increment primary key,
        person_kind varchar(6) not null,
        person_id varchar(64) not null,
        purpose varchar(20) not null,
        outcome varchar(16) not null,
        station_code varchar(40) not null,
        reader_kind varchar(20) not null,
        reader_serial varchar(80) not null,
        assurance varchar(8) not null,
        nonce char(32) character set ascii collate ascii_bin null,
        sample_sha256 binary(32) null,
        minutiae_digest binary(32) null,
        minutiae smallint null,
        quality tinyint null,
        score int null,
        threshold int null,
        template_format varchar(20) null,
        template_version int null,
        asked_finger tinyint not null default 0,
        matched_finger tinyint null,
        reason varchar(120) null,
        proof_id char(32) character set ascii collate ascii_bin null,
        replay_of bigint null,
        is_late tinyint not null default 0,
        captured_at datetime(6) not null,
        received_at datetime(6) not null,
        unique key finger_attempt_sample (sample_sha256),
        unique key finger_attempt_minutiae (minutiae_digest),
        unique key finger_attempt_nonce (nonce),
        unique key finger_attempt_proof (proof_id),
        key finger_attempt_person (person_kind, person_id, received_at),
        constraint finger_attempt_kind check (person_kind in ('STAFF', 'TKI')),
        constraint finger_attempt_outcome check (outcome in ('MATCH', 'NO_MATCH', 'POOR_QUALITY', 'READER_ERROR',
            'NOT_REGISTERED', 'CAPTURED', 'REPLAYED', 'REFUSED')),
        constraint finger_attempt_assurance check (assurance in ('STATION', 'BROWSER', 'FILE', 'NONE')),
        constraint finger_attempt_match_is_scored check (outcome <> 'MATCH' or score >= threshold)
    )
    """,
    """
    create table posko.finger_import (
        import_id bigint not null auto_increment primary key,
        id_tki varchar(255) not null,
        finger tinyint not null,
        data_crc int unsigned not null,
        format varchar(20) not null,
        outcome varchar(8) not null,
        reason varchar(120) null,
        version int null,
        received_at datetime(6) not null,
        imported_at datetime(6) not null,
        unique key finger_import_once (id_tki, finger, received_at),
        key finger_import_refused (outcome, import_id),
        constraint finger_import_outcome check (outcome in ('ACTIVE', 'REFUSED')),
        constraint finger_import_reason check (outcome <> 'REFUSED' or reason is not null)
    )
    """,
    """
    create table posko.exit_scan (
        session_id bigint not null,
        journey_id bigint not null,
        proof_id char(32) character set ascii collate ascii_bin not null,
        score int not null,
        threshold int not null,
        quality int not null,
        station_code varchar(40) not null,
        scanned_at datetime(6) not null,
        recorded_by varchar(40) not null,
        primary key (session_id, journey_id),
        constraint exit_scan_session foreign key (session_id) references posko.exam_session (session_id),
        constraint exit_scan_of_journey foreign key (journey_id) references posko.journey (journey_id),
        constraint exit_scan_proof foreign key (proof_id) references posko.finger_proof (proof_id)
    )
    """,
]


def upgrade() -> None:
    """Create the tables of templates and comparisons."""
    for statement in TABLES:
        op.execute(statement)
