"""What BNSP itself changed in a pack and signed anew is named by what no longer fits: sums, hashes, the log (§5.7; R-025)."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from exports.audit_pack import COUNTED
from posko.db.secrets import read_or_make_key
from posko.domain.audit import canonical
from posko.domain.handoff import batch_hash
from posko.domain.merkle import CompactRange, leaf_hash
from posko.services.audit_notes import make_note
from posko.services.audit_pack_tables import TABLES
from posko.services.deviation_register import evidence_hash
from posko.services.meeting_evidence import digest_of
from posko.services.sealing import SIGNING_KEY
from tests.support.audit_pack_changed import Forger

pytest_plugins = ["tests.support.audit_pack_fixtures"]
pytestmark = pytest.mark.server


def rehash(row, text="evidence", digest="evidence_sha256"):
    row[digest] = sha256(row[text].encode()).hexdigest()


def _event(forger):
    row = forger.rows["event"][20]
    row["record"] = row["record"].replace('"outcome":"ok"', '"outcome":"no"')


def _events_swapped(forger):
    rows = forger.rows["event"]
    rows[10]["record"], rows[11]["record"] = rows[11]["record"], rows[10]["record"]


def _event_dropped(forger):
    del forger.rows["event"][15]


def _events_cut(forger):
    del forger.rows["event"][-3:]


def _note_signed_by_another(forger):
    row = forger.rows["checkpoint"][0]
    row["note"] = make_note(row["size"], bytes(32), bytes(range(32)))


def _line(forger):
    forger.rows["line"][0]["row_hash"] = "0" * 64


def _line_dropped(forger):
    del forger.rows["line"][0]


def _line_rejected(forger):
    forger.first("line", status="LOADED")["status"] = "REJECTED"


def _batch_dropped(forger):
    number = forger.rows["batch"][0]["batch_id"]
    for name in ("batch", "line"):
        forger.rows[name] = [row for row in forger.rows[name] if row["batch_id"] != number]


def _batch_made_anew(forger):
    batch = forger.rows["batch"][0]
    lines = [row for row in forger.rows["line"] if row["batch_id"] == batch["batch_id"]]
    lines[0]["row_hash"] = lines[0]["received_hash"] = "0" * 64
    total = batch_hash(bytes.fromhex(row["row_hash"]) for row in lines).hex()
    batch["rows_sha256"] = batch["received_sha256"] = total


def _line_without_batch(forger):
    forger.rows["line"][-1]["batch_id"] = 10**6


def _deviation(forger):
    forger.first("deviation", mode="D")["evidence"] = "{}"


def _deviation_hashed_anew(forger):
    row = next(row for row in forger.rows["deviation"] if row["case_id"])
    row["evidence"] = "{}"
    rehash(row)


def _deviation_and_case_anew(forger):
    _deviation_hashed_anew(forger)
    case_id = next(row["case_id"] for row in forger.rows["deviation"] if row["evidence"] == "{}")
    rows = [row for row in forger.rows["deviation"] if row["case_id"] == case_id]
    told = [{**row, "evidence_sha256": bytes.fromhex(row["evidence_sha256"])} for row in rows]
    forger.first("deviation_case", case_id=case_id)["evidence_sha256"] = evidence_hash(told).hex()


def _deviation_dropped(forger):
    forger.rows["deviation"].remove(next(row for row in forger.rows["deviation"] if row["case_id"]))


def _case_dropped(forger):
    number = forger.first("deviation_case", status="CLOSED")["case_id"]
    for name in ("deviation_case", "case_note", "case_subject", "deviation"):
        forger.rows[name] = [row for row in forger.rows[name] if row["case_id"] != number]


def _case_note(forger):
    forger.first("case_note", note="Langkah review")["note"] = "Langkah lain"


def _case_note_dropped(forger):
    forger.rows["case_note"].remove(forger.first("case_note", note="Selesai"))


def _history(forger):
    forger.first("finding_change", change_kind="FOUND")["evidence"] = '{"menit":40}'


def _history_dropped(forger):
    forger.rows["finding_change"].remove(forger.first("finding_change", change_kind="GONE"))


def _finding_back(forger):
    next(row for row in forger.rows["finding"] if row["gone_at"])["gone_at"] = None


def _minutes(forger):
    forger.rows["meeting"][0]["minutes"] = "Tidak ada yang dibahas."


def _participant(forger):
    forger.rows["meeting_participant"][0]["organisation"] = "LSP:LSP-9"


def _held_item(forger):
    forger.first("meeting_item", finding="HOLD")["finding"] = "PUBLISH"


def _minutes_anew(forger):
    _minutes(forger)
    meeting = forger.rows["meeting"][0]
    names = {
        "meeting_participant": ("person_id", "organisation"),
        "meeting_item": ("journey_id", "finding", "reason", "noted_by"),
        "meeting_comment": ("comment_id", "lsp_code", "comment", "made_by"),
    }
    parts = [[{name: row[name] for name in columns} for row in forger.rows[part]] for part, columns in names.items()]
    meeting["minutes_sha256"] = digest_of(meeting, *parts).hex()


def _weight(forger):
    forger.rows["surveillance_frame"][0]["weight"] += 50


def _frame_anew(forger):
    _weight(forger)
    rows = [
        [row[name] for name in list(TABLES["surveillance_frame"].columns)[1:]]
        for row in forger.rows["surveillance_frame"]
    ]
    forger.rows["surveillance_draw"][0]["frame_sha256"] = sha256(canonical(rows).encode()).hexdigest()


def _seed(forger):
    forger.rows["surveillance_reveal"][0]["seed"] = "ab" * 32


def _seed_promised_anew(forger):
    _seed(forger)
    week = forger.rows["surveillance_draw"][0]["week_on"]
    forger.first("surveillance_commitment", week_on=week)["seed_sha256"] = sha256(bytes.fromhex("ab" * 32)).hexdigest()


def _parameter(forger):
    forger.rows["parameter"][0]["value"] = "0"


def _rule_dropped(forger):
    forger.rows["rule"] = [row for row in forger.rows["rule"] if row["rule_id"] != "DV-S06"]


def _attempt_dropped(forger):
    forger.rows["deviation"].remove(forger.first("deviation", rule_id="DV-X04"))


def _attempt_by_another(forger):
    row = forger.first("deviation", rule_id="DV-X04")
    row["evidence"] = row["evidence"].replace('"rule":"DV-X04"', '"rule":"DV-X01"')
    rehash(row)


def _found_dropped(forger):
    """Drop a finding's deviation with its case, and all that the case holds."""
    row = next(row for row in forger.rows["deviation"] if row["finding_id"])
    forger.rows["deviation"].remove(row)


