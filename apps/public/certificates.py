"""What a certificate is worth today, by an account that sees two views and nothing else (§14.3; R-022, R-166, R-186).

The verdict is that of `posko.services.verification`: number and secure code, or the claim of a signed QR code, against the row as it
stands, and the row against what was handed over when it was made (DV-C05). Nothing is written; `tries` counts in memory.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pymysql

from exports.certificate_verify import verify_text
from posko.domain.certificate_number import parse
from posko.domain.errors import ConnectionFailed
from posko.domain.handoff import row_hash
from posko.domain.parameters import DEFAULTS
from posko.domain.secure_code import digest_of, is_same, typed
from posko.services.result_table import hand_over_fields

if TYPE_CHECKING:
    import datetime as dt

    from exports.certificate_keys import PublicKeys
    from posko.db.engine import Server

ACCOUNT = "posko_public"
UNKNOWN = "UNKNOWN"
_NOBODY = bytes(16)
_ROW = "select * from posko.public_certificate where certificate_no = %s"
_LIMIT = "select value from posko.public_limit where parameter_name = %s and valid_from <= %s order by valid_from desc limit 1"


@dataclass(frozen=True, slots=True)
class Verdict:
    """VALID, EXPIRED, SUSPENDED, REVOKED or UNKNOWN, and for all but the last the row."""

    verdict: str
    row: dict[str, Any] | None = None


@dataclass
class Certificates:
    """The verification's side of the database: a connection a thread, opened anew when it was cut."""

    server: Server
    code_key: bytes
    keys: PublicKeys
    own: threading.local = field(default_factory=threading.local)

    def by_code(self, number: str, code: str, today: dt.date) -> Verdict:
        """Return the verdict on number and secure code; the same work is done for a number that does not exist.

        Raises:
            ConnectionFailed: the database does not answer.
        """
        row = self._row(number.strip().upper())
        made = digest_of(self.code_key, typed(code))
        is_right = is_same(made, row["secure_code_digest"] if row else _NOBODY)
        return self._judged(row, today) if row is not None and is_right else Verdict(UNKNOWN)

    def by_qr(self, text: str, today: dt.date) -> Verdict:
        """Return the verdict on the text of a QR code: its signature, and the row that it speaks of.

        Raises:
            ConnectionFailed: the database does not answer.
        """
        claim = verify_text(text.strip(), self.keys, today=today).claim
        row = self._row(claim.certificate_no if claim else "-")
        if row is None or claim is None:
            return Verdict(UNKNOWN)
        said = (claim.tki_id, claim.lsp_code, claim.certified_on, claim.valid_until)
        is_same_claim = said == (row["tki_id"], row["lsp_code"], row["certified_on"], row["valid_until"])
        return self._judged(row, today) if is_same_claim else Verdict(UNKNOWN)

    def limit(self, name: str, today: dt.date) -> int:
        """Return a dated parameter of the verification, as BNSP has set it."""
        found = self._ask(_LIMIT, name, today)
        return int(found["value"]) if found else DEFAULTS[name].value

    def _judged(self, row: dict[str, Any], today: dt.date) -> Verdict:
        handed = row["handed_over"]
        made = row_hash(hand_over_fields(row)).hex().upper()
        if handed is not None and any(one != made for one in str(handed).split(",")):
            return Verdict(UNKNOWN)
        is_expired = row["status"] == "VALID" and row["valid_until"] < today
        return Verdict("EXPIRED" if is_expired else str(row["status"]), row)

    def _row(self, number: str) -> dict[str, Any] | None:
        return self._ask(_ROW, number if parse(number) is not None else "-")

    def _ask(self, sql: str, *values: object) -> dict[str, Any] | None:
        for is_last in (False, True):
            try:
                with self._connection().cursor(pymysql.cursors.DictCursor) as cursor:
                    cursor.execute(sql, values)
                    found: dict[str, Any] | None = cursor.fetchone()
                    return found
            except pymysql.err.MySQLError as error:
                self.own.connection = None
                if is_last:
                    raise ConnectionFailed("Basis data tidak menjawab.") from error
        return None

    def _connection(self) -> pymysql.Connection[Any]:
        if getattr(self.own, "connection", None) is None:
            self.own.connection = self.server.connect(ACCOUNT, "posko", autocommit=True)
        made: pymysql.Connection[Any] = self.own.connection
        return made
