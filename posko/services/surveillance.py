"""Surveillance: which sessions BNSP visits unannounced, and what the visits found (§4.2; R-017, R-024, R-190).

Once a week a sample is drawn, with more chance for more risk. Nobody can choose it: the seed of a week follows from a secret key, and its
hash stands in the sealed log before, usually a week before, because each draw commits to the seed of the next week too. When the
visits are recorded the seed is revealed, and anybody can draw the sample again from the rows beside it.
"""

from __future__ import annotations

import hmac
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from posko.domain.calendar import local_day
from posko.domain.matrix import Command
from posko.domain.refusals import refuse
from posko.domain.rules import RULES
from posko.services import deviation_register, inputs, surveillance_frame
from posko.services.office import act
from posko.services.parameter_values import number_on
from posko.services.rows import Row, add, add_many, one

if TYPE_CHECKING:
    from posko.services.office import Tx

ENTITY = "surveillance"
SEED_KEY = "surveillance-seed"
WEEK = timedelta(days=7)
OUTCOMES = ("CONFORMS", "DEVIATES", "NOT_HELD", "NOT_VISITED")
"""The session kept to the rules, it did not, nothing was held there, nobody went there."""
DEVIATING = frozenset({"DEVIATES", "NOT_HELD"})
NOT_HELD_RULE, ALTERED_RULE = "DV-S08", "DV-X05"


def monday_of(day: date) -> date:
    """Return the Monday of a day's week, by which the week is called."""
    return day - timedelta(days=day.weekday())


@act("surveillance.draw", Command.DRAW_SAMPLE)
def draw(tx: Tx, *, week: object) -> dict[str, Any]:
    """Draw the sample of a week, once, and commit to the seed of the week after.

    Args:
        tx: the act.
        week: any day of this week or the next.

    Returns:
        week_on, draw_id, `sessions` of the frame, `picked` (numbers of the sessions), `seed_sha256` and `frame_sha256` in hex.

    Raises:
        Refused: the week is over or too far ahead, has no session, or its sample was drawn.
    """
    monday = monday_of(inputs.day(week, "Minggu"))
    tx.about(ENTITY, monday.isoformat())
    tx.permit()
    today = local_day(tx.at)
    if monday + WEEK <= today:
        raise refuse("WEEK_OVER", week=monday)
    if monday > monday_of(today) + WEEK:
        raise refuse("WEEK_FAR", week=monday)
    committed = _commit(tx, monday)
    wanted, seed = number_on(tx.db, "surveillance_visits", today), _seed(tx, monday)
    first, last = max(monday, today), monday + WEEK - timedelta(days=1)
    frame = surveillance_frame.made(tx.db, first, last, today=today, wanted=wanted, seed=seed)
    if frame is None:
        raise refuse("SAMPLE_EMPTY", week=monday)
    row = {"week_on": monday, "wanted": wanted, "session_count": len(frame.rows), "frame_sha256": frame.sha256}
    try:
        with tx.db.begin_nested():
            draw_id = add(tx.db, "surveillance_draw", {**row, "drawn_at": tx.at, "drawn_by": tx.person_id})
    except sa.exc.IntegrityError as error:
        raise refuse("SAMPLE_DRAWN", week=monday) from error
    add_many(tx.db, "surveillance_frame", [{"draw_id": draw_id, **one_row} for one_row in frame.rows])
    hashes = {"seed_sha256": committed.hex(), "frame_sha256": frame.sha256.hex()}
    # Whom it picked stands in the frame, whose hash this is; the log is read by more people than know where visitors go.
    tx.record(
        ENTITY, monday, {"step": "drawn", "draw_id": draw_id, "wanted": wanted, "sessions": len(frame.rows), **hashes}
    )
    _commit(tx, monday + WEEK)
    told = {"week_on": monday.isoformat(), "draw_id": draw_id, "sessions": len(frame.rows)}
    return {**told, "picked": frame.picked, **hashes}


