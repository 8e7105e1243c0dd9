"""Text goes through SQL and comes out as it was."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.quote import literal, named, quoted

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)
Answer = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def answer() -> Iterator[Answer]:
    """Ask one DuckDB in memory."""
    with duckdb.connect() as con:
        yield lambda sql: con.execute(sql).fetchall()


@given(text=TEXT)
def test_a_quoted_text_is_read_as_itself(text: str, answer: Answer) -> None:
    assert answer(f"select {quoted(text)}") == [(text,)]


@given(name=TEXT.filter(bool))
def test_a_named_thing_keeps_its_name(name: str, answer: Answer) -> None:
    (answered,) = answer(f"select column_name from (describe select 1 as {named(name)})")

    assert answered == (name,)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, "BOOLEAN"), (None, "INTEGER"), (7, "INTEGER"), (Decimal("1.50"), "DECIMAL(3,2)"),
        ("it's", "VARCHAR"), (date(2024, 3, 1), "DATE"),
        (datetime(2024, 3, 1, 15, tzinfo=UTC), "TIMESTAMP WITH TIME ZONE"),
        (timedelta(seconds=90), "INTERVAL"),
    ],
)  # fmt: skip
def test_a_literal_has_the_type_of_its_value(value: Any, kind: str, answer: Answer) -> None:
    ((found,),) = answer(f"select typeof({literal(value)})")

    assert found.strip('"') in (kind, "NULL")


@given(text=TEXT)
def test_a_literal_of_a_text_is_read_as_itself(text: str, answer: Answer) -> None:
    assert answer(f"select {literal(text)}") == [(text,)]


@given(when=st.datetimes(datetime(1970, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC)))
def test_a_literal_of_a_moment_is_that_moment_in_any_zone(when: datetime, answer: Answer) -> None:
    found = answer(f"select epoch_us({literal(when)})")

    assert found == [((when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1),)]


@given(day=st.dates())
def test_a_literal_of_a_day_is_that_day(day: date, answer: Answer) -> None:
    assert answer(f"select {literal(day)}") == [(day,)]
