"""Two worlds are held against each other as multisets, and one row says what is other."""

from collections.abc import Iterator

import duckdb
import pytest

from leadline import contrast
from leadline.clock import Span
from leadline.contrast import Told
from tests.desks import at

DAY = Span(at("05 00:00"), at("06 00:00"))
COLUMNS = ("name", "price", "withdrawn_at", "known_at")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        for name in ("these", "those"):
            con.execute(
                f"create table {name} "
                "(name text, price double, withdrawn_at timestamptz, known_at timestamptz)"
            )
        yield con


def add(con: duckdb.DuckDBPyConnection, table: str, *rows: tuple[str, float | None, str]) -> None:
    for name, price, when in rows:
        con.execute(
            f"insert into {table} values (?, ?, null, ?)", [name, price, at(when).isoformat()]
        )


def told(con: duckdb.DuckDBPyConnection, scope: tuple[str, list[str]] | None = None) -> Told:
    return Told(con, "these", "those", COLUMNS, "known_at", scope)


def test_equal_rows_count_and_rows_outside_the_span_do_not(con: duckdb.DuckDBPyConnection) -> None:
    add(con, "these", ("a", 1, "05 10:00"), ("a", 1, "05 10:00"), ("b", 1, "06 00:00"))
    add(con, "those", ("a", 1, "05 10:00"))

    change = told(con).change(DAY, "cut")

    assert change is not None
    assert (change.n_changed, change.n_rows, change.at) == (1, 2, DAY.until)
    assert change.first == "name a, known_at 2024-03-05 10:00:00Z is not told"


def test_a_value_that_differs_is_shown_with_what_it_was(con: duckdb.DuckDBPyConnection) -> None:
    add(con, "these", ("a", 1, "05 10:00"), ("b", 2, "05 11:00"))
    add(con, "those", ("a", 1, "05 10:00"), ("b", None, "05 11:00"))

    change = told(con).change(DAY, "cut")

    assert change is not None
    assert change.first == "name b, known_at 2024-03-05 11:00:00Z: price is null, was 2.0"


def test_a_row_more_is_a_change_unless_it_may_come(con: duckdb.DuckDBPyConnection) -> None:
    add(con, "those", ("a", 1, "05 10:00"))

    change = told(con).change(DAY, "cut")

    assert change is not None
    assert change.first.endswith("is told, and was not")
    assert told(con).change(DAY, "cut", may_come=True) is None


def test_a_row_that_was_withdrawn_later_stood_at_the_end_of_the_span(
    con: duckdb.DuckDBPyConnection,
) -> None:
    add(con, "these", ("a", 1, "05 10:00"), ("b", 1, "05 10:00"))
    add(con, "those", ("a", 1, "05 10:00"), ("b", 1, "05 10:00"))
    con.execute("update these set withdrawn_at = '2024-03-07 00:00Z' where name = 'a'")

    assert told(con).change(DAY, "cut") is None

    con.execute("update these set withdrawn_at = '2024-03-05 12:00Z' where name = 'b'")
    change = told(con).change(DAY, "cut")
    assert change is not None
    assert change.n_changed == 1


def test_only_rows_of_the_scope_are_looked_at(con: duckdb.DuckDBPyConnection) -> None:
    add(con, "these", ("a", 1, "05 10:00"), ("b", 1, "05 10:00"))
    add(con, "those", ("a", 1, "05 10:00"))

    assert told(con, ("name", ["a"])).change(DAY, "cut") is None
    assert told(con, ("name", [])).n_rows(DAY) == 0


def test_alerts_are_matched_by_key_and_the_first_that_is_sooner_is_named(
    con: duckdb.DuckDBPyConnection,
) -> None:
    for name, alerts in {
        "was": {"same": "05 10:00", "later": "05 10:00", "gone": "05 10:00", "sooner": "05 10:00"},
        "is": {"same": "05 10:00", "later": "05 11:00", "new": "05 09:00", "sooner": "05 09:30"},
    }.items():
        con.execute(f"create table {name}_told (alert_key text, fired_at timestamptz)")
        for key, when in alerts.items():
            con.execute(f"insert into {name}_told values (?, ?)", [key, at(when).isoformat()])

    found = contrast.later(con, "was_told", "is_told", "known later")

    assert (found.n_same, found.n_later, found.n_gone, found.n_new) == (1, 1, 1, 1)
    assert found.earlier is not None
    assert found.earlier.n_changed == 1
    assert found.earlier.first == ("sooner fires at 2024-03-05 09:30:00Z, was 2024-03-05 10:00:00Z")
