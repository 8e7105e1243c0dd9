"""Values and rows are compared as people would compare them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from leadline.clock import moment
from tests.sql_rows import differences, is_same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1.0, 1.0 + 9e-10, True),
        (1.0, 1.0 + 2e-9, False),
        (20, 20.0, True),
        (Decimal("1.10"), Decimal("1.1"), True),
        (Decimal("1.000000000001"), Decimal(1), False),
        (9_007_199_254_740_993, 9_007_199_254_740_992, False),
        (True, 1, False),
        (None, 0, False),
        (None, None, True),
        ("1", 1, False),
        (moment("2024-03-01T15:00Z"), moment("2024-03-01T16:00+01:00"), True),
        (moment("2024-03-01T15:00Z"), moment("2024-03-01T15:00Z") + timedelta.resolution, False),
        ({"a": [1, 2.0]}, {"a": [1.0, 2]}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ([1, 2], [2, 1], False),
    ],
)
def test_values_are_the_same_where_people_would_say_so(one: Any, other: Any, same: bool) -> None:
    assert is_same(one, other) is same
    assert is_same(other, one) is same


def test_rows_are_a_multiset() -> None:
    assert differences([(1,), (2,), (2,)], [(2,), (1,), (2,)]) == ([], [])
    assert differences([(1,), (2,), (2,)], [(2,), (1,), (1,)]) == ([(2,)], [(1,)])
