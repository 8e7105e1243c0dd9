"""Rows become a matrix: a row a set, a column a day."""

from datetime import UTC, date, datetime

import pyarrow as pa

from leadline.backtests.series import bases, counts

FIRST, SECOND, THIRD = (date(2024, 3, day) for day in (4, 5, 6))


def test_rows_of_a_label_are_summed_by_day_and_days_that_are_none_are_left_out() -> None:
    table = pa.table(
        {
            "session_date": [FIRST, FIRST, THIRD, date(2025, 1, 1), FIRST],
            "label": ["sigma_2"] * 4 + ["sigma_3"],
            "n_hits": [1, 2, 4, 8, 16],
        }
    )
    empty = table.slice(0, 0)

    found = counts([table, empty], [FIRST, SECOND, THIRD], ("n_hits",), label="sigma_2")

    assert found["n_hits"].tolist() == [[3, 0, 4], [0, 0, 0]]


def test_days_of_a_label_and_horizon_stand_in_order_with_all_regimes() -> None:
    at = [datetime(2024, 3, day, 21, tzinfo=UTC) for day in (4, 5, 5, 6, 6)]
    table = pa.table(
        {
            "label": ["sigma_2"] * 5,
            "horizon": ["1 session"] * 4 + ["2 sessions"],
            "session_date": [SECOND, FIRST, FIRST, THIRD, FIRST],
            "n_bars": [10, 5, 6, 7, 8],
            "n_moves": [1, 2, 3, 4, 5],
            "begins_at": at,
            "known_at": at,
        }
    )

    one, two = bases(table)

    assert (one.label, one.horizon, one.days) == ("sigma_2", "1 session", [FIRST, SECOND, THIRD])
    assert (one.n_bars.tolist(), one.n_moves.tolist()) == ([11, 10, 7], [5, 1, 4])
    assert (two.horizon, two.days, one.known[FIRST]) == ("2 sessions", [FIRST], at[2])
