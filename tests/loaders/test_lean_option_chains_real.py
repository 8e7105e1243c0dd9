"""Lean's universes and daily zips give what plain Python reads in them, and mostly agree."""

import csv
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from leadline import clock
from leadline.clock import Span
from tests.doors import door
from tests.lean import told
from tests.stores import knowing_sessions, load_files

pytestmark = pytest.mark.real
NAME = "lean_option_chains"
FOLDERS = ("options_eod_lean", "options_daily_lean")
SPAN = Span(datetime(2013, 6, 20, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC))
AAPL, MINUTES = "options_eod_lean/universes/aapl", "options_minute_lean/aapl"
INTEREST = "options_daily_lean/aapl_2014_openinterest_american.zip"


@pytest.fixture(scope="module")
def found(real: Path) -> dict[str, pa.Table]:
    return told(NAME, *(real / folder for folder in FOLDERS), span=SPAN)


def universes(real: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield each contract's line with its file's ticker and day, as plain Python reads them."""
    for path in sorted((real / FOLDERS[0]).rglob("*.csv")):
        with path.open() as text:
            for line in csv.DictReader(text):
                if line["#expiry"]:
                    yield path.parent.name, path.stem, line


def members(path: Path) -> Iterator[tuple[str, list[str]]]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            for line in archive.read(name).decode().split("\n"):
                yield name, line.split(",")


def test_every_line_is_a_row_and_open_interest_only_where_it_is_told(
    real: Path, found: dict[str, pa.Table]
) -> None:
    lines = list(universes(real))
    told_of = [line for _, _, line in lines if line["open_interest"]]
    zips = sorted((real / FOLDERS[1]).glob("*.zip"))
    counts = {path.name: sum(1 for _ in members(path)) for path in zips}

    assert len(found["option_chains"]) == len(lines) == 45_978
    assert len(found["open_interest"]) == len(told_of) + 6_016 == 30_809 + 6_016
    assert sum(counts.values()) == 14_140
    assert len(found["option_bars"]) == sum(n for name, n in counts.items() if "_trade_" in name)
    assert len(found["option_quote_bars"]) == sum(
        n for name, n in counts.items() if "_quote_" in name
    )


def test_a_row_of_each_line_has_its_price_and_volume(
    real: Path, found: dict[str, pa.Table]
) -> None:
    wanted = Counter(
        (ticker.upper(), day, Decimal(line["strike"]), line["right"],
         Decimal(line["close"]) or None, int(line["volume"]))
        for ticker, day, line in universes(real)
    )  # fmt: skip

    names = ("underlying", "session_date", "strike", "put_call", "mid", "volume")
    rows = zip(*(found["option_chains"][name].to_pylist() for name in names), strict=True)
    assert wanted == Counter(
        (ticker, f"{day:%Y%m%d}", strike, put_call[0].upper(), mid, int(volume))
        for ticker, day, strike, put_call, mid, volume in rows
    )


def test_volumes_of_daily_bars_are_those_of_the_lines(
    real: Path, found: dict[str, pa.Table]
) -> None:
    wanted: Counter[str] = Counter()
    for path in (real / FOLDERS[1]).glob("*_trade_*.zip"):
        for name, line in members(path):
            wanted[name.partition("_")[0].upper()] += int(line[-1])

    sums = found["option_bars"].group_by("root").aggregate([("volume", "sum")]).to_pylist()
    assert {row["root"]: row["volume_sum"] for row in sums} == wanted
    assert wanted == {"AAPL": 1_282_417, "FOXA": 49, "NWSA": 31_326}


def test_a_daily_bar_s_volume_is_that_of_its_minutes_before_the_close(
    real: Path, found: dict[str, pa.Table]
) -> None:
    minutes = told("lean_option_bars", real / MINUTES / "20140606_trade_american.zip", span=SPAN)
    closes_at = datetime(2014, 6, 6, 20, tzinfo=UTC)
    within = minutes["option_bars"].filter(
        pc.less(minutes["option_bars"]["starts_at"], pa.scalar(closes_at))
    )
    days = found["option_bars"]
    daily = days.filter(pc.equal(days["session_date"], pa.scalar(date(2014, 6, 6))))

    sums = within.group_by("contract").aggregate([("volume", "sum")]).to_pylist()
    assert len(sums) == 1_184
    assert {row["contract"]: row["volume_sum"] for row in sums} == {
        row["contract"]: row["volume"] for row in daily.select(["contract", "volume"]).to_pylist()
    }


def test_a_volatility_of_none_has_no_gamma_in_the_source_either(
    real: Path, found: dict[str, pa.Table]
) -> None:
    """So the greeks beside it are those of no volatility, and are left out."""
    without = [line for _, _, line in universes(real) if not float(line["implied_volatility"])]

    assert {(float(line["gamma"]), float(line["vega"])) for line in without} == {(0, 0)}
    assert found["option_chains"]["gamma"].null_count == len(without)


def test_theta_and_vega_are_what_black_and_scholes_make_of_them(
    found: dict[str, pa.Table],
) -> None:
    """Theta is the carry less half of gamma, price and volatility squared; vega follows too."""
    index = found["option_chains"].filter(pc.equal(found["option_chains"]["underlying"], "SPX"))
    rows = [row for row in index.to_pylist() if str(row["session_date"]) == "2020-12-30"]
    price, years = 3_700.65, 10.35 / 365  # at the close of the session that the file holds
    dividend = 0.123  # what the source took for the index's

    for row in rows:
        gamma = row["gamma"] * price**2
        carry = dividend * price * row["delta"]
        assert row["vega"] == pytest.approx(gamma * row["iv"] * years, rel=0.02)
        assert row["theta"] == pytest.approx(carry - gamma * row["iv"] ** 2 / 2, rel=0.02, abs=2)


def figures(table: pa.Table) -> dict[tuple[str, date], int]:
    names = ("contract", "oi_date", "open_interest")
    rows = zip(*(table[name].to_pylist() for name in names), strict=True)
    return {(contract, day): int(figure) for contract, day, figure in rows}


def test_a_universe_tells_what_the_next_morning_s_zip_tells_but_for_zeros(real: Path) -> None:
    ours, theirs = (
        figures(told(NAME, real / path, span=SPAN)["open_interest"]) for path in (AAPL, INTEREST)
    )

    both = Counter(day for _, day in ours.keys() & theirs.keys())
    differ = {key: theirs[key] for key in ours.keys() & theirs.keys() if ours[key] != theirs[key]}
    days = [date(2014, 6, day) for day in (5, 9, 10, 11, 12, 13, 16)]
    assert both == dict(zip(days, [1_962, *[96] * 6], strict=True))
    # A universe never says 0: it goes on with the last figure that was none.
    assert Counter((day, theirs[key]) for key in differ for _, day in [key]) == {(days[0], 0): 40}


def test_three_files_of_one_figure_are_one_fact(real: Path, tmp_path: Path) -> None:
    span = Span(datetime(2014, 5, 1, tzinfo=UTC), datetime(2014, 8, 1, tzinfo=UTC))
    minute = real / MINUTES / "20140606_openinterest_american.zip"
    paths = [real / AAPL / "20140605.csv", real / AAPL / "20140609.csv", real / INTEREST]
    with knowing_sessions(span, tmp_path / "store") as store:
        loads = [*load_files(store, NAME, *paths), *load_files(store, "lean_option_bars", minute)]

    with door(tmp_path / "store") as house:
        asked = house.ask("curated.open_interest", clock.BEGINNING, clock.FOREVER)
        rows = asked.to_arrow_table().to_pylist()

    found = Counter(row["oi_date"] for row in rows)
    assert [each.n_rejected for each in loads] == [0] * 4
    assert [row for row in rows if row["withdrawn_at"]] == []
    assert max(Counter((row["contract"], row["oi_date"]) for row in rows).values()) == 1
    assert [found[date(2014, 6, day)] for day in (5, 6, 9)] == [2_322, 2_339, 3_720]
    assert sum(row["open_interest"] for row in rows if row["oi_date"] == date(2014, 6, 5)) == (
        2_319_788  # as the zips have it, which are read after the universes
    )
