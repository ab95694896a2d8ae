"""Filter stage: who may register and who is held back, with reasons (§3.1, §12.2-12.3)."""

import pytest

from tests.pipeline.conftest import Built

pytestmark = pytest.mark.pipeline


def test_every_typed_tki_is_either_eligible_or_held_back(built: Built) -> None:
    eligible = built.one("select count(*) from posko_model.fct_tki_eligible")
    held_back = built.one("select count(distinct tki_id) from posko_model.fct_tki_held_back")
    assert eligible + held_back == built.received.typed
    assert (
        built.one("select count(*) from posko_model.fct_tki_eligible join posko_model.fct_tki_held_back using (tki_id)")
        == 0
    )


def test_the_record_of_gambar_5_is_eligible_with_exactly_its_three_findings(built: Built) -> None:
    assert built.one("select count(*) from posko_model.fct_tki_eligible where tki_id = '9264729'") == 1
    assert built.rules("fct_tki_finding", "9264729") == {"DV-E03", "DV-E04", "DV-I01"}
    assert built.rules("fct_tki_held_back", "9264729") == set()


def test_the_finding_on_gambar_5_names_14_days_against_20(built: Built) -> None:
    evidence = built.one(
        "select evidence from posko_model.fct_tki_finding where tki_id = '9264729' and rule_id = 'DV-E03'"
    )
    assert "14" in evidence
    assert "20" in evidence


def test_every_planted_fault_ends_where_the_fault_file_says(built: Built) -> None:
    missed = []
    for fault in built.faults:
        kind, _, names = fault["expected"].partition(":")
        wanted = set(names.split("+")) if names else set()
        tki_id = fault["id_tki"]
        found = {
            "held_back": lambda tki_id=tki_id: built.rules("fct_tki_held_back", tki_id),
            "finding": lambda tki_id=tki_id: built.rules("fct_tki_finding", tki_id),
            "quarantine": lambda tki_id=tki_id: {
                reason
                for (reasons,) in built.ask(
                    "select reasons from posko_staging.quarantine where id_tki <=> %s and resolved_at is null", tki_id
                )
                for reason in reasons.split(",")
            },
        }.get(kind)
        if found is not None and not wanted <= found():
            missed.append((fault, found()))
    assert missed == []
    assert len(built.faults) > 200


def test_no_clean_row_is_held_back_or_found_at_fault(built: Built) -> None:
    planted = {fault["id_tki"] for fault in built.faults} | {fault.get("partner") for fault in built.faults}
    for table in ("fct_tki_held_back", "fct_tki_finding"):
        named = {tki_id for (tki_id,) in built.ask(f"select tki_id from posko_model.{table}")}
        assert named - planted == set(), f"false alarms in {table}"


def test_every_rule_that_the_data_allows_has_a_planted_case_that_is_found(built: Built) -> None:
    found = {rule for (rule,) in built.ask("select distinct rule_id from posko_model.fct_tki_held_back")}
    found |= {rule for (rule,) in built.ask("select distinct rule_id from posko_model.fct_tki_finding")}
    found |= {rule for (rule,) in built.ask("select distinct rule_id from posko_model.fct_blkln_finding")}
    wanted = {f"DV-E{n:02}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)} | {f"DV-I{n:02}" for n in (1, 2, 3, 4)}
    assert wanted <= found


def test_no_mart_shows_a_nik_an_address_a_phone_or_a_religion(built: Built) -> None:
    columns = {
        str(name)
        for (name,) in built.ask(
            "select column_name from information_schema.columns where table_schema = 'posko_model'"
            " and (table_name like 'fct%%' or table_name like 'dim%%')"
        )
    }
    assert columns.isdisjoint({"nik", "no_ktp", "address", "alamat", "phone", "religion", "agama"})
    niks = {nik for (nik,) in built.ask("select no_ktp from posko_staging.tki_tlrt where char_length(no_ktp) = 16")}
    evidence = " ".join(text for (text,) in built.ask("select evidence from posko_model.fct_tki_finding"))
    assert not any(nik in evidence for nik in niks)
