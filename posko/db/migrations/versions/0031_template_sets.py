"""When a set of templates came into force, and where: no template, no digest (§3.3; R-026, DV-I08).

The rules read `posko` and never `posko_biometric`, so what they may know of a set stands here. It only grows.
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

STATEMENTS = [
    """
    create table posko.template_set (
        template_set_id bigint not null auto_increment primary key,
        person_kind varchar(6) not null,
        person_id varchar(64) not null,
        version int not null,
        provenance varchar(12) not null,
        station_code varchar(40) null,
        activated_at datetime(6) not null,
        activated_by varchar(40) not null,
        unique key template_set_one_each (person_kind, person_id, version),
        constraint template_set_kind check (person_kind in ('STAFF', 'TKI'))
    )
    """,
    """
    insert into posko.template_set (person_kind, person_id, version, provenance, station_code, activated_at, activated_by)
    select person_kind, person_id, version, min(provenance), min(station_code), min(activated_at), min(taken_by)
    from posko_biometric.finger_template where activated_at is not null
    group by person_kind, person_id, version order by min(activated_at)
    """,
]


def upgrade() -> None:
    """Create the register of sets, with those that there are."""
    for statement in STATEMENTS:
        op.execute(statement)
