"""Every trade of a stretch is told once, whatever the pages do."""

from typing import Any

import pytest

from leadline.errors import FeedError
from loaders._deribit_pages import OVERLAP_MS, PAGE, Pages
from tests.deribit import NOW_MS, traded

SPAN = (NOW_MS, NOW_MS + 3_600_000)


def walked(trades: list[Any]) -> tuple[list[int], int]:
    """Walk through trades as an exchange answers; return their numbers and the questions."""
    pages, numbers, asked = Pages("BTC", *SPAN), [], 0
    while query := pages.query:
        asked += 1
        since, until = query["start_timestamp"], query["end_timestamp"]
        page = [trade for trade in trades if since <= trade["timestamp"] <= until]
        numbers += [trade["trade_seq"] for trade in pages.take(page[:PAGE])]
    return numbers, asked


def test_the_first_question_has_the_stretchs_bounds() -> None:
    query = Pages("ETH", *SPAN).query

    assert query == {
        "currency": "ETH", "kind": "option", "start_timestamp": NOW_MS,
        "end_timestamp": NOW_MS + 3_599_999, "count": PAGE, "sorting": "asc",
    }  # fmt: skip


def test_a_quiet_stretch_takes_one_question() -> None:
    assert walked([]) == ([], 1)


def test_trades_of_many_pages_come_once_each() -> None:
    trades = [traded(n, at_ms=n * 700) for n in range(2_500)]

    numbers, asked = walked(trades)

    assert numbers == list(range(2_500))
    assert asked == 4  # three pages, and one that brings nothing new


def test_a_millisecond_that_two_pages_share_is_not_cut() -> None:
    trades = [traded(n, at_ms=(n // 600) * 5_000) for n in range(1_800)]

    assert walked(trades)[0] == list(range(1_800))


def test_a_page_that_is_shorter_than_the_overlap_goes_on_behind_it() -> None:
    trades = [traded(n, at_ms=n // 4) for n in range(1_600)]

    assert trades[-1]["timestamp"] - NOW_MS < OVERLAP_MS
    assert walked(trades)[0] == list(range(1_600))


def test_trades_that_are_a_little_out_of_order_are_not_left_out() -> None:
    trades = [traded(n, at_ms=n * 700) for n in range(1_200)]
    trades[PAGE]["timestamp"] -= 701  # it comes behind the page, and was a moment before its end

    assert sorted(walked(trades)[0]) == list(range(1_200))


def test_more_trades_in_a_millisecond_than_a_page_holds_stop() -> None:
    sentence = "BTC has more than 1,000 trades at 2026-08-01 01:08:45Z, which no pages tell apart"

    with pytest.raises(FeedError, match=sentence):
        walked([traded(n) for n in range(1_100)])
