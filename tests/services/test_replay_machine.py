"""Random histories: whatever anybody tries in whatever order, log and tables agree and the ledger closes (DV-X01, DV-X06, F08, F35).

Hypothesis draws acts of the whole flow, by the right person and by any person, on a few TKI. After every act, each journey stands
where it stood or where that act may bring it; a refused act moves nobody. In the end the log, replayed, equals the tables, every
move is in the table of states, and the ledger finds nothing.
"""

from __future__ import annotations

import datetime as dt
import json

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from apps.fraud.small_world import STAFF, START
from posko.domain.journey import ENTITY
from posko.domain.matrix import MATRIX, Cell, Role
from posko.domain.status import ALLOWED, Status
from posko.services import as_of, ledger
from tests.support.any_act import AnyAct
from tests.support.due_acts import REFUSED_STATES

pytestmark = pytest.mark.server

TKI = ("901", "902", "903", "904")
SAME = None
"""An act that succeeds may leave such a journey where it is."""

MOVES = {
    "send_eligible": {},
    "register": {Status.SENT_TO_KONSORSIUM: {Status.REGISTERED}},
    "register_again": {},
    "schedule": {state: {Status.ALLOCATED} for state in (Status.REGISTERED, *REFUSED_STATES)},
    "undo": {Status.ALLOCATED: {Status.REGISTERED}},
    "send_allocation": {Status.ALLOCATED: {Status.RETURNED_TO_BNSP}},
    "check_balance": {Status.RETURNED_TO_BNSP: {Status.BALANCED, SAME}},
    "withdraw": {Status.RETURNED_TO_BNSP: {Status.ALLOCATED, SAME}},
    "release": {Status.BALANCED: {Status.DISTRIBUTED, SAME}},
    "acknowledge": {Status.DISTRIBUTED: {Status.ACKNOWLEDGED, SAME}},
    "open_day": {},
    "verify": {},
    "attend": {Status.ACKNOWLEDGED: {Status.PRESENT, Status.TURNED_AWAY_NO_MATCH, SAME}},
    "turn_away": {Status.ACKNOWLEDGED: {Status.TURNED_AWAY_NOT_REGISTERED}},
    "end": {Status.PRESENT: {Status.TESTED}, Status.ACKNOWLEDGED: {Status.ABSENT}},
    "cancel": {Status.ACKNOWLEDGED: {Status.ABSENT}},
    "open_scoring": {},
    "score": {Status.TESTED: {Status.ASSESSED}},
    "receive": {},
    "decide": {Status.ASSESSED: {Status.RESULT_SENT}},
    "evaluate": {state: {Status.EVALUATED, Status.ON_HOLD, SAME} for state in (Status.RESULT_SENT, Status.ON_HOLD)},
    "publish": {Status.EVALUATED: {Status.PUBLISHED, SAME}},
    "make_return": {Status.PUBLISHED: {Status.SENT_TO_BNP2TKI, SAME}},
    "relay": {},
    "read_back": {Status.SENT_TO_BNP2TKI: {Status.CLOSED, SAME}},
    "suspend": {},
    "reinstate": {},
    "revoke": {},
    "appeal": {},
}
"""Act -> state before -> states after; whoever is in no row of it stays where she is."""
OF_ONE = {"register", "schedule", "undo", "attend", "turn_away"}
"""Acts that move only the TKI whom they name."""
OF_SESSION = {"end", "cancel", "score", "decide"}
"""Acts that move only the candidates of one session."""


