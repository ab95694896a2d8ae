"""Whatever text is sent and however the source is edited: nothing is lost, nothing altered (R-082, R-085)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from ingest.receive import receive
from posko.db.staging_columns import TEXT_COLUMNS
from tests.support.source import correct, make_source, run_sql, send, tki
from tests.support.staging import assert_accounted

pytestmark = pytest.mark.server

AWKWARD = [
    "\x1f",
    "\x1e",
    "\x1bN",
    "\x1b",
    "\t",
    "\n",
    "\r",
    "\\",
    "\\N",
    "NULL",
    "'",
    '"',
    " ",
    "\x00",
    "😀",
    "٣",
    "1e5",
    "%s",
]
ANY_TEXT = strategies.text(strategies.characters(codec="utf-8"), max_size=40)
AWKWARD_TEXT = strategies.lists(strategies.sampled_from(AWKWARD) | ANY_TEXT, max_size=5).map("".join)
LONG_TEXT = strategies.sampled_from(["A" * 255, "A" * 256, "😀" * 255, "A" * 254 + "  "])
TEXT = ANY_TEXT | AWKWARD_TEXT | LONG_TEXT
NUMBER = strategies.integers(0, 35).map(str)
DATE_TEXT = strategies.tuples(NUMBER, NUMBER, strategies.integers(1890, 2100).map(str)).map("/".join)
TIME = strategies.datetimes(
    min_value=datetime.fromisoformat("1970-01-01"), max_value=datetime.fromisoformat("2030-01-01")
)
ROW = strategies.fixed_dictionaries(
    {
        "id_tki": strategies.none()
        | strategies.sampled_from(["1", "1 ", "2", "A", "a", ""])
        | TEXT.map(lambda text: text[:250])
    },
    optional={
        "updated_at": strategies.none() | TIME,
        **{
            column: strategies.none()
            | (DATE_TEXT | TEXT if column.startswith("tanggal_") else TEXT).map(lambda text: text[:255])
            for column in TEXT_COLUMNS
            if column != "id_tki"
        },
        "nama": TEXT,
        "alamat": TEXT | strategies.sampled_from(["A" * 2000, "A" * 2001]),
    },
)


@pytest.mark.parametrize("collation", ["utf8mb4_bin", "utf8mb4_general_nopad_ci"])
def test_any_rows_are_stored_exactly_or_refused(source, clean_posko, request, collation):
    generous = request.getfixturevalue("settings").model_copy(
        update={"receive_shrink_limit": 1, "receive_chunk_rows": 3}
    )
    make_source(source, key="varchar(255) null", primary_key=False, collation=collation)

    @settings(max_examples=15, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(rows=strategies.lists(ROW, max_size=8))
    def whatever(rows):
        run_sql(source, "delete from tki_tlrt")
        send(source, *(tki(**row) for row in rows))
        assert_accounted(source, clean_posko, receive(source.server, clean_posko, generous, verify=True))
        assert receive(source.server, clean_posko, generous, verify=True).deleted == 0

    whatever()


KEYS = strategies.sampled_from(["1", "2", "2 ", "3", "", None])
NAMES = strategies.sampled_from(["SITI", "WATI", "A\x00", "A\x1fB", "N" * 300, None])
BIRTHS = strategies.sampled_from(["5/25/1985", "2/30/1985", None])


def machine(source, target, small):
    """Return the class of a source that is edited at random and received now and then."""

    class EditedSource(RuleBasedStateMachine):
        @initialize()
        def begin(self):
            run_sql(source, "delete from tki_tlrt")
            self.at = datetime.fromisoformat("2012-07-01")
            self.received = receive(source.server, target, small, verify=True)

        def now(self):
            self.at += timedelta(minutes=20)
            return self.at

        @rule(key=KEYS, name=NAMES, birth=BIRTHS)
        def insert(self, key, name, birth):
            send(source, tki(key, nama=name, tanggal_lahir=birth, updated_at=self.now()))

        @rule(key=KEYS, name=NAMES, birth=BIRTHS)
        def correct(self, key, name, birth):
            correct(source, key, at=str(self.now()), nama=name, tanggal_lahir=birth)

        @rule(key=KEYS, name=NAMES, birth=BIRTHS)
        def lie(self, key, name, birth):
            correct(source, key, at=None, nama=name, tanggal_lahir=birth)

        @rule(key=KEYS)
        def delete_one(self, key):
            same = "is null" if key is None else f"= '{key}'"
            run_sql(source, f"delete from tki_tlrt where id_tki {same} limit 1")

        @rule()
        def receive_by_time(self):
            received = receive(source.server, target, small)
            assert received.received == received.typed + received.quarantined
            assert received.typed == received.inserted + received.updated + received.unchanged

        @rule()
        def receive_and_verify(self):
            assert_accounted(source, target, receive(source.server, target, small, verify=True))

        def teardown(self):
            assert_accounted(source, target, receive(source.server, target, small, verify=True))

    return EditedSource


def test_any_sequence_of_edits_ends_with_staging_equal_to_the_source(source, clean_posko, request):
    generous = request.getfixturevalue("settings").model_copy(
        update={"receive_shrink_limit": 1, "receive_chunk_rows": 3}
    )
    make_source(source, key="varchar(64) null", primary_key=False)
    send(source, tki("1"))
    receive(source.server, clean_posko, generous)

    run_state_machine_as_test(
        machine(source, clean_posko, generous),
        settings=settings(max_examples=12, stateful_step_count=12, deadline=None, database=None),
    )
