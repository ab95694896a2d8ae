"""Preparation: journeys, candidates, exam sessions, allocations, distribution (§12.3-12.11; R-087..R-105, R-182).

`journey` is where one TKI stands in one scheme; only one journey of hers may be open. Capacities are counters with a CHECK,
so that no number of clerks at once can oversell a day. An allocation that goes back to BNSP whole balances by a CHECK: registered =
allocated + justified rest (X6). `part_held` lets nobody hold two parts for the same TKI (R-070).
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table posko.journey (
        journey_id bigint not null auto_increment primary key,
        tki_id varchar(64) not null,
        scheme_code varchar(20) not null,
        journey_no int not null,
        attempt_no int not null default 1,
        status varchar(30) not null,
        is_revoked tinyint not null default 0,
        is_suspended tinyint not null default 0,
        is_appealed tinyint not null default 0,
        opened_at datetime(6) not null,
        moved_at datetime(6) not null,
        open_scheme varchar(20) as (case when status <> 'CLOSED' then scheme_code end) stored,
        unique key journey_number (tki_id, scheme_code, journey_no),
        unique key journey_one_open (tki_id, open_scheme),
        key journey_status (status, moved_at),
        constraint journey_attempt_positive check (attempt_no >= 1)
    )
    """,
    """
    create table posko.handoff_batch (
        batch_id bigint not null auto_increment primary key,
        hop varchar(24) not null,
        sender varchar(60) not null,
        receiver varchar(60) not null,
        row_count int not null,
        rows_sha256 binary(32) not null,
        sent_at datetime(6) not null,
        received_at datetime(6) null,
        received_count int null,
        received_sha256 binary(32) null,
        loaded_at datetime(6) null,
        rejected_count int null,
        version int not null default 1,
        key handoff_batch_hop (hop, sent_at),
        key handoff_batch_open (loaded_at)
    )
    """,
    """
    create table posko.handoff_line (
        batch_id bigint not null,
        tki_id varchar(64) not null,
        hop varchar(24) not null,
        journey_id bigint null,
        attempt_no int not null default 1,
        version int not null default 1,
        row_hash binary(32) not null,
        received_hash binary(32) null,
        status varchar(10) not null,
        reason varchar(200) null,
        primary key (batch_id, tki_id),
        key handoff_line_journey (journey_id, hop),
        key handoff_line_tki (tki_id, hop),
        constraint handoff_line_batch foreign key (batch_id) references posko.handoff_batch (batch_id),
        constraint handoff_line_status check (status in ('SENT', 'RECEIVED', 'LOADED', 'RETURNED', 'REJECTED')),
        constraint handoff_line_reason check (status <> 'REJECTED' or reason is not null)
    )
    """,
    """
    create table posko.candidate (
        journey_id bigint not null primary key,
        tki_id varchar(64) not null,
        scheme_code varchar(20) not null,
        full_name varchar(255) not null,
        birth_place varchar(255) null,
        born_on date not null,
        sex varchar(20) null,
        address varchar(2000) null,
        city varchar(255) null,
        phone varchar(255) null,
        email varchar(255) null,
        sector varchar(255) null,
        destination varchar(255) null,
        blkln_code varchar(255) null,
        pptkis_name varchar(255) null,
        training_ended_on date null,
        source_batch_id bigint not null,
        source_row_crc int unsigned not null,
        payment_status varchar(12) not null default 'BELUM',
        registered_at datetime(6) not null,
        registered_by varchar(40) not null,
        key candidate_tki (tki_id),
        constraint candidate_journey foreign key (journey_id) references posko.journey (journey_id),
        constraint candidate_payment check (payment_status in ('BELUM', 'LUNAS', 'DIBEBASKAN'))
    )
    """,
    """
    create table posko.part_held (
        journey_id bigint not null,
        person_id varchar(40) not null,
        part varchar(12) not null,
        held_at datetime(6) not null,
        primary key (journey_id, person_id),
        constraint part_held_journey foreign key (journey_id) references posko.journey (journey_id),
        constraint part_held_part check (part in ('KONSORSIUM', 'LSP', 'TUK', 'ASESOR'))
    )
    """,
    """
    create table posko.tuk_day (
        tuk_code varchar(20) not null,
        exam_on date not null,
        capacity int not null,
        booked int not null default 0,
        primary key (tuk_code, exam_on),
        constraint tuk_day_tuk foreign key (tuk_code) references posko.tuk (tuk_code),
        constraint tuk_day_not_oversold check (booked between 0 and capacity)
    )
    """,
    """
    create table posko.asesor_day (
        met_no varchar(40) not null,
        exam_on date not null,
        capacity int not null,
        booked int not null default 0,
        primary key (met_no, exam_on),
        constraint asesor_day_asesor foreign key (met_no) references posko.asesor (met_no),
        constraint asesor_day_not_oversold check (booked between 0 and capacity)
    )
    """,
    """
    create table posko.exam_session (
        session_id bigint not null auto_increment primary key,
        tuk_code varchar(20) not null,
        lsp_code varchar(20) not null,
        scheme_code varchar(20) not null,
        exam_on date not null,
        slot int not null default 1,
        met_no varchar(40) not null,
        status varchar(15) not null,
        opened_at datetime(6) null,
        running_at datetime(6) null,
        ended_at datetime(6) null,
        scoring_opened_at datetime(6) null,
        scored_at datetime(6) null,
        closed_at datetime(6) null,
        asesor_proof_id char(32) character set ascii collate ascii_bin null,
        made_at datetime(6) not null,
        made_by varchar(40) not null,
        appointed varchar(40) as (case when status <> 'CANCELLED' then met_no end) stored,
        unique key exam_session_asesor_in_one_place (appointed, exam_on, slot),
        unique key exam_session_once (tuk_code, exam_on, slot, appointed, lsp_code, scheme_code),
        key exam_session_day (exam_on, status),
        constraint exam_session_tuk foreign key (tuk_code) references posko.tuk (tuk_code),
        constraint exam_session_lsp foreign key (lsp_code) references posko.lsp (lsp_code),
        constraint exam_session_asesor foreign key (met_no) references posko.asesor (met_no)
    )
    """,
    """
    create table posko.appointment (
        appointment_id bigint not null auto_increment primary key,
        session_id bigint not null,
        met_no varchar(40) not null,
        appointed_at datetime(6) not null,
        appointed_by varchar(40) not null,
        reason varchar(500) null,
        ended_at datetime(6) null,
        key appointment_session (session_id),
        constraint appointment_of_session foreign key (session_id) references posko.exam_session (session_id),
        constraint appointment_asesor foreign key (met_no) references posko.asesor (met_no)
    )
    """,
    """
    create table posko.allocation (
        allocation_id bigint not null auto_increment primary key,
        journey_id bigint not null,
        attempt_no int not null,
        session_id bigint not null,
        proposed_on date null,
        proposed_tuk_code varchar(20) null,
        proposed_lsp_code varchar(20) null,
        reason varchar(500) null,
        allocated_at datetime(6) not null,
        allocated_by varchar(40) not null,
        unique key allocation_one_place (journey_id, attempt_no),
        key allocation_session (session_id),
        constraint allocation_journey foreign key (journey_id) references posko.journey (journey_id),
        constraint allocation_of_session foreign key (session_id) references posko.exam_session (session_id)
    )
    """,
    """
    create table posko.allocation_return (
        batch_id bigint not null primary key,
        is_whole tinyint not null,
        waiting_count int not null,
        allocated_count int not null,
        rest_count int not null,
        constraint allocation_return_batch foreign key (batch_id) references posko.handoff_batch (batch_id),
        constraint allocation_return_balances check (is_whole = 0 or waiting_count = allocated_count + rest_count)
    )
    """,
    """
    create table posko.allocation_rest (
        batch_id bigint not null,
        journey_id bigint not null,
        attempt_no int not null,
        reason varchar(500) not null,
        noted_at datetime(6) not null,
        noted_by varchar(40) not null,
        primary key (batch_id, journey_id),
        key allocation_rest_journey (journey_id),
        constraint allocation_rest_batch foreign key (batch_id) references posko.handoff_batch (batch_id),
        constraint allocation_rest_of_journey foreign key (journey_id) references posko.journey (journey_id)
    )
    """,
    """
    create table posko.balance_check (
        balance_check_id bigint not null auto_increment primary key,
        batch_id bigint not null,
        checked_at datetime(6) not null,
        checked_by varchar(40) not null,
        is_complete tinyint not null,
        sent_count int not null,
        parts_count int not null,
        max_to_mean decimal(8, 3) not null,
        findings text not null,
        released_at datetime(6) null,
        released_by varchar(40) null,
        key balance_check_batch (batch_id),
        constraint balance_check_of_batch foreign key (batch_id) references posko.handoff_batch (batch_id)
    )
    """,
    """
    create table posko.distribution (
        batch_id bigint not null primary key,
        balance_check_id bigint not null,
        receiver_kind varchar(4) not null,
        receiver_code varchar(20) not null,
        acknowledged_at datetime(6) null,
        acknowledged_by varchar(40) null,
        key distribution_check (balance_check_id),
        unique key distribution_one_part (balance_check_id, receiver_kind, receiver_code),
        constraint distribution_batch foreign key (batch_id) references posko.handoff_batch (batch_id),
        constraint distribution_balance foreign key (balance_check_id) references posko.balance_check (balance_check_id),
        constraint distribution_kind check (receiver_kind in ('LSP', 'TUK'))
    )
    """,
]


def upgrade() -> None:
    """Create the tables of the preparation."""
    for statement in TABLES:
        op.execute(statement)
