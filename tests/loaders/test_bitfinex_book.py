"""A capture becomes orders, levels and trades as they are, or the load stops with a sentence."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import FeedError
from leadline.load import from_files, plan
from leadline.publication import Loaded
from leadline.store import Store
from loaders import bitfinex_book
from tests.binance import MESSAGES, of
from tests.stores import ask

NAME = "bitfinex_book"
CAPTURE = MESSAGES / "BITFINEX.ws.1.0"


def load(store: Store, *paths: Path) -> list[Loaded]:
    found = plan(NAME, bitfinex_book, list(paths)).files
    return list(from_files(NAME, bitfinex_book, store, found))


def rows(store: Store, dataset: str, path: Path = CAPTURE) -> list[dict[str, Any]]:
    """Load a capture and return what it brought of a dataset, in its order."""
    load(store, path)
    return sorted(ask(store.place, f"raw.{dataset}"), key=lambda row: row["sequence"])


def changed(folder: Path, old: str, new: str) -> Path:
    """Write the recorded messages with one thing changed."""
    text = CAPTURE.read_text()
    assert text.count(old) == 1
    (folder / CAPTURE.name).write_text(text.replace(old, new))
    return folder / CAPTURE.name


def test_a_book_of_orders_tells_each_order_and_what_became_of_it(store: Store) -> None:
    told = [row for row in rows(store, "book_updates") if row["pair"] == "BTC-USD"]

    names = ("order_id", "is_snapshot", "book_side", "price", "size", "prev_size")
    assert [of(row, *names) for row in told] == [
        (38334303613, True, 1, 9348.8, 0.53, 0),
        (38334308111, True, 1, 9348.8, 5.98979404, 0),
        (38331335157, True, 1, 9344.1, 1.28965787, 0),
        (38334311893, True, -1, 9350.1, 1.015, 0),
        (38334302734, True, -1, 9350.3, 0.26737, 0),
        (38334300732, True, -1, 9350.8, 5.2, 0),
        (38334311893, False, -1, 9350.1, 0.9, 1.015),
        (38334311893, False, -1, 9350.1, 0, 0.9),
        (38334302734, False, -1, 9350.3, 0, 0.26737),
        (38334302734, False, -1, 9350.5, 0.26737, 0),
    ]
    assert {row["epoch"] for row in told} == {"1617643607600000"}
    assert told[0]["exchange_at"] == datetime(2021, 4, 5, 17, 26, 47, 579_000, tzinfo=UTC)


def test_a_book_of_levels_has_no_orders_and_keeps_small_amounts(store: Store) -> None:
    told = [row for row in rows(store, "book_updates") if row["pair"] == "ETH-JPY"]

    names = ("order_id", "is_snapshot", "book_side", "price", "size", "prev_size")
    assert [of(row, *names) for row in told[3:]] == [
        (0, True, -1, 279380, 0.0089, 0),
        (0, True, -1, 283460, 1.7e-7, 0),
        (0, False, -1, 279380, 0, 0.0089),
        (0, False, -1, 283510, 0.00426663, 0),
    ]


def test_sizes_at_the_top_are_the_sums_of_their_orders(store: Store) -> None:
    first, *_, last = [row for row in rows(store, "book_tops") if row["pair"] == "BTC-USD"]

    names = ("update_id", "best_bid", "best_ask", "bid_size", "ask_size", "bid_size_5")
    assert of(first, *names) == (2, 9348.8, 9350.1, 6.51979404, 1.015, 7.80945191)
    assert of(last, *names) == (9, 9348.8, 9350.5, 6.51979404, 0.26737, 7.80945191)
    assert of(first, "bid_size_10bps", "ask_size_10bps") == (7.80945191, pytest.approx(6.48237))


def test_a_trade_is_the_takers_and_told_once(store: Store) -> None:
    told = rows(store, "crypto_trades")

    names = ("venue", "pair", "trade_id", "price", "size", "side", "is_aggregate")
    assert [of(row, *names) for row in told] == [
        ("bitfinex", "BTC-USD", 401597393, 9350.1, 5.7e-6, 1, False),
        ("bitfinex", "BTC-USD", 401597394, 9350.0, 0.5, -1, False),
        ("bitfinex", "BTC-USD", 401597395, 9350.1, 0.9, 1, False),
    ]
    assert told[1]["known_at"] == told[1]["traded_at"]
    assert told[2]["known_at"] == datetime(2021, 4, 5, 17, 26, 47, 949_999, tzinfo=UTC)


def test_a_whole_capture_has_no_gap_and_loads_once(store: Store) -> None:
    (loaded,) = load(store, CAPTURE)

    assert (loaded.n_rows, ask(store.place, "raw.feed_gaps")) == (17 + 7 + 3, [])
    assert load(store, CAPTURE)[0].n_rows == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"cs",-810037555', '"cs",-810037554'),
        ("[38334311893,9350.1,-0.9]", "[38334311893,9350.1,-0.90]"),
        ("[38334311893,9350.1,-0.9]", "[38334311894,9350.1,-0.9]"),
    ],
    ids=["another sum", "another text", "another order"],
)
def test_a_wrong_checksum_is_a_gap_from_the_last_right_one(
    store: Store, tmp_path: Path, old: str, new: str
) -> None:
    (gap,) = rows(store, "feed_gaps", changed(tmp_path, old, new))

    assert of(gap, "pair", "channel", "reason", "ended_at") == ("BTC-USD", "book", "checksum", None)
    assert gap["began_at"] == datetime(2021, 4, 5, 17, 26, 47, 650_000, tzinfo=UTC)
    tops = [row for row in ask(store.place, "raw.book_tops") if row["pair"] == "BTC-USD"]
    assert sorted(row["update_id"] for row in tops) == [2, 5]


def test_a_missing_number_is_a_gap_of_every_book_that_there_is(
    store: Store, tmp_path: Path
) -> None:
    path = changed(tmp_path, "[38334311893,0,-1],7,", "[38334311893,0,-1],8,")

    gaps = rows(store, "feed_gaps", path)

    names = ("pair", "channel", "reason", "expected_id", "found_id")
    assert sorted(of(gap, *names) for gap in gaps) == [
        ("BTC-USD", "book", "gap", 7, 8),
        ("BTC-USD", "trades", "gap", 7, 8),
    ]


def test_a_second_connection_in_a_file_begins_anew(store: Store, tmp_path: Path) -> None:
    lines = CAPTURE.read_text().splitlines()
    again = [line.replace("16176436", "16176437") for line in lines]
    (tmp_path / CAPTURE.name).write_text("\n".join([*lines, *again]))

    gaps = rows(store, "feed_gaps", tmp_path / CAPTURE.name)

    assert sorted(of(gap, "pair", "channel", "reason", "n_dropped") for gap in gaps) == [
        ("BTC-USD", "book", "disconnect", 0),
        ("ETH-JPY", "book", "disconnect", 0),
    ]
    assert all(gap["ended_at"] for gap in gaps)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[38334311893,9350.1,-0.9],5,1617643607779", "[38334311893]", "14: no number of the mess"),
        ("[38334311893,9350.1,-0.9]", "[38334311893,9350.1]", "14: not of a shape that it knows"),
        ("[38334311893,9350.1,-0.9]", '[38334311893,"x",-0.9]', "14: could not convert string to"),
        ('[19111,"te",', '[19111,"ve",', "17: a message that it does not know, ve"),
        ('{"event":"info"', '{"event":"news"', "5: an event that it does not know, news"),
        ('"version":2', '"version":4', "5: version 4 of a protocol known as version 2"),
        ("1617643608.099999: [23405", "noon: [23405", "20: no line of a recorder"),
    ],
)
def test_what_it_does_not_know_stops(
    store: Store, tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = changed(tmp_path, old, new)

    with pytest.raises(FeedError) as told:
        load(store, path)
    store.ledger.refresh()
    assert str(told.value).startswith(f"{path}:{said}")
    assert str(told.value).endswith("'; mend the file or the loader")
    assert list(store.ledger.lines) == []
