"""The dashboards on their page: charts with the numbers of their tables and of SQL, filters in the address, lists behind marks (R-162)."""

from __future__ import annotations

import csv
import io
import json
import re
from urllib.parse import urlsplit

import pyarrow as pa
import pytest
from playwright.sync_api import expect

from apps.operator import list_download
from apps.operator.dashboard_views import VIEWS
from apps.operator.messages import CATALOGUE, say
from tests.conftest import empty_posko
from tests.support.browser import chromium, picture, sign_in, window
from tests.support.decided import deviation
from tests.support.exam import GOOD, POOR, exam_day
from tests.support.fingers import Hands
from tests.support.marts import build_marts, make_results
from tests.support.operator import cookies_of, look, screens_of, texts_of
from tests.support.site import site_of
from tests.support.world import World

pytestmark = pytest.mark.pipeline
RESULTS = 66
NASTY = ["x" * 300, "a\x00b", "<script>alert(1)</script>", "' or 1=1 --", "2026-13", "LSP-9"]


@pytest.fixture(scope="module")
def world(settings, posko):
    """Results of two LSP, a day at a door, and the marts of all that; nothing changes them here."""
    empty_posko(posko)
    made = World(posko, settings)
    made.fill()
    journeys = make_results(made, RESULTS)
    deviation(made, journeys[0])
    day = exam_day(made, "100", "101", "102", slot=2)
    day.test_with("100", "101")
    day.score({"100": GOOD, "101": POOR})
    hands = Hands(made)
    # A sign-in with a real comparison; BN1 signs in with the scripted one.
    hands.enrol("BN2", whose="staff:BN2")
    screens_of(made, hands)
    build_marts(made)
    yield made
    made.close()


@pytest.fixture
def seen(world, monkeypatch):
    """Return how somebody looks at the page, with an address that says more."""

    def at(who="BN1", **query):
        screens_of(world, Hands(world))
        return look("evaluasi", cookies_of(world, who), monkeypatch, **query)

    return at


def charts(page):
    return [json.loads(chart.proto.spec) for chart in page.get("vega_lite_chart")]


def points(page):
    (chart,) = page.get("vega_lite_chart")
    return pa.ipc.open_stream(chart.proto.data.data).read_all().to_pylist()


