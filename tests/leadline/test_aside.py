"""Rows that break a contract are kept as they came, counted by reason."""

import json
from datetime import date
from pathlib import Path

from tests.stores import ask, finra, load_finra, load_sessions, opened

DAY = date(2024, 3, 1)
BROKEN = (
    "AA|10|0|100",
    "BB|x|0|100",  # no number
    "CC|10|0",  # a field short
    "DD|200|0|100",  # more short than traded
    "EE|300|0|100",
    "AA|11|0|100",  # says something else of AA
)


def broken(place: Path, tmp_path: Path) -> dict[str, int]:
    with opened(place) as store:
        load_sessions(store)
        lines = [line if line.count("|") == 3 else f"20240301|{line}" for line in BROKEN]
        (loaded,) = load_finra(store, finra(tmp_path / "in", DAY, lines))
        return dict(loaded.reasons)


def test_reasons_are_counted_with_numbers_left_out(tmp_path: Path) -> None:
    reasons = broken(tmp_path / "store", tmp_path)

    assert sorted(reasons.values()) == [1, 1, 1, 2]
    (most,) = [reason for reason, n in reasons.items() if n == 2]
    assert most == "short_volume: not short_volume <= total_volume"


def test_each_row_comes_with_its_file_and_its_place(tmp_path: Path) -> None:
    broken(tmp_path / "store", tmp_path)

    rows = ask(tmp_path / "store", "raw.rejected")

    assert {row["dataset"] for row in rows} == {"short_volume"}
    assert {Path(row["origin"]).name for row in rows} == {"CNMSshvol20240301.txt"}
    lines = {row["position"]: row for row in rows if row["reason"].startswith("line")}
    assert sorted(lines) == [3, 4]
    assert json.loads(lines[3]["row"]) == {"line": "20240301|BB|x|0|100|Q"}


def test_a_row_that_contradicts_an_earlier_one_is_kept_whole(tmp_path: Path) -> None:
    broken(tmp_path / "store", tmp_path)

    rows = ask(tmp_path / "store", "raw.rejected")

    (row,) = [row for row in rows if row["reason"].startswith("repeats")]
    assert json.loads(row["row"])["source_symbol"] == "AA"
    assert float(json.loads(row["row"])["short_volume"]) == 11


def test_the_good_rows_are_in(tmp_path: Path) -> None:
    broken(tmp_path / "store", tmp_path)

    rows = ask(tmp_path / "store", "curated.short_volume")

    assert [(row["symbol"], float(row["short_volume"])) for row in rows] == [("AA", 10)]
