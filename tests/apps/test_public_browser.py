"""The public site and application in the system's Chromium: with and without script, axe-core clean, no other host (R-160, R-188)."""

from __future__ import annotations

import datetime as dt
import http.client
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from apps.public.certificates import Certificates, Verdict
from apps.public_app import Public, make_app
from exports.site import build
from exports.site_folder import SiteFolder
from tests.support.browser import FITS, chromium, window
from tests.support.served import served
from tests.support.site_rows import AT, FakeRows

SIZES = ({"width": 1366, "height": 768}, {"width": 390, "height": 844})
ROW = {
    "certificate_no": "PRT.1025.2026.4538768", "tki_id": "9811201", "masked_name": "N*** K*** B*** D***", "scheme_code": "TLRT",
    "lsp_name": "LSP Tata Laksana Rumah Tangga Nusantara Sejahtera Mandiri", "certified_on": dt.date(2026, 3, 10),
    "valid_until": dt.date(2029, 3, 10),
}  # fmt: skip


class Known(Certificates):
    """One certificate, by its code or by nothing; the database has tests of its own."""

    def by_code(self, number, code, today):
        return Verdict("VALID", ROW) if code == "C680C6" else Verdict("UNKNOWN")

    def limit(self, name, today):
        return 20


@pytest.fixture
def site(tmp_path):
    """A published site with its application; yields the address."""
    rows, folder = FakeRows(), SiteFolder(tmp_path / "situs")
    rows.lsp = {f"LSP-{place}": f"LSP Tata Laksana Rumah Tangga Nusantara Wilayah {place}" for place in range(1, 9)}
    for number in range(60):
        told = {"lsp_code": f"LSP-{1 + number % 8}", "tested_on": dt.date(2026, 1 + number % 6, 9)}
        rows.add(f"98112{number:02d}", result="BELUM" if number % 4 == 0 else "KOMPETEN", **told)
    with folder.held():
        made = build(rows, folder, at=AT)
        assert made.findings == []
        folder.switch(made.state)
    public = Public(Known(None, b"", None), folder.public, per_minute=1000)
    with served(make_app(public)) as client:
        yield str(client.base_url)
    public.pool.shutdown()


def look(page, name, folder):
    """Return what is wrong with the page that is open, at both sizes; pictures are kept."""
    said = []
    for size in SIZES:
        page.set_viewport_size(size)
        page.screenshot(path=folder / f"{name}-{size['width']}.png", full_page=True)
        said += [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in Axe().run(page).response["violations"]]
        if not page.evaluate(FITS):
            said.append(f"wider than {size['width']} pixels")
    page.set_viewport_size(SIZES[0])
    return [f"{name}: {one}" for one in said]


def fill(page, tki_id, born):
    page.get_by_label("ID TKI").fill(tki_id)
    page.get_by_label("Tanggal lahir").fill(born)
    page.get_by_role("button", name="Lihat hasil").click()


def test_a_result_is_looked_up_in_the_browser_and_nothing_that_was_typed_leaves_it(site, tmp_path):
    with chromium() as browser:
        page = window(browser, site, bypass_csp=True)
        asked = []
        page.on("request", lambda request: asked.append((request.method, urlsplit(request.url).path)))
        page.goto("/")
        said = look(page, "cari", tmp_path)
        fill(page, "9811201", "1983-05-01")
        expect(page.locator(".kartu .putusan")).to_have_text("Kompeten")
        expect(page.locator(".kartu")).to_contain_text("PRT.1025.2026.4538768")
        expect(page.locator(".kartu")).to_contain_text("LSP Tata Laksana Rumah Tangga Nusantara Wilayah 2")
        said += look(page, "hasil", tmp_path)
        fill(page, "9811200", "1983-05-01")
        expect(page.locator(".kartu .putusan")).to_have_text("Belum kompeten")
        fill(page, "9811200", "1983-05-02")
        expect(page.locator("#hasil")).to_contain_text("Tidak ada hasil yang ditayangkan")

        assert said == []
        assert {method for method, _ in asked} == {"GET"}
        assert not [path for _, path in asked if "98112" in path or "1983" in path]
        assert page.hosts == {urlsplit(site).netloc}


def test_without_script_the_same_result_comes_from_the_server(site, tmp_path):
    with chromium() as browser:
        page = window(browser, site, java_script_enabled=False)
        page.goto("/")
        fill(page, "9811201", "1983-05-01")
        expect(page.locator(".kartu .putusan")).to_have_text("Kompeten")
        expect(page.locator(".kartu")).to_contain_text("9 Februari 2026")
        page.goto("/jumlah.html")
        expect(page.locator("svg").first).to_be_visible()
        fill_again = page.goto("/")
        assert fill_again.ok
        fill(page, "9811201", "1983-05-02")
        expect(page.locator("#hasil")).to_contain_text("Tidak ada hasil yang ditayangkan")


def test_totals_and_verification_break_no_rule_of_accessibility(site, tmp_path):
    with chromium() as browser:
        page = window(browser, site, bypass_csp=True)
        page.goto("/jumlah.html")
        said = look(page, "jumlah", tmp_path)
        page.goto("/verifikasi")
        said += look(page, "verifikasi", tmp_path)
        for code, words in (("C680C6", "SAH"), ("C680C7", "TIDAK DIKENAL")):
            page.get_by_label("Nomor sertifikat").fill("PRT.1025.2026.4538768")
            page.get_by_label("Secure code").fill(code)
            page.get_by_role("button", name="Periksa nomor").click()
            expect(page.locator(".putusan")).to_have_text(words)
            said += look(page, f"putusan-{code}", tmp_path)
        page.goto("/tidak-ada")
        said += look(page, "tidak-ada", tmp_path)

    assert said == []


def test_before_anything_is_published_the_pages_say_so(tmp_path):
    public = Public(Known(None, b"", None), tmp_path / "aktif", per_minute=1000)
    with served(make_app(public)) as client:
        assert client.get("/").status_code == client.get("/situs.css").status_code == 200
        assert client.get("/jumlah.html").status_code == 404
        answer = client.post("/hasil", data={"id_tki": "1", "tanggal_lahir": "1983-05-01"})
        assert "Belum ada hasil yang ditayangkan" in answer.text
        assert client.post("/hasil", data={"id_tki": "<b>", "tanggal_lahir": "kemarin"}).status_code == 400
    public.pool.shutdown()


@pytest.mark.parametrize(
    "path",
    [
        "/../keadaan/1.json",
        "/%2e%2e/keadaan/1.json",
        "/isi/../../keadaan",
        "/indeks/",
        "/isi/00",
        "/.kunci",
        "/situs.json/x",
    ],
)
def test_no_other_file_is_given_away(site, path):

    line = http.client.HTTPConnection(urlsplit(site).netloc)
    line.request("GET", path)
    answer = line.getresponse()
    assert answer.status == 404
    assert b"mark" not in answer.read()
    line.close()
