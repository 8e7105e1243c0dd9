"""Errors say what to do, and how the process ends."""

from datetime import timedelta

import pytest

from leadline.errors import (
    AwayError,
    ConfigError,
    FeedError,
    LateError,
    LeadlineError,
    NoticeError,
    QueryError,
    StoreError,
    ViewError,
    first_line,
    inner,
    nearest,
)


def test_an_error_ends_with_1_and_with_3_where_trying_again_may_help() -> None:
    told, later = LeadlineError("here: this; that"), FeedError("there: that", try_again=True)

    assert (told.exit_code, later.exit_code) == (1, 3)
    assert str(told) == "here: this; that"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("a: 'b\nc'; d", "a: 'b\\nc'; d"),
        ("a: '\x1b[2J'; d", "a: '\\x1b[2J'; d"),
        ("a: 'größe €'; d", "a: 'größe €'; d"),
        ("a: '\udcff'; d", "a: '\\udcff'; d"),
    ],
)
def test_what_a_sentence_quotes_neither_breaks_it_nor_steers_a_screen(said: str, told: str) -> None:
    assert str(FeedError(said)) == told


def test_what_now_is_kept_of_a_sentence_that_quotes_too_much() -> None:
    told = str(FeedError(f"here: '{'x' * 70_000}' is no day; write 2024-03-01"))

    assert len(told) == 1_000
    assert told.startswith("here: 'xxx")
    assert told.endswith(" is no day; write 2024-03-01")


def test_the_nearest_name_is_offered_only_where_one_is_near() -> None:
    known = ["store", "contact"]

    assert nearest("stroe", known) == "; did you mean 'store'"
    assert nearest("zebra", known) == ""


@pytest.mark.parametrize("kind", [ConfigError, ViewError, StoreError, FeedError, QueryError])
def test_every_error_that_a_person_can_act_on_is_of_one_tree(kind: type[LeadlineError]) -> None:
    assert kind.__bases__ == (LeadlineError,)


def test_a_notice_that_is_never_taken_is_not_worth_another_try() -> None:
    busy = NoticeError("desk: it answers 429", wait=timedelta(minutes=1))
    gone = NoticeError("desk: it answers 410", is_final=True)

    assert (busy.exit_code, busy.wait, busy.is_final) == (3, timedelta(minutes=1), False)
    assert (gone.exit_code, gone.wait, gone.is_final) == (1, None, True)


def test_a_question_that_took_too_long_is_one_that_can_not_be_answered() -> None:
    assert LateError.__bases__ == (QueryError,)


def test_the_nearest_of_several_near_ones_is_offered() -> None:
    assert nearest("trade", ["tirade", "trades"]) == "; did you mean 'trades'"


def test_among_no_names_none_is_near() -> None:
    assert nearest("store", []) == ""


def test_the_first_line_says_what_and_leaves_the_kind_of_error_out() -> None:
    assert first_line(ValueError("\nBinder Error: no column\n\nLINE 1: x")) == "no column"
    assert first_line(ValueError("no column")) == "no column"


def test_an_error_of_ours_is_found_in_what_duckdb_tells_of_it() -> None:
    away = "Traceback (most recent call last):\n  in read\nAwayError: s3://b: busy; again\n"
    other = "Traceback (most recent call last):\nKeyError: 'x'"

    found = inner(Exception(f"{away}\nLINE 1: from x"))

    assert isinstance(found, AwayError)
    assert (str(found), found.exit_code) == ("s3://b: busy; again", 3)
    assert inner(Exception(other)) is None
    assert first_line(Exception(away)) == "s3://b: busy; again"
