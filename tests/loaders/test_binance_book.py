"""Binance's frames become books and trades as they are, or the load stops with a sentence."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import FeedError
from leadline.feed import files
from leadline.load import from_files, plan
from leadline.publication import Loaded
from leadline.store import Store
from loaders import binance_book
from tests.binance import MESSAGES, NEXT, SPOT, of
from tests.stores import ask

NAME = "binance_book"
FUTURES = MESSAGES / "ethusdt_20240808"
SPLIT = [MESSAGES / name for name in ("BINANCE.0", "BINANCE.http.0.0", "BINANCE.ws.1.0")]


def load(store: Store, *paths: Path) -> list[Loaded]:
    return list(from_files(NAME, binance_book, store, plan(NAME, binance_book, list(paths)).files))


def rows(store: Store, dataset: str, *paths: Path) -> list[dict[str, Any]]:
    """Load files and return what they brought of a dataset, in the capture's order."""
    load(store, *paths)
    found = ask(store.place, f"raw.{dataset}")
    return sorted(found, key=lambda row: (row["known_at"], row["sequence"]))


def refusal(store: Store, *paths: Path) -> str:
    with pytest.raises(FeedError) as told:
        load(store, *paths)
    store.ledger.refresh()
    assert list(store.ledger.lines) == []
    return str(told.value)


def changed(folder: Path, source: Path, old: str, new: str) -> Path:
    """Write a recorded message with one thing changed."""
    text = source.read_text()
    assert old in text
    (folder / source.name).write_text(text.replace(old, new))
    return folder / source.name


def test_held_messages_follow_the_snapshot_and_are_known_when_it_came(store: Store) -> None:
    tops = rows(store, "book_tops", SPOT)

    told = [of(row, "update_id", "epoch", "best_bid", "bid_size", "ask_size") for row in tops]
    assert told == [
        (50093239218, "50093239218", 61837.63, 3.78826, 1.54698),
        (50093239224, "50093239218", 61837.63, 3.5, 1.6052),
        (50093239230, "50093239218", 61837.63, 3.5, 1.6052),
    ]
    came_at = datetime(2024, 8, 8, 23, 54, 14, 206652, tzinfo=UTC)
    assert [row["known_at"] for row in tops[:2]] == [came_at, came_at]


def test_a_changed_level_is_a_row_with_the_size_before(store: Store) -> None:
    updates = rows(store, "book_updates", SPOT)

    told = [of(row, "is_snapshot", "book_side", "price", "size", "prev_size") for row in updates]
    assert told == [
        (True, 1, 61837.63, 3.78826, 0),
        (True, 1, 61837.62, 0.617, 0),
        (True, -1, 61837.64, 1.54698, 0),
        (True, -1, 61838.04, 0.32332, 0),
        (False, 1, 61837.63, 3.5, 3.78826),
        (False, -1, 61837.64, 1.6052, 1.54698),
        (False, -1, 61838.04, 0, 0.32332),
    ]
    assert len({row["sequence"] for row in updates}) == len(updates)


def test_a_trade_is_the_takers(store: Store) -> None:
    told = rows(store, "crypto_trades", SPOT)

    names = ("venue", "pair", "trade_id", "is_aggregate", "price", "size", "side")
    assert [of(row, *names) for row in told] == [
        ("binance", "BTC-USDT", 3735683259, False, 61837.63, 0.02, -1),
        ("binance", "BTC-USDT", 3735683260, False, 61837.64, 0.001, 1),
    ]
    assert told[0]["known_at"] == datetime(2024, 8, 8, 23, 54, 14, 87896, tzinfo=UTC)
    assert told[0]["traded_at"] == datetime(2024, 8, 8, 23, 54, 15, 342000, tzinfo=UTC)


def test_futures_are_a_venue_of_their_own_and_chain_by_pu(store: Store) -> None:
    tops = rows(store, "book_tops", FUTURES)
    trades = ask(store.place, "raw.crypto_trades")

    assert [of(row, "venue", "pair", "update_id") for row in tops] == [
        ("binance_usdm", "ETH-USDT", 5123107852948),
        ("binance_usdm", "ETH-USDT", 5123107853000),
        ("binance_usdm", "ETH-USDT", 5123107853200),
    ]
    assert [of(row, "venue", "side") for row in trades] == [("binance_usdm", 1)]