def tables(page):
    """Return the tables of a page, each as lines of the texts of their cells."""
    found = re.findall(r"<tbody>(.*?)</tbody>", texts_of(page), re.DOTALL)
    return [
        [[re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<td.*?>(.*?)</td>", line)] for line in re.findall(r"<tr>(.*?)</tr>", table)]
        for table in found
    ]  # fmt: skip


def field(page, key):
    return next(one for one in page.selectbox if one.key == key)


def counted(page):
    """Return how many rows the list behind the mark has."""
    return [caption.value for caption in page.caption if caption.value.endswith(" baris")][-1]


@pytest.mark.parametrize("view", VIEWS)
def test_every_dashboard_shows_its_table_and_its_list_in_words_of_the_catalogue(seen, view):
    page = seen(evaluasi_tampilan=view)

    assert not page.exception
    assert not page.error
    assert [header.value for header in page.header][:1] == [say("id", f"dashboard.view_{view}")]
    assert "dashboard." not in texts_of(page)
    assert tables(page)[0]
    assert {
        one["params"][0]["name"]
        for chart in charts(page)
        for one in [chart["layer"][-1] if "layer" in chart else chart]
    } <= {"picked"}


def test_every_dashboard_has_its_texts():
    assert [
        f"dashboard.{kind}_{view}"
        for view in VIEWS
        for kind in ("tab", "view", "help")
        if f"dashboard.{kind}_{view}" not in CATALOGUE
    ] == []


def test_the_table_beside_a_chart_has_the_numbers_of_the_chart_and_both_those_of_the_tables(world, seen):
    page = seen(evaluasi_tampilan="kehadiran")
    drawn = {point["series"]: point["count"] for point in points(page)}
    in_sql = dict(world.ask("select outcome, count(*) from posko.attendance group by outcome"))
    assert tables(page)[0] == [["Mar 2026", "2", "1", "0", "0"]]
    assert drawn["Hadir"] == in_sql["PRESENT"] == 2
    assert drawn["Tidak hadir"] == in_sql["ABSENT"] == 1


def test_a_chart_writes_its_numbers_as_the_language_does_and_asks_no_other_host(seen):
    (chart,) = charts(seen(evaluasi_tampilan="tahap"))
    assert chart["config"]["locale"]["number"]["decimal"] == ","
    assert "http" not in json.dumps(chart)


def test_the_stamp_tells_load_and_time_and_that_something_changed_since(world, seen):
    first = seen().caption[0].value
    assert re.fullmatch(
        r"Data per \d\d-\d\d-\d{4} \d\d:\d\d WIB, muatan #1\. Tidak ada yang berubah sejak itu\.", first
    )
    world.write(
        "update posko.journey set moved_at = moved_at + interval 1 second where tki_id in ('9000005', '9000006')"
    )
    assert seen().caption[0].value.endswith("Sejak itu 2 TKI berubah; muatan berikut menghitungnya.")


def test_filters_stand_in_the_address_and_leave_what_they_name(world, seen):
    page = seen(evaluasi_tampilan="kelulusan", evaluasi_tuk="TUK-2")
    tested = world.value(
        "select count(*) from posko.decision as decision join posko.exam_session as session"
        " on session.session_id = decision.session_id where session.tuk_code = 'TUK-2'"
    )
    assert tables(page)[0][0][1] == str(tested)
    assert counted(page) == f"{tested} baris"

    page = field(page, "evaluasi_tuk").set_value("TUK-1").run()
    assert page.query_params["evaluasi_tuk"] == "TUK-1"
    page = field(page, "evaluasi_negara").set_value("").run()
    assert page.query_params["evaluasi_tampilan"] == "kelulusan"


def test_a_mark_is_chosen_by_keyboard_and_its_list_holds_what_it_counts(world, seen):
    page = seen(evaluasi_tampilan="asesor")
    passed = world.value(
        "select count(*) from posko.decision as decision join posko.exam_session as session"
        " on session.session_id = decision.session_id where session.met_no = 'MET.1'"
    )

    page = field(page, "evaluasi_asesor_tanda").set_value("decided.*.*.ASESOR.MET.1").run()

    assert not page.exception
    assert counted(page) == f"{passed} baris"
    assert {line[3] for line in tables(page)[1]} == {"MET.1"}
    assert page.query_params["evaluasi_asesor_tanda"] == "decided.*.*.ASESOR.MET.1"


def test_an_lsp_sees_its_own_numbers_and_no_comparison_of_lsp(world, seen):
    page = seen("LS2", evaluasi_tampilan="lsp", evaluasi_lsp="LSP-1")
    own = world.value("select count(*) from posko.decision where lsp_code = 'LSP-2'")
    assert not page.exception
    assert not [one for one in page.selectbox if one.key == "evaluasi_lsp"]
    assert page.query_params["evaluasi_tampilan"] == "tahap"
    assert sum(point["count"] for point in points(page) if point["series"] == "Terdaftar") == own
    assert {line[2] for line in tables(page)[1]} == {"TUK-3 · LSP-2"}


@pytest.mark.parametrize("typed", NASTY)
@pytest.mark.parametrize("name", ["evaluasi_tampilan", "evaluasi_dari", "evaluasi_tuk", "evaluasi_kelulusan_tanda"])
def test_an_address_that_says_nonsense_shows_the_page_and_no_fault(seen, name, typed):
    page = seen(**{"evaluasi_tampilan": "kelulusan", name: typed})
    assert not page.exception
    assert "alert(1)" not in texts_of(page)
    assert tables(page)[0]


def test_what_is_shown_can_be_taken_as_a_file_and_stands_in_the_log(world, seen, monkeypatch):
    made = []
    real = list_download.maker
    monkeypatch.setattr(list_download, "maker", lambda *args: made.append((args, real(*args))) or made[-1][1])
    page = seen(evaluasi_tampilan="kehadiran", evaluasi_kehadiran_tanda="examined.ABSENT.2026-03.*.*")

    files = {what.name: make() for (_, what, _, kind), make in made if kind == "csv"}

    assert not page.exception
    assert set(files) == {"evaluasi", "evaluasi_kehadiran"}
    lines = list(csv.reader(io.StringIO(files["evaluasi_kehadiran"].decode("utf-8-sig")), delimiter=";"))
    assert [line[0] for line in lines if line and line[0] in {"100", "101", "102"}] == ["102"]
    assert "muatan #1" in files["evaluasi"].decode("utf-8-sig")
    assert [key for action, _, key in world.events() if action == "list.export"][-2:] == [
        "evaluasi",
        "evaluasi_kehadiran",
    ]


def test_before_the_first_load_the_page_says_so(world, seen):
    world.write("rename table posko_model.evaluation_state to posko_model.evaluation_state_away")
    try:
        page = seen()
    finally:
        world.write("rename table posko_model.evaluation_state_away to posko_model.evaluation_state")
    assert not page.exception
    assert [box.value for box in page.info] == [say("id", "dashboard.never")]


def test_a_click_on_a_mark_opens_its_list_in_a_browser_at_both_sizes(world, tmp_path):
    with site_of(world, tmp_path / "app.log") as address, chromium() as browser:
        page = window(browser, address, viewport={"width": 1366, "height": 900})
        sign_in(page, "BN2")
        expect(page.get_by_role("heading", name=say("id", "home.title"))).to_be_visible()
        for view in VIEWS:
            page.goto(f"/evaluasi?evaluasi_tampilan={view}")
            expect(page.get_by_role("heading", name=say("id", f"dashboard.view_{view}"))).to_be_visible()
            expect(page.locator(".posko-list").first).to_be_visible()
            picture(page, tmp_path, f"evaluasi-{view}")
        page.goto("/evaluasi?evaluasi_tampilan=kehadiran")
        bars = page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first
        bars.wait_for()
        box = bars.bounding_box()
        # Low in the middle of the only month stands the part of those who came.
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.5)
        expect(page).to_have_url(re.compile("evaluasi_kehadiran_tanda=examined"))
        assert page.hosts == {urlsplit(address).netloc}
