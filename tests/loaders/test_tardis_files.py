"""Tardis's files become trades, books and tops as their venue counts, or stop with a sentence."""

import gzip
import shutil
from hashlib import md5
from pathlib import Path

import pytest

from leadline.store import Store
from tests.binance import of
from tests.stores import ask
from tests.tardis import (
    BOOK,
    BOOK_HEADER,
    TOPS,
    TRADE_HEADER,
    TRADES,
    load,
    refusal,
    rows,
    us,
    written,
)


def half_md5(text: str) -> int:
    """Return the 63 bits of an MD5 that a trade's number has room for."""
    return int.from_bytes(md5(text.encode()).digest()[8:], "little") // 2


def test_a_trade_is_the_takers_and_known_when_it_was_received(store: Store, tmp_path: Path) -> None:
    path = written(
        tmp_path / "binance_trades_2020-09-01_BTCUSDT.csv",
        TRADE_HEADER,
        "binance,BTCUSDT,1598918403696000,1598918403810979,401,buy,11657.08,0.5",
        "binance,BTCUSDT,1598918403696001,1598918403810980,402,sell,11657.07,0.25",
    )

    load(store, path)

    told = rows(store, "crypto_trades")
    assert [of(row, "venue", "pair", "trade_id", "is_aggregate") for row in told] == [
        ("binance", "BTC-USDT", 401, False),
        ("binance", "BTC-USDT", 402, False),
    ]
    assert [of(row, "price", "size", "side") for row in told] == [
        (11657.08, 0.5, 1),
        (11657.07, 0.25, -1),
    ]
    assert [of(row, "traded_at", "known_at") for row in told] == [
        (us(1598918403696000), us(1598918403810979)),
        (us(1598918403696001), us(1598918403810980)),
    ]


def test_trades_without_numbers_are_told_apart_and_are_the_same_each_time(
    store: Store, tmp_path: Path
) -> None:
    shutil.copy(TRADES, tmp_path / "kraken_trades_2020-04-02_XBT-USD.csv")

    load(store, TRADES)
    first = [row["trade_id"] for row in rows(store, "crypto_trades")]
    load(store, tmp_path)

    assert len(set(first)) == 3
    again = [row["trade_id"] for row in rows(store, "crypto_trades")]
    assert sorted(again) == sorted(first * 2)


def test_a_trade_of_an_unknown_side_is_set_aside(store: Store) -> None:
    (loaded,) = load(store, TRADES)

    assert (loaded.n_rows, loaded.n_rejected) == (3, 1)
    assert [row["reason"] for row in ask(store.place, "raw.rejected")] == ["side is missing"]


@pytest.mark.parametrize(
    ("id_", "number"),
    [
        ("48079289", 48079289),
        ("ETH-48079289", 48079289),
        *((id_, half_md5(id_)) for id_ in ("94444fd5-acfd-f164-9560-2d6f3c326622", "9" * 20)),
    ],
)
def test_an_id_that_is_no_number_becomes_one(
    id_: str, number: int, store: Store, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "deribit_trades_2020-04-01_ETH-PERPETUAL.csv",
        TRADE_HEADER,
        f"deribit,ETH-PERPETUAL,1598918403696000,1598918403810979,{id_},buy,400,1000",
    )

    load(store, path)

    (row,) = rows(store, "crypto_trades")
    assert of(row, "trade_id", "size") == (number, 2.5)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,2,1,buy,100,-1", "not size > 0"),
        ("1,2,1,buy,-100,1", "not price > 0"),
        (",2,1,buy,100,1", "traded_at is missing"),
        ("1,,1,buy,100,1", "known_at is missing"),
    ],
)
def test_a_trade_that_cannot_be_is_set_aside_with_its_reason(
    line: str, reason: str, store: Store, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "coinbase_trades_2020-09-01_BTC-USD.csv",
        TRADE_HEADER,
        "coinbase,BTC-USD,1598918403696000,1598918403810979,7,buy,11657.08,0.5",
        f"coinbase,BTC-USD,{line}",
    )

    (loaded,) = load(store, path)

    assert (loaded.n_rows, loaded.n_rejected) == (1, 1)
    assert [row["reason"] for row in ask(store.place, "raw.rejected")] == [reason]


