"""The log in an auditor's pack: hashed into the tree, held against checkpoints; and what it tells of the tables (§5.7; R-025, R-181).

The edge of the tree before the first event and the events themselves give the root at each checkpoint. A checkpoint that the auditor got
from BNSP earlier, from a witness or from another body is what proves them: who rules the database and all keys cannot change that one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from posko.domain.audit import canonical
from posko.domain.errors import BadInput
from posko.domain.merkle import CompactRange, blocks
from posko.services.audit_notes import is_signed, read_note, witnessed_at
from posko.services.audit_verify import LogReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from exports.audit_pack_findings import Verdict
    from exports.audit_pack_manifest import LogLink, LogPart
    from posko.services.audit_notes import Checkpoint, PublicKey

OUTSIDE = frozenset({"tail"})
"""Kinds of findings that a part of the log cannot tell: what was heard of may be sealed after the pack's last checkpoint."""
CHANGES = ("new", "again", "changed", "gone")
_OWN = frozenset({"act", "by", "entity", "key", "played_at", "behalf_reason"})
"""What only one of the two says: the event in fields of its own, the evidence not at all."""


@dataclass
class Told:
    """What events of the log tell of rows that the tables of the pack must hold as well; hashes in hex.

    The stretch is wider than the period: only what was written from `since` to before `until` (as records write times) must have its rows
    in the pack, `must`; of what was written around it the rows may lie outside.
    """

    since: str
    until: str
    must: set[tuple[str, int]] = field(default_factory=set)
    sent: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    loaded: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    minutes: dict[int, Any] = field(default_factory=dict)
    notes: dict[int, Counter[Any]] = field(default_factory=dict)
    frozen: dict[int, set[Any]] = field(default_factory=dict)
    frames: dict[int, Any] = field(default_factory=dict)
    seeds: dict[str, Any] = field(default_factory=dict)
    parameters: dict[tuple[str, str], Any] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)
    refused: dict[str, bytes] = field(default_factory=dict)

    def take(self, event: dict[str, Any]) -> None:
        """Hear one event; what was refused changed nothing, and under a rule it stands in the register."""
        payload, key = event["payload"], str(event.get("key"))
        if not isinstance(payload, dict):
            return
        is_inside = self.since <= str(event.get("at")) < self.until
        if event.get("outcome") == "ok":
            self._take_done(event, payload, key, is_inside=is_inside)
        elif is_inside and event.get("outcome") == "refused" and "rule" in payload:
            self.refused[f"{event['writer']}/{event['seq']}"] = attempt_of(payload)

    def _take_done(self, event: dict[str, Any], payload: dict[str, Any], key: str, *, is_inside: bool) -> None:
        entity, step, number = event.get("entity"), payload.get("step"), int(key) if key.isdecimal() else None
        if number is not None and is_inside and (entity == "case" or step == "sent"):
            self.must.add((str(entity), number))
        if entity == "handoff" and number is not None and step in {"sent", "loaded"}:
            (self.sent if step == "sent" else self.loaded)[number] = (payload.get("rows"), payload.get("sha256"))
        elif entity == "meeting" and number is not None and step == "closed":
            self.minutes[number] = payload.get("sha256")
        elif entity == "case" and number is not None:
            self._take_case(number, payload)
        elif entity == "surveillance" and step == "drawn":
            self.frames[int(payload["draw_id"])] = payload.get("frame_sha256")
        elif entity == "surveillance" and step == "committed":
            self.seeds[key] = payload.get("seed_sha256")
        elif event["action"] == "parameter.set":
            self.parameters[key, str(payload.get("valid_from"))] = payload.get("after")
        elif event["action"] == "finding.sync" and is_inside:
            self.changes[f"{event['writer']}/{event['seq']}"] = sum(int(payload.get(name, 0)) for name in CHANGES)

    def _take_case(self, number: int, payload: dict[str, Any]) -> None:
        if "note_sha256" in payload:
            self.notes.setdefault(number, Counter())[payload["note_sha256"]] += 1
        if "evidence_sha256" in payload:
            self.frozen.setdefault(number, set()).add(payload["evidence_sha256"])


def attempt_of(told: dict[str, Any]) -> bytes:
    """Return a hash of what the event of a refusal and the evidence of its deviation must have in common."""
    return sha256(canonical({name: value for name, value in told.items() if name not in _OWN}).encode()).digest()


