"""Pages are found because they lie in their folder, and each stands at its address."""

import sys
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from starlette.testclient import TestClient

import panel_app.pages
from panel_app import dashboard
from panel_app.answers import Answers
from panel_app.paced import Paced
from tests.dashboards import client

PAGE = '''"""A page of a test."""

from leadline.errors import QueryError

LETTER, ORDER, LAST = "z", 0.5, "5d"


def page(desk):
    """Lay out one table."""
    if desk.settings["at"] == "2024-01-01":
        raise QueryError("query: <nothing> was there then")
    return desk.table("data", "Data", desk.query("from reports.freshness"), "")
'''


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "our_flow.py").write_text(PAGE)
    monkeypatch.setattr(panel_app.pages, "__path__", [*panel_app.pages.__path__, str(tmp_path)])
    monkeypatch.setitem(sys.modules, "panel_app.pages.our_flow", None)
    del sys.modules["panel_app.pages.our_flow"]


def test_a_page_is_found_because_it_lies_in_the_folder(ours: None, filled: Path) -> None:
    names = list(dashboard.found())
    with client(filled) as asking:
        page = asking.get("/smart-money/dashboard/our-flow?last=1d")

    assert names[:2] == ["our-flow", "overview"]
    assert page.status_code == 200
    assert "<title>Our flow · leadline</title>" in page.text
    assert (
        '<a href="/smart-money/dashboard/our-flow" aria-current=page data-letter="z"' in page.text
    )
    assert '<option value="1d" selected>1d</option>' in page.text


def test_what_a_page_can_not_lay_out_is_a_sentence_in_its_place(
    ours: None, answers: Answers
) -> None:
    page = dashboard.found()["our-flow"]
    laid: Any = page.lay(page.desk(Paced(answers), {"at": "2024-01-01"}))

    assert laid.html == ('<p class="error" role="alert">query: &lt;nothing&gt; was there then</p>')


def test_what_the_first_page_shows_is_asked_before_anybody_opens_it(
    ours: None, answers: Answers
) -> None:
    paced = Paced(answers)
    dashboard.warm(paced)
    while paced._running:
        sleep(0.01)

    page = dashboard.found()["our-flow"]
    desk = page.desk(paced, {})
    page.lay(desk)
    assert [paced.last(query) is not None for query in desk.asks()] == [True]


def test_a_symbol_goes_along_through_pages_that_know_none(ours: None) -> None:
    page = dashboard.found()["our-flow"]

    assert page.settings({"symbol": "AAPL"}).faults == {}
    assert list(page.settings({"sym": "AAPL"}).faults) == ["sym"]


def test_no_two_pages_have_one_letter() -> None:
    letters = [page.letter for page in dashboard.found().values()]

    assert "" not in letters
    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize("path", ["/", "/smart-money/dashboard"])
def test_above_the_pages_the_first_one_is_led_to_as_it_was_asked_for(
    shown: TestClient, path: str
) -> None:
    answer = shown.get(f"{path}?tz=ny", follow_redirects=False)

    assert answer.status_code == 307
    assert answer.headers["location"] == "/smart-money/dashboard/overview?tz=ny"


def test_no_page_is_a_sentence_and_the_way_to_the_others(shown: TestClient) -> None:
    answer = shown.get("/smart-money/dashboard/overveiw")

    assert answer.status_code == 404
    assert "overveiw: there is no such page; did you mean &#x27;overview&#x27;" in answer.text
    assert 'href="/smart-money/dashboard/overview"' in answer.text
