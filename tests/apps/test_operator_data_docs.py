"""The pages of the gates behind the sign-in: for whom, which files, nothing that leads out of their folder (R-003, R-045, R-105)."""

from __future__ import annotations

import shutil

import pytest
from starlette.applications import Starlette

from apps.operator import data_docs
from apps.operator.gate import Gate
from posko.services import sessions
from tests.support.operator import cookies_of
from tests.support.served import served

pytestmark = pytest.mark.server
PAGE = "/data-docs/checks/received/index.html"
INDEX = "<h1>Pemeriksaan</h1>"


@pytest.fixture
def docs(world):
    """Lay out the folder as a gate does: its newest run behind a link; taken away again, for others of this process run real gates."""
    docs = world.settings.var / "docs"
    shutil.rmtree(docs, ignore_errors=True)
    run = docs / "checks" / ".received-x1"
    (run / "static").mkdir(parents=True, exist_ok=True)
    (run / "index.html").write_text("gerbang", "utf-8")
    (run / "static" / "style.css").write_text("p {}", "utf-8")
    (run / "outcome.json").write_text("{}", "utf-8")
    (docs / "index.html").write_text(INDEX, "utf-8")
    (docs / "lineage").mkdir(exist_ok=True)
    (docs / "lineage" / "index.html").write_text("<script></script>", "utf-8")
    link = docs / "checks" / "received"
    link.unlink(missing_ok=True)
    link.symlink_to(run.name)
    (world.settings.var / "secret.html").write_text("rahasia", "utf-8")
    out = docs / "out.html"
    out.unlink(missing_ok=True)
    out.symlink_to(world.settings.var / "secret.html")
    yield docs
    shutil.rmtree(docs)


@pytest.fixture
def browser(world, docs):
    app = Gate(Starlette(routes=data_docs.routes(world.screens)))
    with served(app) as client:
        yield client


def sign_in(browser, world, who):
    browser.cookies.clear()
    for name, value in cookies_of(world, who).items():
        browser.cookies.set(name, value)


def opened(world):
    return world.ask(
        "select actor_id, outcome, json_value(payload, '$.path') from posko_audit.audit_event"
        " where action = 'monitoring.data_docs' order by event_id"
    )


@pytest.mark.parametrize("path", ["/data-docs", "/data-docs/", PAGE, "/data-docs/index.html"])
def test_without_a_session_there_is_only_the_sign_in(browser, path):
    answer = browser.get(path)

    assert (answer.status_code, answer.headers["location"]) == (303, "/masuk")


@pytest.mark.parametrize("who", ["BN1", "SA1", "AU1"])
def test_who_may_watch_the_gates_reads_their_pages_and_each_is_recorded(browser, world, who):
    sign_in(browser, world, who)

    assert browser.get("/data-docs").headers["location"] == "/data-docs/index.html"
    assert browser.get("/data-docs/index.html").text == INDEX
    page = browser.get(PAGE)
    style = browser.get("/data-docs/checks/received/static/style.css")

    assert (page.status_code, page.text, page.headers["content-type"]) == (200, "gerbang", "text/html; charset=utf-8")
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert opened(world) == [(who, "ok", "index.html"), (who, "ok", "checks/received/index.html")]


@pytest.mark.parametrize("who", ["KO1", "LS1", "TU1", "AS1"])
@pytest.mark.parametrize("path", [PAGE, "/data-docs/checks/received/static/style.css", "/data-docs/tidak-ada.html"])
def test_any_other_role_is_refused_and_recorded(browser, world, who, path):
    sign_in(browser, world, who)

    answer = browser.get(path)

    assert answer.status_code == 403
    assert "gerbang" not in answer.text
    assert [(actor, outcome) for actor, outcome, _ in opened(world)] == [(who, "refused")]


@pytest.mark.parametrize(
    "path",
    [
        "checks",
        "checks/",
        "checks/received",
        "checks/received/static/",
        "checks/.received-x1/index.html",
        "checks/received/outcome.json",
        "out.html",
        "../secret.html",
        "%2e%2e/secret.html",
        "checks/%2e%2e/%2e%2e/secret.html",
        "checks/..%2f..%2fsecret.html",
        "..%5csecret.html",
        "/etc/passwd",
        "index.html%00.css",
        "tidak-ada.html",
        "x" * 3000 + ".html",
    ],
)
def test_nothing_but_its_own_pages_is_given_out(browser, world, path):
    sign_in(browser, world, "BN1")

    answer = browser.get(f"/data-docs/{path}")

    assert answer.status_code == 404, answer.text[:200]
    assert "rahasia" not in answer.text


def test_a_page_runs_no_script_and_dbts_runs_its_own_without_an_origin(browser, world):
    sign_in(browser, world, "BN1")

    gate, lineage = browser.get(PAGE).headers, browser.get("/data-docs/lineage/index.html").headers

    assert "script-src" not in gate["content-security-policy"]
    assert "default-src 'none'" in gate["content-security-policy"]
    assert "sandbox allow-scripts" in lineage["content-security-policy"]
    assert {gate["cache-control"], lineage["cache-control"]} == {"no-store"}
    assert gate["x-content-type-options"] == "nosniff"


def test_a_session_that_was_ended_opens_no_page_any_more(browser, world):
    sign_in(browser, world, "BN1")
    assert browser.get(PAGE).status_code == 200

    sessions.principal_of(world.office, browser.cookies["posko_web"], "ST-0").do(sessions.logout)

    assert browser.get(PAGE).status_code == 303


def test_only_reading_is_answered(browser, world):
    sign_in(browser, world, "BN1")

    assert {browser.request(method, PAGE).status_code for method in ("POST", "PUT", "DELETE")} == {405}


def test_where_no_gate_has_left_pages_none_are_offered(world, docs):
    assert data_docs.is_there(world.screens)

    (docs / "index.html").unlink()

    assert not data_docs.is_there(world.screens)
