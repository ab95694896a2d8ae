"""What the services prevent or note of identity and allocation, tried on the stage (§3.3, §8.2, §12.8; DV-I05..I07, I10, I12, A11, A12).

Beside each fraud somebody does nearly the same and breaks nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from apps.fraud.planting import Planted
from posko.domain.proof import Purpose
from posko.services import allocation, attendance, distribution, duplicates, finger_attempts
from posko.services.duplicates import Match
from posko.services.finger_attempts import Attempt

if TYPE_CHECKING:
    from apps.fraud.stage import Attempt as Attempted
    from apps.fraud.stage import Stage

_ASKED = """
    insert into posko_biometric.duplicate_search (person_kind, person_id, version, asked_at)
    values ('TKI', :tki, 1, '2026-03-02')"""
_LAST_SEARCH = "select max(search_id) from posko_biometric.duplicate_search"
_LAST_FINGER = "select max(attempt_id) from posko.finger_attempt"
_TOLERANCE = """
    insert into posko.parameter (parameter_name, valid_from, value, reason, set_by, seconded_by, set_at)
    values ('balance_max_to_mean_percent', '2026-03-02', '150', 'Simulasi', 'BN1', 'BN2', '2026-03-02')
    on duplicate key update value = values(value)"""


def _search(stage: Stage, tki_id: str, kind: str = "TKI", person_id: str | None = None) -> None:
    """Let the 1:N search find one finger of a TKI at somebody else; None: at nobody."""
    stage.write(_ASKED, tki=tki_id)
    number = int(stage.value(_LAST_SEARCH))
    if person_id is None:
        stage.desk(None).do(duplicates.record, search_id=number, matches=[])
        return
    found = Match(
        own_template=number * 2, own_finger=2, kind="STAFF" if kind == "STAFF" else "TKI", person_id=person_id, version=1, finger=2,
        template_id=number * 2 + 1, score=97, threshold=60, fingers=1, index_score=12.5, origin="INDEX", format="simulasi",
    )  # fmt: skip
    stage.desk(None).do(duplicates.record, search_id=number, matches=[found])


def two_identities(stage: Stage) -> list[Planted]:
    """DV-I05: the finger of a TKI is that of another one; near: nobody has it."""
    first, second, alone = stage.exam_day(3).journeys
    _search(stage, first, "TKI", second)
    _search(stage, alone)
    return [Planted("DV-I05", "tki", second), Planted("DV-I05", "tki", alone, is_fraud=False)]


def finger_of_staff(stage: Stage) -> list[Planted]:
    """DV-I06: the finger of a TKI is the assessor's; near: it is another TKI's, which is DV-I05."""
    tki_id, first, second = stage.exam_day(3).journeys
    _search(stage, tki_id, "STAFF", "AS1")
    _search(stage, first, "TKI", second)
    return [Planted("DV-I06", "staff", "AS1"), Planted("DV-I06", "tki", second, is_fraud=False)]


def turned_away(stage: Stage) -> list[Planted]:
    """DV-I07: a finger that does not match is turned away after three tries."""
    day = stage.exam_day()
    (tki_id,) = day.journeys
    day.open()
    stage.matcher.misses[tki_id] = 3
    outcomes = [day.scan(tki_id)["outcome"] for _ in range(3)]
    if outcomes[-1] != "TURNED_AWAY_NO_MATCH":
        raise AssertionError(f"nobody was turned away: {outcomes}")
    return [Planted("DV-I07", "journey", f"{tki_id}/TLRT/1")]


def replayed(stage: Stage) -> list[Planted]:
    """DV-I10: the very same sample is sent again under a new nonce; near: another sample of the same finger."""
    (tki_id,) = stage.exam_day().journeys
    taken = Attempt(
        person_kind="TKI", person_id=tki_id, purpose=Purpose.ATTEND, outcome="MATCH", station_code="ST-1", reader_kind="SYNTHETIC",
        reader_serial="READER-1", assurance="STATION", captured_at=stage.now, nonce=f"{int(tki_id):032x}",
        sample_sha256=int(tki_id).to_bytes(32, "big"), quality=70, score=90, threshold=40, asked_finger=2, matched_finger=2,
    )  # fmt: skip
    stage.desk(None).do(finger_attempts.compare, attempt=taken)
    again = replace(taken, nonce=f"{int(tki_id) + 10**9:032x}")
    answer = stage.desk(None).do(finger_attempts.compare, attempt=again)
    if answer["problem"] != "SAMPLE_REPLAYED":
        raise AssertionError(f"the sample counted twice: {answer}")
    fraud = str(stage.value(_LAST_FINGER))
    fresh = replace(again, nonce=f"{int(tki_id) + 2 * 10**9:032x}", sample_sha256=(int(tki_id) + 1).to_bytes(32, "big"))
    answer = stage.desk(None).do(finger_attempts.compare, attempt=fresh)
    if answer["problem"] is not None:
        raise AssertionError(f"a fresh sample did not count: {answer}")
    return [
        Planted("DV-I10", "finger", fraud),
        Planted("DV-I10", "finger", str(stage.value(_LAST_FINGER)), is_fraud=False),
    ]


def unknown_reader(stage: Stage) -> list[Planted]:
    """DV-I12: a proof from a station that nobody registered."""
    day = stage.exam_day()
    (tki_id,) = day.journeys
    day.open()
    proof = stage.proof("TKI", tki_id, Purpose.ATTEND, "ST-9")
    stage.try_it(day.tuk(), attendance.record_attendance, session_id=day.session_id, tki_id=tki_id, proof=proof)
    return [Planted("DV-I12", "journey", f"{tki_id}/TLRT/1")]


def _returned(stage: Stage, people: int) -> int:
    """Let the Konsorsium send so many allocated TKI back to BNSP, and return the batch."""
    day = stage.exam_day(people, status="ALLOCATED")
    sent = stage.desk("KO1").do(allocation.send_allocation, journey_ids=sorted(day.journeys.values()))
    return int(sent["batch_id"])


def altered_on_the_way(stage: Stage) -> list[Planted]:
    """DV-A11: a row arrives other than it was sent; near: all as it was sent."""
    whole, batch_id = _returned(stage, 2), _returned(stage, 2)
    stage.desk("BN1").do(distribution.check_balance, batch_id=whole)
    stage.write(
        "update posko.candidate set full_name = 'NAMA LAIN' where journey_id in"
        " (select journey_id from posko.handoff_line where batch_id = :id) limit 1",
        id=batch_id,
    )
    stage.try_it(stage.desk("BN1"), distribution.check_balance, batch_id=batch_id)
    return [Planted("DV-A11", "handoff", str(batch_id)), Planted("DV-A11", "handoff", str(whole), is_fraud=False)]


def unbalanced(stage: Stage) -> list[Planted]:
    """DV-A12: everybody is allocated to one LSP, though there are others; near: so few that chance alone would do it."""
    stage.write(_TOLERANCE)
    # The year's own seven LSP could have tested them too.
    batch_id, few = _returned(stage, 60), _returned(stage, 20)
    for each in (batch_id, few):
        stage.desk("BN1").do(distribution.check_balance, batch_id=each)
    near = Planted("DV-A12", "handoff", f"{few}/LSP", is_fraud=False)
    return [Planted("DV-A12", "handoff", f"{batch_id}/LSP"), near]


ATTEMPTS: dict[str, Attempted] = {
    "DV-I05": two_identities,
    "DV-I06": finger_of_staff,
    "DV-I07": turned_away,
    "DV-I10": replayed,
    "DV-I12": unknown_reader,
    "DV-A11": altered_on_the_way,
    "DV-A12": unbalanced,
}
