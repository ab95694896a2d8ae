"""Answers already given: one row a submitted act, so that a double submit gets the first answer (R-086)."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; the key is inserted first and blocks its double until the act is committed or gone.

    `result` is text and not JSON, because one of the two servers would rewrite the numbers of a JSON column.
    """
    op.execute(
        """
        create table posko.idempotency (
            idempotency_key varchar(190) character set ascii collate ascii_bin not null primary key,
            result longtext null,
            committed_at datetime(6) not null,
            key idempotency_committed (committed_at),
            constraint idempotency_result_is_json check (result is null or json_valid(result))
        )
        """
    )
