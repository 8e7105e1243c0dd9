"""Lean's map files land as the tickers that a security had from which day on."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import FeedError
from leadline.feed import Extract
from leadline.load import plan
from loaders import lean_tickers

NAME = "lean_tickers"
GOOGL = "20040819,goog,Q\n20140402,goog,Q\n20501231,googl,Q\n"


def rows(folder: Path, name: str, text: str) -> list[Any]:
    path = folder / "map_files" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    found = []
    for dataset, told in lean_tickers.read(plan(NAME, lean_tickers, [path]).files):
        assert dataset == "tickers"
        assert isinstance(told, Extract)
        found += list(told.rows)
    return found


def test_a_ticker_holds_from_the_day_after_the_one_before(tmp_path: Path) -> None:
    assert rows(tmp_path, "googl.csv", GOOGL) == [
        {
            "security_id": "GOOG:2004-08-19",
            "valid_from": day,
            "ticker": ticker,
            "exchange": "Q",
            "known_at": known_at,
        }
        for day, ticker, known_at in (
            (date(2004, 8, 19), "GOOG", datetime(2004, 8, 19, 4, tzinfo=UTC)),
            (date(2014, 4, 3), "GOOGL", datetime(2014, 4, 3, 4, tzinfo=UTC)),
        )
    ]


def test_a_security_that_is_gone_has_no_ticker_from_then_on(tmp_path: Path) -> None:
    found = rows(tmp_path, "fb.1.csv", "19990929,fb\n20030328,fb\n")

    assert [(row["security_id"], row["valid_from"], row["ticker"]) for row in found] == [
        ("FB:1999-09-29", date(1999, 9, 29), "FB"),
        ("FB:1999-09-29", date(2003, 3, 29), None),
    ]
    assert {row["exchange"] for row in found} == {None}


def test_factor_files_beside_them_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "factor_files" / "x.csv"
    path.parent.mkdir()
    path.write_text("20501231,1,1,0\n")

    assert list(lean_tickers.read(plan(NAME, lean_tickers, [path]).files)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("20040819;goog\n", "no line of a map: '20040819;goog'; mend the loader"),
        ("20041319,goog\n", "20041319,goog.; mend the loader"),
        ("20140402,goog\n20040819,goog\n", "no history, oldest first"),
        ("20040819,goog\n", "no history, oldest first"),
    ],
)
def test_a_file_that_is_no_map_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(FeedError, match=said):
        rows(tmp_path, "goog.csv", text)


def test_a_file_of_another_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "goog.csv"
    path.write_text(GOOGL)

    with pytest.raises(FeedError, match="its folder should be map_files"):
        list(lean_tickers.read(plan(NAME, lean_tickers, [path]).files))
