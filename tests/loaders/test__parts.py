"""An answer is cut into loads by the month or day of its rows."""

from collections.abc import Iterator
from datetime import date

import pytest

from leadline.errors import FeedError
from leadline.feed import Batch
from loaders._parts import DAY, MONTH, Told, parts, whole_ones

TOLD: list[Told] = [
    (date(2024, 3, 4), "equity_bars", {"close": 2}),
    (date(2024, 2, 29), "equity_bars", {"close": 1}),
    (date(2024, 3, 5), "corporate_actions", {"ratio": 4}),
]


def test_each_month_is_a_load_with_its_rows_by_dataset() -> None:
    found = [(file.name, rows) for file, rows in parts(TOLD, MONTH, "AAPL_1d", "https://a/b")]

    assert found == [
        ("AAPL_1d_202402", {"equity_bars": [{"close": 1}]}),
        ("AAPL_1d_202403", {"equity_bars": [{"close": 2}], "corporate_actions": [{"ratio": 4}]}),
    ]


def test_each_day_is_one_where_days_are_wanted() -> None:
    names = [file.name for file, _ in parts(TOLD, DAY, "AAPL_1m", "https://a/b")]

    assert names == ["AAPL_1m_20240229", "AAPL_1m_20240304", "AAPL_1m_20240305"]


def test_the_same_rows_are_the_same_content_and_others_are_not() -> None:
    other = [*TOLD[:2], (date(2024, 3, 5), "corporate_actions", {"ratio": 5})]

    digests = [digests_of(TOLD), digests_of(TOLD), digests_of(other)]

    assert digests[0] == digests[1]
    assert [one == two for one, two in zip(digests[0], digests[2], strict=True)] == [True, False]


def digests_of(told: list[Told]) -> list[str]:
    found = []
    for file, _ in parts(told, MONTH, "A", "b"):
        found.append(file.digest)
        file.close()
    return found


def test_an_error_ends_the_file_before_it_first() -> None:
    def broken() -> Iterator[Batch]:
        yield "equity_bars", [{"close": 1}]
        raise FeedError("feed: the next one is refused")

    taken: list[Batch] = []
    with pytest.raises(FeedError, match="the next one is refused"):
        taken.extend(whole_ones("equity_bars", broken()))

    assert taken == [("equity_bars", [{"close": 1}]), ("equity_bars", [])]
