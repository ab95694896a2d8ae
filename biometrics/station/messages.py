"""What a station answers to a capture request, as JSON: a sample, or why there is none (§13.2-13.7)."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from biometrics.types import Assurance, Encoding, Sample
from posko.domain.refusals import refuse

LARGEST_SIDE, LARGEST_PPI = 4000, 4000
WHYS = ("NO_FINGER", "POOR_CAPTURE", "READER_FAILED")
"""Why a station has no sample."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the sample, or `why` there is none (one of `WHYS`)."""

    request_id: str
    nonce: str
    reader_kind: str
    reader_serial: str
    sample: Sample | None
    why: str | None = None


def written(request_id: str, sample: Sample) -> dict[str, Any]:
    """Return the answer with a sample, as it is sent."""
    return {
        "request_id": request_id,
        "nonce": sample.nonce,
        "captured_at": sample.captured_at.isoformat(timespec="microseconds"),
        "reader_kind": sample.reader_kind,
        "reader_serial": sample.reader_serial,
        "width": sample.width,
        "height": sample.height,
        "ppi": sample.ppi,
        "encoding": sample.encoding.value,
        "assurance": sample.assurance.value,
        "sample": base64.b64encode(sample.data).decode(),
    }


def without_sample(request_id: str, nonce: str, why: str, reader_kind: str, reader_serial: str) -> dict[str, Any]:
    """Return the answer of a reader that gave nothing."""
    return {
        "request_id": request_id,
        "nonce": nonce,
        "reader_kind": reader_kind,
        "reader_serial": reader_serial,
        "why": why,
    }


def table_of(body: bytes) -> dict[str, Any]:
    """Return the table that a body holds.

    Raises:
        Refused: it holds something else.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise refuse("STATION_MESSAGE")
    return told


def read(body: bytes) -> Answer:
    """Return the answer that a station sent; its sample counts as captured at a station, unless it says that it came from a file.

    Raises:
        Refused: it is no answer.
    """
    told = table_of(body)
    request_id, nonce = text(told, "request_id"), text(told, "nonce")
    kind, serial = text(told, "reader_kind", 20), text(told, "reader_serial")
    if "why" in told:
        if told["why"] not in WHYS:
            raise refuse("STATION_MESSAGE")
        return Answer(request_id, nonce, kind, serial, None, str(told["why"]))
    sample = Sample(
        data=binary(told, "sample"),
        width=number(told, "width", LARGEST_SIDE),
        height=number(told, "height", LARGEST_SIDE),
        ppi=number(told, "ppi", LARGEST_PPI),
        reader_kind=kind,
        reader_serial=serial,
        captured_at=moment(told, "captured_at"),
        nonce=nonce,
        assurance=assurance(told),
        encoding=_encoding(told),
    )
    return Answer(request_id, nonce, kind, serial, sample)


def text(told: dict[str, Any], name: str, most: int = 80) -> str:
    """Return a short text of a message."""
    value = told.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= most or not value.isprintable():
        raise refuse("STATION_MESSAGE")
    return value


def number(told: dict[str, Any], name: str, most: int, least: int = 0) -> int:
    """Return a whole number of a message."""
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise refuse("STATION_MESSAGE")
    return value


def binary(told: dict[str, Any], name: str) -> bytes:
    """Return the bytes that stand in a message as base64."""
    value = told.get(name)
    try:
        return base64.b64decode(value if isinstance(value, str) else "!", validate=True)
    except (ValueError, binascii.Error):
        raise refuse("STATION_MESSAGE") from None


def moment(told: dict[str, Any], name: str) -> dt.datetime:
    """Return a time of a message, UTC without zone."""
    try:
        found = dt.datetime.fromisoformat(text(told, name))
    except ValueError:
        raise refuse("STATION_MESSAGE") from None
    if found.tzinfo is not None:
        raise refuse("STATION_MESSAGE")
    return found


def assurance(told: dict[str, Any]) -> Assurance:
    """Return how sure a capture of a station is: as sure as its key, or less if it says so itself."""
    return Assurance.FILE if told.get("assurance") == Assurance.FILE.value else Assurance.STATION


def _encoding(told: dict[str, Any]) -> Encoding:
    try:
        return Encoding(text(told, "encoding"))
    except ValueError:
        raise refuse("STATION_MESSAGE") from None
