"""Lines of a file become messages whole, wherever the pieces of the file end; books hand on."""

from collections import Counter
from pathlib import Path

import pytest

from leadline.book import Message
from leadline.errors import FeedError
from leadline.feed import Relation, files
from loaders import _book_lines
from loaders._book_lines import LineBooks, Told, messages

COLUMNS = "symbol text, id bigint, kind text, side text, price double, size double"
LEVELS = """
select
    symbol, id as message, kind, id as first, id as last, id - 1 as previous, id as at_us,
    cast(null as bigint) as exchange_us, side as book_side, price, size
from lines
"""
PLACE = ("here", "A-B")


def lines(folder: Path, *told: str) -> Relation:
    path = folder / "book.csv"
    path.write_text("symbol,id,kind,side,price,size\n" + "".join(f"{line}\n" for line in told))
    (file,) = files([path], lambda _: True)[0][:]
    relation: Relation = file.csv(COLUMNS).query("lines", LEVELS)
    return relation


def heard(rows: Relation) -> list[Told]:
    return list(messages(rows, {"all": True, "some": False}, {"b": 1, "a": -1}))


def test_lines_that_stand_together_are_one_message(tmp_path: Path) -> None:
    rows = lines(
        tmp_path, "AB,7,all,b,1.5,2", "AB,7,all,a,1.6,3", "AB,8,some,a,1.6,0", "CD,8,some,a,9,1"
    )

    assert heard(rows) == [
        (2, "AB", True, Message(7, 7, [(1, 1.5, 2.0), (-1, 1.6, 3.0)], 7, None, 6)),
        (4, "AB", False, Message(8, 8, [(-1, 1.6, 0.0)], 8, None, 7)),
        (5, "CD", False, Message(8, 8, [(-1, 9.0, 1.0)], 8, None, 7)),
    ]


def test_a_message_is_whole_where_a_piece_of_the_file_ends_inside_it(tmp_path: Path) -> None:
    n_levels = _book_lines.LINES // 2 + 1
    told = (f"AB,{id_},some,b,{price},1" for id_ in (1, 2, 3) for price in range(1, n_levels + 1))

    found = heard(lines(tmp_path, *told))

    assert [(line, len(said.levels)) for line, _, _, said in found] == [
        (2 + n * n_levels, n_levels) for n in range(3)
    ]


def test_of_a_level_that_a_message_names_twice_the_last_size_counts(tmp_path: Path) -> None:
    rows = lines(tmp_path, "AB,7,all,b,1.5,2", "AB,7,all,a,1.5,3", "AB,7,all,b,1.5,4")

    ((_, _, _, said),) = heard(rows)

    assert said.levels == [(1, 1.5, 4.0), (-1, 1.5, 3.0)]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("AB,8,some,a,1.6,inf", "a size of inf at a price of 1.6 is no level; fetch it again"),
        ("AB,8,some,a,nan,1", "a size of 1 at a price of nan is no level; fetch it again"),
        ("AB,8,some,a,0,1", "a size of 1 at a price of 0 is no level; fetch it again"),
        ("AB,,some,a,1.6,1", "a value is missing; fetch it again"),
        ("AB,8,odd,a,1.6,1", "'odd' is none of all, some; mend the loader"),
        ("AB,8,some,x,1.6,1", "'x' is none of a, b; mend the loader"),
    ],
)
def test_a_line_that_is_no_level_is_told_with_its_place(
    line: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(FeedError) as told:
        heard(lines(tmp_path, "AB,7,all,b,1.5,2", line))

    assert str(told.value) == f"{tmp_path / 'book.csv'}:3: {sentence}"


def test_rows_are_handed_on_before_the_file_ends_and_none_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_book_lines, "FLUSH", 2_000)
    books = LineBooks()
    rows: Counter[str] = Counter()
    batches = 0
    books.restart(PLACE, Message(1, 1, [(1, 1.0, 1.0), (-1, 9.0, 1.0)], 1), 2)
    for n in range(2, 3 * _book_lines.FLUSH + 2):
        books.apply(PLACE, Message(n, n, [(1, 2.0, float(n))], n), n + 2)
        for dataset, table in books.taken():
            rows[dataset] += len(table)
            batches += dataset == "book_updates"
    for dataset, table in books.rest():
        rows[dataset] += len(table)

    assert batches == 3
    assert rows == {
        "book_updates": 3 * _book_lines.FLUSH + 2,
        "book_tops": 3 * _book_lines.FLUSH + 1,
    }


def test_a_gap_that_lasts_is_told_at_the_end() -> None:
    books = LineBooks()
    books.restart(PLACE, Message(1, 1, [(1, 1.0, 1.0), (-1, 9.0, 1.0)], 1), 2)
    books.apply(PLACE, Message(2, 2, [(1, 2.0, 1.0)], 2), 3)
    books.apply(PLACE, Message(5, 5, [(1, 2.0, 1.0)], 3), 4)

    told = dict(books.rest())

    (gap,) = told["feed_gaps"].to_pylist()
    assert (gap["reason"], gap["expected_id"], gap["found_id"]) == ("gap", 3, 5)
    assert gap["ended_at"] is None
