"""What a source says of halts becomes begins and ends, a load a day."""

from datetime import UTC, date, datetime

import pytest

from leadline.feed import Extract
from loaders._halts import Halt, loads, moment, rows

HALTED_AT = datetime(2024, 3, 12, 14, 41, 7, tzinfo=UTC)
AGAIN_AT = datetime(2024, 3, 12, 14, 46, 7, tzinfo=UTC)
SEEN_AT = datetime(2024, 3, 12, 15, tzinfo=UTC)
PAUSE = Halt("ABCD", HALTED_AT, "LUDP", trades_at=AGAIN_AT)


@pytest.mark.parametrize("clock", ["10:41:07.540", "10:41:07 .540"])
def test_a_moment_is_new_yorks_and_may_have_a_blank_before_its_fraction(clock: str) -> None:
    assert moment("03/12/2024", clock, "%m/%d/%Y") == HALTED_AT.replace(microsecond=540_000)


def test_a_begin_and_an_end_are_known_when_they_happened() -> None:
    told = rows([PAUSE])

    assert [(row["step"], row["known_at"]) for row in told] == [
        ("halted", HALTED_AT), ("resumed", AGAIN_AT)
    ]  # fmt: skip
    assert "trades_at" not in told[0]


def test_what_was_seen_is_known_when_it_was_seen() -> None:
    assert {row["known_at"] for row in rows([PAUSE], SEEN_AT)} == {SEEN_AT}


def test_quotes_alone_are_an_end_and_nothing_is_none() -> None:
    quoted = rows([PAUSE._replace(trades_at=None, quotes_at=AGAIN_AT)])

    assert [row["known_at"] for row in quoted] == [HALTED_AT, AGAIN_AT]
    assert [row["step"] for row in rows([PAUSE._replace(trades_at=None)])] == ["halted"]


def test_a_halt_that_another_goes_on_with_is_known_so_by_the_end_of_its_day() -> None:
    _, end = rows([PAUSE._replace(trades_at=None, is_extended=True)])

    assert (end["step"], end["known_at"]) == ("extended", datetime(2024, 3, 13, 4, tzinfo=UTC))


def test_a_whole_day_is_one_load_and_what_an_earlier_one_left_open_is_its_own() -> None:
    older = PAUSE._replace(halted_at=datetime(2024, 3, 11, 20, tzinfo=UTC), trades_at=None)
    told = list(loads("halts", "here", [PAUSE, older], {date(2024, 3, 12)}, SEEN_AT))

    extracts = [rows for _, rows in told if isinstance(rows, Extract)]
    assert [each.file.name for each in extracts] == [
        "halts_20240311_ABCD_200000000000_LUDP", "halts_20240312"
    ]  # fmt: skip
    assert {row["known_at"] for each in extracts for row in each.rows} == {SEEN_AT}


def test_a_day_that_is_over_is_known_as_it_happened() -> None:
    later = datetime(2024, 3, 20, 15, tzinfo=UTC)
    ((_, extract),) = loads("halts", "here", [PAUSE], {date(2024, 3, 12)}, later)

    assert isinstance(extract, Extract)
    assert [row["known_at"] for row in extract.rows] == [HALTED_AT, AGAIN_AT]
