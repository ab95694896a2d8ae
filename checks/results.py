"""Gate before publication: what must hold of the results that LSP sent before anybody reads them (§13.9-14.2; DV-A11, DV-C01, DV-C06).

Nobody passed without a decision, an attendance and a certificate, no number is missing or there twice, and nobody is published whom the
meeting did not let pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.gate import DEFAULT_LIMITS, GateResult, Limits, Rule
from checks.sql import holds_nik

if TYPE_CHECKING:
    from pathlib import Path

    from posko.db.engine import Server

GATE = "results"
TABLE = "posko.decision"
DECIDED = "('RESULT_SENT', 'ON_HOLD', 'EVALUATED', 'PUBLISHED', 'SENT_TO_BNP2TKI', 'CLOSED')"
"""States of a journey whose result BNSP has."""


def run_gate(server: Server, limits: Limits = DEFAULT_LIMITS, *, docs_dir: Path) -> GateResult:
    """Check the results and publish the gate's pages below `docs_dir`/checks/results.

    Raises:
        ConnectionFailed: the server does not answer.
    """
    from checks.engine import run_rules  # noqa: PLC0415 - not before it is needed

    return run_rules(server, gate=GATE, table=TABLE, rules=rules(limits), docs_dir=docs_dir)


def rules(_limits: Limits = DEFAULT_LIMITS) -> list[Rule]:
    """Return the rules of this gate."""
    return [*_decision_rules(), *_number_rules(), *_meeting_rules()]


def _decision_rules() -> list[Rule]:
    return [
        Rule(
            "every_result_is_decided",
            "Setiap hasil yang sampai di BNSP punya putusan LSP.",
            f"""
            select concat('TKI ', journey.tki_id, ' (', journey.status, ') tanpa putusan') as problem
            from posko.journey as journey left join posko.decision as own on own.journey_id = journey.journey_id
            where journey.status in {DECIDED} and own.decision_id is null
            """,
        ),
        Rule(
            "passed_with_certificate",
            "Yang kompeten bersertifikat, yang belum kompeten tidak (DV-C06).",
            f"""
            select concat(
                'TKI ', journey.tki_id, ': putusan ', own.result, ', sertifikat ', coalesce(paper.certificate_no, 'tidak ada')
            ) as problem
            from posko.journey as journey join {{batch}} as own on own.journey_id = journey.journey_id
            left join posko.certificate as paper on paper.decision_id = own.decision_id
            where journey.status in {DECIDED} and (own.result = 'K') <> (paper.certificate_no is not null)
            """,
        ),
        Rule(
            "decided_as_assessed",
            "Putusan memakai penilaian asesor yang terakhir.",
            """
            select concat('TKI ', journey.tki_id, ': dinilai ', score.result, ', diputuskan atas ', own.asesor_result) as problem
            from {batch} as own join posko.journey as journey on journey.journey_id = own.journey_id
            join posko.assessment as score on score.journey_id = own.journey_id
            left join posko.assessment as newer on newer.journey_id = score.journey_id and newer.version > score.version
            where newer.assessment_id is null and score.result <> own.asesor_result
            """,
        ),
        Rule(
            "everybody_was_there",
            "Setiap yang diputuskan tercatat hadir, dengan sidik jari atau pengecualian.",
            f"""
            select concat('TKI ', journey.tki_id, ' diputuskan tanpa kehadiran') as problem
            from posko.journey as journey join {{batch}} as own on own.journey_id = journey.journey_id
            where journey.status in {DECIDED} and not exists (
                select 1 from posko.attendance as come where come.journey_id = journey.journey_id and come.outcome = 'PRESENT')
            """,
        ),
    ]


def _number_rules() -> list[Rule]:
    return [
        Rule(
            "numbers_without_gap",
            "Nomor sertifikat tiap seri urut tanpa celah dan tanpa kembar (DV-C01).",
            """
            select concat('seri ', taken.series, ': ', taken.n, ' sertifikat, nomor terakhir ', taken.newest) as problem
            from (
                select left(certificate_no, char_length(certificate_no) - 8) as series, count(distinct certificate_no) as n,
                    max(cast(substring_index(certificate_no, '.', -1) as unsigned)) as newest
                from posko.certificate group by left(certificate_no, char_length(certificate_no) - 8)
            ) as taken
            where taken.n <> taken.newest
            """,
        ),
        Rule(
            "numbers_as_counted",
            "Nomor terakhir tiap seri adalah yang terakhir diberikan penghitungnya (DV-C01).",
            """
            select concat('seri ', counter.prefix, '.', counter.number_code, '.', counter.year, ': penghitung ', counter.next_serial - 1,
                ', sertifikat ', count(paper.certificate_no)) as problem
            from posko.certificate_counter as counter left join posko.certificate as paper
                on paper.certificate_no like concat(counter.prefix, '.', counter.number_code, '.', counter.year, '.%')
            group by counter.prefix, counter.number_code, counter.year, counter.next_serial
            having count(paper.certificate_no) <> counter.next_serial - 1
            """,
        ),
        Rule(
            "one_certificate_in_force",
            "Setiap TKI memegang paling banyak satu sertifikat yang berlaku pada satu skema (DV-C02).",
            """
            select concat('TKI ', tki_id, ' memegang ', count(*), ' sertifikat ', scheme_code) as problem
            from posko.certificate where status in ('VALID', 'SUSPENDED') group by tki_id, scheme_code having count(*) > 1
            """,
        ),
    ]


def _meeting_rules() -> list[Rule]:
    return [
        Rule(
            "result_tables_arrived",
            "Tabel hasil yang dikirim LSP sampai utuh di BNSP (DV-A11).",
            """
            select concat('kiriman ', batch_id, ' dari ', sender, ': ', row_count, ' baris dikirim, ',
                coalesce(received_count, 0), ' diterima') as problem
            from posko.handoff_batch
            where hop = 'LSP_TO_BNSP' and loaded_at is not null
                and (row_count <> received_count or rows_sha256 <> received_sha256)
            """,
        ),
        Rule(
            "evaluated_by_closed_meeting",
            "Yang akan tayang sudah dibahas rapat yang risalahnya ditutup (X1, DV-C06).",
            """
            select concat('TKI ', journey.tki_id, ' dievaluasi tanpa rapat yang ditutup') as problem
            from posko.journey as journey
            where journey.status = 'EVALUATED' and not exists (
                select 1 from posko.meeting_item as item
                join posko.evaluation_meeting as meeting on meeting.meeting_id = item.meeting_id and meeting.state = 'CLOSED'
                where item.journey_id = journey.journey_id and item.finding = 'PUBLISH')
            """,
        ),
        Rule(
            "held_is_not_published",
            "Hasil yang ditahan rapat tidak tayang (R-163).",
            """
            select concat('TKI ', journey.tki_id, ' ditahan tetapi tayang') as problem
            from posko.journey as journey join posko.publication as shown on shown.journey_id = journey.journey_id
            where journey.status = 'ON_HOLD'
            """,
        ),
        Rule(
            "no_nik_in_public",
            "Yang tayang tidak memuat NIK (DV-C06, R-188).",
            holds_nik({"posko.publication": "masked_name"}),
        ),
    ]
