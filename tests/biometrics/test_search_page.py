"""Both fingers beside each other: what the two persons who decide need, and nothing else of anybody (§3.3; R-021, R-187)."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner

from apps.cli import acts, context
from apps.cli.finger_duplicates import command
from apps.operator.messages import say
from biometrics.search.side_by_side import WORDS, page
from biometrics.search.store import Store
from biometrics.search.work import work
from posko.domain.errors import BadInput, Refused
from posko.services import adjudication
from tests.support.fingers import MATCHER, touch

pytestmark = pytest.mark.server
NIK = "3603054105830001"


class Tags(HTMLParser):
    """Counts tags and keeps what points elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.elsewhere: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.elsewhere += [str(value) for name, value in attrs if name in {"src", "href", "xlink:href"}]


@pytest.fixture
def found(world, hands, tmp_path):
    """One TKI's finger under two ID, found by the search."""
    world.add_tki("1", nama="NURUL <b>KOMARIAH</b>", no_ktp=NIK)
    world.add_tki("2", nama="SITI AMINAH", no_ktp=NIK)
    hands.know("1")
    hands.send_print("2", 2, touch("1", 2, "again"))
    hands.import_all()
    store = Store(tmp_path / "index", tmp_path / "secrets", hands.vault, MATCHER)
    return work(world.server, world.office, hands.vault, MATCHER, store, lease_seconds=5)


@pytest.fixture
def at_terminal(world, monkeypatch):
    """The command line of this world."""
    acts._writer.cache_clear()  # it may be another installation's
    monkeypatch.setattr(context, "settings", lambda: world.settings)
    monkeypatch.setattr(context, "posko", lambda: world.server)
    monkeypatch.setattr(context, "app_engine", lambda: world.office.engine)
    yield lambda *arguments: CliRunner().invoke(command, arguments, catch_exceptions=False)
    acts._writer.cache_clear()


def html_of(world, hands, candidate_id=1) -> str:
    seen = world.desk("BN1").do(adjudication.view, candidate_id=candidate_id)
    with world.office.engine.connect() as db:
        return page(db, hands.vault, MATCHER, seen)


def test_the_page_stands_alone_with_both_fingers_scores_and_where_they_come_from(world, hands, found):
    html = html_of(world, hands)

    tags = Tags(html)
    assert tags.tags.count("svg") == tags.tags.count("figure") == 2
    assert tags.elsewhere == []
    assert "script" not in tags.tags
    score, index_score = world.ask("select score, index_score from posko.duplicate_candidate")[0]
    for shown in (
        f"{score} (ambang 60",
        f"{index_score:.1f}".replace(".", ","),
        "NIK yang sama",
        "telunjuk kanan",
        "BNP2TKI",
        "WIB",
    ):
        assert shown in html
    together = re.search(r"Titik yang jatuh bersama</th><td>(\d+)", html)
    assert together is not None
    assert int(together[1]) >= 15


def test_the_page_names_nobody_and_holds_no_nik(world, hands, found):
    html = html_of(world, hands)

    assert "S*** A***" in html
    for secret in ("SITI", "AMINAH", "NURUL", "KOMARIAH", NIK, "<b>"):
        assert secret not in html


def test_the_page_shows_the_verdict_and_a_finger_that_was_replaced_since(world, hands, found):
    world.desk("BN1").do(
        adjudication.judge, candidate_id=1, verdict="SAME", reason="titik <sama>", second=world.second("SA1")
    )
    hands.send_print("2", 2, touch("2", 2, "her own"))
    hands.import_all()

    html = html_of(world, hands)

    assert "orang yang sama" in html
    assert "BN1 dan SA1" in html
    assert "titik &lt;sama&gt;" in html
    assert "(sudah diganti)" in html


def test_the_page_speaks_the_language_of_whoever_looks(world, hands, found):
    seen = world.desk("BN1").do(adjudication.view, candidate_id=1)
    english = {name: say("en", f"duplicates.page_{name}") for name in WORDS}

    with world.office.engine.connect() as db:
        html = page(db, hands.vault, MATCHER, seen, words=english, language="en")

    assert '<html lang="en">' in html
    assert "(threshold 60" in html
    assert "right index finger" in html
    same = {"BNP2TKI", "TKI"}
    left = [word for name, word in WORDS.items() if word not in same and "{" not in word and f">{word}<" in html]
    assert left == []


def test_a_template_that_is_gone_shows_nothing(world, hands, found):
    seen = world.desk("BN1").do(adjudication.view, candidate_id=1)
    seen["sides"][0]["template"] = 4711

    with world.office.engine.connect() as db, pytest.raises(Refused):
        page(db, hands.vault, MATCHER, seen)


def test_the_command_writes_the_page_for_its_owner_alone_and_is_recorded(world, hands, found, at_terminal, tmp_path):
    out = tmp_path / "temuan.html"

    done = at_terminal("show", "1", "--out", str(out))

    assert done.exit_code == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert Tags(out.read_text("utf-8")).tags.count("svg") == 2
    assert (
        world.value(
            "select count(*) from posko_audit.audit_event where action = 'duplicates.view' and entity_key = '1'"
        )
        == 1
    )
    with pytest.raises(BadInput):
        at_terminal("show", "1", "--out", str(tmp_path / "no" / "folder.html"))


def test_the_command_searches_lists_and_tells_what_waits(world, hands, found, at_terminal):
    hands.know("3")
    hands.send_print("4", 2, touch("1", 2, "a third"))
    hands.import_all()

    first, nothing = at_terminal("--json"), at_terminal()
    listed, shown = at_terminal("list", "--json"), at_terminal("list")

    told = json.loads(first.stdout)
    assert (told["searched"], told["new"], told["waiting"], told["templates"]) == (2, 2, 0, 6)
    assert "Tidak ada temuan baru." in nothing.stdout
    assert [row["candidate_id"] for row in json.loads(listed.stdout)] == [3, 2, 1]
    assert "NIK yang sama" in shown.stdout
    assert world.value("select count(*) from posko_audit.audit_event where action = 'duplicates.list'") == 2
