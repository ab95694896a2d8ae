"""Saved views: the filters of a list under a name, for the person who keeps them (R-008).

A view that was taken away stays as a row, because posko_app deletes nothing; its name is free again.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLE = """
    create table posko.saved_view (
        view_id bigint not null auto_increment primary key,
        person_id varchar(40) not null,
        list_name varchar(40) not null,
        view_name varchar(60) not null,
        query varchar(1000) not null,
        saved_at datetime(6) not null,
        removed_at datetime(6) null,
        is_kept tinyint as (case when removed_at is null then 1 end) stored,
        unique key saved_view_name (person_id, list_name, view_name, is_kept),
        constraint saved_view_of_person foreign key (person_id) references posko.staff (person_id)
    )
"""


def upgrade() -> None:
    """Create the table of saved views."""
    op.execute(TABLE)
