"""Every page in a real browser, over a real server and the sample week."""

import io
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from panel_app import dashboard
from tests.browsers import AT, Heard, Server, answered, chromium, fits
from tests.dashboards import alert, load

MOMENT = datetime(2024, 2, 16, 15, 25, tzinfo=UTC)
THEN = "at=2024-02-16T15:25Z"
PAGES = list(dashboard.found())
OFTEN = ("overview", "alerts", "health", "whales", "workbench")
SELDOM = [pytest.param(name, marks=pytest.mark.soak) for name in PAGES if name not in OFTEN]
MOST = 12  # settings of a page that are tried
FIELDS = ".bar [data-set], .common [data-set]"


@pytest.fixture(scope="module")
def served(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    place = tmp_path_factory.mktemp("browsed") / "store"
    shutil.copytree(sample, place)
    rows = [
        alert(f"a{n}", MOMENT - timedelta(minutes=n), entity=entity, severity=severity)
        for n, (entity, severity) in enumerate(
            [("ALFA", "critical"), ("BRAV", "high"), ("BTC-USDT", "medium"), ("ALFA", "low")]
        )
    ]
    load(place, "alerts", rows, "loop")
    server = Server(place)
    yield server
    assert server.end() == (130, "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    opened = browser.new_page(viewport={"width": 1_440, "height": 900}, color_scheme="light")
    yield opened
    opened.close()


@pytest.mark.parametrize("name", [*OFTEN, *SELDOM])
def test_a_page_is_quiet_can_be_used_by_all_and_stands_in_its_address(
    page: Any, served: Server, name: str
) -> None:
    heard = Heard(page)
    page.goto(f"{served.address}{AT}/{name}?{THEN}")
    answered(page)
    assert violations(page, "light") == []
    page.locator("#banner").wait_for(state="hidden")  # nobody is heard while a machine is busy
    assert page.locator(".error").all_inner_texts() == []

    page.set_viewport_size({"width": 390, "height": 844})
    fits(page)

    page.set_viewport_size({"width": 1_440, "height": 900})
    change(page)
    asked, chosen = page.url, values(page)
    page.goto("about:blank")
    page.goto(asked)
    page.locator("header.head").first.wait_for()
    for _ in range(50):  # some fields stand in what is asked first
        if values(page) == chosen:
            break
        page.wait_for_timeout(200)
    assert values(page) == chosen
    assert "at=2024-02-16" in asked

    assert heard.wrong == []
    assert heard.hosts == {served.address}


@pytest.mark.soak
@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_used_by_all_in_the_dark_too(page: Any, served: Server, name: str) -> None:
    page.goto(f"{served.address}{AT}/{name}?{THEN}")
    answered(page)

    assert violations(page, "dark") == []


def violations(page: Any, theme: str) -> list[Any]:
    """Return what hinders people seriously or wholly, in a theme."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate("name => { document.documentElement.dataset.theme = name }", theme)
    said = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (theme, each["id"], [node["target"] for node in each["nodes"]][:3])
        for each in said
        if each["impact"] in ("serious", "critical")
    ]


def change(page: Any) -> None:
    """Set some of what the page can be set to otherwise."""
    fields = page.locator(FIELDS)
    names = fields.evaluate_all("all => all.map(each => each.dataset.set)")
    for name in [name for name in names if name != "at"][:MOST]:
        field = page.locator(f"[data-set={name}]").first
        kind = field.evaluate("each => each.type")
        if kind == "select-one" and field.locator("option").count() > 1:
            field.select_option(index=1)
        elif kind == "checkbox":
            field.check()
    page.wait_for_timeout(50)


def values(page: Any) -> Any:
    """Return what every field shows."""
    return page.locator(FIELDS).evaluate_all(
        "all => all.map(each => [each.dataset.set, each.checked ?? '', each.value])"
    )


def test_a_panel_is_taken_along_equal_in_csv_and_parquet(page: Any, served: Server) -> None:
    page.goto(f"{served.address}{AT}/overview?{THEN}")
    answered(page)
    head = page.locator("header.head#data")
    read = []
    for form in ("csv", "parquet"):
        head.locator("summary", has_text="Export").click()
        with page.expect_download() as begun:
            head.get_by_text(form, exact=True).click()
        content = io.BytesIO(Path(begun.value.path()).read_bytes())
        table = csv.read_csv(content) if form == "csv" else pq.read_table(content)
        read.append(dict(zip(*(table[n].to_pylist() for n in ("dataset", "n_rows")), strict=True)))
        head.locator("summary", has_text="Export").click()

    shown = page.locator("table").filter(has_text="book_tops").inner_text()
    assert read[0] == read[1]
    assert f"{read[0]['book_tops']:,}" in shown


def test_twelve_things_are_done_by_keyboard_alone(page: Any, served: Server) -> None:
    page.goto(f"{served.address}{AT}/overview?{THEN}")
    answered(page)
    press = page.keyboard.press
    done = []

    press("?")
    done.append(("keys", page.locator("#keys").is_visible()))
    press("Escape")
    done.append(("keys closed", not page.locator("#keys").is_visible()))
    press("j")
    press("j")
    done.append(("second row", page.locator("[data-own=here]").count() == 1))
    press("k")
    while not page.locator("details.alert[data-own=here]").count():
        press("j")
    press("Enter")
    done.append(("explained", page.locator("details.alert[open] .why").first.is_visible()))
    press("Enter")
    done.append(("closed", page.locator("details.alert[open]").count() == 0))
    press("Control+k")
    page.keyboard.type("brav")
    done.append(("found", "BRAV" in page.locator("#found").inner_text()))
    press("Escape")
    done.append(("command closed", not page.locator("#command").is_visible()))
    press("Control+k")
    page.keyboard.type("overv")
    press("ArrowDown")
    press("Enter")
    page.wait_for_url("**/overview*")
    done.append(("by name", THEN.split("=")[1][:10] in page.url))
    answered(page)
    page.locator("#theme").focus()
    press("Enter")
    done.append(("theme", page.locator("#theme-name").inner_text() == "light"))
    page.locator("[data-set=tz]").focus()
    press("ArrowDown")
    page.wait_for_url("**tz=ny*")
    done.append(("zone", True))
    page.locator(".clock", has_text="New York").wait_for()
    press("Escape")
    head = page.locator("header.head").first
    head.locator("summary", has_text="SQL").focus()
    press("Enter")
    done.append(("sql", head.locator("pre").is_visible()))
    press("g")
    press("o")
    page.wait_for_url("**/overview?*tz=ny*")
    done.append(("by letter", True))

    assert [what for what, is_done in done if not is_done] == []
    assert len(done) == 12


def test_an_answer_is_drawn_sorted_and_cancelled(page: Any, served: Server) -> None:
    heard = Heard(page)
    sql = "select day, -day as n from range(7) as days(day)"
    page.goto(f"{served.address}{AT}/workbench?{urlencode({'sql': sql})}")
    page.get_by_role("button", name="Bars", exact=True).click()
    page.locator("canvas").first.wait_for()
    page.locator("th button", has_text="day").click()
    page.locator("[aria-sort=descending]").wait_for()
    page.locator("[data-set=only]").fill("day < 5")
    page.locator(".took", has_text="5 rows").wait_for()
    set_to = parse_qs(urlsplit(page.url).query)

    page.locator("summary", has_text="Export").first.click()
    with page.expect_download() as begun:
        page.get_by_role("button", name="csv", exact=True).click()
    own = csv.read_csv(io.BytesIO(Path(begun.value.path()).read_bytes()))["day"].to_pylist()

    slow = f"select count(*) as day from range({10**8}) as a, range({10**8}) as b"
    page.locator("textarea#sql").fill(slow)
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_text("it was cancelled").wait_for(timeout=5_000)

    assert {name: set_to[name] for name in ("chart", "sort", "only")} == {
        "chart": ["bars"], "sort": ["-day"], "only": ["day < 5"],
    }  # fmt: skip
    assert own == list(range(7))
    assert heard.wrong == []


def test_what_is_wrong_with_an_address_is_said_in_place(page: Any, served: Server) -> None:
    page.goto(f"{served.address}{AT}/overview?{THEN}&tz=mars&sidee=1")
    answered(page)

    said = page.locator(".faults").inner_text()
    assert "tz: 'mars' is none of utc, ny, local" in said
    assert "sidee: this page has no such setting" in said
    assert page.locator("header.head").count() > 1

    page.goto(f"{served.address}{AT}/overveiw")
    assert "did you mean 'overview'" in page.locator("[role=alert]").inner_text()


def test_live_rows_arrive_and_what_is_open_stays_open(browser: Any, tmp_path: Path) -> None:
    from leadline import clock
    from tests.dashboards import fill

    now = clock.now().replace(microsecond=0)
    place = fill(tmp_path / "store", now)
    server = Server(place)
    page = browser.new_page()
    heard = Heard(page)
    page.goto(server.address)
    newest = page.locator(".alert").first
    newest.wait_for()
    assert newest.locator(".headline").inner_text() == "new: <b>more</b> & more"
    newest.locator("summary").first.click()

    load(place, "alerts", [alert("fresh", now, severity="critical")], "another loop")
    page.locator(".alert").nth(2).wait_for(timeout=20_000)
    assert page.locator(".headline").first.inner_text() == "fresh: +1600 to 9278"
    assert page.locator(".alert").nth(1).get_attribute("open") is not None
    assert heard.wrong == []

    # It ends, and the page says so; it is there again, and so is the page, as it was set.
    page.locator("[data-set=tz]").select_option("ny")
    server.end()
    page.locator("#banner", has_text="has not spoken since").wait_for(timeout=20_000)
    server.begin()
    page.locator("#banner").wait_for(state="hidden", timeout=30_000)
    page.locator(".clock", has_text="New York").wait_for(timeout=10_000)
    page.locator(".alert").nth(2).wait_for(timeout=20_000)
    page.close()
    server.end()
