"""What was said and ordered of an appeal and of a certificate's standing, never changed (§3.5; R-186, R-189).

A note of a certificate with `status_to` is a change of its standing, with the decree that orders it; one without is a remark.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table posko.appeal_note (
        note_id bigint not null auto_increment primary key,
        appeal_id bigint not null,
        note varchar(2000) not null,
        noted_at datetime(6) not null,
        noted_by varchar(40) not null,
        noted_role varchar(12) not null,
        key appeal_note_appeal (appeal_id),
        constraint appeal_note_of_appeal foreign key (appeal_id) references posko.appeal (appeal_id)
    )
    """,
    """
    create table posko.certificate_note (
        note_id bigint not null auto_increment primary key,
        certificate_id bigint not null,
        status_from varchar(10) null,
        status_to varchar(10) null,
        note varchar(500) not null,
        decree_no varchar(100) null,
        noted_at datetime(6) not null,
        noted_by varchar(40) not null,
        noted_role varchar(12) not null,
        seconded_by varchar(40) null,
        key certificate_note_certificate (certificate_id),
        constraint certificate_note_of_certificate foreign key (certificate_id) references posko.certificate (certificate_id),
        constraint certificate_note_two_persons check (seconded_by is null or noted_by <> seconded_by)
    )
    """,
    "alter table posko.certificate add key certificate_standing (status, status_at)",
]


def upgrade() -> None:
    """Create the notes of appeals and of certificates, and find certificates by their standing."""
    for statement in TABLES:
        op.execute(statement)
