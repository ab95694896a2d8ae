"""Frauds and near misses of training and papers as BNP2TKI sends them, DV-E01..DV-E10 and DV-I01..DV-I04 (§3.1, §3.3, §10.1).

Rules of severity W judge every TKI; those of severity B and H hold a result, so they name the journey.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

from apps.fraud.planting import Planted
from apps.fraud.rows_eia import DAY, halves, many, name_of, numbered, place_of, send, sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from apps.fraud.planting import Ground, Planter

    Twin = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]
    Paper = Callable[[dict[str, Any], int], dict[str, Any]]

NORM_DAYS = 20
"""Days of training for a country without a norm of its own, such as Singapore."""
_OPEN, _CLOSED = "SINGAPORE", "EGYPT"
_LINKS = frozenset(("BT", "BINTI", "BIN"))
_TRAINED = """
    select tanggal_masuk_blkln_date as came, tanggal_keluar_blkln_date as went from posko_staging.tki_tlrt
    where kode_blkln = :code and tanggal_masuk_blkln_date <= tanggal_keluar_blkln_date"""


def _of_blkln(rule_id: str, code: str, key: str, *, is_fraud: bool) -> Planted:
    return Planted(rule_id, "blkln", code, key, is_fraud=is_fraud)


def held_back(rule_id: str, broken: Callable[[dict[str, Any]], dict[str, Any]]) -> Planter:
    """Return a planter of DV-E01, E02: the record of somebody tested says what the filter holds back; near: she who waits."""

    def plant(ground: Ground, k: int) -> list[Planted]:
        made = []
        for row in ground.journeys(k):
            send(ground, row["tki_id"], **broken(sent(ground, row["tki_id"])))
            made.append(_of_blkln(rule_id, row["blkln_code"], name_of(row), is_fraud=True))
        for row in ground.waiting(k):
            send(ground, row["tki_id"], **broken(sent(ground, row["tki_id"])))
            made.append(_of_blkln(rule_id, row["blkln_code"], f"{row['tki_id']}/TLRT/1", is_fraud=False))
        return made

    return plant


def unknown_centre(ground: Ground, k: int) -> list[Planted]:
    """DV-E05: tested with a BLKLN that nobody registered; near: one that was suspended on a day on which nobody left it."""
    made = []
    for place, (row, is_fraud) in enumerate(halves(ground.journeys(2 * k))):
        code = f"Z{place:02d}ZZ{place:03d}" if is_fraud else row["blkln_code"]
        if is_fraud:
            send(ground, row["tki_id"], blkln=code)
        else:
            first = min(one["went"] for one in many(ground, _TRAINED, code=code))
            ground.run(
                "insert into posko.suspension (party_kind, party_code, suspended_from, suspended_until, reason)"
                " values ('BLKLN', :code, :day, :day, 'Simulasi')",
                {"code": code, "day": first - 30 * DAY},
            )
        made.append(_of_blkln("DV-E05", code, name_of(row), is_fraud=is_fraud))
    return made


def short_training(ground: Ground, k: int) -> list[Planted]:
    """DV-E03: one day less than the norm; near: the norm to the day."""
    made = []
    for row, is_fraud in halves(ground.journeys(2 * k)):
        one = sent(ground, row["tki_id"])
        days = NORM_DAYS - is_fraud
        entered = one["left"] - (days - 1) * DAY
        send(
            ground,
            row["tki_id"],
            entered=entered,
            country=_OPEN,
            number=numbered(one, entered=entered, hours=days * 9),
        )
        made.append(_of_blkln("DV-E03", row["blkln_code"], name_of(row), is_fraud=is_fraud))
    return made


def dense_training(ground: Ground, k: int) -> list[Planted]:
    """DV-E04: one hour more than ten a day; near: ten hours a day."""
    made = []
    for row, is_fraud in halves(ground.journeys(2 * k)):
        one = sent(ground, row["tki_id"])
        days = (one["left"] - one["entered"]).days + 1
        send(ground, row["tki_id"], number=numbered(one, hours=10 * days + is_fraud))
        made.append(_of_blkln("DV-E04", row["blkln_code"], row["tki_id"], is_fraud=is_fraud))
    return made


def false_number(ground: Ground, k: int) -> list[Planted]:
    """DV-E06: the number of the certificate tells another day; near: the number with blanks around it."""
    made = []
    for row, is_fraud in halves(ground.journeys(2 * k)):
        one = sent(ground, row["tki_id"])
        new = numbered(one, certified=one["certified"] - 3 * DAY) if is_fraud else f" {one['number']} "
        send(ground, row["tki_id"], number=new)
        made.append(_of_blkln("DV-E06", row["blkln_code"], row["tki_id"], is_fraud=is_fraud))
    return made


def pairs(rule_id: str, fraud: Twin, near: Twin, *, by_journey: bool) -> Planter:
    """Return a planter of a rule that ties two TKI: what the second is sent with so that they are one, or nearly."""

    def plant(ground: Ground, k: int) -> list[Planted]:
        made = []
        rows = ground.journeys(4 * k)
        for (first, second), is_fraud in halves(list(zip(rows[::2], rows[1::2], strict=True))):
            one, other = sent(ground, first["tki_id"]), sent(ground, second["tki_id"])
            send(ground, second["tki_id"], **(fraud if is_fraud else near)(one, other))
            lowest = min(first["tki_id"], second["tki_id"])
            for row in (first, second):
                key = name_of(row) if by_journey else row["tki_id"]
                made.append(Planted(rule_id, "tki", lowest, key, is_fraud=is_fraud))
        return made

    return plant


def _same_certificate(one: dict[str, Any], _other: dict[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("number", "certified", "entered", "left")}


def _next_certificate(one: dict[str, Any], _other: dict[str, Any]) -> dict[str, Any]:
    number = str(one["number"])
    serial = (int(number[11:20]) + 500_000_001) % 1_000_000_000
    return {
        **{name: one[name] for name in ("certified", "entered", "left")},
        "number": f"{number[:11]}{serial:09d}{number[20:]}",
    }


def _same_nik(one: dict[str, Any], _other: dict[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("nik", "born", "sex")}


def _next_nik(one: dict[str, Any], _other: dict[str, Any]) -> dict[str, Any]:
    return {**_same_nik(one, _other), "nik": f"{one['nik'][:12]}{(int(one['nik'][12:]) + 4_999) % 9_999 + 1:04d}"}


def _same_person(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    # BINTI itself stays: it is no part of how a name sounds.
    words = [word if word in _LINKS else word.replace("U", "OE").replace("I", "Y") for word in str(one["name"]).split()]
    heard = " ".join(words)
    return {**_next_nik(one, other), "name": heard, "place": one["place"]}


def _namesake(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {**_same_person(one, other), "place": f"{one['place']} TIMUR"}


def crowded(ground: Ground, k: int) -> list[Planted]:
    """DV-E08: licensed for one place less than it had trainees at its busiest; near: licensed for exactly so many."""
    made = []
    for centre, is_fraud in halves(ground.bodies("blkln", 2 * k)):
        came: Counter[dt.date] = Counter()
        for row in many(ground, _TRAINED, code=centre["code"]):
            came[row["came"]] += 1
            came[row["went"] + DAY] -= 1
        inside, peaks = 0, {}
        for day in sorted(came):
            inside += came[day]
            peaks[day] = inside
        most = max(peaks.values())
        ground.run(
            "update posko.blkln set capacity = :places where blkln_code = :code",
            {"places": most - is_fraud, "code": centre["code"]},
        )
        above, was = [], False
        for day, trainees in peaks.items():
            if trainees == most and not was:
                above.append(day)
            was = trainees == most
        made += [_of_blkln("DV-E08", centre["code"], day.isoformat(), is_fraud=is_fraud) for day in above]
    return made


def under_age(ground: Ground, k: int) -> list[Planted]:
    """DV-E09: one day short of 21 at the test, for an individual employer; near: 21 on that day."""
    made = []
    for row, is_fraud in halves(ground.journeys(2 * k)):
        on = row["exam_on"] - (0 if row["exam_on"].day < 29 else 3) * DAY
        born = on.replace(year=on.year - 21) + (DAY * 4 if is_fraud else dt.timedelta(0))
        ground.run(
            "update posko.candidate set born_on = :born, sector = 'Informal' where journey_id = :id",
            {"born": born, "id": row["journey_id"]},
        )
        made.append(Planted("DV-E09", "tki", row["tki_id"], place_of(row), is_fraud=is_fraud))
    return made


def closed_country(ground: Ground, k: int) -> list[Planted]:
    """DV-E10: an individual employer in a country that is closed; near: a company there."""
    made = []
    for row, is_fraud in halves(ground.journeys(2 * k)):
        send(ground, row["tki_id"], country=_CLOSED, sector="Informal" if is_fraud else "Formal")
        made.append(Planted("DV-E10", "pptkis", row["pptkis_name"], row["tki_id"], is_fraud=is_fraud))
    return made


def papers(rule_id: str, fraud: Paper, near: Paper) -> Planter:
    """Return a planter of DV-I01, I02: what the record says of her NIK."""

    def plant(ground: Ground, k: int) -> list[Planted]:
        made = []
        for place, (row, is_fraud) in enumerate(halves(ground.journeys(2 * k))):
            send(ground, row["tki_id"], **(fraud if is_fraud else near)(sent(ground, row["tki_id"]), place))
            made.append(Planted(rule_id, "pptkis", row["pptkis_name"], row["tki_id"], is_fraud=is_fraud))
        return made

    return plant


def _no_nik(row: dict[str, Any], place: int) -> dict[str, Any]:
    nik = str(row["nik"])
    return {"nik": ("00", nik[:15], f"99{nik[2:]}", f"{nik[:8]}13{nik[10:]}")[place % 4]}


def _spaced_nik(row: dict[str, Any], _place: int) -> dict[str, Any]:
    return {"nik": f" {row['nik']} "}


def _other_birthday(row: dict[str, Any], place: int) -> dict[str, Any]:
    if place % 2:
        return {"sex": "L" if row["sex"] == "P" else "P"}
    return {"born": row["born"] - DAY}


def _sex_in_words(row: dict[str, Any], _place: int) -> dict[str, Any]:
    return {"sex": "Perempuan" if row["sex"] == "P" else "Laki-laki"}


PLANTERS: dict[str, Planter] = {
    "DV-E01": held_back("DV-E01", lambda _: {"number": "-"}),
    "DV-E02": held_back("DV-E02", lambda row: {"certified": row["left"] - DAY}),
    "DV-E03": short_training,
    "DV-E04": dense_training,
    "DV-E05": unknown_centre,
    "DV-E06": false_number,
    "DV-E07": pairs("DV-E07", _same_certificate, _next_certificate, by_journey=True),
    "DV-E08": crowded,
    "DV-E09": under_age,
    "DV-E10": closed_country,
    "DV-I01": papers("DV-I01", _no_nik, _spaced_nik),
    "DV-I02": papers("DV-I02", _other_birthday, _sex_in_words),
    "DV-I03": pairs("DV-I03", _same_nik, _next_nik, by_journey=True),
    "DV-I04": pairs("DV-I04", _same_person, _namesake, by_journey=False),
}
