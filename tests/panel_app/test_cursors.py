"""Pages in a row are the answer, each row once, whatever is loaded while somebody turns them."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from panel_app.cursors import Cursor, Order, own_order, total
from tests.dashboards import NOON, alert, client, load
from tests.doors import catalog

SEVERITIES = ("low", "medium", "high")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 60 alerts, of which many share a score, a moment or no weight at all."""
    folder, chance = tmp_path_factory.mktemp("paged") / "store", random.Random(20_240_301)
    rows = [
        alert(
            f"{n:03}", NOON - timedelta(minutes=chance.randrange(1, 9)),
            severity=chance.choice(SEVERITIES), score=chance.choice([25.0, 62.5, 1 / 3]),
            notional_usd=chance.choice([None, 1e6, 0.1]),
        )
        for n in range(60)
    ]  # fmt: skip
    load(folder, "alerts", rows, "loop")
    return folder


@pytest.fixture(scope="module")
def asking(place: Path) -> Iterator[TestClient]:
    with client(place) as found:
        yield found


def keys(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["alert_key"] for row in answer.json()]


def turned(asking: TestClient, address: str) -> list[list[str]]:
    """Return the keys of every page, by the address that each names."""
    pages: list[list[str]] = []
    following: str | None = address
    while following:
        answer = asking.get(following)
        pages.append(keys(answer))
        following = answer.links.get("next", {}).get("url")
    return pages


@pytest.mark.parametrize(
    ("limit", "asked"),
    [
        (7, ""),
        (2, "severity=high"),
        (60, ""),
        (9, "order=-notional_usd,score"),
        pytest.param(6, "order=severity", marks=pytest.mark.soak),
        (25, "order=-score&columns=alert_key"),
        (11, "order=is_late&offset=3"),
    ],
)
def test_pages_in_a_row_are_the_answer(asking: TestClient, limit: int, asked: str) -> None:
    pages = turned(asking, f"/api/curated.alerts?limit={limit}&{asked}")
    whole = keys(asking.get(f"/api/curated.alerts?limit=900&{asked}"))

    assert [key for page in pages for key in page] == whole
    assert len(whole) > len(pages[0]) - 1 > 0
    assert len({len(page) for page in pages[:-1]}) <= 1


def test_rows_that_come_meanwhile_are_on_no_page(place: Path, asking: TestClient) -> None:
    address = "/api/curated.alerts?limit=20&order=-fired_at"
    first = asking.get(address)
    before = keys(asking.get("/api/curated.alerts?limit=900"))
    load(place, "alerts", [alert("later", NOON - timedelta(minutes=5))], "another")
    rest = turned(asking, first.links["next"]["url"])

    told = [*keys(first), *(key for page in rest for key in page)]
    assert sorted(told) == sorted(before)
    assert len(keys(asking.get("/api/curated.alerts?limit=900"))) == len(before) + 1


@pytest.mark.parametrize("asked", ["limit=5&offset=5000", "offset=5000&format=csv"])
def test_the_last_page_names_no_other_and_beyond_it_there_is_none(
    asking: TestClient, asked: str
) -> None:
    last = asking.get("/api/curated.alerts?limit=500")
    beyond = asking.get(f"/api/curated.alerts?{asked}")

    assert "link" not in last.headers
    assert beyond.status_code == 422
    assert beyond.json() == {"error": "offset: 5,000 is beyond the last row; ask for less"}


def test_a_page_of_another_form_goes_on_as_well(asking: TestClient) -> None:
    first = asking.get("/api/curated.alerts?limit=30&format=csv&columns=alert_key")
    cursor = first.headers["leadline-next"]
    # How long a page is and its form may change on the way; what is asked may not.
    second = asking.get(f"/api/curated.alerts?limit=99&columns=alert_key&cursor={cursor}")

    assert len(first.text.splitlines()) == 31
    assert set(first.text.replace('"', "").splitlines()).isdisjoint(keys(second))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda c: f"severity=high&cursor={c}", "cursor: it is of another question"),
        (lambda c: f"order=score&cursor={c}", "cursor: it is of another question"),
        (lambda c: f"cursor={c[:-4]}", "cursor: it is not whole"),
        (lambda c: "cursor=none", "cursor: it is not whole"),
        (lambda c: f"offset=1&cursor={c}", "offset: the cursor says already where"),
        (lambda c: f"until=2024-03-05&cursor={c}", "cursor: it is of another moment"),
    ],
)
def test_a_cursor_is_of_one_question(asking: TestClient, change: Any, sentence: str) -> None:
    cursor = asking.get("/api/curated.alerts?limit=5").headers["leadline-next"]

    answer = asking.get(f"/api/curated.alerts?limit=5&{change(cursor)}")

    assert answer.status_code == 422
    assert sentence in answer.json()["error"]


def test_a_cursor_is_read_back_as_it_was() -> None:
    cursor = Cursor("q", "2024-03-05T12:00:00+00:00", "2024-03-05", ["a,'b", None], 3)

    assert Cursor.of(str(cursor)) == cursor


def test_every_view_with_an_order_of_its_own_is_paged_in_it() -> None:
    ordered = {
        view.stable: own_order(view, columns)
        for view in catalog().all()
        if "\norder by" in view.text
        for columns in [re_columns(view.text)]
    }

    assert len(ordered) > 10
    assert [name for name, order in ordered.items() if not order] == []
    assert ordered["reports.overview"] == [Order("fired_at", True), Order("alert_key")]
    assert ordered["reports.alerts"][0] == Order("told_at", True)


def re_columns(text: str) -> list[str]:
    """Return every word of a view's last select; its columns are among them."""
    import re

    return re.findall(r"\w+", text[text.rfind("\nselect") : text.rfind("\norder by")])


def test_what_an_order_leaves_open_the_other_columns_decide() -> None:
    order = total([Order("b", True)], ["a", "b", "c"])

    assert [each.sql for each in order] == [
        '"b" desc nulls last', '"a" asc nulls last', '"c" asc nulls last',
    ]  # fmt: skip