FORGERIES = {
    _attempt_dropped: "attempt_gone", _attempt_by_another: "attempt", _found_dropped: "deviation_gone",
    _event: "checkpoint", _events_swapped: "checkpoint", _event_dropped: "checkpoint", _events_cut: "checkpoint_gone",
    _note_signed_by_another: "checkpoint_key", _line: "batch", _line_dropped: "batch", _line_rejected: "batch",
    _batch_dropped: "batch_gone", _batch_made_anew: "batch_log", _line_without_batch: "line_lost", _deviation: "deviation",
    _deviation_hashed_anew: "case", _deviation_and_case_anew: "case_log", _deviation_dropped: "case", _case_dropped: "case_gone",
    _case_note: "case_note", _case_note_dropped: "case_note", _history: "finding_change", _history_dropped: "finding_log",
    _finding_back: "finding", _minutes: "meeting", _participant: "meeting", _held_item: "meeting", _minutes_anew: "meeting_log",
    _weight: "frame", _frame_anew: "frame", _seed: "seed", _seed_promised_anew: "seed", _parameter: "parameter_log",
    _rule_dropped: "rule",
}  # fmt: skip


def test_a_pack_signed_anew_without_a_change_is_sound(pack):
    assert [one.text for one in pack.verdict(Forger(pack).signed()).findings] == []


@pytest.mark.parametrize(("change", "kind"), FORGERIES.items(), ids=[change.__name__[1:] for change in FORGERIES])
def test_what_bnsp_itself_changed_and_signed_is_named(pack, change, kind):
    forger = Forger(pack)
    change(forger)

    assert kind in pack.kinds(forger.signed())


def test_counts_that_do_not_add_up_are_named(pack):
    forger = Forger(pack)
    for name in ("table", *COUNTED):
        counts = json.loads(json.dumps(forger.counts()))
        counts[name][next(iter(counts[name]))] += 1
        assert "count" in pack.kinds(forger.signed(counts)), name


def test_a_log_made_anew_with_both_keys_is_found_by_a_checkpoint_that_somebody_holds(pack):
    """Whoever holds every key of BNSP can sign another past; not the one that an auditor took home before."""
    forger, private = Forger(pack), read_or_make_key(pack.world.settings.secrets / SIGNING_KEY)
    _event(forger)
    tree, notes = CompactRange(), {row["size"]: row for row in forger.rows["checkpoint"]}
    for row in forger.rows["event"]:
        tree.append(leaf_hash(row["record"].encode()))
        if tree.size in notes:
            notes[tree.size]["note"] = newest = make_note(tree.size, tree.root(), private)
    forger.log = type(forger.log)(0, tree.size, [], None, newest)
    data = forger.signed()

    assert "held" in pack.kinds(data)
    verdict = pack.verdict(data)
    assert verdict.proven == 0


@pytest.mark.parametrize(("table", "column"), [("deviation", "evidence"), ("line", "row_hash"), ("event", "record")])
def test_values_that_no_program_writes_are_a_finding_and_no_crash(pack, table, column):
    forger = Forger(pack)
    forger.rows[table][0][column] = None

    assert pack.kinds(forger.signed())
