"""Lean's minute zips give the bars that plain Python reads in them, line by line."""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from leadline.clock import Span
from tests.lean import told

pytestmark = pytest.mark.real
NAME, FOLDER = "lean_option_bars", "options_minute_lean"
SPAN = Span(datetime(2013, 6, 20, tzinfo=UTC), datetime(2023, 9, 1, tzinfo=UTC))
NEW_YORK = ZoneInfo("America/New_York")
MEMBER = re.compile(r"(\d{8})_(\w+)_minute_\w+_\w+_(call|put)_(\d+)_\d\d(\d{6})\.csv")


@pytest.fixture(scope="module")
def found(real: Path) -> dict[str, pa.Table]:
    return told(NAME, real / FOLDER, span=SPAN)


def lines(real: Path, kind: str) -> Iterator[tuple[str, datetime, list[str]]]:
    """Yield each line with its contract and its midnight, as plain Python reads them."""
    for path in sorted((real / FOLDER).rglob(f"*_{kind}_*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                contract, midnight = _of(name)
                for line in archive.read(name).decode().split():
                    yield contract, midnight, line.split(",")


@cache
def _of(member: str) -> tuple[str, datetime]:
    said = MEMBER.fullmatch(member)
    assert said
    day, ticker, put_call, strike, expiration = said.groups()
    contract = f"{ticker.upper()}{expiration}{put_call[0].upper()}{int(strike) // 10:08d}"
    return contract, datetime.strptime(day, "%Y%m%d").replace(tzinfo=NEW_YORK).astimezone(UTC)


def test_every_line_of_every_zip_is_a_row(found: dict[str, pa.Table]) -> None:
    assert {dataset: len(table) for dataset, table in found.items()} == {
        "option_bars": 49_131, "option_quote_bars": 77_495, "open_interest": 4_677,
    }  # fmt: skip


def test_every_bar_of_trades_is_its_line(real: Path, found: dict[str, pa.Table]) -> None:
    wanted = Counter(
        (contract, midnight + timedelta(milliseconds=int(stamp)), int(close), int(volume))
        for contract, midnight, (stamp, _, _, _, close, volume) in lines(real, "trade")
    )

    bars = found["option_bars"]
    closes = pc.cast(pc.multiply(bars["close"], 10_000), pa.int64())
    cells = (bars["contract"], bars["starts_at"], closes, pc.cast(bars["volume"], pa.int64()))
    assert Counter(zip(*(column.to_pylist() for column in cells), strict=True)) == wanted


def test_the_volume_is_all_that_was_traded(found: dict[str, pa.Table]) -> None:
    sums = found["option_bars"].group_by(["root", "session_date"]).aggregate([("volume", "sum")])

    assert {
        (row["root"], str(row["session_date"])): row["volume_sum"] for row in sums.to_pylist()
    } == {
        ("AAPL", "2014-06-06"): 347_952,
        ("AAPL", "2014-06-09"): 639_055,
        ("FOXA", "2013-07-02"): 49,
        ("NWSA", "2013-06-28"): 24_445,
        ("SPX", "2021-01-04"): 1_923_542,
        ("SPXW", "2021-01-04"): 64_585,
        ("SPXW", "2021-01-05"): 23_987,
        ("SPXW", "2021-01-06"): 60_196,
        ("SPY", "2023-08-03"): 3_924,
    }


def test_every_figure_of_open_interest_is_its_line(real: Path, found: dict[str, pa.Table]) -> None:
    wanted = Counter(
        (contract, midnight.date(), int(figure))
        for contract, midnight, (_, figure) in lines(real, "openinterest")
    )

    table = found["open_interest"]
    cells = (table["contract"], table["session_date"], table["open_interest"])
    assert Counter(zip(*(column.to_pylist() for column in cells), strict=True)) == wanted
    assert pc.all(pc.less(table["oi_date"], table["session_date"])).as_py()


def test_empty_sides_and_crossed_quotes_are_as_many_as_the_lines_have(
    real: Path, found: dict[str, pa.Table]
) -> None:
    wanted: Counter[str] = Counter()
    for _, _, line in lines(real, "quote"):
        bid, ask = line[4], line[9]
        wanted.update(no_bid=not bid, no_ask=not ask)
        wanted.update(crossed=bool(bid and ask) and int(bid) > int(ask))

    quotes = found["option_quote_bars"]
    crossed = pc.greater(quotes["bid_close"], quotes["ask_close"])
    assert wanted == {"no_bid": 15_474, "no_ask": 10_991, "crossed": 7}
    assert (quotes["bid_close"].null_count, quotes["bid_size"].null_count) == (15_474, 15_474)
    assert (quotes["ask_close"].null_count, quotes["ask_size"].null_count) == (10_991, 10_991)
    assert pc.sum(crossed).as_py() == 7
