"""The first page asks what has happened, and says what to run where nothing has."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from panel_app.answers import Query
from panel_app.pages import overview
from tests.dashboards import NOON, answering, fill, load, tops


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


@pytest.mark.parametrize("said", [overview.NO_ALERTS, overview.NO_BOOK, overview.NO_DATA])
def test_what_is_empty_says_what_to_run(said: str) -> None:
    assert re.search(r"Run `leadline \w+", said)
