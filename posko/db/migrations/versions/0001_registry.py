"""Registers that allocation relies on: LSP, TUK, BLKLN, PPTKIS, assessors, ties, rules (§3.2, §3.4, §12.5).

Every licence carries its dates, so that a past allocation can be judged by the register of its day.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = [
    """
    create table posko.lsp (
        lsp_code varchar(20) not null primary key,
        lsp_name varchar(255) not null,
        license_no varchar(50) not null,
        valid_from date not null,
        valid_until date not null
    )
    """,
    """
    create table posko.tuk (
        tuk_code varchar(20) not null primary key,
        tuk_name varchar(255) not null,
        city varchar(255) not null,
        capacity_per_day int not null,
        valid_from date not null,
        valid_until date not null,
        constraint tuk_capacity_not_negative check (capacity_per_day >= 0)
    )
    """,
    """
    create table posko.tuk_lsp (
        tuk_code varchar(20) not null,
        lsp_code varchar(20) not null,
        scheme_code varchar(20) not null,
        valid_from date not null,
        valid_until date not null,
        primary key (tuk_code, lsp_code, scheme_code, valid_from),
        constraint tuk_lsp_tuk foreign key (tuk_code) references posko.tuk (tuk_code),
        constraint tuk_lsp_lsp foreign key (lsp_code) references posko.lsp (lsp_code)
    )
    """,
    """
    create table posko.suspension (
        suspension_id bigint not null auto_increment primary key,
        party_kind varchar(10) not null,
        party_code varchar(255) not null,
        suspended_from date not null,
        suspended_until date null,
        reason varchar(500) not null,
        key suspension_party (party_kind, party_code),
        constraint suspension_kind check (party_kind in ('LSP', 'TUK', 'BLKLN', 'PPTKIS', 'ASESOR'))
    )
    """,
    """
    create table posko.blkln (
        blkln_code varchar(64) not null primary key,
        blkln_name varchar(255) not null,
        city varchar(255) null,
        capacity int null,
        valid_until date null,
        closed_on date null
    )
    """,
    """
    create table posko.pptkis (
        pptkis_name varchar(255) not null primary key,
        license_no varchar(50) null,
        valid_until date null
    )
    """,
    """
    create table posko.ownership_tie (
        tie_id bigint not null auto_increment primary key,
        party_kind varchar(10) not null,
        party_code varchar(255) not null,
        body_kind varchar(10) not null,
        body_code varchar(20) not null,
        valid_from date not null,
        valid_until date null,
        evidence varchar(500) not null,
        unique key tie_once (party_kind, party_code, body_kind, body_code, valid_from),
        constraint tie_party_kind check (party_kind in ('PPTKIS', 'BLKLN')),
        constraint tie_body_kind check (body_kind in ('LSP', 'TUK'))
    )
    """,
    """
    create table posko.asesor (
        met_no varchar(40) not null primary key,
        asesor_name varchar(255) not null,
        lsp_code varchar(20) not null,
        valid_from date not null,
        valid_until date not null,
        constraint asesor_lsp foreign key (lsp_code) references posko.lsp (lsp_code)
    )
    """,
    """
    create table posko.asesor_scheme (
        met_no varchar(40) not null,
        scheme_code varchar(20) not null,
        valid_from date not null,
        valid_until date not null,
        primary key (met_no, scheme_code, valid_from),
        constraint asesor_scheme_asesor foreign key (met_no) references posko.asesor (met_no)
    )
    """,
    """
    create table posko.blkln_tuk_rule (
        blkln_code varchar(64) not null,
        priority int not null,
        tuk_code varchar(20) not null,
        primary key (blkln_code, priority),
        unique key rule_names_a_tuk_once (blkln_code, tuk_code),
        constraint rule_tuk foreign key (tuk_code) references posko.tuk (tuk_code),
        constraint rule_priority_positive check (priority >= 1)
    )
    """,
    """
    create table posko.closed_day (
        closed_on date not null,
        tuk_code varchar(20) not null default '*',
        reason varchar(255) not null,
        primary key (closed_on, tuk_code)
    )
    """,
]


def upgrade() -> None:
    """Create the register tables; `*` in blkln_tuk_rule and closed_day means "every"."""
    for statement in TABLES:
        op.execute(statement)
