"""What scores have in common is held for all who ask, and anew only when it may tell more."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from leadline.errors import StoreError
from panel_app.answers import Answers, Query
from panel_app.scored import SHARED, Scored
from tests import founding
from tests.dashboards import answering

INDEX = "select smart_money_index from scores.smart_money_index where symbol = $symbol"
MONTH = timedelta(days=31)


@pytest.fixture(scope="module")
def answers(market: Path) -> Iterator[Answers]:
    with answering(market, founding.NOON - timedelta(days=1)) as asked:
        yield asked


@pytest.fixture(scope="module")
def scored(answers: Answers) -> Scored:
    return Scored(answers)


def test_it_serves_what_reads_what_is_held_and_no_longer_than_that(scored: Scored) -> None:
    assert scored.serves(Query(INDEX, last=MONTH))
    assert scored.serves(Query("from reports.symbol_board", last=MONTH))
    assert not scored.serves(Query(INDEX, last=timedelta(days=366)))
    assert not scored.serves(Query(INDEX))
    assert not scored.serves(Query("from reports.price_days", last=MONTH))


def test_it_answers_what_the_store_itself_would(answers: Answers, scored: Scored) -> None:
    query = Query(f"from {SHARED} order by all", last=timedelta(days=5))
    tick = answers.tick()

    rows, until = scored.ask(query, tick)

    assert until == tick.until
    assert rows.num_rows > 0
    assert rows.equals(answers.over(query, answers.span(query, tick), tick))


def test_it_is_held_for_ten_minutes_and_answers_about_no_earlier_moment(
    answers: Answers, scored: Scored
) -> None:
    tick = answers.tick()
    _, until = scored.ask(Query(INDEX, {"symbol": "AAPL"}, MONTH), tick)

    for minutes, is_fit in ((0, True), (9, True), (10, False), (-1, False)):
        fit = scored._fit(until + timedelta(minutes=minutes), tick.version + 1)
        assert (fit is not None) is is_fit, minutes


@pytest.mark.soak
def test_behind_the_newest_day_it_asks_about_that(answers: Answers, scored: Scored) -> None:
    tick = answers.tick()
    late = replace(tick, until=tick.until + timedelta(days=200))

    rows, until = scored.ask(Query(INDEX, {"symbol": "AAPL"}, MONTH), late)

    assert until < tick.until + timedelta(days=2)
    assert rows.num_rows > 0


@pytest.mark.soak
def test_a_store_without_calendars_says_what_to_load_each_time(filled: Path) -> None:
    with answering(filled) as bare:
        nothing = Scored(bare)
        for _ in range(2):
            with pytest.raises(StoreError, match="run leadline load sessions"):
                nothing.ask(Query(INDEX, {"symbol": "AAPL"}, MONTH), bare.tick())
