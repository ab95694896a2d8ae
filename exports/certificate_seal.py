"""The seal of a PDF that POSKO made: one line behind the end of the file, signed over every byte before it (§13.12, §14.2; R-140, R-162).

    %%EOF
    %POSKO-SEAL <key id, hex> <Ed25519 signature, base64>

A reader of PDF takes the line for a comment. A file without it is a scan or a stranger's; one with a wrong one was altered. What kind of
document it is belongs to what is signed: the seal of a certificate is none of minutes.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exports.certificate_keys import PublicKeys, Signer

WHAT = "certificate-pdf"
_LINE = re.compile(rb"\n%POSKO-SEAL ([0-9a-f]{16}) ([A-Za-z0-9+/]{86}==)\n\Z")


def sealed(pdf: bytes, signer: Signer, what: str = WHAT) -> bytes:
    """Return the file with its seal as a document of this kind."""
    body = pdf.rstrip(b"\r\n")
    signature = base64.b64encode(signer.sign(what, body))
    return body + b"\n%POSKO-SEAL " + signer.id.hex().encode() + b" " + signature + b"\n"


def is_sealed(pdf: bytes, keys: PublicKeys, what: str = WHAT) -> bool:
    """Return whether a key of the ring vouches for every byte of the file as a document of this kind."""
    found = _LINE.search(pdf[-160:])
    if found is None:
        return False
    name, signature = bytes.fromhex(found[1].decode()), base64.b64decode(found[2])
    # The last letter before "==" carries bits that decoding drops: only one spelling counts.
    if base64.b64encode(signature) != found[2]:
        return False
    body = pdf[: len(pdf) - len(found[0])]
    return keys.holds(name, what, body, signature)
