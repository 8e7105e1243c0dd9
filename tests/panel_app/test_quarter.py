"""A quarter is said by its name or its last day."""

from datetime import date

import pytest

from leadline.errors import ConfigError
from panel_app.quarter import Quarter, named

QUARTER = Quarter("quarter", "Quarter")


@pytest.mark.parametrize("said", ["2023Q4", "q4 2023", "2023-Q4", " 2023-12-31 "])
def test_a_quarter_is_its_last_day(said: str) -> None:
    assert QUARTER.binds(said) == {"quarter": date(2023, 12, 31)}


def test_each_quarter_is_called_as_it_is_written() -> None:
    ends = [date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)]

    assert [named(end) for end in ends] == ["2024Q1", "2024Q2", "2024Q3", "2024Q4"]
    assert [QUARTER.binds(named(end))["quarter"] for end in ends] == ends
    assert QUARTER.binds("") == {"quarter": None}


@pytest.mark.parametrize("said", ["2023Q5", "0000Q1", "2023-12-30", "now", "2023"])
def test_what_is_no_quarter_is_one_sentence(said: str) -> None:
    with pytest.raises(ConfigError, match="is no quarter; write it as 2023Q4 or 2023-12-31"):
        QUARTER.binds(said)
