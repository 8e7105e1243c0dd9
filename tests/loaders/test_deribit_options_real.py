"""Captured answers and captures of Deribit load as many rows as plain counting finds."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from leadline.feed import files
from leadline.store import Store
from loaders import deribit_options
from tests.deribit import NAME, knowing_days
from tests.stores import load_files

Told = dict[str, dict[str, list[Any]]]


@pytest.fixture(scope="module")
def folders(real: Path) -> list[Path]:
    return [real / "options_deribit_nautilus", real / "crypto_ws_cryptofeed"]


@pytest.fixture(scope="module")
def told(folders: list[Path]) -> Told:
    """Return the rows of every file, by its name and the dataset."""
    found, _ = files(folders, deribit_options.FEED.knows, deribit_options.FEED.parts)
    read: Told = {}
    for dataset, extract in deribit_options.read(found):
        extracted = cast(Any, extract)
        read.setdefault(extracted.file.name.rpartition("/")[2], {})[dataset] = extracted.rows
    return read


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    days = ("2021-04-05", "2021-07-22", "2026-05-18")
    with knowing_days(tmp_path_factory.mktemp("real"), *map(date.fromisoformat, days)) as store:
        yield store


def tickers(path: Path) -> list[Any]:
    """Return what every ticker of a capture says."""
    lines = path.read_text().splitlines()
    said = [json.loads(line.partition(": ")[2]) for line in lines if '"method":"sub' in line[:80]]
    return [m["params"]["data"] for m in said if m["params"]["channel"].startswith("ticker.")]


@pytest.mark.real
def test_every_file_holds_the_rows_that_plain_counting_finds(
    told: Told, folders: list[Path]
) -> None:
    counts = {name: {of: len(rows) for of, rows in by.items()} for name, by in told.items()}

    listed = (folders[1] / "2021-07-22" / "DERIBIT.0").read_text()
    assert counts == {
        "DERIBIT-5dd9ce.0": {"option_quotes": 273},
        "DERIBIT.0": {"contracts": listed.count('"kind":"option"')},
        "DERIBIT.ws.1.0": {"option_quotes": 89},
        "http_get_instruments.json": {"contracts": 1},
        "http_get_last_trades_option_combo.json": {"option_trades": 2},
        "ws_trades_option_combo.json": {"option_trades": 2},
    }
    for name, day in (("DERIBIT-5dd9ce.0", "2021-04-05"), ("DERIBIT.ws.1.0", "2021-07-22")):
        assert counts[name]["option_quotes"] == len(tickers(folders[1] / day / name))


@pytest.mark.real
def test_quotes_are_those_of_the_tickers(told: Told, folders: list[Path]) -> None:
    said = tickers(folders[1] / "2021-04-05" / "DERIBIT-5dd9ce.0")
    rows = told["DERIBIT-5dd9ce.0"]["option_quotes"]

    names = ("bid", "bid_size", "ask", "ask_size")
    keys = ("best_bid_price", "best_bid_amount", "best_ask_price", "best_ask_amount")
    assert [tuple(float(row[name] or 0) for name in names) for row in rows] == [
        tuple(ticker[key] for key in keys) for ticker in said
    ]
    assert sum(row["bid"] is None for row in rows) > 0


@pytest.mark.real
def test_every_contract_expires_at_eight_and_its_name_says_the_same(told: Told) -> None:
    rows = told["DERIBIT.0"]["contracts"]

    assert {row["expires_at"].hour for row in rows} == {8}
    for row in rows:
        base, day, strike, right = row["contract"].split("-")
        assert (row["underlying"], row["currency"]) == (f"deribit:{base}-USD", base)
        assert (row["strike"], row["put_call"][0].upper()) == (int(strike), right)
        assert f"{row['expiration']:%d%b%y}".upper().lstrip("0") == day


@pytest.mark.real
def test_nothing_is_set_aside_but_what_the_test_network_says(
    store: Store, folders: list[Path]
) -> None:
    loads = load_files(store, NAME, *folders)

    assert sum(loaded.n_rows for loaded in loads) == 273 + 980 + 89 + 2
    aside = {
        loaded.coverage.rpartition("/")[2]: loaded.reasons for loaded in loads if loaded.reasons
    }
    assert aside == {
        "http_get_instruments.json": {"contracts: contract is missing": 1},
        "http_get_last_trades_option_combo.json": {"option_trades: contract is missing": 2},
    }
    assert all(json.loads((folders[0] / name).read_text())["testnet"] is True for name in aside)
