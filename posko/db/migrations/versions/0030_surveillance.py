"""Surveillance: the weekly sample of sessions to visit, its seed, and what the visits found (§4.2; R-017, R-024, R-190).

The seed of a week is committed to by its hash before the sample is drawn, and stands here only after the visits were recorded. What
the sample was drawn from stays beside it, so that anybody can draw it again. Rows are added and never changed.
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table posko.surveillance_commitment (
        week_on date not null primary key,
        seed_sha256 binary(32) not null,
        committed_at datetime(6) not null,
        committed_by varchar(40) not null
    )
    """,
    """
    create table posko.surveillance_draw (
        draw_id bigint not null auto_increment primary key,
        week_on date not null,
        wanted int not null,
        session_count int not null,
        frame_sha256 binary(32) not null,
        drawn_at datetime(6) not null,
        drawn_by varchar(40) not null,
        unique key surveillance_draw_week (week_on),
        constraint surveillance_draw_committed foreign key (week_on) references posko.surveillance_commitment (week_on),
        constraint surveillance_draw_some check (wanted > 0 and session_count > 0)
    )
    """,
    """
    create table posko.surveillance_frame (
        draw_id bigint not null,
        session_id bigint not null,
        tuk_code varchar(20) not null,
        lsp_code varchar(20) not null,
        met_no varchar(40) not null,
        exam_on date not null,
        weight int not null,
        parts varchar(255) not null,
        chance_permille int not null,
        is_picked tinyint not null,
        primary key (draw_id, session_id),
        unique key surveillance_frame_session (session_id),
        key surveillance_frame_picked (is_picked, draw_id),
        constraint surveillance_frame_draw foreign key (draw_id) references posko.surveillance_draw (draw_id),
        constraint surveillance_frame_of_session foreign key (session_id) references posko.exam_session (session_id),
        constraint surveillance_frame_everybody check (weight > 0)
    )
    """,
    """
    create table posko.surveillance_visit (
        visit_id bigint not null auto_increment primary key,
        session_id bigint not null,
        tuk_code varchar(20) not null,
        draw_id bigint null,
        visited_on date null,
        outcome varchar(20) not null,
        note varchar(500) not null,
        deviation_id bigint null,
        recorded_at datetime(6) not null,
        recorded_by varchar(40) not null,
        unique key surveillance_visit_once (session_id),
        key surveillance_visit_tuk (tuk_code, visited_on),
        key surveillance_visit_draw (draw_id),
        constraint surveillance_visit_session foreign key (session_id) references posko.exam_session (session_id),
        constraint surveillance_visit_of_draw foreign key (draw_id) references posko.surveillance_draw (draw_id),
        constraint surveillance_visit_deviation foreign key (deviation_id) references posko.deviation (deviation_id),
        constraint surveillance_visit_outcome check (outcome in ('CONFORMS', 'DEVIATES', 'NOT_HELD', 'NOT_VISITED')),
        constraint surveillance_visit_day check ((outcome = 'NOT_VISITED') = (visited_on is null)),
        constraint surveillance_visit_finding check ((outcome in ('DEVIATES', 'NOT_HELD')) = (deviation_id is not null))
    )
    """,
    """
    create table posko.surveillance_reveal (
        draw_id bigint not null primary key,
        seed binary(32) not null,
        revealed_at datetime(6) not null,
        revealed_by varchar(40) not null,
        constraint surveillance_reveal_draw foreign key (draw_id) references posko.surveillance_draw (draw_id)
    )
    """,
]


def upgrade() -> None:
    """Create the tables of the surveillance."""
    for statement in TABLES:
        op.execute(statement)
