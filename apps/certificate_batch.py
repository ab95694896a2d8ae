"""Printing many certificates: each copy counted on its blank, then set in files of a few hundred pages (§13.12; R-138).

    for part in print_batch(desk, settings, lsp_code="LSP-1", numbers=numbers, first_blank="BL000001"):
        write(part.pdf)

A part is counted, then set; whoever is interrupted between the two sets the counted copies again with `set_again`, without a new copy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from exports.certificate import MOST_PAGES, Sheet, make_pdf
from exports.certificate_keys import signer_in
from posko.domain.errors import BadInput
from posko.services import print_certificates, printing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from posko.services.office import Desk
    from posko.settings import Settings

_BLANK = re.compile(r"([A-Z]{1,18})([0-9]{1,12})")


@dataclass(frozen=True)
class Part:
    """One file: the numbers on its pages in their order, and its bytes."""

    numbers: tuple[str, ...]
    pdf: bytes


def print_batch(
    desk: Desk,
    settings: Settings,
    *,
    lsp_code: str,
    numbers: Sequence[str],
    first_blank: str,
    reason: str | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> Iterator[Part]:
    """Count a copy of each certificate on the blanks from the first one on, and yield the files; `told` hears of each copy.

    Raises:
        BadInput: the blank is no number to count on from.
        Refused: as `printing.print_certificate`; the parts before stay counted and were yielded.
    """
    blanks = blanks_from(first_blank, len(numbers))
    for start in range(0, len(numbers), MOST_PAGES):
        some = numbers[start : start + MOST_PAGES]
        count_copies(desk, some, blanks[start : start + MOST_PAGES], reason=reason, told=told)
        yield _part(desk, settings, lsp_code, some)


def count_copies(
    desk: Desk,
    numbers: Sequence[str],
    blanks: Sequence[str],
    *,
    reason: str | None = None,
    told: Callable[[int], None] = lambda _: None,
    key: str | None = None,
) -> None:
    """Count a copy of each certificate on the blank beside it; with a `key`, whoever comes with the same again counts nothing twice.

    Raises:
        Refused: as `printing.print_certificate`; the copies before stay counted.
    """
    for number, blank in zip(numbers, blanks, strict=True):
        at = desk if key is None else desk.once(sha256(f"{key} {number} {blank}".encode()).hexdigest())
        at.do(printing.print_certificate, certificate_no=number, blank_no=blank, reason=reason)
        told(1)


def set_again(desk: Desk, settings: Settings, *, lsp_code: str, numbers: Sequence[str]) -> Iterator[Part]:
    """Yield the files of copies that this person counted today, without counting any.

    Raises:
        Refused: as `print_certificates.sheets`.
    """
    for start in range(0, len(numbers), MOST_PAGES):
        yield _part(desk, settings, lsp_code, numbers[start : start + MOST_PAGES])


def blanks_from(first: str, count: int) -> list[str]:
    """Return so many numbers of blanks, counted on from the first.

    Raises:
        BadInput: it does not end in digits, or they run out.
    """
    found = _BLANK.fullmatch(first) if first.isascii() else None
    if found is None:
        raise BadInput("Nomor blangko harus berupa huruf besar, lalu angka, misalnya BL000001.")
    letters, digits = found.groups()
    last = int(digits) + count - 1
    if len(str(last)) > len(digits):
        raise BadInput(f"Mulai dari {first} tidak ada {count} nomor blangko. Periksa nomor pertamanya.")
    return [f"{letters}{number:0{len(digits)}d}" for number in range(int(digits), last + 1)]


def _part(desk: Desk, settings: Settings, lsp_code: str, numbers: Sequence[str]) -> Part:
    rows = desk.do(print_certificates.sheets, lsp_code=lsp_code, certificate_nos=list(numbers))
    pdf = make_pdf([Sheet.of(row) for row in rows], signer_in(settings.secrets), settings.certificate_status_url)
    return Part(tuple(numbers), pdf)
