"""A quarter begins and ends with a month, and the last one with the year."""

from datetime import date

import pytest

from loaders._quarters import first_day, last_day


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        (1, date(2024, 1, 1), date(2024, 3, 31)),
        (2, date(2024, 4, 1), date(2024, 6, 30)),
        (3, date(2024, 7, 1), date(2024, 9, 30)),
        (4, date(2024, 10, 1), date(2024, 12, 31)),
    ],
)
def test_a_quarter_has_three_months(quarter: int, first: date, last: date) -> None:
    assert (first_day(2024, quarter), last_day(2024, quarter)) == (first, last)
