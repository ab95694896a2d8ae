"""What the 1:N search found: two identities with the same finger, and what two persons said of it (§3.3; DV-I05, DV-I06).

A pair stands once for each pair of versions of the two sets of templates, the smaller identity first. No template and no minutia is here.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table posko.duplicate_candidate (
        candidate_id bigint not null auto_increment primary key,
        one_kind varchar(6) not null,
        one_id varchar(64) not null,
        one_version int not null,
        one_finger tinyint not null,
        one_template bigint not null,
        other_kind varchar(6) not null,
        other_id varchar(64) not null,
        other_version int not null,
        other_finger tinyint not null,
        other_template bigint not null,
        fingers tinyint not null,
        score int not null,
        threshold int not null,
        index_score double null,
        origin varchar(12) not null,
        template_format varchar(20) not null,
        found_at datetime(6) not null,
        deviation_id bigint not null,
        case_id bigint not null,
        verdict varchar(10) null,
        judged_at datetime(6) null,
        judged_by varchar(40) null,
        seconded_by varchar(40) null,
        judged_reason varchar(500) null,
        unique key duplicate_candidate_once (one_kind, one_id, one_version, other_kind, other_id, other_version),
        key duplicate_candidate_other (other_kind, other_id),
        key duplicate_candidate_open (verdict, candidate_id),
        key duplicate_candidate_case (case_id),
        constraint duplicate_candidate_kinds check (one_kind in ('STAFF', 'TKI') and other_kind in ('STAFF', 'TKI')),
        constraint duplicate_candidate_two check (one_kind <> other_kind or one_id <> other_id),
        constraint duplicate_candidate_origin check (origin in ('INDEX', 'NIK', 'NAME')),
        constraint duplicate_candidate_verdict check (verdict in ('SAME', 'DIFFERENT', 'UNSURE')),
        constraint duplicate_candidate_two_persons check (verdict is null or judged_by <> seconded_by),
        constraint duplicate_candidate_of_deviation foreign key (deviation_id) references posko.deviation (deviation_id),
        constraint duplicate_candidate_of_case foreign key (case_id) references posko.deviation_case (case_id)
    )
    """,
]


def upgrade() -> None:
    """Create the table of what was found."""
    for statement in TABLES:
        op.execute(statement)
