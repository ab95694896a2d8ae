"""NIST's minutiae detector and matcher (mindtct, bozorth3, NFIQ2) through nbis-py: the main matcher.

A score is the number of pairs of minutiae that agree, 0 to about 500; what it takes for a match is a setting per purpose. The
library writes records of its own (see `nbis_record`), looks whether a picture is a fingerprint at all, and works at 500 ppi only:
other pictures are resampled here, because its own `ppi` leaves the coordinates as they are.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from contextlib import suppress
from functools import cache
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Any

import nbis
from PIL import Image

from biometrics import images, iso19794, nbis_record
from biometrics.errors import FormatDiffers, SampleRefused, TemplateBroken
from biometrics.regularity import is_too_regular
from biometrics.ridges import flow_of
from biometrics.types import ANY_FINGER, PPI, Encoding, MatchResult, Template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from biometrics.minutiae import Impression
    from biometrics.types import Sample

FORMAT = "nbis-py/0.1.3"
LEAST_MINUTIAE = 12
"""Fewer agree by chance too often; enrolment asks for more (25)."""
KEPT = 4096
"""Loaded templates: shortlists of 1:N and the people of an exam day."""


class NbisMatcher:
    """Makes and compares templates; one object serves all threads. They can extract at once; the library compares one pair at a time.

    Args:
        least: minutiae below which a sample is refused.
    """

    format = FORMAT

    def __init__(self, *, least: int = LEAST_MINUTIAE) -> None:
        self._least = least
        self._loaded: OrderedDict[bytes, Any] = OrderedDict()
        self._lock = Lock()

    def extract(self, sample: Sample, *, finger: int = ANY_FINGER, with_quality: bool = False) -> Template:
        """Return the template of a grey picture or of a minutiae record.

        Args:
            sample: what a reader gave.
            finger: 0-10; of a record that names its finger, 0 takes that.
            with_quality: measure NFIQ2, a tenth of a second and more; None if it cannot be measured, as on pale pictures.

        Raises:
            SampleRefused: EMPTY, TOO_LARGE, TRUNCATED, RESOLUTION, NOT_A_FINGER, FEW_MINUTIAE or FORMAT.
        """
        if not sample.data:
            raise SampleRefused("EMPTY", "Pembaca tidak mengirim gambar sidik jari.")
        if sample.encoding is Encoding.ISO_19794_2:
            template = self._of_record(sample.data, finger, with_quality=with_quality)
        else:
            template = self._of_picture(sample, finger, with_quality=with_quality)
        if template.minutiae < self._least:
            raise SampleRefused(
                "FEW_MINUTIAE",
                f"Hanya {template.minutiae} ciri sidik jari terbaca, perlu {self._least}. Letakkan jari lebih rata, lalu ulangi.",
            )
        return template

    def compare(self, probe: Template, enrolled: Sequence[Template], *, enough: int | None = None) -> MatchResult:
        """Return the best score of a probe against the enrolled impressions; of equal ones, the first.

        Args:
            probe: the finger of the moment.
            enrolled: impressions of one person.
            enough: a score that leaves no doubt: once one is there, the impressions behind are not compared; None: all are.

        Raises:
            FormatDiffers: a template is of another format.
            TemplateBroken: the bytes are no template of this format.
        """
        best = MatchResult(0, None)
        for place, (one, other) in enumerate(self._pairs([(probe, one) for one in enrolled])):
            score = int(one.compare(other))
            if best.best is None or score > best.score:
                best = MatchResult(score, place)
            if enough is not None and best.score >= enough:
                break
        return best

    def scores(self, pairs: Sequence[tuple[Template, Template]]) -> list[int]:
        """Return the score of each pair of templates; raises as `compare`."""
        return [int(one.compare(other)) for one, other in self._pairs(pairs)]

    def _pairs(self, pairs: Sequence[tuple[Template, Template]]) -> list[tuple[Any, Any]]:
        for template in (one for pair in pairs for one in pair):
            if template.format != FORMAT:
                raise FormatDiffers(template.format, FORMAT)
        return [(self._load(one), self._load(other)) for one, other in pairs]

    def template_of(self, impression: Impression, quality: int | None = None) -> Template:
        """Return the template of minutiae that came without a picture.

        Raises:
            TemplateBroken: they do not fit in a record, or are a pattern that the matcher would never end on.
        """
        data = nbis_record.write(impression)
        kept = nbis_record.best(impression.minutiae)
        if is_too_regular(kept):
            raise TemplateBroken("Minutia ini berpola teratur, bukan sidik jari; rekamannya palsu atau rusak.")
        return Template(FORMAT, impression.finger, data, len(kept), quality)

    def impression_of(self, template: Template) -> Impression:
        """Return the minutiae of a template.

        Raises:
            FormatDiffers: the template is of another format.
            TemplateBroken: the bytes are no template of this format.
        """
        if template.format != FORMAT:
            raise FormatDiffers(template.format, FORMAT)
        return nbis_record.read(template.data, template.finger)

    def _of_record(self, data: bytes, finger: int, *, with_quality: bool) -> Template:
        try:
            impression = iso19794.read(data)
            template = self.template_of(impression, iso19794.quality_of(data) if with_quality else None)
        except TemplateBroken as error:
            raise SampleRefused("FORMAT", str(error)) from error
        return Template(FORMAT, finger or template.finger, template.data, template.minutiae, template.quality)

    def _of_picture(self, sample: Sample, finger: int, *, with_quality: bool) -> Template:
        found, quality = _found(_png(sample), with_quality=with_quality)
        try:
            impression = nbis_record.read(bytes(found.to_iso_19794_2_2005()), finger)
            if not impression.minutiae:
                raise _no_finger()
            return self.template_of(impression, quality)
        except TemplateBroken as error:
            raise SampleRefused("NOT_A_FINGER", str(error)) from error

    def _load(self, template: Template) -> Any:
        """Return the library's object of a template, kept by the digest of its bytes."""
        digest = sha256(template.data).digest()
        with self._lock:
            if (kept := self._loaded.get(digest)) is not None:
                self._loaded.move_to_end(digest)
                return kept
        nbis_record.read(template.data, template.finger)  # the library itself looks at lengths only
        try:
            loaded = _extractor(with_quality=False).load_iso_19794_2_2005(template.data)
        except nbis.NbisError as error:
            raise TemplateBroken("Templat NBIS rusak; daftarkan ulang sidik jari ini.") from error
        with self._lock:
            self._loaded[digest] = loaded
            if len(self._loaded) > KEPT:
                self._loaded.popitem(last=False)
        return loaded