@act("surveillance.visit", Command.DRAW_SAMPLE)
def record_visit(tx: Tx, *, session_id: int, outcome: str, note: str, rule_id: str | None = None) -> dict[str, Any]:
    """Record what a visit to a session found, picked or not, once; what broke a rule goes into the register of deviations.

    Args:
        tx: the act.
        session_id: the session.
        outcome: one of `OUTCOMES`.
        note: what was seen, or why nobody went there.
        rule_id: the rule that was broken, of DEVIATES; NOT_HELD is always DV-S08.

    Returns:
        visit_id, and deviation_id (None: no deviation).

    Raises:
        Refused: no such session, its day has not come, it was recorded before, or the rule is missing or too much.
    """
    wanted = inputs.number(session_id, "Nomor sesi")
    tx.about("session", wanted)
    tx.permit()
    found = inputs.choice(outcome, "Hasil kunjungan", OUTCOMES)
    said, rule = inputs.text(note, "Catatan", lines=True), _rule(found, rule_id)
    session = one(
        tx.db,
        "select session.session_id, session.tuk_code, session.exam_on, frame.draw_id from posko.exam_session as session"
        " left join posko.surveillance_frame as frame on frame.session_id = session.session_id and frame.is_picked = 1"
        " where session.session_id = :id for update",
        id=wanted,
    )
    if session is None:
        raise refuse("UNKNOWN_SESSION", session_id=wanted)
    if session["exam_on"] > local_day(tx.at):
        raise refuse("VISIT_AHEAD", session_id=wanted, day=session["exam_on"])
    if one(tx.db, "select 1 as found from posko.surveillance_visit where session_id = :id", id=wanted):
        raise refuse("VISIT_RECORDED", session_id=wanted)
    deviation_id = None if rule is None else _note_deviation(tx, session, found, rule, said)
    row = {"session_id": wanted, "tuk_code": session["tuk_code"], "draw_id": session["draw_id"], "outcome": found}
    row |= {
        "visited_on": None if found == "NOT_VISITED" else session["exam_on"],
        "note": said,
        "deviation_id": deviation_id,
    }
    visit_id = add(tx.db, "surveillance_visit", {**row, "recorded_at": tx.at, "recorded_by": tx.person_id})
    told = {"visit_id": visit_id, "outcome": found, "note_sha256": sha256(said.encode()).hexdigest()}
    tx.record("session", wanted, {"step": "visit", **told, "draw_id": session["draw_id"], "deviation_id": deviation_id})
    return {"visit_id": visit_id, "deviation_id": deviation_id}


@act("surveillance.reveal", Command.DRAW_SAMPLE)
def reveal(tx: Tx, *, week: object) -> dict[str, Any]:
    """Publish the seed of a week whose visits are all recorded, and draw its sample again; a second time only tells it.

    Returns:
        week_on, `seed` and `seed_sha256` in hex, `wanted`, `picked` (numbers of the sessions), and `is_same`: whether the frame is the one
        that was hashed, the seed the one that was committed to, and the sample drawn again the one that was visited. If not, somebody
        changed rows past the application, which goes into the register (DV-X05).

    Raises:
        Refused: the week has no sample, or a picked session no visit.
    """
    monday = monday_of(inputs.day(week, "Minggu"))
    tx.about(ENTITY, monday.isoformat())
    tx.permit()
    drawn = one(
        tx.db,
        "select drawn.*, committed.seed_sha256, reveal.seed from posko.surveillance_draw as drawn"
        " join posko.surveillance_commitment as committed on committed.week_on = drawn.week_on"
        " left join posko.surveillance_reveal as reveal on reveal.draw_id = drawn.draw_id where drawn.week_on = :week for update",
        week=monday,
    )
    if drawn is None:
        raise refuse("SAMPLE_NOT_DRAWN", week=monday)
    missing = one(
        tx.db,
        "select count(*) as sessions from posko.surveillance_frame as frame left join posko.surveillance_visit as visit"
        " on visit.session_id = frame.session_id where frame.draw_id = :id and frame.is_picked = 1 and visit.visit_id is null",
        id=drawn["draw_id"],
    )
    if missing is not None and missing["sessions"]:
        raise refuse("SAMPLE_SEED_KEPT", week=monday, missing=missing["sessions"])
    return _revealed(tx, monday, drawn)


