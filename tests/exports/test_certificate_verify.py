"""Whether a certificate is genuine, told from its code, its PDF or a scan of it, without a line (§13.12, §14.3; R-140, R-166, R-186)."""

from __future__ import annotations

import datetime as dt
import json
import random
import zlib
from io import BytesIO

import pypdfium2
import pytest
import segno
from PIL import Image

from exports import certificate_claim, certificate_status
from exports.certificate import make_pdf
from exports.certificate_keys import PublicKeys, Signer, public_keys_in, rotate, signer_in
from exports.certificate_pages import MOST_BYTES
from exports.certificate_seal import is_sealed, sealed
from exports.certificate_status import StatusList
from exports.certificate_verify import Verdict, verify_file, verify_text
from exports.printing import set_pages
from posko.domain.errors import BadInput
from tests.support.certificates import CERTIFIED_ON, KEYS, SIGNER, STATUS_LIST, sheet

NUMBER = "PRT.1025.2012.4538766"
TODAY = dt.date(2012, 7, 1)
CLAIM = sheet().claim(STATUS_LIST)
TEXT = certificate_claim.write(CLAIM, SIGNER)
EMPTY = StatusList(dt.datetime.combine(TODAY, dt.time(1)), {})
STRANGER = Signer(bytes(31) + b"\x01")


@pytest.fixture(scope="module")
def pdf():
    return make_pdf([sheet(), sheet(certificate_no="PRT.1025.2012.4538767", tki_id="9812104")], SIGNER, STATUS_LIST)


def told(pdf, keys=KEYS, **more):
    return verify_file(pdf, keys, today=TODAY, **more)


def scanned(pdf, pages=(0,), dots=150):
    """What a scanner makes of the printed pages: a PDF of pictures."""
    document = pypdfium2.PdfDocument(pdf)
    pictures = [document[page].render(scale=dots / 72).to_pil().convert("L").rotate(1, fillcolor=255) for page in pages]
    out = BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=dots)
    return out.getvalue()


@pytest.mark.parametrize(
    ("status", "today", "verdict"),
    [
        (EMPTY, TODAY, Verdict.VALID),
        (EMPTY, dt.date(2015, 6, 6), Verdict.VALID),
        (EMPTY, dt.date(2015, 6, 7), Verdict.EXPIRED),
        (None, TODAY, Verdict.UNCHECKED),
        (None, dt.date(2015, 6, 7), Verdict.EXPIRED),
        (StatusList(EMPTY.made_at, {NUMBER: "REVOKED"}), TODAY, Verdict.REVOKED),
        (StatusList(EMPTY.made_at, {NUMBER: "REVOKED"}), dt.date(2015, 6, 7), Verdict.REVOKED),
        (StatusList(EMPTY.made_at, {NUMBER: "SUSPENDED"}), TODAY, Verdict.SUSPENDED),
        (StatusList(EMPTY.made_at, {"PRT.1025.2012.4538767": "REVOKED"}), TODAY, Verdict.VALID),
        (StatusList(dt.datetime.fromisoformat("2012-06-05T10:00"), {}), TODAY, Verdict.UNCHECKED),
        (StatusList(dt.datetime.fromisoformat("2012-06-05T17:00"), {}), TODAY, Verdict.VALID),
    ],
)
def test_a_genuine_code_is_worth_what_the_status_list_and_the_day_say(status, today, verdict):
    found = verify_text(TEXT, KEYS, today=today, status=status)

    assert (found.verdict, found.claim, found.why) == (verdict, CLAIM, None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("C680C6", "UNREADABLE"),
        (certificate_claim.write(CLAIM, STRANGER), "FOREIGN_KEY"),
        (TEXT[:-5] + ("A" if TEXT[-5] != "A" else "B") + TEXT[-4:], "SIGNATURE"),
    ],
)
def test_of_what_is_not_genuine_nothing_is_told_but_why(text, why):
    found = verify_text(text, KEYS, today=TODAY, status=EMPTY)

    assert (found.verdict, found.why, found.claim) == (Verdict.UNKNOWN, why, None)


def test_each_page_of_a_file_is_judged(pdf):
    status = StatusList(EMPTY.made_at, {"PRT.1025.2012.4538767": "REVOKED"})

    assert [(one.page, one.verdict, one.is_scan) for one in told(pdf, status=status)] == [
        (1, Verdict.VALID, False),
        (2, Verdict.REVOKED, False),
    ]


