"""Least-privilege database accounts: one writer a schema, enforced by the server itself (§5.4, R-022).

| account | posko_staging | posko | posko_model | posko_audit | posko_biometric |
|---|---|---|---|---|---|
| posko_ingest | read, write, trade table names | - | - | - | - |
| posko_dbt | read | read | everything | - | - |
| posko_app | read | read, add; change what may change; delete only rules | read | add and read events | read, add; change some |
| posko_sealer | - | - | - | read; add seals, checkpoints; clear what was sealed | - |
| posko_export | read | read | read | read | - |
| posko_public | - | two views, read: what anybody may verify | - | - | - |

Templates stand in `posko_biometric`, which no account but posko_app sees: no model, export or package can hold one (R-187).
Nobody may change or delete an event, a seal or a checkpoint (R-181).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from posko.db.engine import CHARSET, COLLATION
from posko.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from posko.db.engine import Server

SCHEMAS = ("posko_staging", "posko", "posko_model", "posko_audit", "posko_biometric")

READ = "select, show view"
WRITE = "select, insert, update, delete"
APPEND = "select, insert"

CHANGING = (
    *("lease", "job_run", "check_run", "idempotency", "blkln_tuk_rule"),
    *(
        "lsp",
        "tuk",
        "tuk_lsp",
        "suspension",
        "blkln",
        "pptkis",
        "ownership_tie",
        "asesor",
        "asesor_scheme",
        "closed_day",
    ),
    *("station", "staff", "login_lock", "login_session", "scheme_unit"),
    *("journey", "candidate", "tuk_day", "asesor_day", "exam_session", "appointment"),
    *("handoff_batch", "handoff_line", "balance_check", "distribution"),
    *("certificate_counter", "certificate", "blank"),
    *("evaluation_meeting", "meeting_item", "publication_stop", "return_batch", "return_line", "appeal"),
    *("deviation_case", "duplicate_candidate", "finding"),
    *("station_key", "station_seen", "saved_view", "package_key"),
)
"""Operational tables whose rows may change. All others only grow: attendance, scores, decisions, prints, proofs, publications."""

BIOMETRIC_CHANGING: tuple[str, ...] = (
    *("finger_template", "duplicate_search", "capture_request"),
    *("enrolment", "enrolment_impression"),
)
"""Tables of `posko_biometric` whose rows may change; none are deleted."""

GRANTS: dict[str, dict[str, str]] = {
    "posko_ingest": {"posko_staging": f"{WRITE}, create, drop, alter, lock tables"},
    "posko_dbt": {"posko_staging": READ, "posko": READ, "posko_model": "all"},
    "posko_app": {
        "posko_staging": READ,
        "posko": APPEND,
        **{f"posko.{table}": "update" for table in CHANGING},
        "posko.blkln_tuk_rule": "update, delete",
        "posko.deviation": "update (case_id, case_at)",
        "posko.allocation": "update (attempt_no)",
        "posko_model": READ,
        "posko_audit.audit_event": APPEND,
        # To show an event with its proof; seals and checkpoints are written by the sealer alone.
        "posko_audit.audit_seal": "select",
        "posko_audit.audit_checkpoint": "select",
        "posko_biometric": APPEND,
        **{f"posko_biometric.{table}": "update" for table in BIOMETRIC_CHANGING},
    },
    "posko_sealer": {
        "posko_audit.audit_event": "select",
        "posko_audit.audit_pending": "select, delete",
        "posko_audit.audit_seal": APPEND,
        "posko_audit.audit_checkpoint": APPEND,
        "posko_audit.audit_cosignature": APPEND,
        "posko_audit.lease": "select, insert, update",
    },
    "posko_export": {"posko_staging": READ, "posko": READ, "posko_model": READ, "posko_audit": READ},
    # The application that strangers reach: no table, two views.
    "posko_public": {"posko.public_certificate": "select", "posko.public_limit": "select"},
}
"""Account -> schema, or schema.table -> privileges."""


def create_schemas(db: sa.Connection) -> None:
    """Create the schemas with POSKO's character set and collation."""
    for schema in SCHEMAS:
        db.execute(sa.text(f"create database if not exists {schema} character set {CHARSET} collate {COLLATION}"))


def create_accounts(db: sa.Connection, server: Server) -> None:
    """Create POSKO's accounts, give each exactly its grants and the password of its secret file.

    Raises:
        ConfigurationError: the account of `POSKO_DATABASE_URL` may not create accounts.
    """
    try:
        for account, grants in GRANTS.items():
            for host in _hosts(server):
                name = f"'{account}'@'{host}'"
                _create_account(db, server, name, account)
                for place, privileges in grants.items():
                    tables = place if "." in place else f"{place}.*"
                    db.execute(sa.text(f"grant {privileges} on {tables} to {name}"))
    except sa.exc.OperationalError as error:
        raise ConfigurationError(
            f"Akun {server.admin} tidak boleh membuat akun basis data. Beri hak CREATE USER dan GRANT OPTION, lalu ulangi."
        ) from error


def _hosts(server: Server) -> tuple[str, ...]:
    """Return from where the accounts may come: this machine under every name it has for itself, or anywhere."""
    if server.unix_socket:
        return ("localhost",)
    return ("localhost", "127.0.0.1", "::1") if server.host in {"127.0.0.1", "localhost", "::1"} else ("%",)


def _create_account(db: sa.Connection, server: Server, name: str, account: str) -> None:
    password = server.account_password(account)
    db.execute(sa.text(f"create user if not exists {name} identified by '{password}'"))
    db.execute(sa.text(f"alter user {name} identified by '{password}'"))
    db.execute(sa.text(f"revoke all privileges, grant option from {name}"))
