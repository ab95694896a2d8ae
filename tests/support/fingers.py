"""Hands of made-up people for tests with the real matcher: every touch by name, templates of any of the world's people."""

from __future__ import annotations

import datetime as dt
import secrets
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from apps.fraud.small_world import START
from biometrics import iso19794
from biometrics.enrolment import Enroller
from biometrics.import_prints import import_prints
from biometrics.nbis_matcher import NbisMatcher
from biometrics.synthetic import people
from biometrics.types import Assurance, Encoding, Sample
from biometrics.vault import Vault
from biometrics.verification import Verifier
from posko.db.secrets import read_or_make_key
from posko.domain.proof import Purpose
from posko.services import enrolment

if TYPE_CHECKING:
    from biometrics.verification import Verification
    from posko.domain.proof import PersonKind
    from tests.support.world import World

MATCHER = NbisMatcher()
BOTH = (2, 7)


def touch(whose: str, finger: int = 2, name: str = "1", *, hard: float = 1.0, quality: int = 80) -> bytes:
    """Return one touch of somebody's finger as an ISO/IEC 19794-2 record."""
    made = people.impression(people.master(whose, finger), name, hard=hard)
    return iso19794.write(replace(made, finger=finger), quality=quality)


@dataclass
class Hands:
    """Reader, matcher and templates of one world."""

    world: World
    count: int = 0
    verifier: Verifier = field(init=False)
    vault: Vault = field(init=False)
    enroller: Enroller = field(init=False)

    def __post_init__(self) -> None:
        self.vault = Vault.of(self.world.settings)
        self.verifier = Verifier(self.world.office, self.vault, MATCHER, self.world.settings)
        self.enroller = Enroller(self.verifier)

    def sample(
        self,
        whose: str,
        finger: int = 2,
        *,
        name: str | None = None,
        station: str = "ST-1",
        data: bytes | None = None,
        assurance: Assurance = Assurance.STATION,
        **more: Any,
    ) -> Sample:
        """Return a touch as a reader would send it; each call another one, unless it is named."""
        self.count += 1
        data = touch(whose, finger, name or f"touch-{self.count}", **more) if data is None else data
        return Sample(
            data, 357, 392, 500, "synthetic", f"READER-{station.removeprefix('ST-')}", self.world.now,
            secrets.token_hex(16), assurance, Encoding.ISO_19794_2,
        )  # fmt: skip

    def six(self, whose: str, fingers: tuple[int, ...] = BOTH, **more: Any) -> dict[int, list[Sample]]:
        """Return three touches of each finger."""
        return {finger: [self.sample(whose, finger, station="ST-0", **more) for _ in range(3)] for finger in fingers}

    def verify(
        self, kind: PersonKind, person_id: str, purpose: Purpose, whose: str | None = None, finger: int = 2, **more: Any
    ) -> Verification:
        """Put somebody's finger on the reader for this person; her own unless another's is named."""
        station = more.pop("station", "ST-1")
        sample = more.pop("sample", None) or self.sample(whose or person_id, finger, station=station)
        return self.verifier.verify(kind, person_id, purpose, sample, station_code=station, **more)

    def enrol(self, who: str, *, whose: str | None = None, by: str = "SA1", second: Any = None) -> int:
        """Give one of the world's staff real fingers, as two persons do it; return the version of her set."""
        by = by if by != who else "SA2"
        self.enroller.capture(self.world.desk(by), "STAFF", who, self.six(whose or who), station_code="ST-0")
        found = self.verify("STAFF", who, Purpose.ENROL, whose or who, station="ST-0")
        assert found.proof is not None
        second = second or self.world.second("BN1" if who != "BN1" else "BN2")
        done = self.world.desk(by).do(enrolment.replace_finger, person_id=who, proof=found.proof, second=second)
        return int(done["template_version"])

    def send_print(self, tki_id: str, finger: int, data: bytes, form: str = "ISO19794-2") -> None:
        """Let the receiving stage have this record of BNP2TKI, as it keeps it."""
        key_id, nonce = "template-1", secrets.token_bytes(12)
        key = read_or_make_key(self.world.settings.secrets / key_id)
        associated = "|".join(("tki_sidik_jari", tki_id, str(finger), form, key_id)).encode()
        row = {
            "tki": tki_id, "finger": finger, "form": form, "key": key_id, "nonce": nonce,
            "text": AESGCM(key).encrypt(nonce, data, associated), "size": len(data), "crc": zlib.crc32(data),
            "at": START - dt.timedelta(microseconds=secrets.randbelow(10**9)),
        }  # fmt: skip
        with self.world.admin().begin() as db:
            db.execute(
                sa.text(
                    "replace into posko_staging.tki_sidik_jari (id_tki, jari, format, key_id, nonce, ciphertext, data_bytes,"
                    " data_crc, updated_at, batch_id, received_at) values (:tki, :finger, :form, :key, :nonce, :text, :size,"
                    " :crc, :at, 1, :at)"
                ),
                row,
            )

    def import_all(self, **more: Any) -> Any:
        """Take over what BNP2TKI sent."""
        return import_prints(self.world.office, self.vault, MATCHER, self.world.settings, **more)

    def know(self, *tki_ids: str, fingers: tuple[int, ...] = BOTH) -> None:
        """Let BNP2TKI send prints of these TKI, and take them over."""
        for tki_id in tki_ids:
            for finger in fingers:
                self.send_print(tki_id, finger, touch(tki_id, finger, "bnp2tki"))
        self.import_all()
