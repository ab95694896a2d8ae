"""A claim as the text of a QR code, signed so that it is told from a forged one without a line (requirements 8.3 no. 4, 12).

    <prefix><base45 of CBOR array and signature>

    array      version 1, key id, then the values of the claim
    signature  Ed25519 over the line `posko-bnsp/<what>/1` and the array's bytes

There is one way to write a claim: whatever does not come out again as it was read is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Generic, TypeVar

import cbor2

from exports import qr_base45
from exports.certificate_keys import ID_BYTES, SIGNATURE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from exports.certificate_keys import PublicKeys, Signer

VERSION = 1
LONGEST = 4_296
"""Letters of the largest QR code; a longer text is none."""
_Claim = TypeVar("_Claim")


class NotGenuine(Exception):
    """A QR text that no key of the ring vouches for; `why` is UNREADABLE, FOREIGN_KEY or SIGNATURE."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Form(Generic[_Claim]):
    """How one kind of claim is written: its prefix, what its signature is over, and its values with their types.

    `claim_of` takes the values of `values_of` back; it raises ValueError, TypeError or OverflowError of values that are none.
    """

    prefix: str
    what: str
    types: Sequence[type]
    values_of: Callable[[_Claim], Sequence[object]]
    claim_of: Callable[..., _Claim]

    def write(self, claim: _Claim, signer: Signer) -> str:
        """Return the text of the QR code; the same claim and key give the same text."""
        body = self._body(claim, signer.id)
        return self.prefix + qr_base45.encode(body + signer.sign(self.what, body))

    def read(self, text: str, keys: PublicKeys) -> _Claim:
        """Return the claim of a QR text.

        Raises:
            NotGenuine: it is no such text, its key is not in the ring, or the signature is not over this claim.
        """
        body, signature = self._split(text)
        name, claim = self._parsed(body)
        if not keys.knows(name):
            raise NotGenuine("FOREIGN_KEY")
        if not keys.holds(name, self.what, body, signature):
            raise NotGenuine("SIGNATURE")
        return claim

    def _body(self, claim: _Claim, name: bytes) -> bytes:
        return cbor2.dumps([VERSION, name, *self.values_of(claim)], canonical=True)

    def _split(self, text: str) -> tuple[bytes, bytes]:
        """Return body and signature."""
        # Only line ends that a reader's keyboard adds may stand around it; base45 itself has a blank among its letters.
        found = text.strip("\r\n")
        if len(found) > LONGEST or not found.startswith(self.prefix):
            raise NotGenuine("UNREADABLE")
        try:
            data = qr_base45.decode(found.removeprefix(self.prefix))
        except ValueError as error:
            raise NotGenuine("UNREADABLE") from error
        if len(data) <= SIGNATURE_BYTES:
            raise NotGenuine("UNREADABLE")
        return data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]

    def _parsed(self, body: bytes) -> tuple[bytes, _Claim]:
        """Return key and claim; a body that is not the one way to write its claim is unreadable."""
        try:
            said = cbor2.load(BytesIO(body))
            if not isinstance(said, list) or [type(one) for one in said] != [int, bytes, *self.types]:
                raise NotGenuine("UNREADABLE")
            version, name, *values = said
            claim = self.claim_of(*values)
        except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise NotGenuine("UNREADABLE") from error
        if version != VERSION or len(name) != ID_BYTES or self._body(claim, name) != body:
            raise NotGenuine("UNREADABLE")
        return name, claim
