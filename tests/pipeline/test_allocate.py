"""Allocation proposal: a TUK, an LSP and a day for every eligible TKI, or the reason why not (§12.5, R-089, R-090)."""

import pytest

from tests.pipeline.conftest import Built

pytestmark = pytest.mark.pipeline


def test_every_eligible_tki_is_either_proposed_or_listed_with_a_reason(built: Built) -> None:
    eligible = built.one("select count(*) from posko_model.fct_tki_eligible")
    proposed = built.one("select count(*) from posko_model.fct_tuk_proposal")
    unplaced = built.one("select count(*) from posko_model.fct_tki_unplaced")
    assert proposed + unplaced == eligible
    assert proposed > 0
    assert (
        built.one("select count(*) from posko_model.fct_tuk_proposal join posko_model.fct_tki_unplaced using (tki_id)")
        == 0
    )


def test_no_tuk_gets_more_tki_on_a_day_than_it_has_seats(built: Built) -> None:
    over = built.ask(
        "select p.tuk_code, p.proposed_on, count(*) from posko_model.fct_tuk_proposal p"
        " join posko.tuk t on t.tuk_code = p.tuk_code group by 1, 2, t.capacity_per_day having count(*) > t.capacity_per_day"
    )
    assert over == []


def test_nobody_is_proposed_on_a_closed_day_or_under_an_expired_licence(built: Built) -> None:
    wrong = built.one(
        "select count(*) from posko_model.fct_tuk_proposal p join posko.tuk t on t.tuk_code = p.tuk_code"
        " join posko.lsp l on l.lsp_code = p.lsp_code where p.proposed_on not between t.valid_from and t.valid_until"
        " or p.proposed_on not between l.valid_from and l.valid_until"
        " or not exists (select 1 from posko.tuk_lsp k where k.tuk_code = p.tuk_code and k.lsp_code = p.lsp_code"
        "   and k.scheme_code = 'TLRT' and p.proposed_on between k.valid_from and k.valid_until)"
        " or exists (select 1 from posko.closed_day c where c.closed_on = p.proposed_on and c.tuk_code in ('*', p.tuk_code))"
        " or dayofweek(p.proposed_on) in (1, 7)"
    )
    assert wrong == 0


def test_nobody_is_proposed_to_a_body_tied_to_her_pptkis_or_blkln(built: Built) -> None:
    wrong = built.one(
        "select count(*) from posko_model.fct_tuk_proposal p join posko_staging.tki_tlrt s on s.id_tki = p.tki_id"
        " join posko.ownership_tie o on ((o.party_kind = 'PPTKIS' and o.party_code = s.nama_pptkis)"
        " or (o.party_kind = 'BLKLN' and o.party_code = s.kode_blkln))"
        " and ((o.body_kind = 'TUK' and o.body_code = p.tuk_code) or (o.body_kind = 'LSP' and o.body_code = p.lsp_code))"
        " and p.proposed_on >= o.valid_from and (o.valid_until is null or p.proposed_on <= o.valid_until)"
    )
    assert wrong == 0


def test_every_proposal_follows_the_rule_of_her_blkln(built: Built) -> None:
    outside = built.one(
        "select count(*) from posko_model.fct_tuk_proposal p join posko_staging.tki_tlrt s on s.id_tki = p.tki_id"
        " where not exists (select 1 from posko.blkln_tuk_rule r where r.tuk_code = p.tuk_code and (r.blkln_code = s.kode_blkln"
        "  or (r.blkln_code = '*' and not exists (select 1 from posko.blkln_tuk_rule o where o.blkln_code = s.kode_blkln))))"
    )
    assert outside == 0


def test_every_proposal_and_every_unplaced_tki_has_a_reason(built: Built) -> None:
    assert built.one("select count(*) from posko_model.fct_tuk_proposal where reason is null or reason = ''") == 0
    assert built.one("select count(*) from posko_model.fct_tki_unplaced where reason is null or reason = ''") == 0
