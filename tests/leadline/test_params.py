"""A parameter is one literal, replaced by name and by its own type."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from leadline.errors import ConfigError, ViewError
from leadline.params import overridden, parameters, read_value

HERE = Path("v.sql")
TEXT = """-- what: x
with params as (
    select
        interval 100 milliseconds as max_gap,  -- a router is faster
        2 as min_n,  -- one is a split
        0.5 as min_frac,  -- half
        'SPX' as root,  -- the index
        true as is_strict,  -- yes
        date '2024-03-01' as first_date  -- the first
)

select * from params
"""


def test_every_literal_is_found_with_its_line() -> None:
    found = parameters(HERE, TEXT)

    assert [(param.name, param.text) for param in found][:2] == [
        ("max_gap", "interval 100 milliseconds"),
        ("min_n", "2"),
    ]
    assert [param.line for param in found] == [4, 5, 6, 7, 8, 9]
    assert parameters(HERE, "select 1") == ()


def test_values_take_the_places_of_literals_and_all_else_stays() -> None:
    given: dict[str, Any] = {
        "max_gap": "2 seconds", "min_n": 3, "min_frac": 0.25, "root": "it's", "is_strict": False,
        "first_date": "2024-04-01",
    }  # fmt: skip

    text, effective = overridden(TEXT, parameters(HERE, TEXT), given)

    row = duckdb.execute(text).fetchall()[0]
    assert row[1:5] == (3, row[2], "it's", False)
    assert float(row[2]) == 0.25
    assert row[0].total_seconds() == 2
    assert effective["root"] == "'it''s'"
    assert text.count("-- a router is faster") == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"min_m": 1}, "v.sql:4: params has no 'min_m'; did you mean 'min_n'"),
        ({"min_n": 1.5}, "v.sql:5: min_n is 2, and 1.5 is no integer; give one"),
        ({"min_n": True}, "v.sql:5: min_n is 2, and True is no integer; give one"),
        ({"root": 5}, "v.sql:7: root is 'SPX', and 5 is no text; give one"),
        ({"max_gap": 5}, "v.sql:4: max_gap is interval 100 milliseconds, and 5 is no interval; give one"),
    ],
)  # fmt: skip
def test_a_value_of_another_type_or_name_is_told(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as told:
        overridden(TEXT, parameters(HERE, TEXT), given)

    assert str(told.value) == said


@pytest.mark.parametrize(
    "text",
    [
        "with params as (select 1 + 1 as two) select 1",
        "with params as (select now() as at_) select 1",
        "with a as (select 1), params as (select 1 as b) select 1",
        "with params as (select 1) select 1",
    ],
)
def test_what_is_no_literal_or_not_first_is_told(text: str) -> None:
    with pytest.raises(ViewError, match=r"^v\.sql"):
        parameters(HERE, text)


@pytest.mark.parametrize(
    ("text", "value"), [("5", 5), ("2.5", 2.5), ("true", True), ("AAPL", "AAPL"), ("'7'", "7")]
)
def test_a_value_on_the_command_line_is_read_as_in_the_file(text: str, value: Any) -> None:
    assert read_value(text) == value
