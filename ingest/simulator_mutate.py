"""What happens to a simulated source after the first delivery: corrections, arrivals, deletions (§12.1).

A correction repairs a planted fault where it meets one that kept a TKI out, so that her row leaves quarantine
or becomes eligible by itself. A lie changes a row under its old `updated_at`: only checksums can find it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.simulator_faults import Fault, place_faults
from ingest.simulator_load import TKI_TARGET, load, plain_line_of
from ingest.simulator_names import VILLAGES
from ingest.simulator_people import Plan, tki_id_of
from ingest.simulator_registers import dice
from ingest.simulator_schema import MARKER, TKI_COLUMNS
from posko.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from random import Random

    from pymysql.connections import Connection
    from pymysql.cursors import Cursor

_STEP = dt.timedelta(milliseconds=1)
_PROBE = 1_000


@dataclass(frozen=True, slots=True)
class Mutated:
    """What one round changed: ids in the order of their change; `repaired` is part of `corrected`."""

    corrected: list[str]
    repaired: list[str]
    arrived: list[str]
    deleted: list[str]
    lied: list[str]


@dataclass(slots=True)
class _State:
    plan: Plan
    faults: dict[int, Fault]
    next_number: int
    rounds: int


def mutate(
    connection: Connection[Any],
    *,
    seed: int = 1,
    corrections: int = 0,
    arrivals: int = 0,
    deletions: int = 0,
    lie: int = 0,
    at: dt.datetime | None = None,
) -> Mutated:
    """Change a simulated source and commit; the same state, arguments and `at` give the same rows.

    Args:
        connection: to the source database, opened with `local_infile`.
        seed: of the choice of rows and of the new texts.
        corrections: rows that get new texts and a new `updated_at`.
        arrivals: new TKI, trained in the last days.
        deletions: rows that disappear.
        lie: rows that get new texts under their old `updated_at`.
        at: naive UTC time of the first change; default now. Never earlier than what the source already holds.

    Raises:
        BadInput: the source was not made by the simulator, or holds too few rows for so many changes.
    """
    state = _read_state(connection)
    rng = dice(seed, f"mutate:{state.rounds}")
    corrected = _pick(connection, state, rng, corrections, lambda n: n not in state.faults or _mends(state, n))
    taken = set(corrected)
    others = _pick(connection, state, rng, deletions + lie, lambda n: n not in state.faults and n not in taken)
    deleted, lied = others[:deletions], others[deletions:]
    arrived = range(state.next_number, state.next_number + arrivals)
    at = _first_moment(connection, at)
    with connection.cursor() as cursor:
        repaired = _correct(cursor, state, corrected, rng, at)
        _rewrite(cursor, lied, rng, None)
        _delete(cursor, deleted)
        _remember(cursor, state, arrived, len(deleted))
    load(connection, TKI_TARGET, _arrival_lines(state.plan, arrived, at + _STEP * corrections))
    connection.commit()
    return Mutated(_ids(corrected), _ids(repaired), _ids(arrived), _ids(deleted), _ids(lied))


def _delete(cursor: Cursor, numbers: list[int]) -> None:
    for table in ("tki_tlrt", "tki_sidik_jari"):
        cursor.executemany(f"delete from {table} where id_tki = %s", [(key,) for key in _ids(numbers)])


def _remember(cursor: Cursor, state: _State, arrived: range, deleted: int) -> None:
    """Note in the marker which number comes next and how many rows are ours."""
    cursor.execute(
        f"update {MARKER} set next_number = %s, mutation_total = %s, row_total = row_total + %s",
        (arrived.stop, state.rounds + 1, len(arrived) - deleted),
    )


def _ids(numbers: Iterable[int]) -> list[str]:
    return [tki_id_of(number) for number in numbers]


def _read_state(connection: Connection[Any]) -> _State:
    with connection.cursor() as cursor:
        cursor.execute(f"show tables like '{MARKER}'")
        if not cursor.fetchone():
            raise BadInput("Basis data sumber bukan buatan simulator, jadi tidak diubah. Jalankan dulu: posko simulate")
        columns = "seed, tki, today, fault_share, next_number, mutation_total"
        cursor.execute(f"select {columns} from {MARKER}")
        row = cursor.fetchone()
    if row is None:
        raise BadInput("Simulasi yang lalu tidak selesai. Jalankan lagi: posko simulate")
    plan = Plan(int(row[0]), int(row[1]), row[2])
    return _State(plan, place_faults(plan, float(row[3])), int(row[4]), int(row[5]))


def _mends(state: _State, number: int) -> bool:
    """Say whether a correction would let this faulty row in: it was kept out, and not by its key."""
    fault = state.faults[number]
    return fault.expected.startswith(("quarantine:", "held_back:")) and not fault.kind.startswith("key_")


def _pick(connection: Connection[Any], state: _State, rng: Random, count: int, may: Callable[[int], bool]) -> list[int]:
    """Return `count` numbers of rows that exist and that `may` allows, in random order."""
    found: dict[int, None] = {}
    for _ in range(50):
        if len(found) >= count:
            break
        size = min(state.next_number, max(_PROBE, (count - len(found)) * 5 // 4))
        tried = rng.sample(range(state.next_number), size)
        wanted = [number for number in tried if number not in found and may(number)]
        found |= dict.fromkeys(_existing(connection, wanted))
    if len(found) < count:
        raise BadInput(f"Sumber hanya punya {len(found)} baris yang bisa diubah; yang diminta {count}.")
    return list(found)[:count]


def _existing(connection: Connection[Any], numbers: list[int]) -> list[int]:
    present: set[str] = set()
    with connection.cursor() as cursor:
        for start in range(0, len(numbers), _PROBE):
            keys = _ids(numbers[start : start + _PROBE])
            cursor.execute(
                f"select id_tki from tki_tlrt where id_tki in ({', '.join(['%s'] * len(keys))})",
                keys,
            )
            present.update(str(row[0]) for row in cursor.fetchall())
    return [number for number in numbers if tki_id_of(number) in present]


def _first_moment(connection: Connection[Any], at: dt.datetime | None) -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("select max(updated_at) from tki_tlrt")
        newest: dt.datetime | None = (cursor.fetchone() or (None,))[0]
    at = at or dt.datetime.now(dt.UTC).replace(tzinfo=None)
    return at if newest is None or newest < at else newest + dt.timedelta(seconds=1)


def _correct(cursor: Cursor, state: _State, numbers: list[int], rng: Random, at: dt.datetime) -> list[int]:
    repaired = [number for number in numbers if number in state.faults]
    _rewrite(cursor, [number for number in numbers if number not in state.faults], rng, at)
    moment = at + _STEP * (len(numbers) - len(repaired))
    columns = ", ".join(f"{name} = %s" for name in [*TKI_COLUMNS, "updated_at"])
    cursor.executemany(
        f"update tki_tlrt set {columns} where id_tki = %s",
        [
            (*state.plan.row(state.plan.person(number))[:-1], moment + _STEP * place, tki_id_of(number))
            for place, number in enumerate(repaired)
        ],
    )
    return repaired


def _rewrite(cursor: Cursor, numbers: list[int], rng: Random, at: dt.datetime | None) -> None:
    """Give each row another address and telephone number; without `at` its `updated_at` stays."""
    rows = []
    for place, number in enumerate(numbers):
        village, house, phone = rng.choice(VILLAGES), rng.randrange(1, 200), rng.randrange(10**9, 10**10)
        moment = None if at is None else at + _STEP * place
        rows.append((f"JL. {village} NO. {house}", f"08{phone}", moment, tki_id_of(number)))
    cursor.executemany(
        "update tki_tlrt set alamat = %s, no_telepon = %s, updated_at = coalesce(%s, updated_at) where id_tki = %s",
        rows,
    )


def _arrival_lines(plan: Plan, numbers: range, at: dt.datetime) -> Iterator[str]:
    for place, number in enumerate(numbers):
        row = plan.row(plan.arrival(number))
        row[-1] = f"{at + _STEP * place:%Y-%m-%d %H:%M:%S.%f}"
        yield plain_line_of(row)