def test_a_price_that_is_a_word_is_set_aside_by_its_line(store: Store, tmp_path: Path) -> None:
    path = tmp_path / TRADES.name
    path.write_text(TRADES.read_text().replace("sell,6420.0", "sell,cheap"))

    (loaded,) = load(store, path)

    assert loaded.n_rows == 2
    told = sorted(row["reason"] for row in ask(store.place, "raw.rejected"))
    assert told[0].startswith("line 4: cast:")
    assert told[1:] == ["side is missing"]


def test_tops_have_what_five_levels_say_and_no_more(store: Store) -> None:
    (loaded,) = load(store, TOPS)

    names = ("update_id", "best_bid", "best_ask", "bid_size", "ask_size")
    told = rows(store, "book_tops")
    assert [of(row, *names) for row in told] == [
        (1598918403810979, 9999, 10001, 2, 1),
        (1598918403894256, 9999, 10001, 2, 1),
        (1598918403935479, 9999, 10001, 2, 1),
    ]
    five = ("bid_size_5", "ask_size_5", "bid_size_10bps", "ask_size_10bps")
    assert [of(row, *five) for row in told] == [
        (10, 5, None, None),  # the deepest level lies within
        (10, 5, 4, 2),
        (10, 2, 4, None),  # nobody says what lies behind two asks
    ]
    assert {row["epoch"] for row in told} == {"1598918403810979"}
    assert [row["reason"] for row in ask(store.place, "raw.rejected")] == [
        "not best_bid < best_ask"
    ]
    assert loaded.n_rejected == 1


def test_a_file_is_one_load_however_it_is_packed(store: Store, tmp_path: Path) -> None:
    load(store, BOOK, TRADES, TOPS)
    for path in (BOOK, TRADES, TOPS):
        (tmp_path / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))

    again = load(store, tmp_path)

    assert [each.n_rows for each in again] == [0, 0, 0]


@pytest.mark.parametrize(
    ("name", "lines", "sentence"),
    [
        (
            "BTC-PERPETUAL.csv",
            (BOOK_HEADER,),
            ": a name that says neither trades nor books; call it as tardis-dev does, "
            "EXCHANGE_TYPE_DATE_SYMBOL.csv.gz",
        ),
        (
            "deribit_quotes_2020-04-01_BTC-PERPETUAL.csv",
            (
                "exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount",
            ),
            ": a name that says neither trades nor books; call it as tardis-dev does, "
            "EXCHANGE_TYPE_DATE_SYMBOL.csv.gz",
        ),
        (
            "deribit_trades_2020-04-01_X.csv",
            (BOOK_HEADER,),
            ":1: the header has no 'id'; it should read exchange,symbol,timestamp,"
            "local_timestamp,id,side,price,amount",
        ),
        (
            "mtgox_trades_2020-04-01_X.csv",
            (TRADE_HEADER, "mtgox,BTCUSD,1,2,3,buy,1,1"),
            ": 'mtgox' is none of ascendex, binance, binance-futures, bitfinex, bitmex, bitstamp, "
            "bybit, bybit-spot, coinbase, deribit, gate-io, huobi, kraken, kucoin, okex; "
            "mend the loader",
        ),
        (
            "bitmex_trades_2020-04-01_X.csv",
            (TRADE_HEADER, "bitmex,ETHUSD,1,2,3,buy,1,1"),
            ": a symbol whose contracts it can't count in coins, ETHUSD: 'bitmex ETHUSD'; "
            "mend the loader",
        ),
    ],
)
def test_a_file_of_another_kind_is_refused(
    name: str, lines: tuple[str, ...], sentence: str, store: Store, tmp_path: Path
) -> None:
    path = written(tmp_path / name, *lines)

    assert refusal(store, path) == f"{path}{sentence}"
