"""Rules of the gate after transform about sums: the ledger, the balance, the load, and what only warns (§12.7-12.8, R-102)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.gate import Rule

if TYPE_CHECKING:
    from checks.gate import Limits


def ledger_rules() -> list[Rule]:
    """Return the rules over the hand-off ledger."""
    return [
        Rule(
            "ledger_balances",
            "Pada setiap serah terima: dikirim = diterima + dalam perjalanan, diterima = dimuat + ditolak.",
            """
            select concat(
                hop, ' batch ', batch_id, ': ', sent, ' dikirim, ', received, ' diterima, ', in_transit,
                ' dalam perjalanan, ', loaded, ' dimuat, ', rejected, ' ditolak'
            ) as problem
            from posko_model.fct_handoff_ledger
            where sent <> received + in_transit or received <> loaded + rejected
            """,
        ),
        Rule(
            "nothing_in_transit",
            "Pada akhir proses tidak ada yang masih dalam perjalanan.",
            """
            select concat(hop, ' batch ', batch_id, ': ', in_transit, ' dalam perjalanan') as problem
            from posko_model.fct_handoff_ledger
            where in_transit <> 0
            order by hop_no, batch_id desc
            """,
        ),
    ]


def balance_rules() -> list[Rule]:
    """Return the rules over the balance of loads."""
    return [
        Rule(
            "balance_complete",
            "Neraca beban memuat semua LSP dan TUK yang terdaftar, dan bagian-bagiannya berjumlah keseluruhan.",
            """
            select concat(body.scope, ' ', body.body_code, ' tidak ada di neraca beban') as problem
            from (
                select 'ALL' as scope, '*' as body_code
                union all select 'LSP', lsp_code from posko.lsp
                union all select 'TUK', tuk_code from posko.tuk
            ) as body
            left join posko_model.fct_allocation_balance as balance
                on balance.scope = body.scope and balance.body_code = body.body_code
            where balance.scope is null
            union all
            select concat(part.scope, ' berjumlah ', part.proposed, ' usulan, seharusnya ', whole.n)
            from (
                select scope, sum(proposed) as proposed from posko_model.fct_allocation_balance group by scope
            ) as part
            cross join (select count(*) as n from {batch} as proposal) as whole
            where part.proposed <> whole.n
            union all
            select concat(
                'neraca mencatat ', eligible, ' layak = ', proposed, ' diusulkan + ', unplaced, ' belum tertampung'
            )
            from posko_model.fct_allocation_balance
            where scope = 'ALL' and not coalesce(eligible = proposed + unplaced, 0)
            """,
        ),
    ]


def warnings(limits: Limits) -> list[Rule]:
    """Return the rules that warn and never stop a run."""
    return [
        Rule(
            "load_even",
            "Beban antar LSP dan antar TUK berada di dalam toleransi yang berlaku (DV-A12; hanya peringatan).",
            """
            select concat(
                'beban ', scope, ' tidak merata: tertinggi ', coalesce(max(max_to_mean), 0),
                ' kali rata-rata, Gini ', coalesce(max(gini), 0)
            ) as problem
            from posko_model.fct_allocation_balance
            where scope <> 'ALL' and is_within_tolerance = 0
            group by scope
            """,
            only_warns=True,
        ),
        Rule(
            "most_are_placed",
            f"Paling banyak {limits.unplaced_share:.0%} dari TKI yang layak belum tertampung (hanya peringatan).",
            f"""
            select concat(unplaced, ' dari ', eligible, ' TKI yang layak belum tertampung') as problem
            from posko_model.fct_allocation_balance
            where scope = 'ALL' and unplaced > eligible * {limits.unplaced_share:f}
            """,
            only_warns=True,
        ),
    ]
