"""The status list: which certificates are suspended or revoked, dated and signed, so that third parties can keep it (R-186).

    {"kind": "posko-certificate-status", "body": TEXT, "key": HEX, "signature": HEX}

The body is JSON as text, `made_at` and `entries` (number -> state), because the signature is over its letters. It names
no person. A certificate that is younger than the list cannot be judged by it.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posko.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exports.certificate_keys import PublicKeys, Signer

KIND = "posko-certificate-status"
WHAT = "certificate-status"
STATES = ("SUSPENDED", "REVOKED")
_WRONG = "Berkas daftar status tidak dapat dibaca atau tidak ditandatangani BNSP. Minta lagi berkasnya."


@dataclass(frozen=True)
class StatusList:
    """Number -> SUSPENDED or REVOKED, as it stood at `made_at` (UTC, no zone)."""

    made_at: dt.datetime
    entries: Mapping[str, str]


def write(list_: StatusList, signer: Signer) -> str:
    """Return the signed document; the same list and key give the same text."""
    entries = dict(sorted(list_.entries.items()))
    body = json.dumps({"made_at": list_.made_at.isoformat(timespec="seconds"), "entries": entries})
    signature = signer.sign(WHAT, body.encode())
    document = {"kind": KIND, "body": body, "key": signer.id.hex(), "signature": signature.hex()}
    return json.dumps(document, indent=1) + "\n"


def read(text: str, keys: PublicKeys) -> StatusList:
    """Read a status list.

    Raises:
        BadInput: it is none, or no key of the ring signed it.
    """
    try:
        document: Any = json.loads(text)
        body = str(document["body"])
        name, signature = bytes.fromhex(document["key"]), bytes.fromhex(document["signature"])
        if document["kind"] != KIND or not keys.holds(name, WHAT, body.encode(), signature):
            raise BadInput(_WRONG)
        said: Any = json.loads(body)
        entries = {str(number): str(state) for number, state in said["entries"].items()}
        made_at = dt.datetime.fromisoformat(said["made_at"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput(_WRONG) from error
    if any(state not in STATES for state in entries.values()):
        raise BadInput(_WRONG)
    return StatusList(made_at, entries)
