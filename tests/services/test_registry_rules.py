"""Rule and register of the demo on a real server, as the operational account."""

import datetime as dt

import pytest
import sqlalchemy as sa

from posko.services.registry import (
    PlacementCompany,
    Rule,
    RulesRefused,
    TrainingCentre,
    fill_demo_registry,
    import_blkln_tuk_rules,
    list_blkln_tuk_rules,
)

pytestmark = pytest.mark.server
TODAY = dt.date(2026, 11, 20)
CENTRES = [
    TrainingCentre("H05AN001", "BLKLN DUTA", "BEKASI (KOTA)", 40, dt.date(2030, 1, 1)),
    TrainingCentre("H06BB002", "BLKLN SETIA", "MALANG (KAB)", None, None),
]
COMPANIES = [PlacementCompany("DUTA ANANDA SETIA", "123/MEN/2009", None)]


def fill(db, **options):
    given = {"seed": 1, "today": TODAY, "centres": CENTRES, "companies": COMPANIES} | options
    return fill_demo_registry(db, **given)


def count(db, table):
    return db.scalar(sa.text(f"select count(*) from posko.{table}"))


def plain(rules):
    return [(rule.blkln_code, rule.priority, rule.tuk_code) for rule in rules]


def test_the_demo_fills_every_register(app_db):
    gained = fill(app_db)

    assert gained["lsp"] == 7
    assert gained["tuk"] == 60
    assert gained["asesor"] == 120
    assert gained["blkln_tuk_rule"] == 2 * 3 + 10
    for table, rows in gained.items():
        assert count(app_db, table) == rows > 0, table


def test_a_second_fill_changes_nothing(app_db):
    fill(app_db)

    assert not any(fill(app_db).values())


def test_a_fill_on_a_later_day_only_completes_blkln_and_holidays(app_db):
    fill(app_db)
    later = [*CENTRES, TrainingCentre("H07CC003", "BLKLN BARU", "BOGOR (KAB)", 10, None)]
    gained = fill(app_db, today=dt.date(2027, 2, 1), centres=later)

    assert {table for table, rows in gained.items() if rows} == {"blkln", "closed_day"}


def test_a_rule_that_an_operator_imported_survives_a_fill(app_db):
    fill(app_db)
    import_blkln_tuk_rules(app_db, [Rule("H05AN001", 1, "TUK-010")])
    fill(app_db)

    assert plain(list_blkln_tuk_rules(app_db)) == [("H05AN001", 1, "TUK-010")]


def test_an_import_replaces_the_whole_rule(app_db):
    fill(app_db)
    rules = [Rule("H05AN001", 1, "TUK-001"), Rule("H05AN001", 2, "TUK-002"), Rule("*", 1, "TUK-003")]
    done = import_blkln_tuk_rules(app_db, rules)

    assert (done.before, done.after) == (16, 3)
    assert plain(list_blkln_tuk_rules(app_db)) == sorted(plain(rules))
    assert plain(list_blkln_tuk_rules(app_db, blkln_code="*")) == [("*", 1, "TUK-003")]


def test_importing_the_rule_in_force_changes_nothing(app_db):
    fill(app_db)
    done = import_blkln_tuk_rules(app_db, list_blkln_tuk_rules(app_db))

    assert (done.added, done.removed) == (0, 0)


def test_a_dry_run_counts_and_leaves_the_rule_alone(app_db):
    fill(app_db)
    done = import_blkln_tuk_rules(app_db, [Rule("*", 1, "TUK-003")], dry_run=True)

    assert (done.before, done.after, done.dry_run) == (16, 1, True)
    assert count(app_db, "blkln_tuk_rule") == 16


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ([], "Tidak ada satu aturan"),
        ([Rule("H1", 1, "TUK-999", 2)], "Baris 2: TUK 'TUK-999' tidak terdaftar"),
        (
            [Rule("H1", 1, "TUK-001", 2), Rule("H1", 1, "TUK-002", 3)],
            "Baris 3: priority 1 sudah dipakai BLKLN 'H1'",
        ),
        ([Rule("H1", 1, "TUK-001", 2), Rule("H1", 2, "TUK-001", 3)], "Baris 3: TUK 'TUK-001' sudah disebut"),
    ],
)
def test_a_rule_with_a_mistake_changes_nothing(app_db, rules, sentence):
    fill(app_db)
    with pytest.raises(RulesRefused, match=sentence):
        import_blkln_tuk_rules(app_db, rules)

    assert count(app_db, "blkln_tuk_rule") == 16
