"""BNP2TKI's fingerprint records become templates: opened, read, judged, sealed under their own key (§6.1; R-026, R-187, X11).

ISO/IEC 19794-2 records and PNG, WSQ and BMP images are taken; `SIMULASI` is opaque by its own account. A record that cannot be used is
refused with a code and nothing else of the TKI is lost: fingers that stood stay in her new set. A second run finds nothing to do, and
a run that was cut goes on where it stopped.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from biometrics import images, iso19794
from biometrics.errors import SampleRefused, TemplateBroken
from biometrics.thresholds import LEAST_MINUTIAE
from biometrics.types import Assurance
from posko.db.secrets import read_or_make_key
from posko.services import templates_import
from posko.services.inputs import TKI_MOST
from posko.services.templates import SealedTemplate
from posko.services.templates_import import READER, ImportedSet, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from biometrics.nbis_matcher import NbisMatcher
    from biometrics.types import Template
    from biometrics.vault import Vault
    from posko.services.office import Office
    from posko.services.rows import Row
    from posko.settings import Settings

STEP = 400
"""TKI in one transaction."""
ISO_FORMATS = frozenset({"ISO19794-2", "ISO_19794_2", "ISO19794-2:2005"})
IMAGE_FORMATS = frozenset({"PNG", "BMP", "WSQ"})
OPAQUE = "SIMULASI"
_KEY = re.compile(r"template-[1-9][0-9]*")


class _Unusable(Exception):
    """A record that no template can be made of; the argument is a code."""


@dataclass
class Report:
    """What one run did: TKI with a new set, templates in them, records refused by reason."""

    sets: int = 0
    templates: int = 0
    refused: dict[str, int] = field(default_factory=dict)

    @property
    def records_refused(self) -> int:
        """How many records were refused."""
        return sum(self.refused.values())


def import_prints(
    office: Office,
    vault: Vault,
    matcher: NbisMatcher,
    settings: Settings,
    *,
    tki_id: str | None = None,
    limit: int | None = None,
    tell: Callable[[int], None] = lambda _: None,
) -> Report:
    """Take over every record that is new, or those of one TKI.

    Args:
        office: of the installation; the system's desk does it.
        vault: seals the templates.
        matcher: makes them.
        settings: where the keys are.
        tki_id: only this TKI.
        limit: at most so many TKI.
        tell: gets the number of TKI after each step.

    Raises:
        Refused: another import runs at the same time; start again, nothing is lost.
    """
    reader = _Reader(vault, matcher, settings.secrets)
    report, after, left = Report(), "", limit
    desk = office.desk(None)
    while left is None or left > 0:
        most = STEP if left is None else min(STEP, left)
        with office.engine.connect() as db:
            tki_ids = templates_import.waiting(db, after, most, tki_id)
            if not tki_ids:
                return report
            records = templates_import.records_of(db, tki_ids)
            standing = templates_import.references_of(db, tki_ids)
            versions = templates_import.versions_of(db, tki_ids)
        sets, verdicts = reader.step(records, standing, versions)
        done = desk.do(templates_import.import_sets, sets=sets, verdicts=verdicts)
        report.sets += done["sets"]
        report.templates += done["templates"]
        for one in verdicts:
            if one.reason is not None:
                report.refused[one.reason] = report.refused.get(one.reason, 0) + 1
        after, left = tki_ids[-1], None if left is None else left - len(tki_ids)
        tell(len(tki_ids))
    return report


class _Reader:
    """Opens records of BNP2TKI and makes new sets of them."""

    def __init__(self, vault: Vault, matcher: NbisMatcher, folder: Path) -> None:
        self._vault, self._matcher, self._folder = vault, matcher, folder
        self._ciphers: dict[str, AESGCM] = {}

    def step(
        self, records: Sequence[Row], standing: Sequence[Row], versions: dict[str, int]
    ) -> tuple[list[ImportedSet], list[Verdict]]:
        """Return the new sets of some TKI, and what became of every record that was new."""
        before: dict[str, list[Row]] = {}
        for row in standing:
            before.setdefault(row["person_id"], []).append(row)
        sets: list[ImportedSet] = []
        verdicts: list[Verdict] = []
        for tki_id, some in groupby(records, key=lambda row: str(row["id_tki"])):
            rows = list(some)
            made, judged = self._one(tki_id, rows, before.get(tki_id, []), versions.get(tki_id, 0) + 1)
            verdicts += judged
            if made:
                taken_at = max(row["taken_at"] for row in rows)
                sets.append(ImportedSet(tki_id, versions.get(tki_id, 0) + 1, taken_at, tuple(made)))
        return sets, verdicts

    def _one(
        self, tki_id: str, rows: Sequence[Row], before: Sequence[Row], version: int
    ) -> tuple[list[SealedTemplate], list[Verdict]]:
        """Return the sealed templates of one TKI, none where nothing new is usable, and the verdicts."""
        good: list[Template] = []
        verdicts: list[Verdict] = []
        is_changed = False
        for row in rows:
            reason = None
            try:
                good.append(self._template(tki_id, row))
                is_changed = is_changed or bool(row["is_new"])
            except _Unusable as problem:
                reason = str(problem)
            if row["is_new"]:
                verdicts.append(_verdict(tki_id, row, reason, version))
        if not is_changed:
            return [], verdicts
        fingers = {one.finger for one in good}
        parts = [self._sealed(tki_id, one, version, 1) for one in good]
        parts += [
            self._sealed(tki_id, self._vault.open(row), version, row["seq"])
            for row in before
            if row["finger"] not in fingers
        ]
        return parts, verdicts

    def _sealed(self, tki_id: str, template: Template, version: int, seq: int) -> SealedTemplate:
        key_id, nonce, ciphertext = self._vault.seal(template, kind="TKI", person_id=tki_id, version=version, seq=seq)
        return SealedTemplate(
            template.finger, seq, template.format, key_id, nonce, ciphertext, template.minutiae, template.quality
        )

    def _template(self, tki_id: str, row: Row) -> Template:
        """Return the template of one record.

        Raises:
            _Unusable: it is none; the argument says why.
        """
        form = str(row["format"]).strip().upper()
        if len(tki_id) > TKI_MOST:
            raise _Unusable("ID_TOO_LONG")
        if not 0 <= row["finger"] <= 10:
            raise _Unusable("FINGER")
        if form not in ISO_FORMATS | IMAGE_FORMATS:
            raise _Unusable("OPAQUE" if form == OPAQUE else "FORMAT")
        data = self._plain(tki_id, row)
        try:
            made = self._of_record(data, row) if form in ISO_FORMATS else self._of_image(data, row)
        except SampleRefused as refused:
            raise _Unusable(refused.code) from refused
        except TemplateBroken as broken:
            raise _Unusable("BROKEN") from broken
        if made.minutiae < LEAST_MINUTIAE:
            raise _Unusable("FEW_MINUTIAE")
        return made

    def _of_record(self, data: bytes, row: Row) -> Template:
        impression = replace(iso19794.read(data), finger=int(row["finger"]))
        return self._matcher.template_of(impression, iso19794.quality_of(data))

    def _of_image(self, data: bytes, row: Row) -> Template:
        sample = images.sample_of(
            data,
            reader_kind=READER,
            reader_serial="-",
            captured_at=row["taken_at"],
            nonce=secrets.token_hex(16),
            assurance=Assurance.FILE,
        )
        return self._matcher.extract(sample, finger=int(row["finger"]))

    def _plain(self, tki_id: str, row: Row) -> bytes:
        """Return the record as BNP2TKI sent it; it was encrypted by the receiving stage, under its own key and for its own row."""
        associated = "|".join(("tki_sidik_jari", tki_id, str(row["finger"]), row["format"], row["key_id"])).encode()
        try:
            return self._cipher(row["key_id"]).decrypt(bytes(row["nonce"]), bytes(row["ciphertext"]), associated)
        except InvalidTag as error:
            raise _Unusable("KEY") from error

    def _cipher(self, key_id: str) -> AESGCM:
        found = self._ciphers.get(key_id)
        if found is None:
            path = self._folder / key_id
            if not _KEY.fullmatch(key_id) or not path.exists():
                raise _Unusable("KEY")
            found = self._ciphers[key_id] = AESGCM(read_or_make_key(path))
        return found


def _verdict(tki_id: str, row: Row, reason: str | None, version: int) -> Verdict:
    return Verdict(
        id_tki=tki_id,
        finger=int(row["finger"]),
        data_crc=int(row["data_crc"]),
        format=str(row["format"]),
        received_at=row["received_at"],
        reason=reason,
        version=None if reason else version,
    )
