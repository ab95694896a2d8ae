"""The audit log: events, what waits for its seal, seals, checkpoints, cosignatures (§5.3, §5.7, R-021, R-181).

A trigger puts each event on the list of those that wait for their seal: it costs less than a statement of the writer, and no writer can
leave it out. The sealer needs the list because numbers are committed out of order.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table posko_audit.audit_event (
        event_id bigint not null auto_increment primary key,
        occurred_at datetime(6) not null,
        actor_kind varchar(10) not null,
        actor_id varchar(64) not null,
        actor_role varchar(40) null,
        on_behalf_of varchar(64) null,
        action varchar(60) not null,
        entity varchar(40) not null,
        entity_key varchar(120) not null,
        outcome varchar(10) not null,
        payload mediumtext not null,
        device varchar(80) null,
        ip varchar(45) null,
        tuk varchar(20) null,
        auth_event varchar(40) null,
        writer_id binary(8) not null,
        writer_seq bigint not null,
        prev binary(32) not null,
        mac binary(32) not null,
        unique key audit_event_writer (writer_id, writer_seq),
        key audit_event_entity (entity, entity_key),
        key audit_event_time (occurred_at)
    )
    """,
    """
    create table posko_audit.audit_pending (
        event_id bigint not null primary key
    )
    """,
    """
    create trigger posko_audit.audit_event_waits after insert on posko_audit.audit_event
        for each row insert into posko_audit.audit_pending (event_id) values (new.event_id)
    """,
    """
    create table posko_audit.audit_seal (
        log_index bigint not null primary key,
        event_id bigint not null,
        leaf_hash binary(32) not null,
        unique key audit_seal_event (event_id)
    )
    """,
    """
    create table posko_audit.audit_checkpoint (
        size bigint not null primary key,
        root binary(32) not null,
        frontier varbinary(2048) not null,
        origin varchar(120) not null,
        note text not null,
        made_at datetime(6) not null
    )
    """,
    """
    create table posko_audit.audit_cosignature (
        size bigint not null,
        witness varchar(120) not null,
        line varchar(500) not null,
        received_at datetime(6) not null,
        primary key (size, witness)
    )
    """,
    """
    create table posko_audit.lease (
        lease_name varchar(40) not null primary key,
        fence bigint not null,
        holder varchar(255) not null,
        expires_at datetime(6) not null
    )
    """,
]


def upgrade() -> None:
    """Create the tables of the audit log."""
    for statement in TABLES:
        op.execute(statement)
