"""A quarter says of when it is, who told it and whether its changes can be judged."""

from datetime import UTC, date, datetime

import pyarrow as pa

from panel_app.parts.told import Told

ROW = {
    "period_end": date(2023, 9, 30), "due_date": date(2023, 11, 14), "age_days": 40,
    "n_managers": 12, "n_awaited": 30, "coverage_frac": 0.4, "is_settled": False, "n_amended": 0,
    "value_usd": 2e9, "first_filed_at": datetime(2023, 10, 20, tzinfo=UTC),
    "last_filed_at": datetime(2023, 11, 9, tzinfo=UTC),
    "known_at": datetime(2023, 11, 9, tzinfo=UTC),
}  # fmt: skip


def test_an_unsettled_quarter_says_that_too_little_is_told() -> None:
    part = Told()
    part.take(pa.Table.from_pylist([ROW, ROW | {"period_end": date(2023, 12, 31)}]))
    body = part.markup.html

    assert "12 managers (30 the quarter before) with $2B, 40.0 % of what was told then" in body
    assert "Too few for a judgement of changes." in body
    assert 'data-set="quarter" data-value="2023Q4"' in body
