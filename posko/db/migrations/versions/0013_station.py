"""Stations that prove themselves by a key, and what they are asked (§8.2, §13.2-13.6; R-041, R-185, DV-I10, DV-I12).

A station has one key in force; an old one stays, revoked. A capture request is answered once. What a station took while its line was
cut arrives as one chain a key: its number and the hash of the entry before are unique keys.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table posko.station_key (
        key_id char(32) character set ascii collate ascii_bin not null primary key,
        station_code varchar(40) not null,
        signing_key binary(32) not null,
        sealing_key binary(32) not null,
        registered_at datetime(6) not null,
        registered_by varchar(40) not null,
        revoked_at datetime(6) null,
        revoked_by varchar(40) null,
        reason varchar(255) null,
        active_station varchar(40) as (case when revoked_at is null then station_code end) stored,
        unique key station_key_one_each (active_station),
        unique key station_key_signing (signing_key),
        constraint station_key_of_station foreign key (station_code) references posko.station (station_code)
    )
    """,
    """
    create table posko.station_seen (
        station_code varchar(40) not null primary key,
        key_id char(32) character set ascii collate ascii_bin not null,
        seen_at datetime(6) not null,
        skew_ms bigint not null,
        last_counter bigint not null,
        version varchar(80) not null,
        reader_kind varchar(20) null,
        reader_serial varchar(80) null,
        constraint station_seen_of_station foreign key (station_code) references posko.station (station_code)
    )
    """,
    """
    create table posko.station_upload (
        key_id char(32) character set ascii collate ascii_bin not null,
        seq int not null,
        station_code varchar(40) not null,
        entry_sha256 binary(32) not null,
        kind varchar(10) not null,
        session_id bigint null,
        person_id varchar(64) not null,
        sample_sha256 binary(32) not null,
        captured_at datetime(6) not null,
        local_score int not null,
        score int null,
        outcome varchar(40) not null,
        answer text not null,
        operator_id varchar(40) null,
        received_at datetime(6) not null,
        primary key (key_id, seq),
        key station_upload_sample (sample_sha256),
        key station_upload_station (station_code, received_at),
        constraint station_upload_kind check (kind in ('OPERATOR', 'ATTEND')),
        constraint station_upload_of_key foreign key (key_id) references posko.station_key (key_id)
    )
    """,
    """
    create table posko_biometric.capture_request (
        request_id char(32) character set ascii collate ascii_bin not null primary key,
        nonce char(32) character set ascii collate ascii_bin not null,
        station_code varchar(40) not null,
        channel varchar(10) not null,
        person_kind varchar(5) not null,
        person_id varchar(64) not null,
        purpose varchar(20) not null,
        asked_finger tinyint not null,
        session_digest binary(32) null,
        state varchar(10) not null,
        outcome varchar(20) null,
        proof text null,
        asked_at datetime(6) not null,
        expires_at datetime(6) not null,
        claimed_at datetime(6) null,
        finished_at datetime(6) null,
        taken_at datetime(6) null,
        unique key capture_request_nonce (nonce),
        key capture_request_waiting (state, expires_at, station_code),
        constraint capture_request_state check (state in ('ASKED', 'CLAIMED', 'DONE', 'TAKEN')),
        constraint capture_request_channel check (channel in ('STATION', 'BROWSER')),
        constraint capture_request_kind check (person_kind in ('STAFF', 'TKI'))
    )
    """,
]


def upgrade() -> None:
    """Create the keys of the stations, when they were seen, what they sent later, and what they are asked."""
    for statement in TABLES:
        op.execute(statement)
