"""The first page in a real browser, over a real server and a store that somebody loads into."""

import re
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from leadline import clock
from tests.dashboards import NOON, alert, answering, fill, load, tops
from tests.desks import start
from tests.doors import ROOT

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip


@pytest.mark.parametrize(
    ("behind", "shown"), [(timedelta(seconds=3), "BTC-USDT"), (timedelta(minutes=2), "ETH-USDT")]
)
def test_the_chart_stays_with_a_book_as_long_as_that_speaks(
    tmp_path: Path, behind: timedelta, shown: str
) -> None:
    from panel_app.answers import Query
    from panel_app.pages import overview

    place = fill(tmp_path / "store", NOON - behind)  # BTC's speaks until then
    load(place, "book_tops", tops(NOON - timedelta(seconds=30), 25, pair="ETH-USDT"), "others")

    with answering(place) as answers:
        found = answers.ask(Query(overview.PULSE), answers.tick())

    assert set(found.column("pair").to_pylist()) == {shown}
    assert found.num_rows == 25


@pytest.fixture
def browser() -> Iterator[Any]:
    sync = pytest.importorskip("playwright.sync_api").sync_playwright
    chromium = which("chromium") or which("chromium-browser") or which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium is on the path; apt-get install chromium")
    with sync() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    place = fill(tmp_path / "store", clock.now().replace(microsecond=0))
    process = start(ROOT, "--store", place, "serve", "--port", "0")
    assert process.stderr is not None
    address = process.stderr.readline().split()[0]
    yield address, place
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, "")


def listen(page: Any, wrong: list[str], hosts: set[str]) -> None:
    """Note what a page complains about, and whom it asks."""

    def said(message: Any) -> None:
        if message.type in ("error", "warning"):
            wrong.append(message.text)

    def got(response: Any) -> None:
        if response.status >= 400:
            wrong.append(f"{response.status} {response.url}")

    def asked(request: Any) -> None:
        address = request.url.removeprefix("blob:").replace("ws://", "http://")
        hosts.add("/".join(address.split("/")[:3]))

    page.on("console", said)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("response", got)
    page.on("request", asked)
    page.on("websocket", asked)


def test_the_page_shows_explains_and_follows(browser: Any, served: tuple[str, Path]) -> None:
    address, place = served
    page = browser.new_page(viewport={"width": 1_280, "height": 900}, color_scheme="light")
    wrong: list[str] = []
    hosts: set[str] = set()
    listen(page, wrong, hosts)
    page.goto(address)

    # It is all there: tiles, both alerts, the chart, the datasets.
    page.locator(".alert").nth(1).wait_for()
    assert page.locator(".tile.high b").inner_text() == "1"
    assert page.locator("canvas").count() > 0
    assert "binance BTC-USDT" in page.locator(".last").inner_text()
    assert page.locator("table").inner_text().count("book_tops") == 1

    # A click explains, and what a source wrote is text.
    newest = page.locator(".alert").first
    assert newest.locator(".headline").inner_text() == "new: <b>more</b> & more"
    assert not newest.locator(".why").is_visible()
    newest.locator("summary").first.click()
    assert "SPX240315C05000000" in newest.locator("dl").inner_text()
    assert "Misses." in newest.locator(".why").inner_text()
    assert newest.locator(".command").inner_text().startswith("leadline --store ")

    # Dark is dark, and stays so.
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (light, dark) == ("rgb(244, 246, 248)", "rgb(12, 19, 25)")
    assert page.evaluate("localStorage.getItem('leadline.theme')") == "dark"

    # What is loaded meanwhile arrives on top, and what was open stays open.
    fired_at = clock.now().replace(microsecond=0) - timedelta(seconds=2)
    load(place, "alerts", [alert("fresh", fired_at, severity="critical")], "another loop")
    page.locator(".alert").nth(2).wait_for(timeout=10_000)
    assert page.locator(".headline").first.inner_text() == "fresh: +1600 to 9278"
    assert page.locator(".alert").nth(1).get_attribute("open") is not None
    assert page.locator(".tile.critical b").inner_text() == "1"

    assert wrong == []
    assert hosts == {address}
    page.close()


def test_what_is_empty_says_what_to_run() -> None:
    from panel_app.pages import overview

    for said in (overview.NO_ALERTS, overview.NO_BOOK, overview.NO_DATA):
        assert re.search(r"Run `leadline \w+", said)