def _revealed(tx: Tx, monday: date, drawn: Row) -> dict[str, Any]:
    """Keep the seed, once, and return what `reveal` tells."""
    seed, frame = _seed(tx, monday), surveillance_frame.kept(tx.db, drawn["draw_id"])
    is_same = (
        frame.sha256 == drawn["frame_sha256"]
        and sha256(seed).digest() == drawn["seed_sha256"]
        and drawn["seed"] in {None, seed}
        and frame.draws(drawn["wanted"], seed)
    )
    if drawn["seed"] is None:
        row = {"draw_id": drawn["draw_id"], "seed": seed, "revealed_at": tx.at, "revealed_by": tx.person_id}
        add(tx.db, "surveillance_reveal", row)
    if not is_same:
        evidence = {"minggu": monday.isoformat(), "yang_diubah": "sampel surveilans"}
        code = f"surveillance {monday.isoformat()}"
        deviation_register.note(tx, ALTERED_RULE, evidence, mode="D", subject_kind="system", subject_code=code)
    told = {"seed": seed.hex(), "seed_sha256": drawn["seed_sha256"].hex(), "wanted": int(drawn["wanted"])}
    tx.record(ENTITY, monday, {"step": "revealed", **told, "is_same": is_same})
    return {"week_on": monday.isoformat(), **told, "picked": frame.picked, "is_same": is_same}


def _seed(tx: Tx, monday: date) -> bytes:
    """Return the seed of a week: nobody chooses it, and who has one week's cannot tell another's."""
    return hmac.digest(tx.desk.office.keys[SEED_KEY], f"surveilans|{monday.isoformat()}".encode(), "sha256")


def _commit(tx: Tx, monday: date) -> bytes:
    """Commit to the seed of a week if nobody has, and return the hash that was committed to."""
    known = one(tx.db, "select seed_sha256 from posko.surveillance_commitment where week_on = :week", week=monday)
    if known is not None:
        return bytes(known["seed_sha256"])
    made = sha256(_seed(tx, monday)).digest()
    row = {"week_on": monday, "seed_sha256": made, "committed_at": tx.at, "committed_by": tx.person_id}
    try:
        with tx.db.begin_nested():
            add(tx.db, "surveillance_commitment", row)
    except sa.exc.IntegrityError:
        return made  # another draw commits to the same seed at this moment
    tx.record(ENTITY, monday, {"step": "committed", "seed_sha256": made.hex()})
    return made


def _rule(outcome: str, rule_id: object) -> str | None:
    """Return the rule that a visit found broken, or None."""
    if outcome == "NOT_HELD":
        return NOT_HELD_RULE
    is_given = rule_id is not None and rule_id != ""
    if is_given is not (outcome in DEVIATING):
        raise refuse("VISIT_NO_RULE" if is_given else "VISIT_RULE")
    return inputs.choice(rule_id, "Aturan", tuple(RULES)) if is_given else None


def _note_deviation(tx: Tx, session: Row, outcome: str, rule: str, said: str) -> int:
    seen = "menyimpang" if outcome == "DEVIATES" else "tidak berlangsung"
    evidence = {"sumber": "kunjungan surveilans", "hasil": seen, "tuk": session["tuk_code"], "uraian": said}
    evidence |= {"tanggal": session["exam_on"].isoformat(), "oleh": tx.person_id}
    number = int(session["session_id"])
    return deviation_register.note(
        tx, rule, evidence, mode="D", subject_kind="session", subject_code=str(number), session_id=number
    )
