"""Lean's factor files land as splits and dividends under the ticker of their day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import FeedError
from leadline.publication import Loaded
from leadline.store import Store
from tests.lean import SPAN, placed, rows
from tests.stores import ask, contracts, knowing_sessions, load_files, seen

NAME = "lean_equity_factors"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        yield store


def load(store: Store, *paths: Path) -> Loaded:
    (loaded,) = load_files(store, NAME, *paths)
    return loaded


def actions(store: Store) -> list[dict[str, Any]]:
    return ask(store.place, "raw.corporate_actions")


def factors(folder: Path, *lines: str, name: str = "x.csv") -> Path:
    return written(folder / "factor_files" / name, *lines)


def written(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines))
    return path


def test_what_changed_a_factor_is_an_action_of_the_next_session(
    store: Store, tmp_path: Path
) -> None:
    loaded = load(store, placed(tmp_path / "factor_files", "aapl.csv"))

    assert (loaded.coverage, loaded.n_rejected) == ("factor_files/aapl.csv", 0)
    assert sorted(seen(actions(store), "ex_date", "action", "ratio", "amount_usd")) == [
        (date(2013, 11, 6), "dividend", None, Decimal("3.05")),
        (date(2014, 2, 6), "dividend", None, Decimal("3.05")),
        (date(2014, 5, 8), "dividend", None, Decimal("3.29")),
        (date(2014, 6, 9), "split", Decimal(7), None),
        (date(2014, 8, 7), "dividend", None, Decimal("0.47")),
    ]


def test_a_row_is_what_the_contract_says(store: Store, tmp_path: Path) -> None:
    load(store, placed(tmp_path / "factor_files", "aapl.csv"))

    (row,) = (row for row in actions(store) if row["action"] == "split")

    assert {name: row[name] for name in contracts()["corporate_actions"].names} == {
        "symbol": "AAPL", "ex_date": date(2014, 6, 9), "action": "split", "ratio": Decimal(7),
        "amount_usd": None, "note": None,
    }  # fmt: skip


def test_nobody_knows_it_before_the_day_begins_in_new_york(tmp_path: Path) -> None:
    found = rows(NAME, placed(tmp_path / "factor_files", "aapl.csv"))

    (known,) = (row["known_at"] for row in found if row["action"] == "split")

    assert known == datetime(2014, 6, 9, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "after", "ratio"),
    [
        ("0.03571430", "0.25", 7),
        ("1.49993008", "3.0003", 2),  # the widest noise of the samples
        ("1", "0.3333", 1 / 3),
        ("8", "1", 0.125),
        ("0.997307", "1", 1.0027),  # shares of another class, no plain split
        ("0.6666667", "1", 1.5),
    ],
)
def test_a_ratio_is_whole_where_rounded_factors_say_so(
    tmp_path: Path, before: str, after: str, ratio: float
) -> None:
    found = rows(NAME, factors(tmp_path, f"20140606,1,{before},645.57", f"20501231,1,{after},0"))

    assert seen(found, "action", "ratio") == [("split", ratio)]


def test_a_split_and_a_dividend_may_fall_on_one_day(tmp_path: Path) -> None:
    found = rows(NAME, factors(tmp_path, "20140606,0.99,0.5,100", "20501231,1,1,0"))

    assert seen(found, "action", "ratio", "amount_usd") == [
        ("dividend", None, Decimal(1)), ("split", Decimal(2), None),
    ]  # fmt: skip


def test_lines_are_taken_in_the_order_of_their_days(tmp_path: Path) -> None:
    found = rows(NAME, factors(tmp_path, "20501231,1,1,0", "20140606,1,0.5,100"))

    assert seen(found, "ex_date", "ratio") == [(date(2014, 6, 9), Decimal(2))]


def test_the_ticker_is_that_of_the_map_file_on_the_day(tmp_path: Path) -> None:
    own = factors(
        tmp_path, "20140402,1,0.25,1135", "20140403,1,0.5,570", "20501231,1,1,0", name="googl.csv"
    )
    spells = ("20040819,goog,Q", "20140403,goog,Q", "20501231,googl,Q")
    written(tmp_path / "map_files" / "googl.csv", *spells)

    found = rows(NAME, own, tmp_path / "map_files")

    assert seen(found, "ex_date", "symbol") == [
        (date(2014, 4, 3), "GOOG"), (date(2014, 4, 4), "GOOGL"),
    ]  # fmt: skip


def test_without_a_map_file_it_is_that_of_the_file(tmp_path: Path) -> None:
    found = rows(NAME, factors(tmp_path, "20140606,1,0.5,100", "20501231,1,1,0", name="twx.1.csv"))

    assert seen(found, "symbol") == [("TWX",)]


def test_an_action_after_the_last_ticker_is_set_aside(store: Store, tmp_path: Path) -> None:
    own = factors(tmp_path, "20140606,1,0.5,100", "20501231,1,1,0", name="fb.1.csv")
    written(tmp_path / "map_files" / "fb.1.csv", "19990929,fb", "20030328,fb")

    loaded = load(store, own, tmp_path / "map_files")

    assert (loaded.n_rows, list(loaded.reasons)) == (0, ["corporate_actions: symbol is missing"])


def test_map_files_alone_load_nothing(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path / "map_files" / "fb.csv", "20120518,fb,Q", "20501231,fb,Q")

    assert load_files(store, NAME, path) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("20140606,1,0.5", "a line has 3 parts and not 4; mend the loader"),
        ("20140606,1,half,100", "Could not convert string 'half' to DOUBLE"),
        ("2014-06-06,1,0.5,100", 'Could not parse string "2014-06-06"'),
    ],
)
def test_a_line_that_cannot_be_read_stops_its_file_for_its_neighbours_need_it(
    store: Store, tmp_path: Path, line: str, told: str
) -> None:
    path = factors(tmp_path, "20140505,1,0.25,50", line, "20501231,1,1,0")

    with pytest.raises(FeedError) as error:
        load(store, path)

    assert str(error.value).startswith(f"{path}: {told}")
    assert actions(store) == []


@pytest.mark.parametrize("line", ["20140606", "2014-06-06,fb", "20140606,f'b", "20141306,fb"])
def test_a_map_file_that_cannot_be_read_is_told(store: Store, tmp_path: Path, line: str) -> None:
    own = factors(tmp_path, "20140606,1,0.5,100", "20501231,1,1,0")
    path = written(tmp_path / "map_files" / "x.csv", line)

    with pytest.raises(FeedError, match=f"^{path}: .*: '{line}'; mend the loader"):
        load(store, own, path)


def test_a_file_of_another_folder_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="its folder should be factor_files or map_files"):
        load(store, placed(tmp_path / "elsewhere", "aapl.csv"))
