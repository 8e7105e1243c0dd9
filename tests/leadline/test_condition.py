"""A condition is one boolean expression over a row; all else is told before it is asked."""

import pytest

from leadline.condition import problem

COLUMNS = {
    "price": "bigint", "symbol": "varchar", "sizes": "bigint[]", "evidence": "json",
    "known_at": "timestamp with time zone", "place": 'struct("at" bigint)', "is_late": "boolean",
}  # fmt: skip


@pytest.mark.parametrize(
    "condition",
    [
        "price > 5",
        "is_late",
        "price between 1 and 5 and symbol like 'A%' -- said so",
        "evidence->>'side' = 'buy'",
        "len(list_filter(sizes, lambda size: size > 1)) > 2",
        "place.at > 1 or Price < 3",
        "known_at >= timestamptz '2024-01-01'",
    ],
)
def test_an_expression_over_the_columns_is_a_condition(condition: str) -> None:
    assert problem(condition, COLUMNS) is None


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("", "it says nothing; write one expression, as premium_usd > 1_000_000"),
        ("prise > 5", "there is no column 'prise'; did you mean 'price'"),
        ("price", "it is bigint; compare it with a value"),
        ("price > > 5", "syntax error"),
        ("price, symbol", "it is tuple"),
        ("price > 5; drop table alerts", "syntax error"),
        ("price > 5); drop table alerts; select (1", "it is no expression; it may not write"),
        ("price > 5) from read_csv('x') where (true", "leave out from"),
        ("copy (select 1) to 'x'", "syntax error"),
        ("exists(from 'secret.csv')", "it holds a query"),
        ("price in (select 1)", "it holds a query"),
        ("sum(price) > 3", "sum() adds rows up"),
        ("row_number() over () = 1", "it holds a window"),
        ("columns('p.*') > 1", "it holds a star"),
        ("price > $limit", "it holds a gap"),
        ("read_text('/etc/passwd') = 'x'", "read_text"),
        ("getenv('HOME') = 'x'", "getenv() may not be called"),
        ("random() > 0.5", "random() may not be called"),
        ("known_at < now()", "now() may not be called"),
        ("known_at < current_timestamp", "it asks for current_timestamp"),
        ("price > known_at", "Cannot compare values of type BIGINT and type TIMESTAMP"),
    ],
)
def test_what_is_none_is_told(condition: str, said: str) -> None:
    assert said in (problem(condition, COLUMNS) or "")
