"""Binance's dumps become trades and books by what is in them, whatever folder they lie in."""

import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import BEGINNING, FOREVER
from leadline.errors import FeedError
from leadline.load import from_files, plan
from leadline.publication import Loaded
from leadline.store import Store
from loaders import binance_dumps
from tests.binance import MESSAGES, of
from tests.doors import door
from tests.stores import ask

NAME = "binance_dumps"
SPOT = MESSAGES / "BTCUSDT-trades-2024-12-31.csv"
AGGREGATES = MESSAGES / "ETHUSDT-aggTrades-2024-12-31.csv"
SNAP = MESSAGES / "BTCUSDT_T_DEPTH_2022-11-02_depth_snap.csv"
UPDATE = MESSAGES / "BTCUSDT_T_DEPTH_2022-11-02_depth_update.csv"
USDM = ("7,17.8,5.69,101.2,1735689599010,true", "8,17.9,1,17.9,1735689599020,false")
HEADER = "id,price,qty,quote_qty,time,is_buyer_maker"


def load(store: Store, *paths: Path) -> list[Loaded]:
    found = plan(NAME, binance_dumps, list(paths)).files
    return list(from_files(NAME, binance_dumps, store, found))


def rows(store: Store, dataset: str) -> list[dict[str, Any]]:
    return sorted(ask(store.place, f"raw.{dataset}"), key=lambda row: row["sequence"])


def refusal(store: Store, *paths: Path) -> str:
    with pytest.raises(FeedError) as told:
        load(store, *paths)
    store.ledger.refresh()
    assert list(store.ledger.lines) == []
    return str(told.value)


