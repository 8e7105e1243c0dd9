"""Invented rows go into a store in which all is invented, once, and are answered by every route."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from leadline import demo, project
from leadline.load import over_network
from tests import founding
from tests.dashboards import client
from tests.doors import ROOT, opened

NOW = founding.NOON  # long after the sample week


@pytest.fixture(scope="module")
def invented(ruled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Open a demo's store that has the smallest of the sample feeds."""
    place = tmp_path_factory.mktemp("invented") / "store"
    shutil.copytree(ruled, place)
    with opened(place) as store:
        feed = "sample_watch"
        list(over_network(feed, project.feed(ROOT, feed), store, demo.SPAN, founding.NOBODY))
    with client(place, NOW) as asking:
        yield asking


def test_a_stock_is_invented_once_and_then_told_of(invented: TestClient) -> None:
    assert invented.get("/smart-money/dark-pool/NFLX/summary").status_code == 404
    first = invented.post("/smart-money/demo/nflx/generate-data", params={"days": 2})
    again = invented.post("/smart-money/demo/NFLX/generate-data?days=1").json()

    assert (first.status_code, first.json()["rows_added"] > 100) == (200, True)
    assert {name: first.json()[name] for name in ("status", "message", "symbol", "days")} == {
        "status": "success", "message": "Generated 2 days of sample data for NFLX",
        "symbol": "NFLX", "days": 2,
    }  # fmt: skip
    assert again["rows_added"] == 0
    summary = invented.get("/smart-money/dark-pool/NFLX/summary").json()
    flow = invented.get("/smart-money/institutional/NFLX/flow").json()
    assert (summary["date"], summary["total_prints"]) == ("2024-02-16T00:00:00", 24)
    assert (flow["quarter"], flow["total_holders"]) == ("Q4 2023", 5)


def test_what_the_sample_week_has_stays_as_it_is(invented: TestClient) -> None:
    answer = invented.post("/smart-money/demo/ALFA/generate-data").json()

    assert answer["rows_added"] == 0
    assert answer["message"] == "7 days of sample data for ALFA were there already"


@pytest.mark.parametrize(
    "asked", ["NFLX/generate-data?days=0", "NFLX/generate-data?days=366",
              "NFLX/generate-data?days=abc", "1234/generate-data", "A%20B/generate-data"],
)  # fmt: skip
def test_what_is_no_ticker_and_no_number_of_days_is_refused(old: TestClient, asked: str) -> None:
    assert old.post(f"/smart-money/demo/{asked}").status_code == 422


def test_a_store_of_other_rows_is_left_alone(old: TestClient, market: Path) -> None:
    answer = old.post("/smart-money/demo/NFLX/generate-data")

    assert answer.status_code == 409
    assert answer.json()["error"] == (
        "store: it holds loads of bars, and invented rows go into a demo's store alone; "
        "serve one with leadline demo"
    )
    with opened(market) as store:
        store.ledger.refresh()
        assert store.ledger.place("demo_stock", "NFLX").standing == ()
