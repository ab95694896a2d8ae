"""The tables of an auditor's pack held against each other and against the log: sums, frozen evidence, minutes, samples (§5.7; R-025)."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Any

from exports.audit_pack_log import attempt_of
from posko.domain.audit import canonical
from posko.domain.handoff import batch_hash
from posko.domain.sampling import draw
from posko.services.deviation_register import evidence_hash
from posko.services.meeting_evidence import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exports.audit_pack_findings import Verdict
    from exports.audit_pack_log import Told

    Read = Callable[..., Iterator[tuple[Any, ...]]]
    """Name of a table and of its columns -> the rows, one at a time."""


def check_all(read: Read, told: Told, verdict: Verdict) -> None:
    """Check every table of a pack.

    Args:
        read: gives rows of the pack's tables.
        told: what the log tells of them.
        verdict: takes what is found.
    """
    for check in (_batches, _deviations, _attempts, _notes, _findings, _meetings, _surveillance, _parameters):
        check(read, told, verdict)


def _batches(read: Read, told: Told, verdict: Verdict) -> None:
    """Every batch has as many lines as it says, with its hash, and is what the log tells; every line has its batch."""
    columns = ("batch_id", "row_count", "rows_sha256", "received_count", "received_sha256", "rejected_count")
    batches = {row[0]: row[1:] for row in read("batch", *columns)}
    counted = set()
    lines = read("line", "batch_id", "row_hash", "received_hash", "status")
    for batch_id, some in groupby(lines, lambda line: line[0]):
        batch = batches.get(batch_id)
        if batch is None:
            verdict.add("line_lost", batch_id)
            continue
        counted.add(batch_id)
        if batch != _sums(list(some), is_received=batch[2] is not None):
            verdict.add("batch", batch_id)
    for batch_id, (rows, digest, received, received_digest, _) in batches.items():
        if batch_id not in counted and rows:
            verdict.add("batch", batch_id)
        is_logged = told.sent.get(batch_id) == (rows, digest)
        if received is not None and batch_id in told.loaded:
            is_logged = is_logged and told.loaded[batch_id] == (received, received_digest)
        if not is_logged:
            verdict.add("batch_log", batch_id)
    for batch_id in sorted({number for entity, number in told.must if entity == "handoff"} - batches.keys()):
        verdict.add("batch_gone", batch_id)


def _sums(lines: list[tuple[Any, ...]], *, is_received: bool) -> tuple[Any, ...]:
    """Return what a batch of these lines must say: rows, hash, received, hash of what was received, rejected."""
    total = batch_hash(bytes.fromhex(line[1]) for line in lines).hex()
    if not is_received:
        return (len(lines), total, None, None, None)
    got = [line[2] for line in lines if line[2] is not None]
    rejected = sum(line[3] == "REJECTED" for line in lines)
    return (len(lines), total, len(got), batch_hash(map(bytes.fromhex, got)).hex(), rejected)


def _deviations(read: Read, told: Told, verdict: Verdict) -> None:
    """Every deviation has the evidence that was frozen and a rule of the catalogue, and its case is there."""
    rules = {rule_id for (rule_id,) in read("rule", "rule_id")}
    cases: dict[int, str] = dict(read("deviation_case", "case_id", "evidence_sha256"))
    taken: dict[int, list[dict[str, Any]]] = {case_id: [] for case_id in cases}
    columns = ("deviation_id", "rule_id", "evidence", "evidence_sha256", "case_id", "case_at")
    for number, rule_id, evidence, digest, case_id, case_at in read("deviation", *columns):
        if sha256(evidence.encode()).hexdigest() != digest:
            verdict.add("deviation", number)
        if rule_id not in rules:
            verdict.add("rule", rule_id)
        if case_id in taken:
            row = {"deviation_id": number, "rule_id": rule_id, "evidence_sha256": bytes.fromhex(digest)}
            taken[case_id].append({**row, "at": case_at or ""})
        elif case_id is not None:
            verdict.add("case_gone", case_id)
    _cases(read, cases, taken, told, verdict)


def _cases(
    read: Read, cases: dict[int, str], taken: dict[int, list[dict[str, Any]]], told: Told, verdict: Verdict
) -> None:
    """Every case has the evidence of its deviations, as the log tells it, and notes and subjects have their case."""
    for case_id, rows in taken.items():
        if evidence_hash(rows).hex() != cases[case_id]:
            verdict.add("case", case_id)
        if not told.frozen.get(case_id, set()) <= _frozen(rows):
            verdict.add("case_log", case_id)
    for name in ("case_subject", "case_note"):
        for case_id in sorted({case_id for (case_id,) in read(name, "case_id")} - cases.keys()):
            verdict.add("case_gone", case_id)


def _frozen(rows: list[dict[str, Any]]) -> set[str]:
    """Return the hash over a case's deviations each time that some were taken in; a case only grows."""
    moments = sorted({row["at"] for row in rows})
    return {evidence_hash([row for row in rows if row["at"] <= moment]).hex() for moment in moments}


def _attempts(read: Read, told: Told, verdict: Verdict) -> None:
    """Every refusal under a rule that the log tells stands in the register, with what the log says of it."""
    left = dict(told.refused)
    for number, evidence, event in read("deviation", "deviation_id", "evidence", "audit_event"):
        noted = left.pop(event, None)
        if noted is not None and attempt_of(json.loads(evidence)) != noted:
            verdict.add("attempt", number)
    for event in left:
        verdict.add("attempt_gone", event)