def written(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def packed(folder: Path, path: Path) -> Path:
    """Return a file as the archive has it, in a zip of its own name."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"{path.stem}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
    return folder / f"{path.stem}.zip"


def test_spot_trades_are_in_milliseconds_or_microseconds_without_a_header(store: Store) -> None:
    (loaded,) = load(store, SPOT)

    told = rows(store, "crypto_trades")
    assert loaded.coverage == "spot/BTCUSDT-trades-2024-12-31.csv"
    assert [of(row, "venue", "pair", "trade_id", "price", "size", "side") for row in told] == [
        ("binance", "BTC-USDT", 51175358, 17.8018, 5.69, -1),
        ("binance", "BTC-USDT", 51175359, 17.8019, 1.0, 1),
    ]
    assert [row["known_at"] for row in told] == [
        datetime(2024, 12, 31, 23, 59, 59, 10_000, tzinfo=UTC),
        datetime(2025, 1, 1, 0, 0, 0, 10_866, tzinfo=UTC),
    ]


@pytest.mark.parametrize("header", [(), (HEADER,)])
def test_trades_of_futures_have_a_column_less_and_may_have_a_header(
    header: tuple[str, ...], store: Store, tmp_path: Path
) -> None:
    path = written(tmp_path / "BTCUSDT-trades-2024-12-31.csv", *header, *USDM)

    (loaded,) = load(store, path)

    told = [of(row, "venue", "trade_id", "side") for row in rows(store, "crypto_trades")]
    assert loaded.coverage == "futures/um/BTCUSDT-trades-2024-12-31.csv"
    assert told == [("binance_usdm", 7, -1), ("binance_usdm", 8, 1)]


def test_spot_and_futures_of_one_name_are_two_files(store: Store, tmp_path: Path) -> None:
    futures = written(tmp_path / "BTCUSDT-trades-2024-12-31.csv", *USDM)
    for market, path in (("spot", SPOT), ("futures/um", futures)):
        packed(tmp_path / "data" / market / "daily/trades/BTCUSDT", path)

    loads = load(store, tmp_path / "data")

    assert [(each.coverage, each.n_rows) for each in loads] == [
        ("spot/BTCUSDT-trades-2024-12-31.csv", 2),
        ("futures/um/BTCUSDT-trades-2024-12-31.csv", 2),
    ]


def test_one_dump_in_two_folders_is_refused(store: Store, tmp_path: Path) -> None:
    a, b = packed(tmp_path / "a", SPOT), packed(tmp_path / "b", SPOT)

    assert refusal(store, a, b) == (
        f"{b}::{SPOT.name}: {a}::{SPOT.name} has the same name; load one of them"
    )


def test_a_dump_adds_nothing_when_it_is_loaded_again_from_elsewhere(
    store: Store, tmp_path: Path
) -> None:
    load(store, SPOT)

    (again,) = load(store, packed(tmp_path / "spot/daily/trades/BTCUSDT", SPOT))

    assert again.n_rows == 0
    assert len(rows(store, "crypto_trades")) == 2


def test_a_months_trades_are_not_counted_beside_a_days(store: Store, tmp_path: Path) -> None:
    shutil.copy(SPOT, tmp_path / "BTCUSDT-trades-2024-12.csv")

    loads = load(store, SPOT, tmp_path / "BTCUSDT-trades-2024-12.csv")

    assert [each.n_rows for each in loads] == [2, 2]
    with door(store.place) as warehouse:
        found = warehouse.ask("curated.crypto_trades", BEGINNING, FOREVER)
        told = sorted(found.select("trade_id").fetchall())
    assert told == [(51175358,), (51175359,)]


def test_aggregates_are_told_from_trades_and_a_hole_between_them_is_a_gap(store: Store) -> None:
    load(store, AGGREGATES)

    told = [of(row, "trade_id", "is_aggregate", "size") for row in rows(store, "crypto_trades")]
    assert told == [(900, True, 0.5), (901, True, 1.25), (904, True, 2.0)]
    (gap,) = rows(store, "feed_gaps")
    assert of(gap, "venue", "pair", "channel", "reason", "expected_id", "found_id") == (
        ("binance_usdm", "ETH-USDT", "trades", "gap", 902, 904)
    )
    assert of(gap, "began_at", "ended_at") == (
        datetime(2024, 12, 31, 0, 0, 0, 150_000, tzinfo=UTC),
        datetime(2024, 12, 31, 0, 0, 1, tzinfo=UTC),
    )


def test_an_aggregate_of_spot_that_was_taken_back_is_left_out_and_is_no_hole(
    store: Store, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "BTCUSDT-aggTrades-2021-01-01.csv",
        "1,29000,0.5,10,11,1609459200000,True,True",
        "2,0,0,-1,-1,1609459200010,True,True",
        "3,29001,0.25,12,12,1609459200020,False,True",
    )

    load(store, path)

    assert [row["trade_id"] for row in rows(store, "crypto_trades")] == [1, 3]
    assert rows(store, "feed_gaps") == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("9,17.8,-1,17.8,1735689599010,True,True", "not size > 0"),
        ("9,17.8,0,0,1735689599010,True,True", "not size > 0"),
        ("9,-17.8,1,17.8,1735689599010,True,True", "not price > 0"),
        ("9.5,17.8,1,17.8,1735689599010,True,True", "trade_id is 9.50, no bigint"),
        ("9,17.8,1,17.8,,True,True", "traded_at is missing"),
        ("9,17.8,1,17.8,1735689599010,,True", "side is missing"),
    ],
)
def test_a_trade_that_cannot_be_is_set_aside_with_its_reason(
    line: str, reason: str, store: Store, tmp_path: Path
) -> None:
    path = written(tmp_path / SPOT.name, *SPOT.read_text().splitlines(), line)

    (loaded,) = load(store, path)

    assert (loaded.n_rows, loaded.n_rejected) == (2, 1)
    assert [row["reason"] for row in ask(store.place, "raw.rejected")] == [reason]


def test_a_price_that_is_a_word_is_set_aside_by_its_line(store: Store, tmp_path: Path) -> None:
    bad = "9,cheap,1,17.8,1735689599010,True,True"
    path = written(tmp_path / SPOT.name, *SPOT.read_text().splitlines(), bad)

    (loaded,) = load(store, path)

    (row,) = ask(store.place, "raw.rejected")
    assert (loaded.n_rows, row["position"]) == (2, 3)
    assert row["reason"].startswith("line 3: cast:")


@pytest.mark.parametrize(
    ("name", "line", "sentence"),
    [
        (
            "BTCUSDT-trades-2024-12-31.csv",
            "1,2,3",
            "3 columns, where trades have 7 or 6; mend the loader",
        ),
        (
            "BTCUSDT-bookTicker-2023-05-16.csv",
            "1,2,3,4,5,6,7",
            "7 columns, and a name that is not of trades, aggTrades or a book; it fits no dataset",
        ),
        (
            "BTCUSD_PERP-trades-2024-12-31.csv",
            USDM[0],
            "a symbol whose quote asset it does not know, BTCUSD_PERP: 'BTCUSD_PERP'; "
            "mend the loader",
        ),
    ],
)
def test_a_dump_of_another_kind_is_refused(
    name: str, line: str, sentence: str, store: Store, tmp_path: Path
) -> None:
    path = written(tmp_path / name, line)

    assert refusal(store, path) == f"{path}: {sentence}"


def test_a_header_of_other_columns_is_refused(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path / "BTCUSDT-trades-2024-12-31.csv", HEADER.replace("qty", "size"), *USDM)

    assert refusal(store, path).startswith(f"{path}:1: the header has no 'qty'; it should read id")


def test_a_truncated_zip_is_refused(store: Store, tmp_path: Path) -> None:
    path = packed(tmp_path, SPOT)
    path.write_bytes(path.read_bytes()[:-30])

    assert refusal(store, path) == f"{path}: cut short or damaged; fetch it again"


def test_a_damaged_member_of_a_zip_is_refused(store: Store, tmp_path: Path) -> None:
    path = packed(tmp_path, written(tmp_path / SPOT.name, *[SPOT.read_text().splitlines()[0]] * 50))
    body = bytearray(path.read_bytes())
    body[70] ^= 0xFF
    path.write_bytes(bytes(body))

    assert refusal(store, path) == f"{path}::{SPOT.name}: cut short or damaged; fetch it again"


def test_a_book_goes_on_from_its_snapshot_as_far_as_its_chain_is_whole(store: Store) -> None:
    (loaded,) = load(store, UPDATE, SNAP)

    told = [
        of(row, "epoch", "update_id", "best_bid", "best_ask", "bid_size_5", "ask_size_5")
        for row in rows(store, "book_tops")
    ]
    assert loaded.coverage == UPDATE.name
    assert told == [
        ("100", 100, 20377.0, 20377.1, 1.771, 6.5),
        ("100", 104, 20377.0, 20377.1, 1.77, 6.25),
        ("100", 110, 20377.0, 20377.1, 1.77, 7.25),
        ("130", 130, 20370.0, 20371.0, 1.0, 1.0),
        ("130", 131, 20370.5, 20371.0, 4.0, 1.0),
        ("130", 140, 20370.0, 20371.0, 1.0, 1.0),
    ]
    (gap,) = rows(store, "feed_gaps")
    assert of(gap, "venue", "pair", "channel", "reason", "expected_id", "found_id") == (
        ("binance_usdm", "BTC-USDT", "book", "gap", 111, 119)
    )
    assert of(gap, "began_at", "ended_at", "n_dropped") == (
        datetime(2022, 11, 2, 0, 0, 0, 20_000, tzinfo=UTC),
        datetime(2022, 11, 2, 0, 0, 1, tzinfo=UTC),
        1,
    )


def test_a_changed_level_of_a_book_has_the_size_before(store: Store) -> None:
    load(store, UPDATE, SNAP)

    told = rows(store, "book_updates")
    first = [row for row in told if row["update_id"] == 104]
    assert [of(row, "book_side", "price", "size", "prev_size") for row in first] == [
        (1, 20376.9, 0.0, 0.001),
        (-1, 20377.1, 2.25, 2.5),
    ]
    assert len({row["sequence"] for row in told}) == len(told)


def test_a_book_is_loaded_again_where_only_its_snapshots_changed(
    store: Store, tmp_path: Path
) -> None:
    load(store, UPDATE, SNAP)
    changed = tmp_path / SNAP.name
    changed.write_text(SNAP.read_text().replace("20377.30,4.000", "20377.30,5.000"))

    again = load(store, UPDATE, SNAP)
    (other,) = load(store, UPDATE, changed)

    assert [each.n_rows for each in again] == [0]
    assert other.n_rows > 0


def next_day(folder: Path) -> Path:
    """Write the day after the recorded one: it goes on, and its snapshot is an old one."""
    head, first, *_ = SNAP.read_text().splitlines()
    path = folder / UPDATE.name.replace("11-02", "11-03")
    path.parent.mkdir(exist_ok=True)
    written(path, head, "BTCUSDT,1667433600010,145,150,b,set,20370.75,5.000,140")
    written(path.with_name(path.name.replace("update", "snap")), head, first)
    return path


def test_a_book_goes_on_in_the_next_days_file(store: Store, tmp_path: Path) -> None:
    for path in (SNAP, UPDATE):
        shutil.copy(path, tmp_path)
    later = next_day(tmp_path)

    loads = load(store, tmp_path)

    (top,) = [row for row in rows(store, "book_tops") if row["update_id"] == 150]
    assert [each.coverage for each in loads] == [UPDATE.name, later.name]
    assert of(top, "epoch", "best_bid", "bid_size") == ("130", 20370.75, 5.0)


def test_a_day_that_is_read_after_a_later_one_loses_nothing(store: Store, tmp_path: Path) -> None:
    for path in (SNAP, UPDATE):
        (tmp_path / "b").mkdir(exist_ok=True)
        shutil.copy(path, tmp_path / "b")
    later = next_day(tmp_path / "a")

    loads = load(store, tmp_path)

    assert [each.coverage for each in loads] == [later.name, UPDATE.name]
    told = [row["update_id"] for row in rows(store, "book_tops")]
    assert sorted(told) == [100, 104, 110, 130, 131, 140]
    gaps = [of(row, "expected_id", "found_id") for row in rows(store, "feed_gaps")]
    assert sorted(gaps) == [(101, 145), (111, 119)]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (SNAP, f"it has no updates; load it together with {UPDATE.name}"),
        (
            UPDATE,
            f"the book of binance_usdm:BTC-USDT has no snapshot; load it together with {SNAP.name}",
        ),
    ],
)
def test_half_of_a_book_is_refused(path: Path, sentence: str, store: Store) -> None:
    assert refusal(store, path) == f"{path}: {sentence}"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (",a,set,20377.20,1", ",c,set,20377.20,1", "'c' is none of a, b; mend the loader"),
        (
            ",set,20377.20,1.0",
            ",add,20377.20,1.0",
            "'add' is none of set, snap; mend the loader",
        ),
        (
            "20377.20,1.000",
            "20377.20,-1.000",
            "a size of -1 at a price of 20377.2 is no level; fetch it again",
        ),
        ("20377.20,1.000", ",1.000", "a value is missing; fetch it again"),
        (
            "BTCUSDT,1667347200020",
            "BTCUSD_PERP,1667347200020",
            "a symbol whose quote asset it does not know, BTCUSD_PERP: 'BTCUSD_PERP'; "
            "mend the loader",
        ),
    ],
)
def test_a_line_of_a_book_that_cannot_be_is_told_with_its_place(
    old: str, new: str, sentence: str, store: Store, tmp_path: Path
) -> None:
    path = tmp_path / UPDATE.name
    path.write_text(UPDATE.read_text().replace(old, new))

    assert refusal(store, SNAP, path) == f"{path}:4: {sentence}"


def test_a_price_of_a_book_that_is_a_word_is_told_with_its_place(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / UPDATE.name
    path.write_text(UPDATE.read_text().replace("20377.20,1.000", "cheap,1.000"))

    told = refusal(store, SNAP, path)

    assert told.startswith(f'{path}:4: Error when converting column "price"')
    assert told.endswith("; fetch it again")