def test_a_recorders_files_are_one_capture_and_the_exchange_names_its_pairs(store: Store) -> None:
    tops = rows(store, "book_tops", *SPLIT)
    trades = ask(store.place, "raw.crypto_trades")

    assert [of(row, "pair", "update_id", "ask_size") for row in tops] == [
        ("NKN-XYZ", 499869752, 100.0),
        ("NKN-XYZ", 499869754, 10968.0),
    ]
    assert tops[0]["known_at"] == datetime(2021, 10, 12, 0, 28, 32, 320639, tzinfo=UTC)
    assert [of(row, "pair", "trade_id", "is_aggregate") for row in trades] == [
        ("NKN-XYZ", 15683430, True)
    ]


def test_a_book_goes_on_in_the_next_file_of_its_stream(store: Store) -> None:
    loads = load(store, SPOT, NEXT)

    last = max(ask(store.place, "raw.book_tops"), key=lambda row: row["known_at"])
    assert [each.coverage for each in loads] == [f"messages/{each.name}" for each in (SPOT, NEXT)]
    assert of(last, "epoch", "update_id") == ("50093239218", 50093239240)
    assert ask(store.place, "raw.feed_gaps") == []


def test_a_file_without_a_snapshot_is_refused_whole(store: Store) -> None:
    assert refusal(store, NEXT) == (
        f"{NEXT}: the book of binance:BTC-USDT has no snapshot; "
        f"load it together with the file before it"
    )


def test_a_missing_message_is_a_gap_that_lasts_and_the_rest_is_no_book(
    store: Store, tmp_path: Path
) -> None:
    path = changed(tmp_path, SPOT, '"U":50093239225', '"U":50093239226')

    (gap,) = rows(store, "feed_gaps", path)

    assert of(gap, "venue", "pair", "channel", "reason") == ("binance", "BTC-USDT", "book", "gap")
    assert of(gap, "expected_id", "found_id", "n_dropped") == (50093239225, 50093239226, 1)
    assert gap["began_at"] == datetime(2024, 8, 8, 23, 54, 14, 137307, tzinfo=UTC)
    assert gap["ended_at"] is None
    assert len(ask(store.place, "raw.book_tops")) == 2


def test_a_gap_is_told_once_while_it_lasts(store: Store, tmp_path: Path) -> None:
    path = changed(tmp_path, SPOT, '"U":50093239225', '"U":50093239226')
    after = shutil.copy(NEXT, tmp_path)

    assert len(rows(store, "feed_gaps", path, Path(after))) == 1


def test_a_snapshot_older_than_the_stream_is_a_gap(store: Store, tmp_path: Path) -> None:
    path = changed(tmp_path, SPOT, '"lastUpdateId":50093239218', '"lastUpdateId":50093239100')

    (gap,) = rows(store, "feed_gaps", path)

    assert of(gap, "reason", "expected_id", "found_id", "n_dropped") == (
        "snapshot_too_old", 50093239101, 50093239189, 3,
    )  # fmt: skip
    assert ask(store.place, "raw.book_updates") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"e":"trade"', '"e":"blockTrade"', "3: an event that it does not know, blockTrade"),
        ('"s":"BTCUSDT","t"', '"s":"BTCXYZ","t"', "3: a symbol whose quote asset it does not know"),
        ('"T":1723161255342,', "", "3: no 'T' in it"),
        ('"m":true,"M":true}}', '"m":true,"M":tr', "3: Input data was truncated"),
        ('"E":1723161255408,', '"E":1723161255408,"ps":"X",', "4: a book of coin-margined futures"),
        ('"data":{"e":"trade"', '"data":["trade"],"x":{"e":"trade"', "3: not of a shape that"),
        ("1723161254238000000 {", "yesterday {", "8: no line of a recorder"),
    ],
)
def test_what_it_does_not_know_stops(
    store: Store, tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = changed(tmp_path, SPOT, old, new)

    assert refusal(store, path).startswith(f"{path}:{said}")


def test_a_snapshot_without_a_symbol_needs_a_capture_of_one_pair(
    store: Store, tmp_path: Path
) -> None:
    line = SPOT.read_text().splitlines()[0].replace("BTCUSDT", "ETHUSDT") + "\n"
    (tmp_path / SPOT.name).write_text(line + SPOT.read_text())

    said = refusal(store, tmp_path / SPOT.name)

    assert "a snapshot names no symbol, and the capture holds not just one" in said


def test_captures_in_usd_are_taken_where_they_are_named(store: Store, tmp_path: Path) -> None:
    path = changed(tmp_path, SPOT, "BTCUSDT", "BTCFDUSD")
    path = path.rename(tmp_path / "btcfdusd_20240808")

    found, passed = files([tmp_path], binance_book.FEED.knows, binance_book.FEED.parts)

    assert (list(found), passed) == ([], [str(path)])
    load(store, path)
    assert {row["pair"] for row in ask(store.place, "raw.crypto_trades")} == {"BTC-FDUSD"}
