"""The block that opens a file, and the digest of what follows."""

from pathlib import Path

import pytest

from leadline.errors import ViewError
from leadline.header import Header, digest_of

HERE = Path("v.sql")
KEYS = ("what", "grain", "status", "misses")


def read(text: str) -> Header:
    return Header.of(HERE, text, KEYS, ("what",))


def test_values_and_their_lines_are_kept_and_long_ones_go_on() -> None:
    header = read("-- what:    A view\n--          of two lines\n-- status:  live\n\nselect 1")

    assert header["what"] == "A view of two lines"
    assert header.lines["status"] == 3
    assert header.get("grain") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-- waht: x", "v.sql:1: unknown header key 'waht'; did you mean 'what'"),
        ("-- what: x\n-- what: y", "v.sql:2: 'what' stands twice; keep one"),
        ("-- what: x\n-- some words", "v.sql:2: '-- some words' is no header line; "),
        ("-- grain: x\n-- what: y", "v.sql:1: the header's order is what, grain; sort its lines"),
        ("select 1", "v.sql:1: the header has no 'what'; say it"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ViewError) as told:
        read(text)

    assert str(told.value).startswith(said)


def test_a_value_is_one_of_its_words() -> None:
    with pytest.raises(ViewError) as told:
        read("-- what: x\n-- status: lvie").one_of("status", ("draft", "live", "retired"))

    assert str(told.value) == "v.sql:2: status is 'lvie'; it takes draft, live or retired"


BEFORE = "select 'A' as x, 250_000 as y -- why\nfrom raw.t"


@pytest.mark.parametrize(
    "after",
    ["SELECT 'A' AS x,\n    250_000 AS y\nFROM raw.t", "/* new */ " + BEFORE, BEFORE + "\n\n"],
)
def test_layout_case_of_keywords_and_comments_change_no_digest(after: str) -> None:
    assert digest_of(after) == digest_of(BEFORE)


@pytest.mark.parametrize(
    "after",
    [BEFORE.replace("250_000", "250_001"), BEFORE.replace("'A'", "'a'"), BEFORE + " limit 1"],
)
def test_a_literal_and_a_word_change_the_digest(after: str) -> None:
    assert digest_of(after) != digest_of(BEFORE)


def test_an_open_quote_is_told() -> None:
    with pytest.raises(ViewError) as told:
        digest_of("select 'a", HERE)

    assert str(told.value) == "v.sql: a quote or a comment has no end; close it"


@pytest.mark.parametrize("quotes", ["'A'", '"A"', "$$A$$", "$x$A$x$", "e'A'"])
def test_case_counts_in_whatever_is_quoted(quotes: str) -> None:
    upper, lower = f"select {quotes}", f"select {quotes.replace('A', 'a')}"

    assert digest_of(upper) != digest_of(lower)


def test_a_text_and_a_name_of_the_same_letters_differ() -> None:
    assert digest_of("select 'a'") != digest_of('select "a"')


@pytest.mark.parametrize("line", ["--", "-- why", "-- two words: x"])
def test_a_line_that_is_no_key_and_value_is_told_as_it_stands(line: str) -> None:
    with pytest.raises(ViewError) as told:
        read(f"-- what: x\n{line}\n")

    assert str(told.value) == f"v.sql:2: '{line}' is no header line; write -- key: value"


def test_a_key_without_a_value_says_nothing() -> None:
    with pytest.raises(ViewError) as told:
        read("-- what:\n")

    assert str(told.value) == "v.sql:1: the header has no 'what'; say it"


def test_a_comment_below_a_blank_line_is_not_of_the_header() -> None:
    header = read("-- what: x\n\n-- why: this is a comment\nselect 1")

    assert list(header.values) == ["what"]
