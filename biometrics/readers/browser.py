"""A U are U 4500 on the operator's own PC, behind HID's client and a page in her browser (§8.2; R-041, X12, DV-I10, DV-I12).

The server never reaches that PC: the page asks the reader and sends one PNG. Whoever has the page could send another picture, so the
request is bound to a web session and answered once within its time, the same picture or set of minutiae never counts twice, and every
row says BROWSER. A registered station is more sure; `biometrics.station` is that way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from biometrics import images, impressions
from biometrics.errors import SampleRefused
from biometrics.types import Assurance
from posko.domain.audit import Place
from posko.domain.errors import Refused
from posko.domain.proof import Purpose
from posko.services import captures, page_captures
from posko.services.station_knock import note_reader

if TYPE_CHECKING:
    from datetime import datetime

    from biometrics.types import Sample
    from biometrics.verification import Verification, Verifier
    from posko.services.office import Desk, Office
    from posko.services.rows import Row

KIND = "browser"
MOST_BYTES = 2 * 1024 * 1024
"""Of one picture; a U are U 4500 gives about 100 kB."""
FAKE = "FAKE_FINGER"
WHYS = frozenset(
    {
        FAKE,
        "NO_FINGER",
        "POOR_CAPTURE",
        "READER_UNPLUGGED",
        "READER_FAILED",
        "CLIENT_MISSING",
        "CLIENT_SILENT",
        "CLIENT_BLOCKED",
        "STOPPED",
    }
)
"""Why a page has no picture; FAKE_FINGER: the reader took the finger for an imitation."""
UNKNOWN_WHY = "READER_FAILED"
NO_SAMPLE = "READER_ERROR"
"""Outcome of a request whose answer held no finger that could be compared."""
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Post:
    """What a page sent, not yet believed: `png`, or `why` there is none; `reader_serial` as HID's client calls the reader."""

    nonce: str
    reader_serial: str
    png: bytes = b""
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of it: the verification, its purpose, and where the picture could not be used the sentence that says why."""

    found: Verification
    purpose: Purpose
    sentence: str = ""


def sample_from_post(png: bytes, *, reader_serial: str, nonce: str, captured_at: datetime) -> Sample:
    """Return the picture of a page as a sample, of assurance BROWSER.

    Args:
        png: as HID's SDK gives it (SampleFormat PngImage).
        reader_serial: what HID's client calls the reader.
        nonce: of the request, 32 hex digits.
        captured_at: the server's time, UTC without zone; the PC's is not believed.

    Raises:
        SampleRefused: EMPTY, TOO_LARGE, FORMAT, TRUNCATED, COLOUR or RESOLUTION.
    """
    if len(png) > MOST_BYTES:
        raise SampleRefused(
            "TOO_LARGE", f"Gambar sidik jari lebih dari {MOST_BYTES // 1024**2} MB. Perbarui klien HID."
        )
    if png and not png.startswith(_PNG):
        raise SampleRefused("FORMAT", "Pembaca tidak memberi gambar PNG. Perbarui klien HID.")
    return images.sample_of(
        png,
        reader_kind=KIND,
        reader_serial=reader_serial,
        captured_at=captured_at,
        nonce=nonce,
        assurance=Assurance.BROWSER,
    )


@dataclass(frozen=True)
class BrowserReader:
    """The server's side of the pages that capture; one an installation, safe for threads."""

    office: Office
    verifier: Verifier

    def answer(self, request_id: str, post: Post, *, session_digest: bytes, ip: str | None = None) -> Answered:
        """Take what a page sent as the one answer to its request, compare it, finish the request.

        Args:
            request_id: as the page's address says.
            post: what it sent.
            session_digest: of the web session that sent it (`page_captures.digest_of`).
            ip: where it came from.

        Raises:
            Refused: no such request, another web session's, bound to none, answered before, or too late; another reader than the
                registered one; a fake finger; a picture that came before. All of it is recorded.
        """
        request, desk = self._asked(request_id, ip)
        if request is not None and request["session_digest"] is None:
            self._turn_away(desk, request, "CAPTURE_ELSEWHERE")
        request = desk.do(
            captures.claim, request_id=request_id, nonce=post.nonce, channel="BROWSER", session_digest=session_digest
        )
        try:
            answered = self._compared(desk, request, post)
        except Refused as refusal:
            outcome = FAKE if refusal.code == FAKE else NO_SAMPLE
            desk.do(captures.finish, request_id=request_id, outcome=outcome, proof=None)
            raise
        found = answered.found
        desk.do(captures.finish, request_id=request_id, outcome=found.outcome.value, proof=found.proof)
        return answered

    def _asked(self, request_id: str, ip: str | None) -> tuple[Row | None, Desk]:
        """Return the request, not yet taken, and the system's desk at its station."""
        with self.office.engine.connect() as db:
            request = captures.read(db, request_id)
        device = None if request is None else str(request["station_code"])
        return request, self.office.desk(None, place=Place(device=device, ip=ip and ip[:45]))

    def _compared(self, desk: Desk, request: Row, post: Post) -> Answered:
        purpose = Purpose(request["purpose"])
        if post.why is not None:
            why = post.why if post.why in WHYS else UNKNOWN_WHY
            found = self._reader_error(request, post, why)
            if why == FAKE:
                self._turn_away(desk, request, FAKE)
            return Answered(found, purpose)
        self._check_reader(desk, request, post.reader_serial)
        try:
            with self.office.engine.connect() as db:
                at = self.office.clock(db)
            sample = sample_from_post(
                post.png, reader_serial=post.reader_serial, nonce=request["nonce"], captured_at=at
            )
        except SampleRefused as refused:
            return Answered(self._reader_error(request, post, refused.code), purpose, str(refused))
        return Answered(impressions.answered(self.verifier, request, sample), purpose)

    def _reader_error(self, request: Row, post: Post, why: str) -> Verification:
        return self.verifier.reader_error(
            request["person_kind"],
            request["person_id"],
            Purpose(request["purpose"]),
            station_code=request["station_code"],
            reader_kind=KIND,
            reader_serial=post.reader_serial,
            nonce=request["nonce"],
            why=why,
        )

    def _check_reader(self, desk: Desk, request: Row, serial: str) -> None:
        """Refuse another reader than the one that is registered for the station (DV-I12), and note what the page shows."""
        note_reader(self.office, request["station_code"], KIND, serial)
        with self.office.engine.connect() as db:
            registered = page_captures.reader_of(db, request["station_code"], self.office.clock(db))
        if serial != registered:
            self._turn_away(desk, request, "STATION_OTHER_READER", reader=serial)

    @staticmethod
    def _turn_away(desk: Desk, request: Row, code: str, **told: object) -> None:
        told |= {"station": request["station_code"], "purpose": request["purpose"]}
        desk.do(page_captures.turn_away, request_id=request["request_id"], code=code, told=told)
