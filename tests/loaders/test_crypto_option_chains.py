"""Two exchanges' chains are one system of units, and their prices stay in the coin."""

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import FeedError
from leadline.publication import Loaded
from leadline.store import Store
from tests.deribit import knowing_days
from tests.stores import ask, contracts, load_files

NAME = "crypto_option_chains"
MESSAGES = Path(__file__).parent / "messages"
DERIBIT, OKX = MESSAGES / "2026-07-06.csv", MESSAGES / "2026-07-07.csv"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    place = tmp_path_factory.mktemp("crypto")
    with knowing_days(place, date(2026, 7, 6), date(2026, 7, 7)) as store:
        yield store


@pytest.fixture(scope="module")
def loads(store: Store) -> list[Loaded]:
    return load_files(store, NAME, DERIBIT, OKX)


@pytest.fixture(scope="module")
def chains(store: Store, loads: list[Loaded]) -> dict[str, dict[str, Any]]:
    return {row["contract"]: row for row in ask(store.place, "raw.option_chains")}


@pytest.fixture(scope="module")
def interest(store: Store, loads: list[Loaded]) -> dict[str, dict[str, Any]]:
    return {row["contract"]: row for row in ask(store.place, "raw.open_interest")}


def rewritten(folder: Path, path: Path, *replaced: tuple[str, str]) -> Path:
    """Write a recorded file with other words in it."""
    text = path.read_bytes().decode()
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    (folder / path.name).write_bytes(text.encode())
    return folder / path.name


def test_every_line_is_a_row_of_each_dataset(loads: list[Loaded]) -> None:
    assert [(loaded.n_rows, loaded.n_rejected) for loaded in loads] == [(8, 0), (8, 0)]
    assert [loaded.coverage for loaded in loads] == [
        "messages/2026-07-06.csv", "messages/2026-07-07.csv",
    ]  # fmt: skip


def test_a_row_of_deribit_is_what_the_line_says(chains: dict[str, dict[str, Any]]) -> None:
    row = chains["BTC-9JUL26-69000-C"]

    assert {name: row[name] for name in (*contracts()["option_chains"].names, "known_at")} == {
        "calendar": "24/7",
        "session_date": date(2026, 7, 6),
        "underlying": "deribit:BTC-USD",
        "contract": "BTC-9JUL26-69000-C",
        "expiration": date(2026, 7, 9),
        "strike": Decimal(69000),
        "put_call": "call",
        "currency": "BTC",
        "bid": Decimal("0.0001"),
        "ask": Decimal("0.0002"),
        "last": None,
        "mid": None,
        "mark": Decimal("0.00015231"),
        "volume": Decimal("30.2"),
        "iv": pytest.approx(0.406),
        "delta": None,
        "gamma": None,
        "theta": None,
        "vega": None,
        "underlying_price": Decimal("63312.8"),
        "known_at": datetime(2026, 7, 6, 4, 41, 43, tzinfo=UTC),
    }


def test_nobody_who_bids_is_null(chains: dict[str, dict[str, Any]]) -> None:
    assert chains["BTC-6JUL26-54000-P"]["bid"] is None


@pytest.mark.parametrize(
    ("contract", "coins", "volume"),
    [
        ("BTC-28AUG26-105000-C", "161.3", "0"),
        ("ETH-28AUG26-2250-C", "1041", "0"),
        ("BTC-USD-260707-63000-C", "71.64", "119.12"),  # 7,164 and 11,912 contracts
        ("ETH-USD-260925-800-P", "2817.7", "262.9"),  # 28,177 and 2,629
    ],
)
def test_positions_and_volumes_are_coins(
    chains: dict[str, dict[str, Any]],
    interest: dict[str, dict[str, Any]],
    contract: str,
    coins: str,
    volume: str,
) -> None:
    assert interest[contract]["open_interest"] == Decimal(coins)
    assert chains[contract]["volume"] == Decimal(volume)


def test_open_interest_is_of_the_day_before(interest: dict[str, dict[str, Any]]) -> None:
    row = interest["BTC-USD-260707-63000-C"]

    assert [row[name] for name in ("oi_date", "session_date", "calendar", "known_at")] == [
        date(2026, 7, 6), date(2026, 7, 7), "24/7", datetime(2026, 7, 7, 4, 18, 13, tzinfo=UTC),
    ]  # fmt: skip


