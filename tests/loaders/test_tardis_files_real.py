"""Tardis's own samples are loaded whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from leadline.store import Store
from tests.binance import of
from tests.stores import ask, load_files, opened


@pytest.fixture(scope="module")
def store(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with opened(tmp_path_factory.mktemp("tardis")) as store:
        load_files(store, "tardis_files", real / "crypto_misc_nautilus" / "tardis")
        yield store


@pytest.mark.real
def test_nothing_is_set_aside_and_no_stretch_is_missing(store: Store) -> None:
    assert [ask(store.place, f"raw.{name}") for name in ("rejected", "feed_gaps")] == [[], []]


@pytest.mark.real
def test_tops_of_a_future_are_those_of_the_sample(store: Store) -> None:
    told = sorted(ask(store.place, "raw.book_tops"), key=lambda row: row["update_id"])

    names = ("venue", "pair", "best_bid", "best_ask", "bid_size", "ask_size")
    assert len(told) == 10
    assert of(told[0], *names) == ("binance_usdm", "BTC-USDT", 11657.07, 11657.08, 10.896, 1.714)
    assert [round(told[0][name], 9) for name in ("bid_size_5", "ask_size_5")] == [12.387, 8.347]


@pytest.mark.real
def test_trades_of_an_inverse_contract_are_in_coins(store: Store) -> None:
    told = sorted(ask(store.place, "raw.crypto_trades"), key=lambda row: row["sequence"])

    assert {of(row, "venue", "pair", "side") for row in told} == {("bitmex", "BTC-USD", -1)}
    assert len({row["trade_id"] for row in told}) == len(told) == 10
    assert told[0]["size"] == 2152 / 8531.5


@pytest.mark.real
def test_a_book_that_was_cut_to_its_asks_has_levels_and_no_top(store: Store) -> None:
    told = ask(store.place, "raw.book_updates")

    assert len(told) == 15
    assert {of(row, "venue", "pair", "book_side", "is_snapshot") for row in told} == {
        ("deribit", "BTC-PERPETUAL", -1, True)
    }
    assert {row["best_ask"] for row in told} == {None}