def test_the_file_stays_a_pdf_for_others_though_it_bears_a_seal(pdf):
    assert is_sealed(pdf, KEYS)
    assert len(pypdfium2.PdfDocument(pdf)) == 2
    assert pdf.splitlines()[-1].startswith(b"%POSKO-SEAL ")


def test_a_hundred_mutations_of_a_file_are_all_refused(pdf):
    dice = random.Random(20120606)
    places = [dice.randrange(len(pdf)) for _ in range(80)]
    mutants = [pdf[:place] + bytes([pdf[place] ^ 1 << dice.randrange(8)]) + pdf[place + 1 :] for place in places]
    mutants += [pdf[: dice.randrange(1, len(pdf))] for _ in range(10)]
    mutants += [pdf + b"\n", pdf + pdf, pdf[:-1], b"\n" + pdf, pdf.replace(b"C680C6", b"C680C7") + b" "]
    seal = pdf.splitlines()[-1]
    mutants += [
        pdf.replace(seal, seal.replace(b" ", b"  ", 1)),
        pdf.replace(seal, b"% no seal"),
        pdf.replace(seal, seal.lower()),
        pdf.replace(seal + b"\n", seal + b"\n" + seal + b"\n"),
        pdf.replace(b"%POSKO-SEAL", b"%POSK0-SEAL"),
    ]

    assert len(mutants) == 100
    for place, mutant in enumerate(mutants):
        try:
            answers = told(mutant, status=EMPTY)
        except BadInput:
            continue
        assert {one.verdict for one in answers} == {Verdict.UNKNOWN}, f"mutant {place}"
        assert {one.claim for one in answers} == {None}


def test_every_bit_of_the_seal_counts(pdf):
    start = pdf.rindex(b"%POSKO-SEAL")
    for place in range(start, len(pdf)):
        for bit in range(8):
            assert not is_sealed(pdf[:place] + bytes([pdf[place] ^ 1 << bit]) + pdf[place + 1 :], KEYS)


def test_a_file_with_another_name_under_a_genuine_code_is_refused():
    page = {
        "certificate_no": NUMBER, "secure_code": "C680C6", "tki_id": "9811262", "full_name": "ORANG LAIN", "born": "",
        "scheme": "TLRT", "lsp_code": "LSP-1", "lsp_name": "LSP", "licence_no": "1", "sk_no": "1", "certified_on": "1",
        "valid_until": "1", "copy_no": 1, "blank_no": "BL000001", "units": [], "is_tight": False, "key_id": "0",
    }  # fmt: skip
    drawing = BytesIO()
    segno.make(TEXT, error="m").save(drawing, kind="svg", xmldecl=False)
    forged = set_pages("certificate", {"made_on": "2012-06-06", "pages": [{**page, "qr": drawing.getvalue().decode()}]})

    for file in (forged, sealed(forged, STRANGER)):
        (answer,) = told(file, status=EMPTY)
        assert (answer.verdict, answer.why, answer.claim) == (Verdict.UNKNOWN, "FILE_ALTERED", None)


@pytest.mark.parametrize("dots", [120, 150, 300])
def test_a_scan_is_genuine_by_its_code_and_must_be_compared_by_eye(pdf, dots):
    answers = told(scanned(pdf, (0, 1), dots), status=EMPTY)

    assert [(one.verdict, one.is_scan, one.claim.tki_id) for one in answers] == [
        (Verdict.VALID, True, "9811262"),
        (Verdict.VALID, True, "9812104"),
    ]


def test_a_scan_without_a_code_or_with_two_is_refused(pdf):
    white, twice = Image.new("L", (1240, 1754), 255), Image.new("L", (2480, 1754), 255)
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_pil().convert("L")
    twice.paste(page, (0, 0))
    twice.paste(page, (1240, 0))

    for picture, why in ((white, "NO_CODE"), (twice, "MANY_CODES")):
        out = BytesIO()
        picture.save(out, "PDF", resolution=150)
        (answer,) = told(out.getvalue())
        assert (answer.verdict, answer.why, answer.claim) == (Verdict.UNKNOWN, why, None)


