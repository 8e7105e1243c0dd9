"""Recorders' lines say what came and when, and a stream's books live from file to file."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.book import Message
from leadline.errors import FeedError
from leadline.feed import Extract, files
from loaders._capture import (
    Capture,
    Heard,
    captured,
    heard,
    micros_of,
    microseconds,
    moment,
    without_part,
)
from tests.levels import written

PLACE = ("there", "A-B")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'1618678132.8254: {"a":1}', Heard(1618678132825400, b'{"a":1}')),
        (b"1618678132: [1]", Heard(1618678132000000, b"[1]")),
        (b'1723161254238000123 {"a":1}', Heard(1723161254238000, b'{"a":1}')),
        (b"https://a/b?c=1 -> 7.5: [2]", Heard(7500000, b"[2]", b"https://a/b?c=1")),
        (b"wss://a/b <-> 1.0000009", Heard(1000000, b"", b"wss://a/b")),
        (b'wss://a/b <- 1.5: {"subscribe":1}', None),
        (b'configuration: {"trades":[]}', None),
        (b"", None),
    ],
)
def test_a_line_says_what_came_and_when(line: bytes, said: Heard | None) -> None:
    assert heard(line) == said


@pytest.mark.parametrize("line", [b"hello", b"1.5 [1]", b"-> 1.5: {}"])
def test_a_line_of_no_recorder_is_a_fault(line: bytes) -> None:
    with pytest.raises(ValueError, match="no line of a recorder"):
        heard(line)


@pytest.mark.parametrize(
    ("seconds", "micros"),
    [
        ("1618678133.365913", 1618678133365913),
        ("1618678133.9", 1618678133900000),
        ("1618678133", 1618678133000000),
        (Decimal("1762820035.9822779"), 1762820035982277),
    ],
)
def test_seconds_are_microseconds_rounded_down(seconds: Any, micros: int) -> None:
    assert micros_of(seconds) == micros
    assert microseconds(moment(micros)) == micros


def test_a_part_of_a_recording_is_of_its_stream() -> None:
    names = ("a/KRAKEN.ws.50.0", "a/KRAKEN.ws.50.1", "a/COINBASE.ws.28.0.gz", "a/DERIBIT-5dd9ce.0")

    assert [without_part(name) for name in names] == [
        "a/KRAKEN.ws.50", "a/KRAKEN.ws.50", "a/COINBASE.ws.28", "a/DERIBIT-5dd9ce",
    ]  # fmt: skip


class Numbered(Capture):
    """A venue that says `{"begin": last}`, `{"change": id}` and `{"trade": number}`."""

    def take(self, message: Any, at: int, number: int) -> None:
        ((word, said),) = message.items()
        book = self.books[PLACE]
        if word == "trade":
            self.count(PLACE, said, at)
            return
        levels = [(1, 9.0, float(number)), (-1, 10.0, 1.0)]
        if word == "begin":
            self.applied(PLACE, book.begin(Message(said, said, levels, at)), number)
        else:
            self.applied(PLACE, book.apply(Message(said, said, levels, at)), number)


def told(*paths: Path) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Yield what each file brings: its name, the dataset and the rows."""
    found, _ = files(list(paths), lambda _: True)
    for dataset, extract in captured(found, Numbered, without_part):
        assert isinstance(extract, Extract)
        rows: Any = extract.rows
        yield extract.file.name, dataset, rows.to_pylist()


def gaps(*paths: Path) -> list[tuple[Any, ...]]:
    names = ("channel", "reason", "expected_id", "found_id", "n_dropped", "ended_at")
    return [
        tuple(row[name] for name in names)
        for _, dataset, rows in told(*paths)
        for row in rows
        if dataset == "feed_gaps"
    ]


def test_a_book_goes_on_in_the_next_part_and_not_in_another_stream(tmp_path: Path) -> None:
    parts = [
        written(tmp_path, "A.0", '1.0: {"begin": 5}', ""),
        written(tmp_path, "A.1", '2.0: {"change": 6}'),
    ]
    other = written(tmp_path, "B.0", '2.0: {"change": 6}')

    tops = [(name, len(rows)) for name, dataset, rows in told(*parts) if dataset == "book_tops"]

    assert tops == [("A.0", 1), ("A.1", 1)]
    with pytest.raises(FeedError) as refused:
        list(told(parts[0], other))
    assert str(refused.value) == (
        f"{other}: the book of there:A-B has no snapshot; load it together with the file before it"
    )


def test_a_new_connection_ends_books_and_leaves_a_gap_until_its_snapshot(tmp_path: Path) -> None:
    path = written(
        tmp_path, "A.0", "wss://there <-> 0.5", '1.0: {"begin": 5}', "wss://there <-> 2.0",
        '2.5: {"change": 6}', '3.0: {"begin": 9}',
    )  # fmt: skip

    assert gaps(path) == [
        ("book", "disconnect", 6, None, 1, datetime(1970, 1, 1, 0, 0, 3, tzinfo=UTC))
    ]


def test_a_gap_that_lasts_is_told_once_and_again_when_it_is_over(tmp_path: Path) -> None:
    lost = '1.0: {"begin": 5}', '2.0: {"change": 8}'
    parts = [
        written(tmp_path, "A.0", *lost),
        written(tmp_path, "A.1", '3.0: {"change": 9}'),
        written(tmp_path, "A.2", '4.0: {"begin": 9}'),
    ]

    assert gaps(*parts) == [
        ("book", "gap", 6, 8, 1, None),
        ("book", "gap", 6, 8, 2, datetime(1970, 1, 1, 0, 0, 4, tzinfo=UTC)),
    ]


def test_trades_that_are_left_out_are_a_gap_and_those_that_come_late_are_none(
    tmp_path: Path,
) -> None:
    numbers = [7, 8, 11, 9, 12]
    path = written(tmp_path, "A.0", *[f'{n}.0: {{"trade": {n}}}' for n in numbers])

    assert gaps(path) == [("trades", "gap", 9, 11, 0, datetime(1970, 1, 1, 0, 0, 11, tzinfo=UTC))]


def test_trades_that_a_lost_connection_left_out_say_so(tmp_path: Path) -> None:
    path = written(
        tmp_path, "A.0", '7.0: {"trade": 7}', "wss://there <-> 8.0", '9.0: {"trade": 9}',
        '10.0: {"trade": 11}',
    )  # fmt: skip

    assert [gap[1:4] for gap in gaps(path)] == [("disconnect", 8, 9), ("gap", 10, 11)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("hello", "no line of a recorder: 'hello'"),
        ("https://there/x -> 1.0: {}", "an answer to a question that it does not know: 'https"),
        ("1.0: {", "Input data was truncated"),
        ("1.0: [1]", "not of a shape that it knows: '1.0: [1]'"),
    ],
)
def test_what_nobody_understands_stops_at_its_line(tmp_path: Path, line: str, said: str) -> None:
    path = written(tmp_path, "A.0", '1.0: {"begin": 5}', line)

    with pytest.raises(FeedError) as refused:
        list(told(path))

    assert str(refused.value).startswith(f"{path}:2: {said}")
    assert str(refused.value).endswith("'; mend the file or the loader")