def black_scholes(row: dict[str, Any], is_call: bool) -> dict[str, float]:
    """Return the greeks of a contract in dollars, without interest."""
    spot, strike, iv = float(row["underlying_price"]), float(row["strike"]), row["iv"]
    expires_at = datetime.combine(row["expiration"], time(8), UTC)
    years = (expires_at - row["known_at"]).total_seconds() / (365 * 86_400)
    spread = iv * math.sqrt(years)
    d1 = (math.log(spot / strike) + spread**2 / 2) / spread
    density = math.exp(-(d1**2) / 2) / math.sqrt(2 * math.pi)
    below = math.erfc(-d1 / math.sqrt(2)) / 2
    return {
        "delta": below if is_call else below - 1,
        "gamma": density / (spot * spread),
        "theta": -spot * density * iv / (2 * math.sqrt(years)),
        "vega": spot * density * math.sqrt(years),
    }


@pytest.mark.parametrize("greek", ["delta", "gamma", "theta", "vega"])
@pytest.mark.parametrize(
    "contract",
    # Hours before its expiry, where a day's theta is that of the hours; and far in the money,
    # where the delta of the price in the coin is -1.0852.
    ["BTC-USD-260707-63000-C", "BTC-USD-270326-85000-P"],
)
def test_greeks_are_those_of_the_price_in_dollars(
    chains: dict[str, dict[str, Any]], contract: str, greek: str
) -> None:
    row = chains[contract]

    expected = black_scholes(row, contract.endswith("C"))[greek]

    # The file has the index, and OKX reckons with the expiry's forward, 2 % above it.
    assert row[greek] == pytest.approx(expected, rel=0.06)


@pytest.mark.parametrize(
    ("path", "old", "new", "sentence"),
    [
        (DERIBIT, ",deribit,", ",bybit,", "exchange is bybit, and none of deribit, okx; mend"),
        (OKX, ",okx,ETH", ",,ETH", "exchange is empty, and none of deribit, okx; mend"),
        (DERIBIT, "mark_iv", "iv", "the header has no 'mark_iv'"),
    ],
)
def test_a_file_that_it_does_not_understand_loads_nothing(
    store: Store, tmp_path: Path, path: Path, old: str, new: str, sentence: str
) -> None:
    changed = rewritten(tmp_path, path, (old, new))

    with pytest.raises(FeedError) as told:
        load_files(store, NAME, changed)

    assert str(told.value).startswith(str(changed))
    assert sentence in str(told.value)


def test_fractions_where_deribit_says_percent_load_nothing(store: Store, tmp_path: Path) -> None:
    path = rewritten(tmp_path, DERIBIT, (",48.02,", ",0.4802,"), (",40.6,", ",0.406,"),
                     (",58.54,", ",0.5854,"), (",50.02,", ",0.5002,"))  # fmt: skip
    sentence = rf"^{path}: half of mark_iv are below 0\.4902, and Deribit says percent; mend the"

    with pytest.raises(FeedError, match=sentence):
        load_files(store, NAME, path)


def test_percent_where_okx_says_fractions_loads_nothing(store: Store, tmp_path: Path) -> None:
    path = rewritten(tmp_path, OKX, (",0.41042294063251256,", ",41.04,"),
                     (",0.39199779618579755,", ",39.2,"), (",0.8240875448597436,", ",82.4,"),
                     (",0.8758637577129237,", ",87.6,"))  # fmt: skip
    sentence = rf"^{path}: half of mark_iv are above 61\.72, and OKX says fractions; mend the"

    with pytest.raises(FeedError, match=sentence):
        load_files(store, NAME, path)


def test_a_line_that_breaks_the_contract_is_set_aside_and_the_others_load(
    store: Store, tmp_path: Path
) -> None:
    path = rewritten(
        tmp_path, DERIBIT, (",call,0.00022148", ",option,0.00022148"),
        ("deribit,ETH,", "deribit,SOL,"), ("2026-07-06,54000", "2026-07-36,54000"),
    )  # fmt: skip

    (loaded,) = load_files(store, NAME, path)

    assert (loaded.n_rows, loaded.reasons) == (
        4,
        {
            "open_interest: open_interest is missing": 1,
            "option_chains: expiration is missing": 1,
            "option_chains: not put_call IN ('call', 'put')": 1,
            "option_chains: underlying is missing": 1,
        },
    )
