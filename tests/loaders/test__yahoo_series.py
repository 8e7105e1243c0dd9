"""Answers and tables of Yahoo are read as they are, or refused in one sentence."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import FeedError
from loaders._yahoo_series import of_answer, of_table
from tests.charts import chart, opens

RECORDED = Path(__file__).parent / "messages" / "GOOG.chart.json"
DAY = date(2024, 7, 16)
AT = datetime(2024, 7, 16, 21, tzinfo=UTC)
TABLE = """\
Datetime,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits,Capital Gains
2024-07-15 00:00:00-04:00,4.0,4.5,3.5,4.25,4.0,1000.0,0.0,4.0,0.0
2024-07-16 00:00:00-04:00,4.25,4.5,,4.5,4.5,1000.0,0.25,0.0,0.125
"""


def said(**meta: Any) -> Any:
    answer = chart("AAPL", [(opens(DAY), 1, 2, 1, 2, 10)], AT, splits={DAY: (3, 2)}, **meta)
    return json.loads(json.dumps(answer), parse_float=Decimal)


def test_a_recorded_answer_has_its_live_row_and_the_sessions_day() -> None:
    series = of_answer("here", json.loads(RECORDED.read_text(), parse_float=Decimal))

    assert (series.symbol, series.length) == ("GOOG", "1d")
    assert [(bar.day, bar.volume) for bar in series.bars] == [
        (date(2017, 11, 3), Decimal(1_059_100)), (date(2017, 11, 3), Decimal(1_076_350)),
    ]  # fmt: skip
    assert series.bars[0].close == Decimal("1032.47998046875")


def test_splits_and_payments_have_the_session_s_day() -> None:
    answer = said()
    events = answer["chart"]["result"][0]["events"]
    at = int(opens(DAY).timestamp())
    events["dividends"] = {"1": {"amount": Decimal("0.25"), "date": at}}
    events["capitalGains"] = {"1": {"amount": Decimal("0.125"), "date": at}}

    series = of_answer("here", answer)

    assert series.splits == {DAY: Decimal("1.5")}
    assert [(paid.day, paid.amount) for paid in series.payments] == [(DAY, Decimal("0.375"))]


@pytest.mark.parametrize("hour", [4, 5, 12, 13, 14, 15, 20])
def test_a_day_that_daylight_saving_moved_is_the_same_day(hour: int) -> None:
    answer = said()
    moved = datetime(2024, 7, 16, hour, 30 if 12 <= hour < 20 else 0, tzinfo=UTC)
    answer["chart"]["result"][0]["timestamp"] = [int(moved.timestamp())]

    assert [bar.day for bar in of_answer("here", answer).bars] == [DAY]


def test_midnight_an_hour_early_is_the_next_day() -> None:
    answer = said()
    early = datetime(2024, 7, 16, 3, tzinfo=UTC)  # 23:00 of the day before in New York
    answer["chart"]["result"][0]["timestamp"] = [int(early.timestamp())]

    assert [bar.day for bar in of_answer("here", answer).bars] == [DAY]


def test_no_bars_are_an_answer_without_moments() -> None:
    assert of_answer("here", chart("AAPL", [], AT)).bars == []


REFUSED = [
    ({"currency": "GBp"}, "here: AAPL trades in GBp by the clock of America/New_York, not in U"),
    ({"exchangeTimezoneName": "Europe/London"}, "trades in USD by the clock of Europe/London"),
    ({"dataGranularity": "60m"}, "here: AAPL has bars of 60m, not of 1d or 1m; ask for those"),
    ({"regularMarketTime": 1721917800}, "ends on 2024-07-16 and was asked for on 2024-07-25, so"),
]


@pytest.mark.parametrize(("meta", "sentence"), REFUSED)
def test_what_would_be_read_wrongly_is_refused(meta: dict[str, Any], sentence: str) -> None:
    with pytest.raises(FeedError, match=sentence):
        of_answer("here", said(**meta))


def test_bars_of_another_length_than_asked_for_are_refused() -> None:
    with pytest.raises(FeedError, match=r"AAPL has bars of 1d, not of 1m; ask for those"):
        of_answer("here", said(), "1m")


def test_a_table_has_its_ticker_and_length_in_its_name() -> None:
    series = of_table("here", "BRK-B-1d-saved.csv", TABLE)

    assert (series.symbol, series.length) == ("BRK.B", "1d")
    assert [bar.day for bar in series.bars] == [date(2024, 7, 15), DAY]
    assert series.bars[1].prices["low"] is None
    assert series.splits == {date(2024, 7, 15): 4}
    assert [(paid.day, paid.amount) for paid in series.payments] == [(DAY, Decimal("0.375"))]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("SAND.csv", TABLE, "here: a table's name says its ticker and length, as AAPL-1d.csv; ba"),
        ("AV-L-1wk-bad.csv", TABLE, r"AAPL-1d\.csv; bars of 1d and 1m are taken"),
        ("AV-L-1d.csv", TABLE.replace("-04:00", "+01:00"), "its days are not New York's, '2024-0"),
    ],
)
def test_a_table_of_something_else_is_refused(name: str, text: str, sentence: str) -> None:
    with pytest.raises(FeedError, match=sentence):
        of_table("here", name, text)
