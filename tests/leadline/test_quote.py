"""Text goes through SQL and comes out as it was."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.quote import literal, named, quoted

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)
Connection = duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def con() -> Iterator[Connection]:
    with duckdb.connect() as opened:
        yield opened


@given(text=TEXT)
def test_a_quoted_text_is_read_as_itself(text: str, con: Connection) -> None:
    assert con.execute(f"select {quoted(text)}").fetchall() == [(text,)]


@given(name=TEXT.filter(bool))
def test_a_named_thing_keeps_its_name(name: str, con: Connection) -> None:
    assert con.execute(f"select 1 as {named(name)}").description[0][0] == name


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, "BOOLEAN"), (None, "INTEGER"), (7, "INTEGER"), (Decimal("1.50"), "DECIMAL(3,2)"),
        ("it's", "VARCHAR"), (date(2024, 3, 1), "DATE"),
        (datetime(2024, 3, 1, 15, tzinfo=UTC), "TIMESTAMP WITH TIME ZONE"),
    ],
)  # fmt: skip
def test_a_literal_has_the_type_of_its_value(value: Any, kind: str, con: Connection) -> None:
    found = con.sql(f"select {literal(value)}").types[0]

    assert str(found).strip('"') in (kind, "NULL")


@given(text=TEXT)
def test_a_literal_of_a_text_is_read_as_itself(text: str, con: Connection) -> None:
    assert con.execute(f"select {literal(text)}").fetchall() == [(text,)]


@given(when=st.datetimes(datetime(1970, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC)))
def test_a_literal_of_a_moment_is_that_moment_in_any_zone(when: datetime, con: Connection) -> None:
    found = con.execute(f"select epoch_us({literal(when)})").fetchall()

    assert found == [((when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1),)]


@given(day=st.dates())
def test_a_literal_of_a_day_is_that_day(day: date, con: Connection) -> None:
    assert con.execute(f"select {literal(day)}").fetchall() == [(day,)]
