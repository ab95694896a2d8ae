"""The reader on which synthetic fingers are put."""

import datetime as dt
from types import SimpleNamespace

import pytest

from biometrics import iso19794
from biometrics.errors import NoFinger
from biometrics.nbis_matcher import NbisMatcher
from biometrics.synthetic import people
from biometrics.synthetic.reader import SyntheticReader
from biometrics.types import Assurance, Encoding
from posko.domain.errors import ConfigurationError

AT = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC).replace(tzinfo=None)
DEMO = SimpleNamespace(environment="demo")
NONCES = ("0" * 32, "1" * 32)
MATCHER = NbisMatcher()


def reader(seed="tki:9000001", finger=2, **options):
    whose = (lambda: None) if seed is None else (lambda: (seed, finger))
    return SyntheticReader("SYN-1", lambda: AT, whose, settings=options.pop("settings", DEMO), **options)


def test_it_is_refused_in_production():
    with pytest.raises(ConfigurationError, match="production"):
        reader(settings=SimpleNamespace(environment="production"))


def test_a_capture_names_its_reader_its_nonce_and_that_it_was_no_finger():
    with reader() as opened:
        sample = opened.capture(NONCES[0])

    assert (sample.reader_kind, sample.reader_serial, sample.captured_at) == ("synthetic", "SYN-1", AT)
    assert (sample.nonce, sample.assurance) == (NONCES[0], Assurance.FILE)
    assert sample.encoding is Encoding.ISO_19794_2
    assert iso19794.read(sample.data).finger == 2


def test_no_finger_on_it_is_said_so():
    with pytest.raises(NoFinger):
        reader(seed=None).capture(NONCES[0])


def test_every_capture_is_another_touch_of_the_finger_that_lies_there():
    first, second = (reader().capture(nonce) for nonce in NONCES)

    assert first.sha256 != second.sha256
    assert reader().capture(NONCES[0]).sha256 == first.sha256
    assert MATCHER.compare(MATCHER.extract(first), [MATCHER.extract(second)]).score >= 40


def test_whose_finger_lies_there_is_asked_at_each_capture():
    lying = iter([("tki:1", 2), ("staff:KONS-001", 7)])
    changing = SyntheticReader("SYN-1", lambda: AT, lambda: next(lying), settings=DEMO)
    probes = [MATCHER.extract(changing.capture(nonce)) for nonce in NONCES]
    masters = [MATCHER.template_of(people.master(*who)) for who in (("tki:1", 2), ("staff:KONS-001", 7))]

    assert [MATCHER.compare(probe, masters).best for probe in probes] == [0, 1]


def test_an_image_level_reader_gives_grey_pixels_that_match():
    opened = reader(encoding=Encoding.GREY8)
    first, second = (opened.capture(nonce) for nonce in NONCES)

    assert first.encoding is Encoding.GREY8
    assert len(first.data) == first.width * first.height
    assert MATCHER.compare(MATCHER.extract(first), [MATCHER.extract(second)]).score >= 40


def test_the_people_of_the_kept_prints_always_give_images():
    assert reader(seed="print:1").capture(NONCES[0]).encoding is Encoding.GREY8