def check(
    log: LogPart,
    events: Iterable[tuple[int, str]],
    notes: Iterable[tuple[int, str]],
    *,
    key: PublicKey,
    held: Sequence[Checkpoint],
    witnesses: Sequence[PublicKey],
    told: Told,
    verdict: Verdict,
) -> None:
    """Check the log of a pack against its own checkpoints and those that the auditor holds.

    Args:
        log: the stretch as the manifest names it.
        events: place and record, in order.
        notes: size and note of each checkpoint in the stretch, in order.
        key: the log's public key, from where it was published.
        held: the auditor's own checkpoints, one at least.
        witnesses: keys whose cosignature each of them must bear.
        told: hears what the events tell.
        verdict: takes what is found.
    """
    edge = CompactRange(log.first, [bytes.fromhex(root) for root in log.edge])
    _check_older(log, edge, key, verdict)
    reader = LogReader(edge=edge, told=told.take)
    watch = _Watch(notes, key, held, verdict)
    watch.look(reader.tree)
    for place, record in events:
        if place != reader.tree.size:
            verdict.add("log", f"peristiwa {place} bukan pada tempatnya.")
        reader.feed(record.encode())
        watch.look(reader.tree)
    watch.end(reader.tree, log)
    for finding in reader.end().findings:
        if finding.kind not in OUTSIDE:
            verdict.add("log", finding.text)
    for one in held:
        _check_held(one, log, edge, reader.tree, key, witnesses, verdict)
    verdict.events = reader.tree.size - log.first
    reached = max((min(one.size, reader.tree.size) for one in held), default=log.first)
    verdict.proven = 0 if any(one.kind.startswith("held") for one in verdict.findings) else max(0, reached - log.first)


@dataclass
class _Watch:
    """Compares the growing tree with the checkpoints of the pack, and with those of the auditor that lie in it."""

    notes: Iterable[tuple[int, str]]
    key: PublicKey
    held: Sequence[Checkpoint]
    verdict: Verdict

    def __post_init__(self) -> None:
        self._iterator: Iterator[tuple[int, str]] = iter(self.notes)
        self._next = next(self._iterator, None)
        self._last = ""
        self._roots: dict[int, set[bytes]] = {}
        for one in self.held:
            self._roots.setdefault(one.size, set()).add(one.root)

    def look(self, tree: CompactRange) -> None:
        """Compare, if checkpoints stand exactly here."""
        if tree.size in self._roots and self._roots[tree.size] != {tree.root()}:
            self.verdict.add("held", tree.size)
        if self._next is not None and self._next[0] == tree.size:
            self._compare(*self._next, tree)
            self._last, self._next = self._next[1], next(self._iterator, None)

    def end(self, tree: CompactRange, log: LogPart) -> None:
        """Write down checkpoints that no event led to; the last of the pack closes the stretch."""
        if self._next is not None:
            self.verdict.add("checkpoint_gone", self._next[0])
        if tree.size != log.size:
            self.verdict.add("checkpoint", log.size)
        if log.size == log.first:
            self._compare(log.size, log.newest, tree)
        elif self._last.partition("\n\n")[0] != log.newest.partition("\n\n")[0]:
            self.verdict.add("checkpoint_gone", log.size)

    def _compare(self, size: int, text: str, tree: CompactRange) -> None:
        note = _note(text)
        if note is None or not is_signed(note, self.key):
            self.verdict.add("checkpoint_key", size)
            return
        self.verdict.checkpoints += 1
        if (note.size, note.size, note.root) != (size, tree.size, tree.root()):
            self.verdict.add("checkpoint", size)


def _check_older(log: LogPart, edge: CompactRange, key: PublicKey, verdict: Verdict) -> None:
    """Check that the edge before the stretch is the one of a signed checkpoint, or of an empty log."""
    if len(edge.roots) != log.first.bit_count() or (log.older is None) != (log.first == 0):
        verdict.add("checkpoint", log.first)
    elif log.older is not None:
        note = _note(log.older)
        if note is None or not is_signed(note, key):
            verdict.add("checkpoint_key", log.first)
        elif (note.size, note.root) != (log.first, edge.root()):
            verdict.add("checkpoint", log.first)


def _check_held(
    one: Checkpoint,
    log: LogPart,
    edge: CompactRange,
    tree: CompactRange,
    key: PublicKey,
    witnesses: Sequence[PublicKey],
    verdict: Verdict,
) -> None:
    """Check a checkpoint of the auditor: its signatures, and where it lies outside the pack, the way from it or to it."""
    if not is_signed(one, key):
        verdict.add("checkpoint_key", one.size)
    if any(witnessed_at(one, witness) is None for witness in witnesses):
        verdict.add("witness", one.size)
    if log.first <= one.size <= log.size:
        return
    link = next((each for each in log.links if each.size == one.size), None)
    if link is None:
        verdict.add("held_apart", one.size)
    elif one.size > log.size:
        if _led(tree, link, one.size) != one.root:
            verdict.add("held", one.size)
    else:
        start = CompactRange(one.size, [bytes.fromhex(root) for root in link.edge])
        is_whole = len(start.roots) == one.size.bit_count()
        if not is_whole or start.root() != one.root or _led(start, link, log.first) != edge.root():
            verdict.add("held", one.size)


def _led(start: CompactRange, link: LogLink, size: int) -> bytes | None:
    """Return the root of the tree of `size` that the link leads to from an edge; None: it does not lead there."""
    sizes = blocks(start.size, size)
    if len(sizes) != len(link.blocks):
        return None
    tree = start.copy()
    for leaves, root in zip(sizes, link.blocks, strict=True):
        tree.add_block(leaves, bytes.fromhex(root))
    return tree.root()


def _note(text: str) -> Checkpoint | None:
    try:
        return read_note(text)
    except BadInput:
        return None
