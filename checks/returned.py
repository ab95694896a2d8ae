"""Gate before the return: what must hold before anything is written at BNP2TKI (§14.1-14.4; R-164, R-167, R-170, DV-A11, DV-C06).

What is published is what was decided, what waits in the outbox is what was published, and no line of an earlier return was lost or doubled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.gate import DEFAULT_LIMITS, GateResult, Limits, Rule

if TYPE_CHECKING:
    from pathlib import Path

    from posko.db.engine import Server

GATE = "return"
TABLE = "posko.publication"


def run_gate(server: Server, limits: Limits = DEFAULT_LIMITS, *, docs_dir: Path) -> GateResult:
    """Check what is to be returned and publish the gate's pages below `docs_dir`/checks/return.

    Raises:
        ConnectionFailed: the server does not answer.
    """
    from checks.engine import run_rules  # noqa: PLC0415 - not before it is needed

    return run_rules(server, gate=GATE, table=TABLE, rules=rules(limits), docs_dir=docs_dir)


def rules(_limits: Limits = DEFAULT_LIMITS) -> list[Rule]:
    """Return the rules of this gate."""
    return [*_published_rules(), *_outbox_rules(), *_leg_rules()]


def _published_rules() -> list[Rule]:
    return [
        Rule(
            "published_as_decided",
            "Yang tayang terakhir sama dengan putusan dan sertifikatnya (DV-C06).",
            """
            select concat('TKI ', shown.tki_id, ': tayang ', shown.result, ' ', coalesce(shown.certificate_no, '-'),
                ', putusan ', own.result, ' ', coalesce(paper.certificate_no, '-')) as problem
            from {batch} as shown
            left join posko.publication as newer on newer.journey_id = shown.journey_id and newer.version > shown.version
            join posko.decision as own on own.journey_id = shown.journey_id
            left join posko.certificate as paper on paper.journey_id = shown.journey_id
            where newer.publication_id is null
                and ((shown.result = 'KOMPETEN') <> (own.result = 'K') or not shown.certificate_no <=> paper.certificate_no)
            """,
        ),
        Rule(
            "returned_was_published",
            "Setiap hasil yang dikembalikan pernah tayang sesudah rapat (R-160, X1).",
            """
            select concat('TKI ', journey.tki_id, ' (', journey.status, ') belum pernah tayang') as problem
            from posko.journey as journey left join posko.publication as shown on shown.journey_id = journey.journey_id
            where journey.status in ('PUBLISHED', 'SENT_TO_BNP2TKI', 'CLOSED') and shown.publication_id is null
            """,
        ),
    ]


def _outbox_rules() -> list[Rule]:
    return [
        Rule(
            "outbox_is_whole",
            "Setiap baris pengembalian ada tepat sekali di kotak keluar, dan tidak ada yang lain.",
            """
            select concat('pengembalian ', batch.return_batch_id, ': ', batch.row_count, ' baris, ', count(box.journey_id),
                ' di kotak keluar') as problem
            from posko.return_batch as batch left join posko.return_outbox as box on box.return_batch_id = batch.return_batch_id
            where batch.dispatch_id is not null
            group by batch.return_batch_id, batch.row_count having count(box.journey_id) <> batch.row_count
            """,
        ),
        Rule(
            "versions_without_gap",
            "Versi tiap TKI di kotak keluar urut dari 1 tanpa celah, sehingga tidak ada koreksi yang terlewat (R-170).",
            """
            select concat('TKI ', tki_id, ': ', count(*), ' versi, yang terakhir ', max(source_version)) as problem
            from posko.return_outbox group by tki_id having count(*) <> max(source_version)
            """,
        ),
        Rule(
            "one_last_state",
            "Setiap TKI yang dikembalikan punya tepat satu keadaan terakhir pada tiap skema (R-170).",
            """
            select concat('TKI ', tki_id, ' pada ', scheme_code, ': ', sum(is_last), ' keadaan terakhir') as problem
            from posko.return_line group by tki_id, scheme_code having sum(is_last) <> 1
            """,
        ),
    ]


def _leg_rules() -> list[Rule]:
    return [
        Rule(
            "legs_carry_the_same",
            "Kedua jalur membawa baris yang sama: jumlah dan hash-nya (R-167, DV-A11).",
            """
            select concat('pengembalian ', batch.return_batch_id, ': jalur pertama ', first_leg.row_count, ' baris, jalur kedua ',
                second_leg.row_count, ' baris, atau hash-nya lain') as problem
            from posko.return_batch as batch
            join posko.handoff_batch as first_leg on first_leg.batch_id = batch.relay_batch_id
            join posko.handoff_batch as second_leg on second_leg.batch_id = batch.source_batch_id
            where first_leg.row_count <> second_leg.row_count or first_leg.rows_sha256 <> second_leg.rows_sha256
                or first_leg.row_count <> batch.row_count
            """,
        ),
        Rule(
            "sent_was_delivered",
            "Yang sudah diteruskan ke BNP2TKI tertulis di sana (hanya peringatan).",
            """
            select concat('pengembalian ', return_batch_id, ' diteruskan tetapi belum tertulis di hasil_uji') as problem
            from posko.return_batch
            where dispatch_id is not null and dispatched_at is null and source_batch_id is not null
            """,
            only_warns=True,
        ),
    ]
