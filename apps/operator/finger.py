"""A finger on a page: choose the way, take it, get the sealed proof (§8.2, §13.2-13.7).

    proof = ask_finger(desk, "STAFF", asesor_id, Purpose.VERIFY_ASESOR)
    if proof is not None:
        attempt(lambda: desk.do(asesor_check.verify_asesor, session_id=session_id, proof=proof))

The proof need not match: the act that takes it decides what a miss means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from apps.operator import fingers, session
from apps.operator.fingers import Asked, Way
from apps.operator.frame import attempt
from apps.operator.messages import t
from apps.operator.screens import current
from posko.domain.proof import Purpose

if TYPE_CHECKING:
    from posko.domain.proof import FingerProof, PersonKind
    from posko.services.office import Desk
    from posko.services.rows import Row

WAY = "posko_way"
"""Key of the way that was chosen last; it holds on every page."""
FRAME_HEIGHT = 440
"""Of the reader's page in a frame, in pixels, so that nothing of it is cut off."""


def ask_finger(
    desk: Desk, kind: PersonKind, person_id: str, purpose: Purpose, *, asked_finger: int = 0
) -> FingerProof | None:
    """Show the choice of the way and a button; return the proof of the finger that was just taken, None until then.

    Args:
        desk: of whoever looks; its station's reader is asked.
        kind: `TKI` or `STAFF`.
        person_id: whose finger is expected.
        purpose: what for.
        asked_finger: 0 any finger, 1-10 as ISO/IEC 19794-2 counts them.
    """
    key = f"{purpose}:{kind}:{person_id}"
    way = choose_way(key)
    if not st.button(t("finger.take"), key=f"posko_take:{key}", icon=":material/fingerprint:", type="primary"):
        return None
    return attempt(lambda: take_finger(desk, kind, person_id, purpose, way, asked_finger=asked_finger))


def choose_way(key: str = "") -> Way:
    """Show the ways a finger may come and return the chosen one."""
    open_ways = fingers.ways(current())
    chosen = st.radio(
        t("finger.way"),
        open_ways,
        index=open_ways.index(chosen_way()),
        format_func=_name,
        horizontal=True,
        key=f"{WAY}:{key}",
    )
    st.session_state[WAY] = chosen
    return Way(chosen)


def chosen_way() -> Way:
    """Return the way that was chosen last, here or on another page."""
    open_ways = fingers.ways(current())
    last = st.session_state.get(WAY)
    return Way(last) if last in open_ways else open_ways[0]


def take_finger(
    desk: Desk, kind: PersonKind, person_id: str, purpose: Purpose, way: Way, *, asked_finger: int = 0
) -> FingerProof | None:
    """Take a finger at once and return its proof; None: there is none, and the page says why.

    Raises:
        Refused: as `biometrics.verification.Verifier.verify` and `posko.services.captures.ask`.
    """
    asked = Asked(kind, person_id, purpose, desk.place.device or "", asked_finger)
    if way not in {Way.DEMO_OWN, Way.DEMO_OTHER}:
        return _from_reader(asked, way)
    found = fingers.compare_touch(current(), asked, is_own=way is Way.DEMO_OWN)
    if found.proof is None:
        st.error(t("finger.not_registered"))
    return found.proof


def take_impression(desk: Desk, kind: PersonKind, person_id: str, finger: int, way: Way) -> bool:
    """Take one impression for the enrolment under way; whether it counts, `enrolment_steps.progress` says. False: no finger came.

    Raises:
        Refused: as `biometrics.impressions.take` and `posko.services.captures.ask`.
    """
    asked = Asked(kind, person_id, Purpose.ENROL_IMPRESSION, desk.place.device or "", finger)
    if way in {Way.DEMO_OWN, Way.DEMO_OTHER}:
        fingers.take_touch(current(), asked, is_own=way is Way.DEMO_OWN)
        return True
    return _answered(asked, way)[1] is not None


def _from_reader(asked: Asked, way: Way) -> FingerProof | None:
    request_id, last = _answered(asked, way)
    if last is None:
        return None
    proof = fingers.take(current(), request_id, session.web_session())
    if proof is None:
        st.error(t("finger.not_registered" if last["outcome"] == "NOT_REGISTERED" else "finger.none"))
    return proof


def _answered(asked: Asked, way: Way) -> tuple[str, Row | None]:
    """Ask a reader and wait, shown on the page; return the request, and how it was answered: None: it was not, which is then said."""
    screens, web = current(), session.web_session()
    request_id = fingers.ask(screens, asked, way, web)
    place = st.empty()
    with place.container():
        note = st.empty()
        if way is Way.BROWSER:
            st.iframe(f"/pembaca/{request_id}", height=FRAME_HEIGHT)
        last = None
        for last in fingers.follow(screens, request_id, web):
            note.info(t("finger.waiting", seconds=max(0, int(last["seconds"]))))
    place.empty()
    if last is None or last["state"] != "DONE":
        st.error(t("finger.none"))
        return request_id, None
    return request_id, last


def _name(way: Way) -> str:
    mark = f" ({t('finger.demo')})" if way in {Way.DEMO_OWN, Way.DEMO_OTHER} else ""
    return t(f"finger.{way.value}") + mark
