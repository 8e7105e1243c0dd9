"""Moments are those of prints, by whatever time they are told."""

import duckdb

from loaders import _massive_quotes, massive_equity_quotes, massive_option_quotes


def asked(sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        con.execute(
            "create table prints as select * from (values ('A', 0, 9_000), ('A', 5_999, 9_000), "
            "('A', 12_000, 9_000), (null, 1_000, 1_000)) as given "
            "(ticker, participant_timestamp, sip_timestamp)"
        )
        return con.execute(sql).fetchall()


def test_a_ticker_s_moments_are_in_order_and_each_there_once() -> None:
    assert asked(_massive_quotes.moments_sql("sip_timestamp")) == [("A", [9])]


def test_a_stock_s_moment_is_its_execution_unless_a_clock_runs_ahead() -> None:
    assert asked(massive_equity_quotes.FORM.moments) == [("A", [5, 9])]


def test_options_and_stocks_are_kept_by_one_rule_each_into_its_own_dataset() -> None:
    forms = massive_option_quotes.FORM, massive_equity_quotes.FORM

    assert [form.dataset for form in forms] == ["option_quotes", "equity_quotes"]
