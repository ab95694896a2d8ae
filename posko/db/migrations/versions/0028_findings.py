"""What the rules found, with its history: a finding that disappears after a correction stays (§5.2, R-020; requirements section 7).

A finding is one of a rule on a subject; its key tells it from the subject's others. When it is found, again after it was gone too, the
register gets a deviation. `deviation_run` says when each rule was last judged, and on what definition. A case that the system opened
names the rule and the subject that it gathers.
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

STATEMENTS = [
    """
    create table posko.finding (
        finding_id bigint not null auto_increment primary key,
        rule_id varchar(10) not null,
        subject_kind varchar(12) not null,
        subject_code varchar(120) not null,
        finding_key varchar(120) not null,
        tki_id varchar(64) null,
        journey_id bigint null,
        session_id bigint null,
        evidence_sha256 binary(32) not null,
        observed_at datetime(6) not null,
        first_seen_at datetime(6) not null,
        last_seen_at datetime(6) not null,
        gone_at datetime(6) null,
        deviation_id bigint null,
        unique key finding_identity (rule_id, subject_code, subject_kind, finding_key),
        key finding_open (rule_id, gone_at),
        key finding_journey (journey_id),
        key finding_session (session_id),
        key finding_observed (observed_at),
        constraint finding_deviation foreign key (deviation_id) references posko.deviation (deviation_id)
    )
    """,
    """
    create table posko.finding_change (
        change_id bigint not null auto_increment primary key,
        finding_id bigint not null,
        change_kind varchar(8) not null,
        evidence longtext not null,
        evidence_sha256 binary(32) not null,
        changed_at datetime(6) not null,
        audit_event varchar(40) not null,
        key finding_change_finding (finding_id, change_id),
        key finding_change_time (changed_at),
        constraint finding_change_of_finding foreign key (finding_id) references posko.finding (finding_id),
        constraint finding_change_kind check (change_kind in ('FOUND', 'CHANGED', 'GONE', 'AGAIN'))
    )
    """,
    """
    create table posko.deviation_run (
        deviation_run_id bigint not null auto_increment primary key,
        run_id varchar(40) not null,
        rule_id varchar(10) not null,
        print binary(32) not null,
        since_at datetime(6) null,
        started_at datetime(6) not null,
        finished_at datetime(6) not null,
        found_count int not null,
        new_count int not null,
        changed_count int not null,
        gone_count int not null,
        again_count int not null,
        key deviation_run_rule (rule_id, deviation_run_id),
        key deviation_run_run (run_id)
    )
    """,
    """
    alter table posko.deviation
        add column finding_id bigint null,
        add key deviation_finding (finding_id),
        add constraint deviation_of_finding foreign key (finding_id) references posko.finding (finding_id)
    """,
    """
    alter table posko.deviation_case
        add column rule_id varchar(10) null,
        add column subject_kind varchar(12) null,
        add column subject_code varchar(120) null,
        add key deviation_case_gathers (rule_id, subject_code, status)
    """,
]


def upgrade() -> None:
    """Create findings and their history."""
    for statement in STATEMENTS:
        op.execute(statement)