class Flow(AnyAct, RuleBasedStateMachine):
    """One installation, its people and four TKI."""

    emptied: tuple[str, ...] = ()

    @initialize(depth=st.integers(0, 60), is_kind=st.booleans())
    def begin(self, depth, is_kind):
        """Empty the tables, deliver four TKI, and do so many due acts, so that random acts meet every part of the flow."""
        with self.world.admin().begin() as db:
            db.exec_driver_sql("set foreign_key_checks = 0")
            for table in self.emptied:
                db.exec_driver_sql(f"delete from {table}")
            db.exec_driver_sql("set foreign_key_checks = 1")
        self.world.now = START
        self.world.matcher.misses.clear()
        for number, tki_id in enumerate(TKI):
            self.world.add_tki(tki_id, tuk=f"TUK-{1 + number % 2}")
        for number in range(depth):
            self.do_due(TKI[number % len(TKI)], is_kind=is_kind or number % 7 != 0)

    # what is drawn -----------------------------------------------------------------------------------------------

    @rule(tki_id=st.sampled_from(TKI), is_kind=st.booleans(), times=st.integers(1, 5))
    def go_on(self, tki_id, is_kind, times):
        """Do what is due for one TKI, by whom it is due."""
        for _ in range(times):
            self.do_due(tki_id, is_kind=is_kind)

    def do_due(self, tki_id, *, is_kind):
        here = self.where(tki_id)
        name = self.due_act(here)
        self.try_act(name, self.due(name, here), here, is_kind=is_kind)

    @rule(name=st.sampled_from(sorted(MOVES)), who=st.sampled_from(sorted(STAFF)), tki_id=st.sampled_from(TKI))
    def anybody_tries_anything(self, name, who, tki_id):
        """Let anybody try any act on anybody."""
        self.try_act(name, who, self.where(tki_id), is_kind=True)

    @precondition(lambda self: self.world.now < START + dt.timedelta(days=60))
    @rule(days=st.integers(0, 3))
    def time_passes(self, days):
        """Let time pass."""
        self.world.now += dt.timedelta(days=days, minutes=7)

    # what is done and checked ------------------------------------------------------------------------------------

    def try_act(self, name, who, here, *, is_kind):
        before, recorded = self.journeys(), self.count_events()
        self.world.now += dt.timedelta(minutes=1)
        try:
            act, told, by = getattr(self, f"act_{name}")(here, who, is_kind)
        except LookupError:
            return  # nothing there on which it could be tried
        refusal = self.refusal_of(by, act, told)
        if refusal is None:
            self.check_right(act, by)
            self.check_moves(name, here, before)
        else:
            assert refusal.reference
            assert self.journeys() == before
        assert self.count_events() > recorded

    def check_right(self, act, by):
        """Whoever succeeded has a cell that is not a no."""
        command = act.meta.command
        assert (command is None) == (by is None)
        if command is not None:
            assert MATRIX[command][Role(STAFF[by][0])] is not Cell.NO

    def check_moves(self, name, here, before):
        """Each journey stands where it stood, or where this act may bring it; an attempt is new only after a refusal."""
        now = self.journeys()
        for key, (status, attempt, _) in now.items():
            if key not in before:
                first = Status.REGISTERED if name == "register_again" else Status.SENT_TO_KONSORSIUM
                assert (name in {"send_eligible", "register_again"}, status, attempt) == (True, first, 1)
                continue
            was, attempt_was, session_was = before[key]
            is_meant = name not in OF_ONE | OF_SESSION
            is_meant |= name in OF_ONE and key == here.key
            is_meant |= name in OF_SESSION and session_was == here.session_id
            may = MOVES[name].get(was, {SAME}) if is_meant else {SAME}
            assert (status in may) or (SAME in may and status is was), (name, key, was, status)
            is_next = name == "schedule" and was in REFUSED_STATES and status is not was
            assert attempt == attempt_was + is_next, (name, key, attempt_was, attempt)
        assert before.keys() <= now.keys()

    def teardown(self):
        if self.world is None:
            return
        with ledger_db(self.world) as db:
            assert as_of.compare_with_tables(db) == []
            assert ledger.check(db).problems == []
        for tki_id in TKI:
            with ledger_db(self.world) as db:
                told = {(tki_id, one.journey_no): one.state for one in as_of.journey_at(db, tki_id, self.world.now)}
            rows = {key: value for key, value in self.journeys().items() if key[0] == tki_id}
            assert {key: (state.status, state.attempt_no) for key, state in told.items()} == {
                key: value[:2] for key, value in rows.items()
            }
        self.check_table_of_states()

    def check_table_of_states(self):
        told = self.world.ask(
            "select payload from posko_audit.audit_event where entity = :e and outcome = 'ok'", e=ENTITY
        )
        moves = [event for (text,) in told if "to" in (event := json.loads(text)) and event["from"] is not None]
        assert all(Status(event["to"]) in ALLOWED[Status(event["from"])] for event in moves)

    # what is there -----------------------------------------------------------------------------------------------

    def journeys(self):
        """Return (TKI, number) -> state, attempt, session of the attempt."""
        rows = self.world.ask(
            "select tki_id, journey_no, status, attempt_no, session_id from posko.journey"
            " left join posko.allocation using (journey_id, attempt_no) order by journey_id"
        )
        return {(tki, number): (Status(status), attempt, session) for tki, number, status, attempt, session in rows}

    def count_events(self):
        return self.world.value("select count(*) from posko_audit.audit_event")


def ledger_db(world):
    return world.admin().connect()


def test_random_histories_are_told_by_the_log_and_close_in_the_ledger(world):
    with world.admin().connect() as db:
        names = db.execute(
            sa.text(
                "select concat(table_schema, '.', table_name) from information_schema.tables where table_type = 'BASE TABLE'"
                " and table_schema in ('posko', 'posko_audit', 'posko_model', 'posko_staging')"
            )
        ).scalars()
        empty = [name for name in list(names) if db.execute(sa.text(f"select count(*) from {name}")).scalar_one() == 0]
    Flow.world, Flow.emptied = world, tuple(empty)
    try:
        run_state_machine_as_test(
            Flow,
            settings=settings(
                max_examples=20,
                stateful_step_count=50,
                deadline=None,
                database=None,
                # To shrink a failing history against a real server takes many minutes; its printed steps are readable as they are.
                phases=(Phase.generate,),
                # An example talks to a real server some hundred times, which hypothesis takes for a mistake.
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            ),
        )
    finally:
        Flow.world = None
