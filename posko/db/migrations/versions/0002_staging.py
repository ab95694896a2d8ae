"""Staging: what BNP2TKI sent, typed, with its history, its refusals and its control totals (§10.2, §12.1-12.2).

The text columns keep what was sent, character for character; a DATE column stands beside each date text.
`row_crc` is computed by this server from what it stored, so it proves what arrived and not what was sent.
"""

from alembic import op

from posko.db.staging_columns import history_ddl, tki_tlrt_ddl

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = [
    tki_tlrt_ddl("posko_staging.tki_tlrt"),
    tki_tlrt_ddl("posko_staging.tki_tlrt_landing"),
    history_ddl("posko_staging.tki_tlrt_history"),
    """
    create table posko_staging.receive_batch (
        batch_id bigint not null auto_increment primary key,
        mode varchar(10) not null,
        state varchar(12) not null,
        fence bigint not null,
        source_name varchar(255) not null,
        started_at datetime(6) not null,
        finished_at datetime(6) null,
        watermark_from datetime(6) null,
        watermark_to datetime(6) null,
        extra_columns text null,
        verified_buckets text null,
        pulled bigint null,
        source_rows bigint null,
        source_crc_sum decimal(30, 0) null,
        staged_rows bigint null,
        staged_crc_sum decimal(30, 0) null,
        accepted bigint null,
        refused bigint null,
        refused_reasons text null,
        received bigint null,
        typed bigint null,
        quarantined bigint null,
        inserted bigint null,
        updated bigint null,
        unchanged bigint null,
        deleted bigint null,
        problem text null,
        key receive_batch_state (state)
    )
    """,
    """
    create table posko_staging.receive_chunk (
        batch_id bigint not null,
        chunk_no int not null,
        range_label varchar(1000) not null,
        range_after blob null,
        range_to blob null,
        source_rows bigint not null,
        source_crc_sum decimal(30, 0) not null,
        landed_rows bigint null,
        landed_crc_sum decimal(30, 0) null,
        refused_rows bigint not null,
        refused_crc_sum decimal(30, 0) not null,
        loaded_at datetime(6) not null,
        primary key (batch_id, chunk_no)
    )
    """,
    """
    create table posko_staging.quarantine (
        quarantine_id bigint not null auto_increment primary key,
        batch_id bigint not null,
        source_table varchar(20) not null default 'tki_tlrt',
        id_tki varchar(255) null,
        reasons varchar(500) not null,
        row_as_sent longtext not null,
        key_crc int unsigned not null,
        row_crc int unsigned not null,
        copy_no int not null default 1,
        first_seen_at datetime(6) not null,
        resolved_at datetime(6) null,
        resolved_batch_id bigint null,
        key quarantine_open (source_table, resolved_at, key_crc),
        key quarantine_batch (batch_id)
    )
    """,
    """
    create table posko_staging.tki_tlrt_change (
        batch_id bigint not null,
        id_tki varchar(64) not null,
        change_kind varchar(12) not null,
        primary key (batch_id, id_tki)
    )
    """,
    """
    create table posko_staging.tki_tlrt_source_key (
        bucket int not null,
        id_tki varbinary(3072) null,
        key_crc int unsigned not null,
        row_crc int unsigned not null,
        key source_key_crc (key_crc)
    )
    """,
    """
    create table posko_staging.receive_watermark (
        source_table varchar(20) not null primary key,
        watermark datetime(6) null,
        batch_id bigint not null
    )
    """,
    """
    create table posko_staging.tki_sidik_jari (
        id_tki varchar(255) not null,
        jari tinyint not null,
        format varchar(20) not null,
        key_id varchar(40) not null,
        nonce binary(12) not null,
        ciphertext longblob not null,
        data_bytes int not null,
        data_crc int unsigned not null,
        updated_at datetime(6) null,
        batch_id bigint not null,
        received_at datetime(6) not null,
        deleted_at datetime(6) null,
        primary key (id_tki, jari)
    )
    """,
    """
    create table posko_staging.blkln (
        kode_blkln varchar(64) not null primary key,
        nama varchar(255) null,
        kota varchar(255) null,
        kapasitas varchar(255) null,
        berlaku_sampai varchar(255) null,
        updated_at datetime(6) null,
        kapasitas_int int null,
        berlaku_sampai_date date null,
        batch_id bigint not null,
        received_at datetime(6) not null,
        deleted_at datetime(6) null
    )
    """,
    """
    create table posko_staging.pptkis (
        nama_pptkis varchar(255) not null primary key,
        no_siup varchar(255) null,
        berlaku_sampai varchar(255) null,
        updated_at datetime(6) null,
        berlaku_sampai_date date null,
        batch_id bigint not null,
        received_at datetime(6) not null,
        deleted_at datetime(6) null
    )
    """,
    """
    create table posko_staging.lease (
        lease_name varchar(40) not null primary key,
        fence bigint not null,
        holder varchar(255) not null,
        expires_at datetime(6) not null
    )
    """,
]


def upgrade() -> None:
    """Create the staging tables."""
    for statement in TABLES:
        op.execute(statement)