def _found(picture: bytes, *, with_quality: bool) -> tuple[Any, int | None]:
    """Return the library's minutiae of a PNG, and NFIQ2's quality if it was asked for and can be measured."""
    if with_quality:
        # NFIQ2 fails on small or pale pictures and takes the minutiae with it; they are good all the same.
        with suppress(nbis.NbisError):
            found = _extractor(with_quality=True).extract_minutiae(picture)
            return found, int(found.quality().score)
    try:
        return _extractor(with_quality=False).extract_minutiae(picture), None
    except nbis.NbisError as error:
        raise _no_finger() from error


@cache
def _extractor(*, with_quality: bool) -> Any:
    """Return the library's object, which serves all threads; each takes a second to make."""
    return nbis.new_nbis_extractor(
        nbis.NbisExtractorSettings(
            min_quality=0.0, get_center=False, check_fingerprint=True, compute_nfiq2=with_quality, ppi=float(PPI)
        )
    )


def _png(sample: Sample) -> bytes:
    """Return the picture as the library wants it: PNG, 8 bits of grey, dark on white, 500 ppi.

    Raises:
        SampleRefused: EMPTY, TOO_LARGE, TRUNCATED, RESOLUTION or NOT_A_FINGER.
    """
    images.must_be_small(sample.width, sample.height)
    images.must_be_in_range(sample.ppi)
    if len(sample.data) != sample.width * sample.height:
        raise SampleRefused(
            "TRUNCATED", f"Gambar {sample.width} x {sample.height} piksel terkirim {len(sample.data)} bita; ulangi."
        )
    grey = images.dark_on_white(sample.data, sample.width, sample.height)
    picture = Image.frombytes("L", (sample.width, sample.height), grey)
    if sample.ppi != PPI:
        width, height = (max(1, round(side * PPI / sample.ppi)) for side in picture.size)
        images.must_be_small(width, height)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    if not flow_of(picture.tobytes(), *picture.size).is_ridged:
        raise _no_finger()
    packed = io.BytesIO()
    picture.save(packed, "PNG", compress_level=1)
    return packed.getvalue()


def _no_finger() -> SampleRefused:
    return SampleRefused(
        "NOT_A_FINGER", "Gambar ini bukan sidik jari, atau terlalu buruk. Bersihkan jari, lalu ulangi."
    )
