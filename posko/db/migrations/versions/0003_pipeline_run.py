"""Record of what the pipeline did: runs, gates, the run's lease (§1.6, §12.2, R-084)."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table posko.lease (
        lease_name varchar(40) not null primary key,
        fence bigint not null,
        holder varchar(255) not null,
        expires_at datetime(6) not null
    )
    """,
    """
    create table posko.job_run (
        job_run_id bigint not null auto_increment primary key,
        run_id varchar(40) not null,
        stage varchar(30) not null,
        started_at datetime(6) not null,
        ended_at datetime(6) null,
        row_count bigint null,
        outcome varchar(20) not null,
        detail text null,
        key job_run_run (run_id),
        key job_run_started (started_at)
    )
    """,
    """
    create table posko.check_run (
        check_run_id bigint not null auto_increment primary key,
        run_id varchar(40) null,
        gate varchar(30) not null,
        batch_id bigint null,
        checked_at datetime(6) not null,
        outcome varchar(20) not null,
        expectation varchar(255) not null,
        observed text null,
        key check_run_gate (gate, checked_at)
    )
    """,
]


def upgrade() -> None:
    """Create the run records."""
    for statement in TABLES:
        op.execute(statement)
