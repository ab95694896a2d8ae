"""Evaluation: meeting, publication, return to BNP2TKI, appeals and complaints (§14.1-14.5; R-160..R-170, R-189).

Only a closed meeting lets a result be published (X1): a publication refers to a meeting whose state is CLOSED, so the server itself
refuses any other. Publications and returns are versions: a correction is a new row and the earlier one stays.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table posko.evaluation_meeting (
        meeting_id bigint not null auto_increment primary key,
        held_on date not null,
        place varchar(255) not null,
        state varchar(10) not null,
        minutes text null,
        minutes_sha256 binary(32) null,
        opened_at datetime(6) not null,
        opened_by varchar(40) not null,
        closed_at datetime(6) null,
        closed_by varchar(40) null,
        evidence longtext null,
        unique key evaluation_meeting_gate (meeting_id, state),
        constraint evaluation_meeting_state check (state in ('OPEN', 'CLOSED')),
        constraint evaluation_meeting_minutes check (
            state <> 'CLOSED' or (minutes is not null and minutes_sha256 is not null and evidence is not null)
        )
    )
    """,
    """
    create table posko.meeting_participant (
        meeting_id bigint not null,
        person_id varchar(40) not null,
        organisation varchar(60) not null,
        noted_at datetime(6) not null,
        primary key (meeting_id, person_id),
        constraint meeting_participant_meeting foreign key (meeting_id) references posko.evaluation_meeting (meeting_id),
        constraint meeting_participant_staff foreign key (person_id) references posko.staff (person_id)
    )
    """,
    """
    create table posko.meeting_item (
        meeting_id bigint not null,
        journey_id bigint not null,
        finding varchar(10) not null,
        reason varchar(500) null,
        noted_at datetime(6) not null,
        noted_by varchar(40) not null,
        is_settled tinyint not null default 0,
        pending_journey bigint as (case when is_settled = 0 then journey_id end) stored,
        primary key (meeting_id, journey_id),
        key meeting_item_journey (journey_id),
        unique key meeting_item_one_open (pending_journey),
        constraint meeting_item_meeting foreign key (meeting_id) references posko.evaluation_meeting (meeting_id),
        constraint meeting_item_of_journey foreign key (journey_id) references posko.journey (journey_id),
        constraint meeting_item_finding check (finding in ('PUBLISH', 'HOLD')),
        constraint meeting_item_hold_has_reason check (finding <> 'HOLD' or reason is not null)
    )
    """,
    """
    create table posko.meeting_comment (
        comment_id bigint not null auto_increment primary key,
        meeting_id bigint not null,
        lsp_code varchar(20) not null,
        comment varchar(2000) not null,
        made_at datetime(6) not null,
        made_by varchar(40) not null,
        constraint meeting_comment_meeting foreign key (meeting_id) references posko.evaluation_meeting (meeting_id)
    )
    """,
    """
    create table posko.publication (
        publication_id bigint not null auto_increment primary key,
        journey_id bigint not null,
        meeting_id bigint not null,
        meeting_state varchar(10) not null default 'CLOSED',
        version int not null,
        tki_id varchar(64) not null,
        masked_name varchar(255) not null,
        result varchar(12) not null,
        lsp_code varchar(20) not null,
        tuk_code varchar(20) not null,
        tested_on date not null,
        certificate_no char(21) null,
        certificate_status varchar(10) null,
        published_at datetime(6) not null,
        unique key publication_version (journey_id, version),
        key publication_tki (tki_id),
        key publication_number (certificate_no),
        constraint publication_journey foreign key (journey_id) references posko.journey (journey_id),
        constraint publication_meeting foreign key (meeting_id, meeting_state)
            references posko.evaluation_meeting (meeting_id, state),
        constraint publication_after_the_gate check (meeting_state = 'CLOSED'),
        constraint publication_result check (result in ('KOMPETEN', 'BELUM'))
    )
    """,
    """
    create table posko.return_batch (
        return_batch_id bigint not null auto_increment primary key,
        relay_batch_id bigint not null,
        source_batch_id bigint null,
        row_count int not null,
        made_at datetime(6) not null,
        acknowledged_at datetime(6) null,
        constraint return_batch_relay foreign key (relay_batch_id) references posko.handoff_batch (batch_id),
        constraint return_batch_source foreign key (source_batch_id) references posko.handoff_batch (batch_id)
    )
    """,
    """
    create table posko.return_line (
        return_batch_id bigint not null,
        journey_id bigint not null,
        version int not null,
        tki_id varchar(64) not null,
        scheme_code varchar(20) not null,
        result varchar(12) not null,
        lsp_code varchar(20) not null,
        certificate_no char(21) null,
        certified_on date null,
        certificate_status varchar(10) null,
        is_last tinyint not null default 1,
        acknowledged_at datetime(6) null,
        read_back_no varchar(255) null,
        difference varchar(500) null,
        last_scheme varchar(20) as (case when is_last = 1 then scheme_code end) stored,
        primary key (return_batch_id, journey_id),
        unique key return_line_version (journey_id, version),
        unique key return_line_one_last (tki_id, last_scheme),
        constraint return_line_batch foreign key (return_batch_id) references posko.return_batch (return_batch_id),
        constraint return_line_journey foreign key (journey_id) references posko.journey (journey_id)
    )
    """,
    """
    create table posko.appeal (
        appeal_id bigint not null auto_increment primary key,
        kind varchar(10) not null,
        journey_id bigint null,
        tki_id varchar(64) null,
        lsp_code varchar(20) null,
        tuk_code varchar(20) null,
        grounds varchar(2000) not null,
        recorded_at datetime(6) not null,
        recorded_by varchar(40) null,
        due_on date not null,
        outcome varchar(10) null,
        answer varchar(2000) null,
        decided_at datetime(6) null,
        decided_by varchar(40) null,
        seconded_by varchar(40) null,
        pending_appeal bigint as (case when kind = 'APPEAL' and decided_at is null then journey_id end) stored,
        key appeal_open (decided_at, due_on),
        unique key appeal_one_open (pending_appeal),
        key appeal_journey (journey_id),
        constraint appeal_of_journey foreign key (journey_id) references posko.journey (journey_id),
        constraint appeal_kind check (kind in ('APPEAL', 'COMPLAINT')),
        constraint appeal_has_journey check (kind <> 'APPEAL' or journey_id is not null),
        constraint appeal_outcome check (outcome in ('GRANTED', 'REJECTED')),
        constraint appeal_two_persons check (decided_by is null or decided_by <> seconded_by)
    )
    """,
]


def upgrade() -> None:
    """Create the tables of the evaluation."""
    for statement in TABLES:
        op.execute(statement)
