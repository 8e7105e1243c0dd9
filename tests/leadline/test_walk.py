"""Months and what tells their rows from others."""

from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest

from leadline.walk import digest, following, month_of, sessions


def table(**columns: Any) -> pa.Table:
    return pa.table(columns)


def test_a_year_ends_with_december() -> None:
    months = [date(2023, 11, 1)]
    for _ in range(3):
        months.append(following(months[-1]))

    assert months[1:] == [date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1)]
    assert month_of(date(2024, 2, 29)) == date(2024, 2, 1)


def test_sessions_are_told_once_and_in_order() -> None:
    days = [date(2024, 3, 4), date(2024, 3, 1), date(2024, 3, 4)]

    assert sessions(table(session_date=days)) == [date(2024, 3, 1), date(2024, 3, 4)]


def test_rows_that_are_the_same_have_one_digest_however_they_lie_in_memory() -> None:
    whole = table(x=[None, 1.5, None, 2.0], t=["a", None, "b", ""], b=[True, None, False, True])
    # What is below the nulls of these differs.
    held = pa.Array.from_buffers(
        pa.float64(),
        4,
        [pa.py_buffer(bytes([0b1010])), pa.array([7.0, 1.5, 8.0, 2.0]).buffers()[1]],
    )
    pieces = pa.concat_tables([whole.slice(0, 1), whole.slice(1, 2), whole.slice(3)])

    assert digest(pieces) == digest(whole)
    assert digest(whole.set_column(0, "x", held)) == digest(whole)


@pytest.mark.parametrize(
    "other",
    [
        table(x=[1.0, None], t=["a", "b"]),  # the null elsewhere
        table(x=[None, 1.0], t=["ab", ""]),
        table(x=[None, 1.0], u=["a", "b"]),
        table(x=[None, 1], t=["a", "b"]),
        table(x=[None, 1.0 + 1e-15], t=["a", "b"]),
        table(x=[None, 1.0, None], t=["a", "b", None]),
        table(x=[1.0, None], t=["b", "a"]),
    ],
)
def test_other_rows_have_another_digest(other: pa.Table) -> None:
    assert digest(other) != digest(table(x=[None, 1.0], t=["a", "b"]))


def test_moments_and_days_have_digests_too() -> None:
    rows = table(at=[datetime(2024, 3, 1), None], day=[None, date(2024, 3, 1)])

    assert digest(rows) == digest(rows.slice(0))