def photographed(pdf, kind, turn=0):
    """What a camera makes of the first printed page: askew on a table, grey, a little unsharp."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=200 / 72).to_pil().convert("RGB")
    table = Image.new("RGB", (page.width + 500, page.height + 400), (120, 100, 80))
    table.paste(page.rotate(4, expand=True, fillcolor=(120, 100, 80)).resize(page.size), (250, 200))
    out = BytesIO()
    table.rotate(turn, expand=True).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("turn", [0, 90, 180])
def test_a_photograph_is_genuine_by_its_code_however_the_camera_was_held(pdf, kind, turn):
    (answer,) = told(photographed(pdf, kind, turn), status=EMPTY)

    assert (answer.verdict, answer.is_scan, answer.claim.tki_id, answer.page) == (Verdict.VALID, True, "9811262", 1)


def test_the_seal_of_a_file_is_worth_nothing_behind_a_picture(pdf):
    (answer,) = told(photographed(pdf, "JPEG") + pdf[-160:], status=EMPTY)

    assert (answer.verdict, answer.is_scan) == (Verdict.VALID, True)


def test_a_picture_without_a_code_is_told_so():
    out = BytesIO()
    Image.new("L", (800, 600), 255).save(out, "PNG")
    (answer,) = told(out.getvalue())

    assert (answer.verdict, answer.why) == (Verdict.UNKNOWN, "NO_CODE")


def vast_png(side):
    """A picture that says it is huge and holds next to nothing."""
    out = BytesIO()
    Image.new("1", (8, 8)).save(out, "PNG")
    data = bytearray(out.getvalue())
    data[16:24] = side.to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize("side", [9_000, 12_000, 100_000])
def test_a_picture_of_too_many_pixels_is_not_unpacked(side):
    with pytest.raises(BadInput, match="80 juta piksel"):
        told(vast_png(side))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"hello",
        b"\x00" * 1000,
        b"%PDF-1.7\n" + b"[" * 100_000,
        b"\xff\xd8\xff\xe0" + b"\x00" * 100,
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a" + b"\x00" * 100,
        vast_png(400)[:60],
    ],
)
def test_what_is_neither_pdf_nor_picture_is_refused_in_words(data):
    with pytest.raises(BadInput, match="PDF, JPG, atau PNG"):
        told(data)


def test_a_file_that_is_too_large_is_not_even_opened():
    with pytest.raises(BadInput, match="50 MB"):
        told(b"%PDF" + bytes(MOST_BYTES))


def test_after_a_change_of_keys_old_files_verify_and_new_ones_need_the_new_list(tmp_path):
    old = make_pdf([sheet()], signer_in(tmp_path), STATUS_LIST)
    before = public_keys_in(tmp_path)
    new = make_pdf([sheet()], rotate(tmp_path), STATUS_LIST)
    after = public_keys_in(tmp_path)

    assert [one.verdict for file in (old, new) for one in told(file, after, status=EMPTY)] == [Verdict.VALID] * 2
    (answer,) = told(new, before, status=EMPTY)
    assert (answer.verdict, answer.why) == (Verdict.UNKNOWN, "FILE_ALTERED")
    (answer,) = told(old, PublicKeys.of([STRANGER.public]), status=EMPTY)
    assert answer.verdict is Verdict.UNKNOWN


def test_a_status_list_is_read_as_it_was_written_and_is_reproducible():
    made = StatusList(EMPTY.made_at, {NUMBER: "REVOKED", "PRT.1025.2012.4538760": "SUSPENDED"})
    text = certificate_status.write(made, SIGNER)

    assert certificate_status.read(text, KEYS) == made
    assert text == certificate_status.write(StatusList(made.made_at, dict(reversed(made.entries.items()))), SIGNER)


def test_a_status_list_that_anybody_changed_is_refused():
    text = certificate_status.write(StatusList(EMPTY.made_at, {NUMBER: "REVOKED"}), SIGNER)
    document = json.loads(text)
    wrong = [
        json.dumps({**document, "body": document["body"].replace(NUMBER, "PRT.1025.2012.4538767")}),
        json.dumps({**document, "body": document["body"].replace("2012-07-01", "2012-07-02")}),
        json.dumps({**document, "key": STRANGER.id.hex()}),
        json.dumps({**document, "kind": "other"}),
        json.dumps({**document, "signature": "zz"}),
        json.dumps({**document, "signature": ""}),
        certificate_status.write(StatusList(EMPTY.made_at, {}), STRANGER),
        certificate_status.write(StatusList(EMPTY.made_at, {NUMBER: "VALID"}), SIGNER),
        json.dumps([document]), "null", "", "[" * 5_000,
    ]  # fmt: skip

    for one in wrong:
        with pytest.raises(BadInput):
            certificate_status.read(one, KEYS)


def test_the_days_of_the_certificate_are_inside_the_signature():
    later = certificate_claim.write(sheet(valid_until=dt.date(2030, 1, 1)).claim(STATUS_LIST), SIGNER)

    assert later != TEXT
    assert CLAIM.certified_on == CERTIFIED_ON
