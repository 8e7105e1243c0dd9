"""A parameter is one literal, replaced by name and by its own type."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.errors import ConfigError, ViewError
from leadline.params import overridden, parameters, read_value

HERE = Path("v.sql")
Answer = Callable[[str], list[tuple[Any, ...]]]
NUMBERS = st.integers(-(10**12), 10**12)
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


@pytest.fixture(scope="module")
def answer() -> Iterator[Answer]:
    """Ask one DuckDB in memory."""
    with duckdb.connect() as con:
        yield lambda sql: con.execute(sql).fetchall()


def test_every_literal_is_found_with_its_line() -> None:
    found = parameters(HERE, TEXT)

    assert [(param.name, param.text) for param in found][:2] == [
        ("max_gap", "interval 100 milliseconds"),
        ("min_n", "2"),
    ]
    assert [param.line for param in found] == [4, 5, 6, 7, 8, 9]
    assert parameters(HERE, "select 1") == ()


def test_values_take_the_places_of_literals_and_all_else_stays(
    answer: Answer,
) -> None:
    given: dict[str, Any] = {
        "max_gap": "2 seconds", "min_n": 3, "min_frac": 0.25, "root": "it's", "is_strict": False,
        "first_date": "2024-04-01",
    }  # fmt: skip

    text, effective = overridden(TEXT, parameters(HERE, TEXT), given)

    row = answer(text)[0]
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
        ({"max_gap": 5},
         "v.sql:4: max_gap is interval 100 milliseconds, and 5 is no interval; give one"),
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


@pytest.mark.parametrize("value", [float("inf"), float("nan"), True, "0.5"])
def test_a_number_is_one_that_can_be_written_down(value: Any) -> None:
    with pytest.raises(ConfigError) as told:
        overridden(TEXT, parameters(HERE, TEXT), {"min_frac": value})

    assert str(told.value) == f"v.sql:6: min_frac is 0.5, and {value!r} is no number; give one"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("with params as (\n    select now() as at_\n) select 1",
         "v.sql:2: 'now()' is no literal; a parameter is one literal"),
        ("with params as (\n    select 1\n) select 1",
         "v.sql:2: a parameter reads `literal as name`; write it so"),
        ("with a as (select 1), b as (select 1) select 1; with params as (select 1 as b)",
         "v.sql: params is not the first step; write it first"),
    ],
)  # fmt: skip
def test_a_mistake_among_the_parameters_is_told_in_words(text: str, said: str) -> None:
    with pytest.raises(ViewError) as told:
        parameters(HERE, text)

    assert str(told.value) == said


def test_a_view_without_parameters_takes_none() -> None:
    with pytest.raises(ConfigError) as told:
        overridden("select 1", (), {"min_n": 1})

    assert str(told.value) == "params: params has no 'min_n'"


def test_without_values_the_text_stays_as_it_is() -> None:
    text, effective = overridden(TEXT, parameters(HERE, TEXT), {})

    assert text == TEXT
    assert effective["root"] == "'SPX'"


@given(number=NUMBERS, text=st.text(st.characters(exclude_categories=["Cs"])))
def test_a_value_is_read_as_itself_and_never_as_sql(number: int, text: str, answer: Answer) -> None:
    sql, _ = overridden(TEXT, parameters(HERE, TEXT), {"min_n": number, "root": text})

    assert answer(f"select min_n, root from ({sql})") == [(number, text)]


@given(NUMBERS, NUMBERS)
def test_an_overridden_text_can_be_overridden_again(one: int, other: int) -> None:
    twice, _ = overridden(TEXT, parameters(HERE, TEXT), {"min_n": one})
    twice, _ = overridden(twice, parameters(HERE, twice), {"min_n": other})

    assert twice == overridden(TEXT, parameters(HERE, TEXT), {"min_n": other})[0]
