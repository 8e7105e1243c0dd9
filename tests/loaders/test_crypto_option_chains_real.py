"""The captured chains load whole, and two exchanges agree on what a volatility and a delta are."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from leadline.publication import Loaded
from leadline.store import Store
from tests.deribit import knowing_days
from tests.stores import ask, load_files

NAME = "crypto_option_chains"
FIRST = date(2026, 7, 6)
COINS = {
    "deribit:BTC-USD": Decimal(1), "deribit:ETH-USD": Decimal(1),
    "okx:BTC-USD": Decimal("0.01"), "okx:ETH-USD": Decimal("0.1"),
}  # fmt: skip
Lines = list[dict[str, str]]


@pytest.fixture(scope="module")
def folder(real: Path) -> Path:
    return real / "options_chain_crypto_2026"


@pytest.fixture(scope="module")
def lines(folder: Path) -> dict[str, Lines]:
    """Return the lines of every file, by its name."""
    told = {}
    for path in sorted(folder.rglob("*.csv")):
        with path.open(newline="") as file:
            told[f"{path.parent.name}/{path.name}"] = list(csv.DictReader(file))
    return told


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    days = [FIRST + timedelta(days=n) for n in range(10)]
    with knowing_days(tmp_path_factory.mktemp("crypto"), *days) as store:
        yield store


@pytest.fixture(scope="module")
def loads(store: Store, folder: Path) -> list[Loaded]:
    return load_files(store, NAME, folder)


@pytest.fixture(scope="module")
def chains(store: Store, loads: list[Loaded]) -> list[dict[str, Any]]:
    return ask(store.place, "raw.option_chains")


@pytest.fixture(scope="module")
def interest(store: Store, loads: list[Loaded]) -> list[dict[str, Any]]:
    return ask(store.place, "raw.open_interest")


@pytest.mark.real
def test_every_line_of_every_file_is_two_rows_and_none_is_set_aside(
    loads: list[Loaded], lines: dict[str, Lines]
) -> None:
    told = {loaded.coverage: (loaded.n_rows, loaded.n_rejected) for loaded in loads}

    assert told == {name: (2 * len(of), 0) for name, of in lines.items()}
    assert sum(len(of) for of in lines.values()) == 22_570


@pytest.mark.real
def test_positions_are_the_sums_that_the_files_have_in_coins(
    interest: list[dict[str, Any]], chains: list[dict[str, Any]], lines: dict[str, Lines]
) -> None:
    expected: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for line in (line for of in lines.values() for line in of):
        underlying = f"{line['exchange']}:{line['underlying']}-USD"
        day = date.fromisoformat(line["snapshot_utc"][:10]) - timedelta(days=1)
        expected[underlying, day] += Decimal(line["open_interest"]) * COINS[underlying]
    underlyings = {row["contract"]: row["underlying"] for row in chains}

    told: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for row in interest:
        told[underlyings[row["contract"]], row["oi_date"]] += row["open_interest"]

    assert told == expected
    assert told["okx:BTC-USD", date(2026, 7, 5)] < told["deribit:BTC-USD", date(2026, 7, 5)]


@pytest.mark.real
def test_both_exchanges_say_the_same_volatility_of_the_same_contract(
    chains: list[dict[str, Any]],
) -> None:
    told: dict[tuple[Any, ...], dict[str, float]] = {}
    for row in chains:
        venue, _, pair = row["underlying"].partition(":")
        names = ("session_date", "expiration", "strike", "put_call")
        told.setdefault((pair, *(row[name] for name in names)), {})[venue] = row["iv"]
    both = [iv for iv in told.values() if len(iv) == 2]

    assert len(both) == 5_470
    assert median(iv["okx"] / iv["deribit"] for iv in both) == pytest.approx(1, abs=0.01)
    ivs = sorted(row["iv"] for row in chains)
    assert ivs[0] > 0.1
    assert 0.3 < median(ivs) < 0.8
    assert ivs[-1] < 2.5


@pytest.mark.real
def test_deltas_of_dollars_stay_within_one_where_those_of_coins_do_not(
    chains: list[dict[str, Any]], lines: dict[str, Lines]
) -> None:
    said = [float(line["delta"]) for of in lines.values() for line in of if line["delta"]]
    told = [row for row in chains if row["delta"] is not None]

    assert len(said) == len(told)
    assert min(said) == pytest.approx(-6.3381, abs=1e-4)
    assert all(0 <= abs(row["delta"]) < 1.0013 for row in told)
    signs = {(row["put_call"], row["delta"] > 0) for row in told if abs(row["delta"]) > 0.001}
    assert signs == {("call", True), ("put", False)}
    assert all(row["gamma"] > -1e-5 for row in told)
