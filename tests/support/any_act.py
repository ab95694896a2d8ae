"""Any act of the whole flow, on a TKI wherever she stands, by whom it is due or by anybody (§12.1-14.5)."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import TYPE_CHECKING

from posko.domain.errors import Refused
from posko.domain.proof import Purpose
from posko.domain.status import Status
from posko.services import (
    allocation,
    allocation_withdrawal,
    appeals,
    asesor_check,
    assessment,
    attendance,
    certificate_status,
    decision,
    distribution,
    evaluation,
    exam_session,
    intake,
    publication,
    registration,
    results,
    returns,
    scheduling,
    undoing,
)
from tests.support.due_acts import AFTER_ALL, IN_SESSION, NEXT, NEXT_OF_SESSION, PLACES
from tests.support.way import ASESOR_OF, DOORS, STAFF_OF
from tests.support.world import UNITS

if TYPE_CHECKING:
    from tests.support.world import World


class AnyAct:
    """Names of acts as methods `act_<name>(here, who, is_kind)`, each giving the act, its arguments and who does it.

    `is_kind` False lets the outcome be the bad one: no match, BK, held back, not read back.
    """

    world: World

    def due_act(self, here):
        """Return what is due: by her state, or while she is in a session by that session's."""
        if here.status is Status.CLOSED and self.world.ask(
            "select 1 from posko.certificate where tki_id = :t", t=here.tki_id
        ):
            return AFTER_ALL[self.world.now.minute % len(AFTER_ALL)]
        if here.status is Status.RETURNED_TO_BNSP and self.is_unbalanced(here):
            return "withdraw"
        if here.status not in IN_SESSION:
            return NEXT[here.status]
        is_over = (self.world.now + dt.timedelta(hours=7)).date() > here.day
        if here.session_status == "PLANNED" and is_over:
            return "cancel"
        if here.status is Status.ACKNOWLEDGED and here.session_status == "RUNNING" and not is_over:
            return "attend"
        return NEXT_OF_SESSION[here.session_status]

    def refusal_of(self, who, act, told):
        """Do an act and return its refusal, or None."""
        try:
            self.world.desk(who).do(act, **told)
        except Refused as refusal:
            return refusal
        return None

    def where(self, tki_id):
        """Return where a TKI stands and in which session."""
        rows = self.world.ask(
            "select journey_no, journey_id, journey.status, session_id, exam_session.status, tuk_code, exam_on, met_no"
            " from posko.journey left join posko.allocation using (journey_id, attempt_no)"
            " left join posko.exam_session using (session_id) where tki_id = :t order by journey_id desc limit 1",
            t=tki_id,
        )
        number, journey_id, status, session_id, session_status, tuk, day, met = rows[0] if rows else [None] * 8
        return SimpleNamespace(
            tki_id=tki_id, key=(tki_id, number), journey_id=journey_id, status=Status(status) if status else None,
            session_id=session_id, session_status=session_status, tuk=tuk or "TUK-1", day=day, met=met or "MET.1",
        )  # fmt: skip

    def due(self, name, here):
        """Return whose act it is."""
        if name in {"register", "register_again", "schedule", "undo", "send_allocation", "withdraw", "cancel"}:
            return "KO1"
        if name in {"open_day", "verify", "attend", "turn_away", "end", "open_scoring"}:
            return DOORS[here.tuk][0]
        if name == "score":
            return ASESOR_OF[here.met]
        if name == "acknowledge":
            (receiver, *_), *_ = self.world.ask(
                "select receiver_code from posko.distribution join posko.handoff_line using (batch_id)"
                " where tki_id = :t and acknowledged_at is null",
                t=here.tki_id,
            ) or [("LSP-1",)]
            return STAFF_OF[receiver]
        return "LS1" if name in {"receive", "decide"} else "BN1"

    def one(self, sql, **values):
        """Return the only value of a query.

        Raises:
            LookupError: there is none.
        """
        return self.world.ask(sql, **values)[0][0]

    def on_the_day(self, here):
        if here.day is None:
            raise LookupError
        morning = dt.datetime.combine(here.day, dt.time(1, 30))
        self.world.now = max(self.world.now, morning)

    # the acts ----------------------------------------------------------------------------------------------------

    def act_send_eligible(self, _here, _who, _is_kind):
        return intake.send_eligible, {}, None

    def act_register(self, here, who, _is_kind):
        return registration.register, {"tki_id": here.tki_id}, who

    def act_register_again(self, here, who, _is_kind):
        return registration.register_again, {"tki_id": here.tki_id}, who

    def act_schedule(self, here, who, is_kind):
        if here.journey_id is None:
            raise LookupError
        tuk = "TUK-1" if is_kind else "TUK-2"
        monday = self.world.now.date() + dt.timedelta(days=7 - self.world.now.weekday())
        place = {"exam_on": monday, "lsp_code": "LSP-1", "tuk_code": tuk, "met_no": PLACES[tuk], "reason": "Jadwal uji"}
        return scheduling.schedule, {"journey_id": here.journey_id, **place}, who

    def act_undo(self, here, who, _is_kind):
        sql = "select max(allocation_id) from posko.allocation where journey_id = :j and attempt_no > 0 having max(allocation_id) > 0"
        number = self.one(sql, j=here.journey_id)
        return undoing.undo_schedule, {"allocation_ids": [number], "reason": "Minta tanggal lain"}, who

    def act_send_allocation(self, _here, who, _is_kind):
        ready = self.world.ask("select journey_id from posko.journey where status = 'ALLOCATED'")
        return allocation.send_allocation, {"journey_ids": [number for (number,) in ready]}, who

    def sent_batch(self, here):
        sql = "select max(batch_id) from posko.handoff_line where hop = 'KONSORSIUM_TO_BNSP' and tki_id = :t having max(batch_id) > 0"
        return self.one(sql, t=here.tki_id)

    def is_unbalanced(self, here):
        """Return whether the newest check of the batch in which she was sent failed."""
        sql = "select is_complete from posko.balance_check where batch_id = :b order by balance_check_id desc limit 1"
        return self.world.ask(sql, b=self.sent_batch(here)) == [(0,)]

    def act_check_balance(self, here, who, is_kind):
        """Check the batch; or first let the Konsorsium have declared one TKI too many."""
        batch_id = self.sent_batch(here)
        if not is_kind:
            self.world.write("update posko.allocation_return set allocated_count = 99 where batch_id = :b", b=batch_id)
        return distribution.check_balance, {"batch_id": batch_id}, who

    def act_withdraw(self, here, who, _is_kind):
        return allocation_withdrawal.withdraw, {"batch_id": self.sent_batch(here), "reason": "Jumlahnya salah"}, who

    def act_release(self, here, who, _is_kind):
        sql = (
            "select balance_check_id from posko.balance_check join posko.handoff_line using (batch_id) where tki_id = :t"
            " order by balance_check_id desc limit 1"
        )
        return distribution.release, {"balance_check_id": self.one(sql, t=here.tki_id)}, who

    def act_acknowledge(self, here, who, _is_kind):
        sql = (
            "select batch_id from posko.distribution join posko.handoff_line using (batch_id) where tki_id = :t"
            " order by acknowledged_at is null desc, batch_id limit 1"
        )
        return distribution.acknowledge, {"batch_id": self.one(sql, t=here.tki_id)}, who

    def act_open_day(self, here, who, _is_kind):
        self.on_the_day(here)
        return exam_session.open_day, {"session_id": here.session_id}, who

    def act_verify(self, here, who, _is_kind):
        if here.session_id is None:
            raise LookupError
        asesor = ASESOR_OF[here.met]
        finger = self.world.proof("STAFF", asesor, Purpose.VERIFY_ASESOR, DOORS[here.tuk][1])
        return asesor_check.verify_asesor, {"session_id": here.session_id, "proof": finger}, who

    def act_attend(self, here, who, is_kind):
        if here.session_id is None:
            raise LookupError
        self.world.matcher.misses[here.tki_id] = 0 if is_kind else 9
        finger = self.world.proof("TKI", here.tki_id, Purpose.ATTEND, DOORS[here.tuk][1])
        told = {"session_id": here.session_id, "tki_id": here.tki_id, "proof": finger}
        return attendance.record_attendance, told, who

    def act_turn_away(self, here, who, _is_kind):
        if here.session_id is None:
            raise LookupError
        told = {"session_id": here.session_id, "id_as_typed": here.tki_id, "reason": "Tidak ada sidik jari"}
        return attendance.turn_away_unregistered, told, who

    def act_end(self, here, who, _is_kind):
        return exam_session.end_session, {"session_id": here.session_id or 1}, who

    def act_cancel(self, here, who, _is_kind):
        return exam_session.cancel, {"session_id": here.session_id or 1, "reason": "TUK kebanjiran"}, who

    def act_open_scoring(self, here, who, _is_kind):
        return exam_session.open_scoring, {"session_id": here.session_id or 1}, who

    def act_score(self, here, who, is_kind):
        sql = (
            "select journey_id from posko.journey join posko.allocation using (journey_id, attempt_no)"
            " where session_id = :s and status = 'TESTED'"
        )
        tested = [number for (number,) in self.world.ask(sql, s=here.session_id)]
        scores = {number: dict.fromkeys(UNITS, "K" if is_kind else "BK") for number in tested or [here.journey_id or 1]}
        finger = self.world.proof("STAFF", who, Purpose.SCORE, DOORS[here.tuk][1])
        return assessment.score, {"session_id": here.session_id or 1, "scores": scores, "proof": finger}, who

    def act_receive(self, here, who, _is_kind):
        return results.receive_results, {"session_id": here.session_id or 1}, who

    def act_decide(self, here, who, _is_kind):
        return decision.decide, {"session_id": here.session_id or 1, "sk_no": f"SK/{here.session_id}"}, who

    def act_evaluate(self, _here, who, is_kind):
        """Open a meeting, note who is there, perhaps hold one result, and give the closing of the minutes as the act."""
        bnsp, day = self.world.desk("BN1"), (self.world.now + dt.timedelta(hours=7)).date()
        waiting = self.world.ask("select journey_id from posko.journey where status in ('RESULT_SENT', 'ON_HOLD')")
        try:
            meeting = bnsp.do(evaluation.open_meeting, held_on=day, place="Jakarta")
        except Refused as nothing_waits:
            raise LookupError from nothing_waits
        bnsp.do(evaluation.note_participants, meeting_id=meeting, person_ids=["BN1", "LS1"])
        if not is_kind:
            told = {"meeting_id": meeting, "journey_id": waiting[0][0], "reason": "Diperiksa ulang"}
            self.refusal_of("BN1", evaluation.hold, told)
        return evaluation.close_minutes, {"meeting_id": meeting, "minutes": "Dibahas."}, who

    def act_publish(self, _here, _who, _is_kind):
        sql = "select meeting_id from posko.evaluation_meeting order by meeting_id desc limit 1"
        return publication.publish, {"meeting_id": self.one(sql)}, None

    def act_make_return(self, _here, _who, _is_kind):
        return returns.make_return, {}, None

    def last_return(self, here):
        sql = "select return_batch_id from posko.return_line where tki_id = :t order by return_batch_id desc limit 1"
        return self.one(sql, t=here.tki_id)

    def act_relay(self, here, _who, _is_kind):
        return returns.relay, {"return_batch_id": self.last_return(here)}, None

    def act_read_back(self, here, _who, is_kind):
        """Relay the return if nobody did, and let BNP2TKI show what it got, or nothing yet."""
        number = self.last_return(here)
        if self.one("select source_batch_id is null from posko.return_batch where return_batch_id = :n", n=number):
            self.world.desk(None).do(returns.relay, return_batch_id=number)
        lines = self.world.ask(
            "select tki_id, lsp_code, if(certificate_status = 'REVOKED', null, certificate_no), certified_on"
            " from posko.return_line where return_batch_id = :n",
            n=number,
        )
        names = ("kode_lsp", "no_sertifikasi_kompetensi", "tanggal_sertifikasi_kompetensi")
        shown = {
            tki_id: dict(zip(names, (lsp, no or "", day.isoformat() if no else ""), strict=True))
            for tki_id, lsp, no, day in lines
        }
        return returns.acknowledge, {"return_batch_id": number, "read_back": shown if is_kind else {}}, None

    def certificate(self, here):
        return {
            "certificate_no": self.one("select certificate_no from posko.certificate where tki_id = :t", t=here.tki_id),
            "reason": "Pemeriksaan",
            "decree_no": "SK-7",
        }

    def act_suspend(self, here, who, _is_kind):
        return certificate_status.suspend, self.certificate(here), who

    def act_reinstate(self, here, who, _is_kind):
        return certificate_status.reinstate, {**self.certificate(here), "second": self.world.second("SA1")}, who

    def act_revoke(self, here, who, _is_kind):
        return certificate_status.revoke, {**self.certificate(here), "second": self.world.second("BN2")}, who

    def act_appeal(self, here, who, _is_kind):
        if here.journey_id is None:
            raise LookupError
        return appeals.record, {"kind": "APPEAL", "journey_id": here.journey_id, "grounds": "Keberatan"}, who
