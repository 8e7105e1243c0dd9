"""The first page asks what has happened, and says what to run where nothing has."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from panel_app.answers import Answers, Query
from panel_app.pages import overview
from tests import founding
from tests.dashboards import NOON, answering, fill, load, shown, some, tops


@pytest.mark.parametrize(
    ("behind", "shown"), [(timedelta(seconds=3), "BTC-USDT"), (timedelta(minutes=2), "ETH-USDT")]
)
def test_the_chart_stays_with_a_book_as_long_as_that_speaks(
    tmp_path: Path, behind: timedelta, shown: str
) -> None:
    place = fill(tmp_path / "store", NOON - behind)  # BTC's speaks until then
    load(place, "book_tops", tops(NOON - timedelta(seconds=30), 25, pair="ETH-USDT"), "others")

    with answering(place) as answers:
        found = answers.ask(Query(overview.PULSE), answers.tick())

    assert set(found.column("pair").to_pylist()) == {shown}
    assert found.num_rows == 25


@pytest.fixture(scope="module")
def answers(filled: Path) -> Iterator[Answers]:
    with answering(filled) as asked:
        yield asked


@pytest.mark.parametrize(
    ("setting", "value", "n"),
    [
        ("severity", "", 2), ("severity", "high", 1), ("severity", "critical", 0),
        ("family", "options", 2), ("family", "crypto", 0), ("symbols", "SPX", 2),
        ("symbols", "-SPX", 0), ("symbols", "AAPL", 0),
    ],
)  # fmt: skip
def test_each_filter_leaves_the_alerts_that_are_meant(
    answers: Answers, setting: str, value: str, n: int
) -> None:
    desk = some(answers, "overview", "from reports.overview", **{setting: value})

    assert shown(desk, "alerts").count('class="alert"') == n


def test_an_alert_leads_to_its_evidence(answers: Answers) -> None:
    told = shown(some(answers, "overview", "from reports.overview"), "alerts")

    assert "/alerts?alert=options.oi_change%7CSPX%7Cnew%7C2024-03-04" in told
    assert "/symbol?symbol=SPX" in told
    assert "/detectors?detector=options.oi_change" in told


@pytest.mark.parametrize(("symbol", "told"), [("SPY", "nearest name is"), ("SPX", ""), ("", "")])
def test_only_a_name_that_nobody_knows_is_told_with_the_nearest(
    answers: Answers, symbol: str, told: str
) -> None:
    desk = some(answers, "overview", "damerau", symbol=symbol)

    said = desk._followed[0].part.markup.html
    assert told in said
    assert bool(told) is bool(said)


@pytest.mark.soak
def test_cards_and_stocks_are_those_that_are_named(market: Path) -> None:
    with answering(market, founding.NOON) as asked:
        desk = some(asked, "overview", "symbol_board", symbols="AAPL", sort="-n_alerts")
        other = some(asked, "overview", "symbol_board", symbol="NONE", symbols="-AAPL, -MSFT")

    assert "symbol?symbol=AAPL" in shown(desk, "stocks")
    assert shown(desk, "stocks").count("data-key") == 1
    assert 'aria-sort="descending"' in shown(desk, "stocks")
    assert "symbol?symbol=AAPL" in desk._followed[0].part.markup.html
    assert "No score is told of it" in other._followed[0].part.markup.html


@pytest.mark.parametrize("said", [overview.NO_ALERTS, overview.NO_BOOK, overview.NO_DATA])
def test_what_is_empty_says_what_to_run(said: str) -> None:
    assert re.search(r"Run `leadline \w+", said)
