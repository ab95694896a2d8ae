"""Packages: the public keys of who sends and receives them, and the two registers of what went out and came in (§12.4, 12.6, 12.9; F09).

Each chain, sender to recipient, counts from 1 without a gap; the unique keys see to it, also for two who send at once.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_CHAIN = """
        sender varchar(60) not null,
        recipient varchar(60) not null,
        sequence int not null,
        previous_sha256 binary(32) null,
        manifest_sha256 binary(32) not null,
        file_sha256 binary(32) not null,
        schema_name varchar(40) not null,
        schema_version int not null,
        row_count int not null,
        batch_id bigint null,"""

STATEMENTS = [
    """
    create table posko.package_key (
        key_id char(16) character set ascii collate ascii_bin not null primary key,
        body varchar(60) not null,
        sign_public binary(32) not null,
        age_recipient varchar(100) character set ascii collate ascii_bin not null,
        registered_at datetime(6) not null,
        registered_by varchar(40) not null,
        revoked_at datetime(6) null,
        revoked_by varchar(40) null,
        reason varchar(255) null,
        key package_key_body (body, revoked_at)
    )
    """,
    f"""
    create table posko.package_sent (
        package_id bigint not null auto_increment primary key,{_CHAIN}
        made_at datetime(6) not null,
        unique key package_sent_chain (sender, recipient, sequence),
        key package_sent_batch (batch_id),
        constraint package_sent_of_batch foreign key (batch_id) references posko.handoff_batch (batch_id),
        constraint package_sent_first check ((sequence = 1) = (previous_sha256 is null))
    )
    """,
    f"""
    create table posko.package_received (
        package_id bigint not null auto_increment primary key,{_CHAIN}
        received_at datetime(6) not null,
        unique key package_received_chain (sender, recipient, sequence),
        key package_received_batch (batch_id),
        constraint package_received_of_batch foreign key (batch_id) references posko.handoff_batch (batch_id),
        constraint package_received_first check ((sequence = 1) = (previous_sha256 is null))
    )
    """,
]


def upgrade() -> None:
    """Create the keys and the two registers."""
    for statement in STATEMENTS:
        op.execute(statement)
