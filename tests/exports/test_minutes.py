"""Minutes on paper: whole, sealed, signed; genuine ones are told from forged ones without a line (§14.2; R-162, 8.3 no. 12)."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from io import BytesIO

import cbor2
import pypdfium2
import pytest
from PIL import Image

from exports import certificate_claim, minutes_claim, qr_base45
from exports.certificate import make_pdf
from exports.certificate_keys import ID_BYTES, SIGNATURE_BYTES, PublicKeys, Signer
from exports.certificate_seal import is_sealed, sealed
from exports.minutes import SEAL, hours, minutes_pdf, percent
from exports.minutes_verify import verify_file, verify_text
from exports.qr_signed import NotGenuine
from posko.domain.errors import BadInput
from tests.exports.test_prints import FOOT, margins_are_empty, texts
from tests.support.certificates import KEYS, SIGNER, STATUS_LIST, sheet

STRANGER = Signer(bytes(31) + b"\x01")
EVIDENCE = {
    "results": {"tested": 3, "passed": 2}, "per_lsp": [{"code": "LSP-1", "tested": 3, "passed": 2}], "per_tuk": [],
    "per_asesor": [{"code": "MET.1", "tested": 3, "passed": 2}],
    "deviations": [{"rule_id": "DV-N05", "severity": "H", "found": 4}],
    "open_cases": [{"case_id": 12, "severity": "H", "due_at": "2026-03-20T02:00:00"}],
    "held": [{"tki_id": "9000003", "reason": "sidik jari ganda"}], "comments": [{"lsp_code": "LSP-1", "comment": "Setuju."}],
}  # fmt: skip
FIGURES = (
    "tested",
    "passed",
    "retakes",
    "retakes_passed",
    "sessions",
    "silent_days",
    "held",
    "happened",
    "prevented",
    "gone",
)
CARD = {
    "code": "LSP-1", **dict.fromkeys(FIGURES, 3), "cases_open": 1, "cases_closed": 2, "cases_confirmed": 1, "cases_dismissed": 1,
    "lead_median": 90, "lead_p90": 1530, "passed_permille": 853, "low_permille": 701, "high_permille": 942,
    "shrunk_permille": 861, "peers_permille": 877, "standing": "below",
    "rules": [{"rule_id": "DV-S06", "severity": "W", "happened": 7, "prevented": 0, "gone": 1}],
}  # fmt: skip
BARE = {
    **CARD, "code": "MET." + "9" * 36, "silent_days": None, "lead_median": None, "lead_p90": None, "standing": None, "rules": [],
    **dict.fromkeys(("passed_permille", "low_permille", "high_permille", "shrunk_permille", "peers_permille")),
}  # fmt: skip
CARDS = {
    "since": "2025-12-16", "until": "2026-03-15", "at": "2026-03-15T02:00:00", "least": 20, "marks": {},
    "all": [{**CARD, "code": "SEMUA"}], "lsp": [CARD], "tuk": [], "asesor": [BARE],
}  # fmt: skip
TOLD = {
    "meeting_id": 5, "held_on": "2026-03-15", "place": "Jakarta", "state": "CLOSED", "minutes": "Baris satu.\nBaris dua.",
    "sha256": "ab" * 32, "scorecards_sha256": "cd" * 32, "checkpoint": {"size": 4711, "root": "ef" * 32},
    "closed_at": "2026-03-15 11:00", "closed_at_utc": "2026-03-15T04:00:00.123456", "lsp_code": None,
    "people": [{"organisation": "BNSP", "full_name": "Petugas BN1"}], "evidence": EVIDENCE, "scorecards": CARDS,
}  # fmt: skip
CLAIM = minutes_claim.Claim(
    5, dt.date(2026, 3, 15), dt.datetime.fromisoformat("2026-03-15T04:00"), "ab" * 32, "cd" * 32
)
TEXT = minutes_claim.write(CLAIM, SIGNER)


@pytest.fixture(scope="module")
def pdf():
    return minutes_pdf(TOLD, signer=SIGNER, **FOOT)


def scanned(pdf, dots=150):
    """What a scanner makes of the printed pages: a PDF of pictures."""
    document = pypdfium2.PdfDocument(pdf)
    pictures = [page.render(scale=dots / 72).to_pil().convert("L").rotate(1, fillcolor=255) for page in document]
    out = BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=dots)
    return out.getvalue()


def test_minutes_show_people_rates_cases_holds_comments_cards_and_their_digests(pdf):
    whole = " ".join(texts(pdf))

    for shown in ("15 Maret 2026", "Petugas BN1", "DV-N05", "2026-03-20 09:00", "sidik jari ganda", "Setuju.", "Baris dua.", "ab" * 32,
                  "cd" * 32, "4711 peristiwa", "ef" * 32, "3, kompeten 2", "DITUTUP 2026-03-15 11:00", "Tidak ada.",
                  "Lampiran: kartu nilai", "85,3 % (70,1 - 94,2)", "86,1 %", "87,7 %", "jauh di bawah", "90 mnt / 25,5 jam",
                  "16 Desember 2025", "DV-S06", SIGNER.id.hex()):  # fmt: skip
        assert shown in whole, shown
    assert margins_are_empty(pdf)
    assert minutes_pdf(TOLD, signer=SIGNER, **FOOT) == pdf


@pytest.mark.parametrize("lines", [1, 20, 33, 34, 35, 36, 40])
def test_nobody_signs_a_sheet_that_does_not_say_what_is_signed(lines):
    made = texts(minutes_pdf({**TOLD, "minutes": "Baris.\n" * lines}, signer=SIGNER, **FOOT))
    (signed,) = [page for page in made if "Ditandatangani dengan kunci" in page]

    for shown in ("ab" * 32, "cd" * 32, "4711 peristiwa"):
        assert shown in signed
    assert "BNSP LSP" in " ".join(signed.split("minutes verify")[1].split())


def test_open_minutes_are_a_draft_without_code_or_seal():
    still_open = {"state": "OPEN", "closed_at": None, "closed_at_utc": None, "sha256": None, "scorecards_sha256": None}
    draft = minutes_pdf({**TOLD, **still_open, "checkpoint": None, "minutes": None}, signer=SIGNER, **FOOT)

    assert "MASIH TERBUKA" in texts(draft)[0]
    assert not is_sealed(draft, KEYS, SEAL)
    assert verify_file(draft, KEYS).why == "FILE_ALTERED"


def test_the_longest_texts_stay_on_the_page():
    cards = {**CARDS, "lsp": [{**CARD, "code": "M" * 40}] * 60}
    long = {**TOLD, "place": "M" * 255, "minutes": "W" * 10_000, "scorecards": cards, "lsp_code": "LSP-1"}
    made = minutes_pdf(long, signer=SIGNER, **FOOT)

    assert margins_are_empty(made)
    assert verify_file(made, KEYS).claim == CLAIM


def test_sealed_minutes_are_genuine_by_public_keys_alone(pdf):
    answer = verify_file(pdf, KEYS)

    assert (answer.claim, answer.why, answer.is_scan) == (CLAIM, None, False)
    assert verify_file(pdf, PublicKeys.of([STRANGER.public])).why == "FILE_ALTERED"


def test_one_changed_byte_anywhere_shows(pdf):
    rng = random.Random(5)
    for place in [*rng.sample(range(len(pdf)), 300), 0, len(pdf) - 1]:
        changed = bytearray(pdf)
        changed[place] ^= 1 << rng.randrange(8)
        assert not is_sealed(bytes(changed), KEYS, SEAL)
    assert verify_file(pdf + b"\n", KEYS).why == "FILE_ALTERED"


def test_another_seal_or_another_document_is_none(pdf):
    bare = pdf[: pdf.rindex(b"\n%POSKO-SEAL")]
    certificate = make_pdf([sheet()], SIGNER, STATUS_LIST)

    for file in (bare, sealed(bare, SIGNER), sealed(bare, STRANGER, SEAL), certificate):
        assert verify_file(file, KEYS).why == "FILE_ALTERED"
    assert verify_file(sealed(certificate, SIGNER, SEAL), KEYS).why == "UNREADABLE"


@pytest.mark.parametrize("dots", [120, 150, 300])
def test_a_scan_is_genuine_by_its_code_and_must_be_compared_by_eye(pdf, dots):
    answer = verify_file(scanned(pdf, dots), KEYS)

    assert (answer.claim, answer.is_scan) == (CLAIM, True)


def test_a_scan_without_a_code_is_none():
    out = BytesIO()
    Image.new("L", (1240, 1754), 255).save(out, "PDF", resolution=150)

    assert verify_file(out.getvalue(), KEYS).why == "NO_CODE"
    with pytest.raises(BadInput, match="PDF"):
        verify_file(b"hello", KEYS)


def test_the_code_says_what_was_written_and_nothing_else():
    assert minutes_claim.read(TEXT, KEYS) == CLAIM
    without = replace(CLAIM, scorecards_sha256="")
    assert verify_text(minutes_claim.write(without, SIGNER), KEYS).claim == without
    assert minutes_claim.write(CLAIM, SIGNER) == TEXT
    assert set(TEXT) <= set(qr_base45.ALPHABET)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (minutes_claim.write(CLAIM, STRANGER), "FOREIGN_KEY"),
        (certificate_claim.write(sheet().claim(STATUS_LIST), SIGNER), "UNREADABLE"),
        ("", "UNREADABLE"),
        ("POSKOR1:", "UNREADABLE"),
        ("POSKOR1:" + "A" * 300, "UNREADABLE"),
        (TEXT + "0", "UNREADABLE"),
        ("POSKOR1:" + "0" * 5000, "UNREADABLE"),
    ],
)
def test_what_is_no_code_of_minutes_says_why(text, why):
    with pytest.raises(NotGenuine) as problem:
        minutes_claim.read(text, KEYS)
    assert problem.value.why == why


def test_no_flipped_byte_of_a_code_passes():
    data = qr_base45.decode(TEXT.removeprefix(minutes_claim.PREFIX))
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        assert verify_text(minutes_claim.PREFIX + qr_base45.encode(bytes(changed)), KEYS).claim is None


def test_a_body_in_another_form_is_unreadable_although_it_is_signed():
    said = cbor2.loads(qr_base45.decode(TEXT.removeprefix(minutes_claim.PREFIX))[:-SIGNATURE_BYTES])
    for place, other in ((0, 2), (1, bytes(ID_BYTES - 1)), (2, "5"), (3, 10**12), (5, b""), (6, b"x")):
        body = cbor2.dumps([*said[:place], other, *said[place + 1 :]], canonical=True)
        text = minutes_claim.PREFIX + qr_base45.encode(body + SIGNER.sign(minutes_claim.WHAT, body))
        assert verify_text(text, KEYS).why == "UNREADABLE"


def test_figures_are_written_as_in_indonesia():
    assert [percent(one) for one in (None, 0, 853, 1000)] == ["-", "0,0 %", "85,3 %", "100,0 %"]
    assert [hours(one) for one in (0, 119, 120, 1530)] == ["0 mnt", "119 mnt", "2,0 jam", "25,5 jam"]
