"""Gate after transform: what must hold of the proposals before the Konsorsium sees them (§3.1, §12.3-12.8).

Nobody vanished and nobody stands in two places, every proposal can be kept, and the ledger balances (R-182). The same
invariants stand as tests in dbt; this gate asks them once more, of the tables as they are, for the record of a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.allocation_sums import balance_rules, ledger_rules, warnings
from checks.gate import DEFAULT_LIMITS, GateResult, Limits, Rule
from checks.sql import holds_nik, keyed_tables

if TYPE_CHECKING:
    from pathlib import Path

    from posko.db.engine import Server

GATE = "allocation"
TABLE = "posko_model.fct_tuk_proposal"

KEYS = {
    "fct_tki_eligible": "tki_id",
    "fct_tki_held_back": "tki_id,rule_id",
    "fct_tki_finding": "tki_id,rule_id",
    "fct_tuk_proposal": "tki_id",
    "fct_tki_unplaced": "tki_id",
    "fct_handoff_ledger": "hop_no,batch_id",
    "fct_allocation_balance": "scope,body_code",
}
"""Mart -> its primary key."""


def run_gate(server: Server, limits: Limits = DEFAULT_LIMITS, *, docs_dir: Path) -> GateResult:
    """Check the model and publish the gate's pages below `docs_dir`/checks/allocation.

    Raises:
        ConnectionFailed: the server does not answer.
    """
    from checks.engine import run_rules  # noqa: PLC0415 - not before it is needed

    return run_rules(server, gate=GATE, table=TABLE, rules=rules(limits), docs_dir=docs_dir)


def rules(limits: Limits = DEFAULT_LIMITS) -> list[Rule]:
    """Return the rules of this gate."""
    return [
        Rule(
            "tables_keyed",
            "Semua tabel hasil ada dan berkunci, sehingga tidak ada baris kembar.",
            keyed_tables("posko_model", KEYS),
        ),
        *_person_rules(),
        *_judgement_rules(),
        *_seat_rules(),
        *ledger_rules(),
        *balance_rules(),
        *warnings(limits),
    ]


def _person_rules() -> list[Rule]:
    return [
        Rule(
            "everyone_judged",
            "Layak + ditahan = diketik: setiap TKI dinilai satu kali, menurut barisnya yang terakhir.",
            _same_persons(
                ("posko_staging.tki_tlrt", "id_tki", "batch_id"),
                ("posko_model.fct_tki_eligible", "posko_model.fct_tki_held_back"),
                "batch_id",
                words="diketik tetapi tidak dinilai, atau dinilai menurut baris yang lama",
            ),
        ),
        Rule(
            "everyone_placed_or_not",
            "Diusulkan + belum tertampung = layak: setiap TKI yang layak berada di tepat satu daftar.",
            _same_persons(
                ("posko_model.fct_tki_eligible", "tki_id", "first_batch_id"),
                ("posko_model.fct_tuk_proposal", "posko_model.fct_tki_unplaced"),
                "first_batch_id",
                words="layak tetapi tidak diusulkan dan tidak tercatat belum tertampung",
            ),
        ),
        Rule(
            "nobody_twice",
            "Tidak seorang pun sekaligus layak dan ditahan, atau sekaligus diusulkan dan belum tertampung.",
            """
            select distinct concat('TKI ', held.tki_id, ' layak dan juga ditahan') as problem
            from posko_model.fct_tki_held_back as held
            inner join posko_model.fct_tki_eligible as eligible on eligible.tki_id = held.tki_id
            union all
            select concat('TKI ', unplaced.tki_id, ' diusulkan dan juga belum tertampung')
            from posko_model.fct_tki_unplaced as unplaced
            inner join {batch} as proposal on proposal.tki_id = unplaced.tki_id
            """,
        ),
    ]


def _same_persons(whole: tuple[str, str, str], parts: tuple[str, str], version: str, *, words: str) -> str:
    """Return SQL that names persons who are not exactly once in the whole and once in one of its parts.

    Counts and sums over the keys are compared first; only when they differ is anybody looked for.

    Args:
        whole: table, its key, the number that must agree in the parts.
        parts: tables with a `tki_id`; in the second a person may have several rows.
        version: that number's column in the parts.
        words: what is wrong with a person who is named.
    """
    table, key, whole_version = whole
    one, other = parts
    distinct = f"(select distinct tki_id, {version} from {other}) as part"
    return f"""
        select concat('TKI ', person.tki_id, ' {words} (', differing.n, ' berbanding ', differing.parts_n, ')') as problem
        from (
            select whole.n, one.n + other.n as parts_n
            from (select count(*) as n, {_sum_of(key, whole_version)} as s from {table}) as whole
            cross join (select count(*) as n, {_sum_of("tki_id", version)} as s from {one}) as one
            cross join (select count(*) as n, {_sum_of("tki_id", version)} as s from {distinct}) as other
            where whole.n <> one.n + other.n or whole.s <> one.s + other.s
        ) as differing
        cross join (
            select tki_id from (
                select {key} as tki_id, {whole_version} as version_no, 1 as side from {table}
                union all select tki_id, {version}, 2 from {one}
                union all select tki_id, {version}, 2 from {distinct}
            ) as seen
            group by tki_id, version_no having count(*) <> 2 or min(side) = max(side)
        ) as person
        """


def _sum_of(key: str, version: str) -> str:
    return f"coalesce(sum(crc32(concat({key}, '|', {version}))), 0)"


def _judgement_rules() -> list[Rule]:
    return [
        Rule(
            "reasons_given",
            "Setiap TKI yang ditahan atau belum tertampung punya alasan yang dapat dibaca.",
            """
            select concat('TKI ', tki_id, ' ditahan tanpa alasan (', rule_id, ')') as problem
            from posko_model.fct_tki_held_back where trim(coalesce(reason, '')) = ''
            union all
            select concat('TKI ', tki_id, ' belum tertampung tanpa alasan')
            from posko_model.fct_tki_unplaced where trim(coalesce(reason, '')) = '' or reason_code = ''
            """,
        ),
        Rule(
            "rules_in_catalogue",
            "Yang menahan hanya aturan tingkat B; aturan lain menyertai sebagai temuan.",
            """
            select concat('aturan ', used.rule_id, ' menahan ', used.n, ' TKI, bukan aturan tingkat B') as problem
            from (select rule_id, count(*) as n from posko_model.fct_tki_held_back group by rule_id) as used
            left join posko_model.deviation_rule as known on known.rule_id = used.rule_id and known.severity = 'B'
            where known.rule_id is null
            union all
            select concat('aturan ', used.rule_id, ' menjadi ', used.n, ' temuan, bukan aturan tingkat H, W, atau I')
            from (select rule_id, count(*) as n from posko_model.fct_tki_finding group by rule_id) as used
            left join posko_model.deviation_rule as known on known.rule_id = used.rule_id and known.severity <> 'B'
            where known.rule_id is null
            """,
        ),
        Rule(
            "no_nik_in_evidence",
            "Tidak ada NIK di bukti temuan atau di alasan penahanan.",
            holds_nik({"posko_model.fct_tki_finding": "evidence", "posko_model.fct_tki_held_back": "reason"}),
        ),
    ]


def _seat_rules() -> list[Rule]:
    return [
        Rule(
            "capacity_kept",
            "Tidak ada TUK yang diusulkan menerima lebih banyak TKI sehari daripada kapasitasnya.",
            """
            select concat(
                'TUK ', day.tuk_code, ' tanggal ', day.proposed_on, ': ', day.n, ' TKI, kapasitas ',
                coalesce(tuk.capacity_per_day, 0)
            ) as problem
            from (
                select tuk_code, proposed_on, count(*) as n from posko_model.fct_tuk_proposal
                group by tuk_code, proposed_on
            ) as day
            left join posko.tuk as tuk on tuk.tuk_code = day.tuk_code
            where day.n > coalesce(tuk.capacity_per_day, 0)
            """,
        ),
        Rule(
            "seats_in_register",
            "Setiap usulan menyebut TUK dan LSP yang terdaftar, terhubung, berizin, tidak diskors, dan buka pada"
            " tanggalnya, tidak sebelum hari uji paling awal.",
            f"""
            select concat(
                judged.n, ' usulan ke TUK ', judged.tuk_code, ' oleh LSP ', judged.lsp_code,
                ' tanggal ', judged.proposed_on, ': ', judged.fault
            ) as problem
            from (select seat.*, {_seat_fault()} as fault from (
                select tuk_code, lsp_code, scheme_code, proposed_on, count(*) as n,
                    sum(proposed_on < test_from_on) as too_early
                from posko_model.fct_tuk_proposal
                group by tuk_code, lsp_code, scheme_code, proposed_on
            ) as seat) as judged
            where judged.fault is not null
            """,
        ),
    ]


def _seat_fault() -> str:
    valid = "{0}.valid_from <= seat.proposed_on and {0}.valid_until >= seat.proposed_on"
    return f"""case
        when not exists(
            select 1 from posko.tuk as tuk where tuk.tuk_code = seat.tuk_code and {valid.format("tuk")}
        ) then 'TUK tidak terdaftar atau tidak berizin'
        when not exists(
            select 1 from posko.lsp as lsp where lsp.lsp_code = seat.lsp_code and {valid.format("lsp")}
        ) then 'LSP tidak terdaftar atau tidak berizin'
        when not exists(
            select 1 from posko.tuk_lsp as link
            where link.tuk_code = seat.tuk_code and link.lsp_code = seat.lsp_code
              and link.scheme_code = seat.scheme_code and {valid.format("link")}
        ) then 'TUK dan LSP tidak terhubung'
        when exists(
            select 1 from posko.suspension as pause
            where ((pause.party_kind = 'TUK' and pause.party_code = seat.tuk_code)
                or (pause.party_kind = 'LSP' and pause.party_code = seat.lsp_code))
              and pause.suspended_from <= seat.proposed_on
              and coalesce(pause.suspended_until, date '9999-12-31') >= seat.proposed_on
        ) then 'TUK atau LSP sedang diskors'
        when exists(
            select 1 from posko.closed_day as closed
            where closed.closed_on = seat.proposed_on and closed.tuk_code in ('*', seat.tuk_code)
        ) then 'TUK tutup'
        when seat.too_early > 0 then concat(seat.too_early, ' sebelum hari uji paling awal')
    end"""