def _notes(read: Read, told: Told, verdict: Verdict) -> None:
    """Every note whose hash the log tells stands in its case, letter by letter."""
    there: dict[int, Counter[str]] = defaultdict(Counter)
    for case_id, note in read("case_note", "case_id", "note"):
        there[case_id][sha256(note.encode()).hexdigest()] += 1
    cases = {case_id for (case_id,) in read("deviation_case", "case_id")}
    for case_id in sorted({number for entity, number in told.must if entity == "case"} - cases):
        verdict.add("case_gone", case_id)
    for case_id, hashes in told.notes.items():
        if case_id in cases and hashes - there[case_id]:
            verdict.add("case_note", case_id)


def _findings(read: Read, told: Told, verdict: Verdict) -> None:
    """Every finding is as its history ends, the history bears its evidence, and each run of a rule changed what the log tells."""
    last: dict[int, tuple[str, str]] = {}
    counted: Counter[str] = Counter()
    columns = ("change_id", "finding_id", "change_kind", "evidence", "evidence_sha256", "audit_event")
    for number, finding_id, kind, evidence, digest, event in read("finding_change", *columns):
        if sha256(evidence.encode()).hexdigest() != digest:
            verdict.add("finding_change", number)
        counted[event] += 1
        last[finding_id] = (kind, last[finding_id][1] if kind == "GONE" and finding_id in last else digest)
    there = {number: at[:19] for number, at in read("deviation", "deviation_id", "occurred_at")}
    newest = max((number for number, at in there.items() if at < told.until[:19]), default=0)
    names = ("finding_id", "evidence_sha256", "gone_at", "deviation_id", "first_seen_at")
    for finding_id, digest, gone_at, deviation_id, seen_at in read("finding", *names):
        kind, shown = last.get(finding_id, ("", ""))
        if shown != digest or (kind == "GONE") is not (gone_at is not None):
            verdict.add("finding", finding_id)
        # Who was found again after the period has a later deviation.
        if seen_at[:19] >= told.since[:19] and deviation_id <= newest and deviation_id not in there:
            verdict.add("deviation_gone", finding_id)
    for event, changes in told.changes.items():
        if counted[event] != changes:
            verdict.add("finding_log", event)


def _meetings(read: Read, told: Told, verdict: Verdict) -> None:
    """Every closed meeting has minutes, people, items and comments of the hash that was frozen, and that the log tells."""
    parts: dict[str, dict[int, list[dict[str, Any]]]] = {}
    for name, columns in _PARTS.items():
        rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for meeting_id, *values in read(name, "meeting_id", *columns):
            rows[meeting_id].append(dict(zip(columns, values, strict=True)))
        parts[name] = rows
    columns = ("meeting_id", "held_on", "place", "minutes", "evidence", "state", "minutes_sha256")
    for meeting_id, *values in read("meeting", *columns):
        meeting = {"meeting_id": meeting_id, **dict(zip(columns[1:], values, strict=True))}
        if meeting["state"] != "CLOSED":
            continue
        people, items, comments = (parts[name][meeting_id] for name in _PARTS)
        if digest_of(meeting, people, items, comments).hex() != meeting["minutes_sha256"]:
            verdict.add("meeting", meeting_id)
        if told.minutes.get(meeting_id, meeting["minutes_sha256"]) != meeting["minutes_sha256"]:
            verdict.add("meeting_log", meeting_id)


_PARTS = {
    "meeting_participant": ("person_id", "organisation"),
    "meeting_item": ("journey_id", "finding", "reason", "noted_by"),
    "meeting_comment": ("comment_id", "lsp_code", "comment", "made_by"),
}
"""Table of what belongs to a meeting -> the columns that are frozen with its minutes."""
_FRAME = ("session_id", "tuk_code", "lsp_code", "met_no", "exam_on", "weight", "parts", "chance_permille", "is_picked")


def _surveillance(read: Read, told: Told, verdict: Verdict) -> None:
    """Every sample is hashed as the log tells, every revealed seed is the one committed to, and draws the sample again."""
    promised: dict[str, str] = dict(read("surveillance_commitment", "week_on", "seed_sha256"))
    seeds: dict[int, str] = dict(read("surveillance_reveal", "draw_id", "seed"))
    frames: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for draw_id, *values in read("surveillance_frame", "draw_id", *_FRAME):
        frames[draw_id].append(tuple(values))
    for draw_id, week, wanted, digest in read("surveillance_draw", "draw_id", "week_on", "wanted", "frame_sha256"):
        rows, seed = frames[draw_id], seeds.get(draw_id)
        hashed = sha256(canonical([list(row) for row in rows]).encode()).hexdigest()
        if hashed != digest or told.frames.get(draw_id, digest) != digest:
            verdict.add("frame", week)
        if seed is None:
            continue
        if sha256(bytes.fromhex(seed)).hexdigest() != promised.get(week):
            verdict.add("seed", week)
        picked = [row[0] for row in rows if row[-1]]
        if draw({row[0]: row[5] for row in rows}, wanted, bytes.fromhex(seed)) != picked:
            verdict.add("sample", week)
    for week, digest in promised.items():
        if told.seeds.get(week, digest) != digest:
            verdict.add("seed", week)


def _parameters(read: Read, told: Told, verdict: Verdict) -> None:
    """Every parameter that was set in these days has the value that the log tells."""
    values = {(name, day): value for name, day, value in read("parameter", "parameter_name", "valid_from", "value")}
    for (name, day), value in told.parameters.items():
        if values.get((name, day)) != str(value):
            verdict.add("parameter_log", f"{name} mulai {day}")


def counted_again(read: Read, name: str, columns: tuple[str, ...]) -> dict[str, int]:
    """Return how many rows of a table have each value of these columns, as the manifest counts them."""
    return dict(Counter(" ".join(map(str, row)) for row in read(name, *columns)))
