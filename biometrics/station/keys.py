"""Keys of a station and of the server: files of 32 bytes for their owner alone, never sent anywhere (§8.2; R-041, R-185).

A station signs with `signing.key` (Ed25519) and opens what is sealed for it with `sealing.key` (X25519). What the office registers is
the card: the code of the station and the two public halves.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from biometrics.errors import BiometricError
from biometrics.station.files import write_new
from biometrics.station.wire import Signer
from posko.db.secrets import read_or_make_key
from posko.domain.errors import BadInput, ConfigurationError
from posko.services.inputs import person_number_or_none
from posko.services.station_keys import key_id_of

if TYPE_CHECKING:
    from pathlib import Path

    from posko.settings import Settings

SIGNING, SEALING, CARD, PINNED = "signing.key", "sealing.key", "card.json", "server.json"


class ServerChanged(BiometricError):
    """The server shows other keys than those that this station knows."""

    exit_code = 3


@dataclass(frozen=True)
class StationKeys:
    """The private keys of one station, and its code."""

    station_code: str
    signing: Ed25519PrivateKey
    sealing: X25519PrivateKey

    @property
    def key_id(self) -> str:
        """Name of the signing key."""
        return key_id_of(self.signing.public_key().public_bytes_raw())

    @property
    def signer(self) -> Signer:
        """What signs the requests of this station."""
        return Signer(self.station_code, self.key_id, self.signing)

    def card(self) -> dict[str, str]:
        """Return what the office registers: nothing of it is secret."""
        return {
            "station_code": self.station_code,
            "signing_key": self.signing.public_key().public_bytes_raw().hex(),
            "sealing_key": self.sealing.public_key().public_bytes_raw().hex(),
            "key_id": self.key_id,
        }

    @classmethod
    def make(cls, folder: Path, station_code: str) -> StationKeys:
        """Make new keys in a folder that has none, and write the card beside them.

        Raises:
            BadInput: there are keys, or the code can be none.
        """
        if person_number_or_none(station_code) is None:
            raise BadInput("Kode stasiun hanya huruf, angka, titik, dan garis, paling banyak 40. Periksa kodenya.")
        if any((folder / name).exists() for name in (SIGNING, SEALING, CARD)):
            raise BadInput(
                f"Folder {folder} sudah berisi kunci. Pindahkan dahulu; kunci yang terdaftar tidak dapat dibuat lagi."
            )
        signing, sealing = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
        made = cls(station_code, signing, sealing)
        write_new(folder / SIGNING, signing.private_bytes_raw())
        write_new(folder / SEALING, sealing.private_bytes_raw())
        write_new(folder / CARD, json.dumps(made.card()).encode())
        return made

    @classmethod
    def load(cls, folder: Path) -> StationKeys:
        """Return the keys of this computer.

        Raises:
            ConfigurationError: there are none, or the files do not fit together.
        """
        try:
            card = json.loads((folder / CARD).read_text("utf-8"))
            signing = Ed25519PrivateKey.from_private_bytes((folder / SIGNING).read_bytes())
            sealing = X25519PrivateKey.from_private_bytes((folder / SEALING).read_bytes())
            made = cls(str(card["station_code"]), signing, sealing)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigurationError(
                f"Kunci stasiun di {folder} tidak ada atau rusak. Jalankan posko station keygen, lalu minta BNSP mendaftarkannya."
            ) from error
        if made.card() != card:
            raise ConfigurationError(f"Kartu stasiun di {folder} tidak cocok dengan kuncinya. Pulihkan dari cadangan.")
        return made


@dataclass(frozen=True)
class ServerKeys:
    """The private keys of the server: signs day lists, opens what stations seal for it."""

    signing: Ed25519PrivateKey
    sealing: X25519PrivateKey

    @classmethod
    def of(cls, settings: Settings) -> ServerKeys:
        """Return the keys of an installation, made on first use in its folder of secrets."""
        return cls(
            Ed25519PrivateKey.from_private_bytes(read_or_make_key(settings.secrets / "station-server-signing")),
            X25519PrivateKey.from_private_bytes(read_or_make_key(settings.secrets / "station-server-sealing")),
        )

    def shown(self) -> dict[str, str]:
        """Return the public halves, as hex."""
        return {
            "signing_key": self.signing.public_key().public_bytes_raw().hex(),
            "sealing_key": self.sealing.public_key().public_bytes_raw().hex(),
        }


@dataclass(frozen=True)
class KnownServer:
    """The server as a station knows it since it first spoke with it."""

    signing: Ed25519PublicKey
    sealing_key: bytes

    @classmethod
    def pin(cls, folder: Path, shown: dict[str, Any]) -> KnownServer:
        """Keep the keys that the server shows over its pinned line, or hold them against those that were kept.

        Raises:
            ServerChanged: they differ.
        """
        told = {name: str(shown.get(name)) for name in ("signing_key", "sealing_key")}
        if not (folder / PINNED).exists():
            write_new(folder / PINNED, json.dumps(told).encode())
        if json.loads((folder / PINNED).read_text("utf-8")) != told:
            raise ServerChanged(
                f"Server menunjukkan kunci lain daripada yang dikenal. Hubungi BNSP; bila benar diganti, hapus {folder / PINNED}."
            )
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> KnownServer:
        """Return what was kept.

        Raises:
            ConfigurationError: nothing was, so that this station was never connected.
        """
        try:
            told = json.loads((folder / PINNED).read_text("utf-8"))
            return cls(
                Ed25519PublicKey.from_public_bytes(bytes.fromhex(told["signing_key"])),
                bytes.fromhex(told["sealing_key"]),
            )
        except (OSError, ValueError, KeyError) as error:
            raise ConfigurationError(
                "Stasiun ini belum pernah terhubung ke server. Jalankan posko station run sekali selagi jaringan ada."
            ) from error
