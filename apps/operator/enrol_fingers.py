"""Six impressions of two fingers on a page: which is next, why one did not count, again, cancel; then the proof (§6.1, §8.2; R-048, X11).

    if enrol_fingers.captured(desk, "STAFF", number):
        proof = enrol_fingers.proven(desk, "STAFF", number)

How far it is stands in the database, so a page that was closed goes on where it was, at any reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from apps.operator import parts
from apps.operator.finger import ask_finger, choose_way, take_impression
from apps.operator.frame import attempt
from apps.operator.messages import t
from apps.operator.screens import current
from biometrics import impressions
from posko.domain.fingers import FINGERS, finger_name
from posko.domain.proof import Purpose
from posko.services import enrolment_steps
from posko.services.enrolment_rows import EXPIRED, OPEN
from posko.services.enrolment_steps import IMPRESSIONS

if TYPE_CHECKING:
    from posko.domain.proof import FingerProof, PersonKind
    from posko.services.office import Desk

USUAL = (2, 7)
"""Both index fingers, which hold still best."""


def captured(desk: Desk, kind: PersonKind, person_id: str) -> bool:
    """Show how the enrolment of a person stands and its next step; True: a set of hers waits for its proof."""
    seen = attempt(lambda: desk.do(enrolment_steps.progress, kind=kind, person_id=person_id))
    if seen is None:
        return False
    if seen["state"] == OPEN:
        _running(desk, kind, person_id, seen)
        return False
    if seen["pending"] is not None and not st.session_state.get(_again(kind, person_id)):
        st.success(t("enrol.captured"), icon=":material/fingerprint:")
        if st.button(t("enrol.from_start"), icon=":material/restart_alt:", key=f"posko_enrol_again:{kind}:{person_id}"):
            st.session_state[_again(kind, person_id)] = True
            forget(kind, person_id)
            st.rerun()
        return True
    if seen["state"] == EXPIRED:
        st.warning(t("enrol.expired"))
    _begin(desk, kind, person_id)
    return False


def proven(desk: Desk, kind: PersonKind, person_id: str) -> FingerProof | None:
    """Ask for one of the two fingers once more and return its proof when it matches, None until then."""
    slot = _proof(kind, person_id)
    kept: FingerProof | None = st.session_state.get(slot)
    if kept is not None:
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.success(t("enrol.proven", score=kept.score), icon=":material/check_circle:")
        if right.button(t("enrol.prove_again"), width="stretch", key=f"{slot}:again"):
            forget(kind, person_id)
            st.rerun()
        return kept
    st.write(t("enrol.prove"))
    proof = ask_finger(desk, kind, person_id, Purpose.ENROL)
    if proof is None:
        return None
    if not proof.is_match:
        st.error(t("enrol.not_proven"))
        return None
    st.session_state[slot] = proof
    st.rerun()
    return proof


def forget(kind: PersonKind, person_id: str) -> None:
    """Forget the proof that was taken here."""
    st.session_state.pop(_proof(kind, person_id), None)


def _begin(desk: Desk, kind: PersonKind, person_id: str) -> None:
    st.write(t("enrol.about"))
    with st.form(f"enrol_begin:{kind}:{person_id}", border=False):
        columns = st.columns([2, 2, 1], vertical_alignment="bottom")
        numbers = [number for number in FINGERS if number]
        chosen = [
            columns[place].selectbox(
                t(f"enrol.finger_{place + 1}"), numbers, index=numbers.index(usual), format_func=finger_name
            )
            for place, usual in enumerate(USUAL)
        ]
        is_sent = columns[2].form_submit_button(t("enrol.begin"), type="primary", width="stretch")
    if is_sent:
        begun = attempt(lambda: desk.do(enrolment_steps.begin, kind=kind, person_id=person_id, fingers=chosen))
        if begun is not None:
            st.session_state.pop(_again(kind, person_id), None)
            forget(kind, person_id)
            st.rerun()


def _running(desk: Desk, kind: PersonKind, person_id: str, seen: dict[str, Any]) -> None:
    """Show what was taken, what came of the last touch, and take the next."""
    if desk.by is not None and seen["opened_by"] != desk.by.person_id:
        st.warning(t("enrol.elsewhere", who=seen["opened_by"]))
    counts = {finger: [one for one in seen["kept"] if one["finger"] == finger] for finger in seen["fingers"]}
    parts.facts((finger_name(finger), _shown(kept)) for finger, kept in counts.items())
    st.progress(len(seen["kept"]) / (2 * IMPRESSIONS), t("enrol.left", minutes=-(-seen["seconds"] // 60)))
    left = [finger for finger, kept in counts.items() if len(kept) < IMPRESSIONS]
    if left:
        way = choose_way(f"enrol:{kind}:{person_id}")
        place = len(counts[left[0]]) + 1
        label = t("enrol.take", finger=finger_name(left[0]), place=place, of=IMPRESSIONS)
        if st.button(label, type="primary", icon=":material/fingerprint:", key="posko_enrol_take", shortcut="Alt+J"):
            came = attempt(lambda: take_impression(desk, kind, person_id, left[0], way))
            if came and len(seen["kept"]) == 2 * IMPRESSIONS - 1:
                _finish_if_whole(desk, kind, person_id)
            if came:
                st.rerun()
    elif st.button(t("enrol.keep"), type="primary", icon=":material/save:", key="posko_enrol_keep"):
        _finish(desk, kind, person_id)
    _last(desk, kind, person_id, seen)
    with st.container(horizontal=True):
        for finger, kept in counts.items():
            if kept and st.button(t("enrol.take_again", finger=finger_name(finger)), key=f"posko_enrol_drop:{finger}"):
                _do(desk, enrolment_steps.take_again, kind=kind, person_id=person_id, finger=finger)
        if st.button(t("enrol.cancel"), icon=":material/close:", key="posko_enrol_cancel"):
            _do(desk, enrolment_steps.cancel, kind=kind, person_id=person_id)


def _last(desk: Desk, kind: PersonKind, person_id: str, seen: dict[str, Any]) -> None:
    last = seen["last"]
    if last is None:
        return
    if last["outcome"] == "CAPTURED":
        parts.outcome("good", t("enrol.counts"), t("enrol.quality", quality=parts.shown(last["quality"])))
    elif last["sentence"]:
        quality = t("enrol.quality", quality=parts.shown(last["quality"])) if last["quality"] is not None else ""
        parts.outcome("warn", t("enrol.counts_not"), last["sentence"], quality)
    else:
        parts.outcome("warn", t("enrol.counts_not"), t("finger.none"))
    is_low = last["code"] == "ENROL_NEEDS_SUPERVISOR" and not seen["is_supervised"]
    if is_low and st.button(t("enrol.supervise"), icon=":material/supervisor_account:", key="posko_enrol_supervise"):
        _do(desk, enrolment_steps.supervise, kind=kind, person_id=person_id)
    if seen["is_supervised"]:
        st.caption(t("enrol.supervised"))


def _finish_if_whole(desk: Desk, kind: PersonKind, person_id: str) -> None:
    seen = attempt(lambda: desk.do(enrolment_steps.progress, kind=kind, person_id=person_id))
    if seen is not None and seen["state"] == OPEN and len(seen["kept"]) == 2 * IMPRESSIONS:
        _finish(desk, kind, person_id)


def _finish(desk: Desk, kind: PersonKind, person_id: str) -> None:
    """Keep the six as a set; what is wrong with them together stays on the page."""
    if attempt(lambda: impressions.finish(current().verifier, desk, kind, person_id)) is not None:
        st.rerun()
    st.stop()


def _do(desk: Desk, what: Any, **told: Any) -> None:
    if attempt(lambda: desk.do(what, **told)) is not None:
        st.rerun()


def _shown(kept: list[dict[str, Any]]) -> str:
    """Return how many of three there are, and how good each is."""
    signs = "●" * len(kept) + "○" * (IMPRESSIONS - len(kept))
    told = ", ".join(str(one["quality"]) for one in kept if one["quality"] is not None)
    return f"{signs}  {t('enrol.quality', quality=told)}" if told else signs


def _proof(kind: PersonKind, person_id: str) -> str:
    return f"posko_enrol_proof:{kind}:{person_id}"


def _again(kind: PersonKind, person_id: str) -> str:
    return f"posko_enrol_anew:{kind}:{person_id}"
