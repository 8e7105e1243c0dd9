"""Real chains through a split, a missing session and a weekend, held against plain Python."""

import csv
import gzip
import shutil
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from leadline import clock
from leadline.warehouse import Warehouse
from loaders import _osi
from tests.desks import real_store
from tests.doors import door, rows

pytestmark = pytest.mark.real
AAPL, YAHOO = "options_eod_lean/universes/aapl", "options_chain_yahoo_2026"
COINS = "options_chain_crypto_2026/deribit"
INTEREST = "options_daily_lean/aapl_2014_openinterest_american.zip"
FACTORS = "equity_daily_lean/factor_files/aapl.csv"
EX_DATE, RATIO = date(2014, 6, 9), 7
COLUMNS = """
    underlying, contract, oi_date, d_oi, withdrawn_at, previous_contract, open_interest, calendar,
    previous_open_interest, n_baseline, mean_abs_d_oi, open_ratio, oi_exceeds_volume,
    open_close_label
"""  # all that are looked at here, of many
RIGHTS = {"C": "call", "P": "put", "call": "call", "put": "put"}
Figures = dict[date, dict[str, Decimal]]  # open interest after each session, by contract


@pytest.fixture(scope="module")
def house(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("chains")
    for path in sorted((real / YAHOO).glob("*/*")):
        if path.name.startswith(("SPY", "meta")):
            (folder / YAHOO / path.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / YAHOO / path.parent.name)
    place = real_store(
        folder / "store",
        ("lean_equity_factors", real / FACTORS),
        ("lean_option_chains", real / AAPL),
        ("lean_option_chains", real / INTEREST),
        ("yahoo_chains", folder / YAHOO),
        ("crypto_option_chains", real / COINS),
    )
    with door(place) as house:
        yield house


@pytest.fixture(scope="module")
def changes(house: Warehouse) -> list[dict[str, Any]]:
    return rows(house.ask("features.oi_change", clock.BEGINNING, clock.FOREVER).select(COLUMNS))


def asked(house: Warehouse, sql: str) -> list[tuple[Any, ...]]:
    """Ask all chains a question."""
    answer = house.ask("curated.option_chains", clock.BEGINNING, clock.FOREVER)
    found = answer.query("answer", sql)
    return [tuple(row) for row in found.fetchall()] if found else []


def before(day: date, calendar: str = "XNYS") -> date:
    """Return the session before one; the files' weeks have no holiday but weekends."""
    back = 1 if calendar == "24/7" or day.weekday() else 3
    return day - timedelta(days=back)


def split(contract: str) -> str:
    """Return what a contract of Apple's is called after its split."""
    parts: Mapping[str, Any] = _osi.parts(contract)
    strike = (parts["strike"] / RATIO).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return _osi.symbol(parts["root"], parts["expiration"], parts["put_call"], strike)


@cache
def apple(real: Path) -> Figures:
    """Read what the universes say after each session, and the zip on the morning after."""
    found: Figures = defaultdict(dict)
    for path in sorted((real / AAPL).glob("*.csv")):
        day = datetime.strptime(path.stem, "%Y%m%d").date()
        with path.open() as text:
            for line in csv.DictReader(text):
                if line["#expiry"] and line["open_interest"]:
                    name = symbol(line["#expiry"], line["strike"], line["right"])
                    found[day][name] = Decimal(line["open_interest"])
    with zipfile.ZipFile(real / INTEREST) as archive:
        for member in archive.namelist():
            right, strike, expiry = member.removesuffix(".csv").split("_")[-3:]
            name = symbol(expiry, str(Decimal(strike) / 10_000), right)
            for told in archive.read(member).decode().splitlines():
                stamp, interest = told.split(",")
                day = before(datetime.strptime(stamp[:8], "%Y%m%d").date())
                found[day][name] = Decimal(interest)
    return found


def symbol(expiry: str, strike: str, right: str) -> str:
    day = datetime.strptime(expiry, "%Y%m%d").date()
    return _osi.symbol("AAPL", day, RIGHTS[right], Decimal(strike))


def expected(figures: Figures) -> dict[tuple[str, date], Decimal]:
    """Return every change of Apple's contracts: the old symbols end at the split."""
    old = {name for day, held in figures.items() if day < EX_DATE for name in held}
    dead = old - {split(name) for name in old}
    found = {}
    for day, held in figures.items():
        earlier = figures.get(before(day), {})
        if day == EX_DATE:
            earlier = {split(name): RATIO * interest for name, interest in earlier.items()}
        for name in held.keys() & earlier.keys():
            if day < EX_DATE or name not in dead:
                found[name, day] = held[name] - earlier[name]
    return found


@pytest.mark.soak
def test_every_change_of_a_split_stock_is_found_and_none_is_false(
    real: Path, changes: Sequence[Mapping[str, Any]]
) -> None:
    wanted = expected(apple(real))

    found = {
        (row["contract"], row["oi_date"]): row["d_oi"]
        for row in changes
        if row["underlying"] == "AAPL" and row["withdrawn_at"] is None
    }

    assert len(found) == sum(row["underlying"] == "AAPL" for row in changes)
    assert found == wanted
    assert len(wanted) == 19_588
    assert sum(change != 0 for change in wanted.values()) == 11_027


def test_over_the_split_a_change_is_a_thousandth_of_what_is_open(
    real: Path, changes: Sequence[Mapping[str, Any]]
) -> None:
    over = [row for row in changes if row["oi_date"] == EX_DATE]

    known = {"AAPL140621C00092860": ("AAPL140621C00650000", 122_883, 131_971, -9_088)}
    for row in over:
        assert row["previous_contract"] != row["contract"] == split(row["previous_contract"])
        if row["contract"] in known:
            said = ("previous_contract", "open_interest", "previous_open_interest", "d_oi")
            assert tuple(row[name] for name in said) == known[row["contract"]]
    assert len(over) == 1_850
    assert sum(row["previous_open_interest"] for row in over) > 14_000_000
    assert sum(row["d_oi"] for row in over) == -15_859


def test_a_usual_change_goes_on_through_the_split(
    real: Path, changes: Sequence[Mapping[str, Any]]
) -> None:
    wanted = expected(apple(real))
    days = sorted({day for _, day in wanted if day.year == 2014})
    # A contract that nobody told of on the day of the split begins anew.
    over = {name for name, day in wanted if day == EX_DATE}
    new = {split(name): name for name, day in wanted if day < EX_DATE and split(name) in over}
    measured = 0

    for row in changes:
        day, name = row["oi_date"], row["contract"]
        if row["underlying"] != "AAPL" or day < EX_DATE or day.year != 2014:
            continue
        past = [wanted.get((name, each)) for each in days if EX_DATE <= each < day]
        past += [
            RATIO * wanted[new[name], each]
            for each in days
            if each < EX_DATE and name in new and (new[name], each) in wanted
        ]
        sizes = [abs(change) for change in past if change is not None]
        assert row["n_baseline"] == len(sizes)
        if len(sizes) >= 10:
            measured += 1
            assert row["mean_abs_d_oi"] == pytest.approx(float(sum(sizes)) / len(sizes))
    assert measured > 700


def test_old_symbols_are_dead_and_counted_nowhere(house: Warehouse, real: Path) -> None:
    figures = apple(real)
    old = {name for day, held in figures.items() if day < EX_DATE for name in held}

    chains = asked(
        house,
        "select session_date, is_dead, sum(open_interest) from answer "
        "where underlying = 'AAPL' and session_date > '2014-06-09' group by all",
    )
    found = {(day, is_dead): interest for day, is_dead, interest in chains}

    for day in (date(2014, 6, 10), date(2014, 6, 16)):
        held = {name: interest for name, interest in figures[before(day)].items()}
        live = sum(interest for name, interest in held.items() if name not in old)
        frozen = sum(interest for name, interest in held.items() if name in old)
        assert 0 < found[day, False] <= live
        assert 0 < found[day, True] <= frozen
    assert found[date(2014, 6, 10), False] == 14_828_704
    assert found[date(2014, 6, 10), True] == 2_121_188


def test_yahoos_changes_are_those_of_the_files_and_none_spans_a_missing_one(
    real: Path, changes: Sequence[Mapping[str, Any]]
) -> None:
    held: Figures = defaultdict(dict)
    for path in sorted((real / YAHOO).glob("*/SPY.csv.gz")):
        with gzip.open(path, "rt") as text:
            for line in csv.DictReader(text):
                if line["openInterest"]:
                    day = date.fromisoformat(line["session"])
                    held[day][line["contractSymbol"]] = Decimal(line["openInterest"])
    wanted = {
        (name, day): interest - held[before(day)][name]
        for day in list(held)
        for name, interest in held[day].items()
        if name in held.get(before(day), {})
    }

    found = [row for row in changes if row["underlying"] == "SPY"]

    assert {(row["contract"], row["oi_date"]): row["d_oi"] for row in found} == wanted
    assert len(found) == len(wanted) == 20_501
    # 17 August is missing, so neither it nor the 18th has a change.
    assert sorted({row["oi_date"].day for row in found}) == [13, 14, 19, 20]
    # Each chain was taken in the morning: its volume explains no change.
    assert {row["open_ratio"] for row in found} == {None}
    assert {row["oi_exceeds_volume"] for row in found} == {None}


def test_coins_change_from_day_to_day_at_the_weekend_too(
    real: Path, changes: Sequence[Mapping[str, Any]]
) -> None:
    held: Figures = defaultdict(dict)
    for path in sorted((real / COINS).glob("*.csv")):
        with path.open() as text:
            for line in csv.DictReader(text):
                day = datetime.fromisoformat(line["snapshot_utc"]).date() - timedelta(days=1)
                held[day][line["instrument"]] = Decimal(line["open_interest"])
    wanted = {
        (name, day): interest - held[before(day, "24/7")][name]
        for day in list(held)
        for name, interest in held[day].items()
        if name in held.get(before(day, "24/7"), {})
    }

    found = [row for row in changes if row["calendar"] == "24/7"]

    assert {(row["contract"], row["oi_date"]): row["d_oi"] for row in found} == wanted
    assert len({row["oi_date"] for row in found}) == 9
    assert date(2026, 7, 12) in {row["oi_date"] for row in found}  # a Sunday
    assert {row["open_close_label"] for row in found} == {None}


def test_prices_of_coins_are_in_dollars(house: Warehouse) -> None:
    found = asked(
        house,
        "select sum(case when put_call = 'call' and bid > underlying_price then 1 else 0 end), "
        "median(abs(strike - underlying_price) / mid), count(mid) "
        "from answer where underlying = 'deribit:BTC-USD' "
        "and abs(strike / underlying_price - 1) < 0.02",
    )

    # An option near the money costs a few percent of its strike, not a few hundredths of a dollar.
    assert found[0][0] == 0
    assert 0 < found[0][1] < 10
    assert found[0][2] > 100
