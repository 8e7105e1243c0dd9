"""A day that is over is pulled whole, once, and as it was heard; a day that runs is a snapshot."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from leadline import clock
from leadline.clock import Span
from leadline.errors import FeedError
from leadline.feed import Extract
from leadline.http import Http
from leadline.load import over_network
from leadline.publication import Loaded, Publication
from leadline.store import Store
from loaders import deribit_options
from tests.binance import Rerouted
from tests.deribit import (
    INSTRUMENTS,
    NAME,
    NOW_MS,
    SUMMARY,
    Deribit,
    knowing_days,
    listened,
    pushed,
    traded,
)
from tests.sites import answering
from tests.stores import ask, contracts, seen

LINEAR = "XRP_USDC-28AUG26-2d5-P"
DAY = Span(datetime(2020, 5, 26, tzinfo=UTC), datetime(2020, 5, 27, tzinfo=UTC))
THEN_MS = 1590484589306 - NOW_MS  # 2020-05-26 09:16Z
BY_CURRENCY = "get_last_trades_by_currency_and_time"


def today() -> Span:
    begin = clock.midnight(clock.now().date())
    return Span(begin, begin + timedelta(days=1))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_days(tmp_path / "store", DAY.since.date(), today().since.date()) as store:
        yield store


@contextmanager
def asking(exchange: Deribit, folder: Path) -> Iterator[Http]:
    client = httpx.Client(transport=Rerouted(exchange.server_port))
    with (
        answering(exchange),
        Http(NAME, contact=None, folder=folder, per_second=1_000, client=client) as http,
    ):
        yield http


def pulled(exchange: Deribit, folder: Path, span: Span = DAY) -> list[tuple[str, Any, Any]]:
    """Pull a step; return each batch as its dataset, its file's name and its rows."""
    with asking(exchange, folder) as http:
        return [
            (name, rows.file.name, rows.rows) if isinstance(rows, Extract) else (name, None, rows)
            for name, rows in deribit_options.pull(span, http)
        ]


def loaded(store: Store, exchange: Deribit, span: Span = DAY) -> list[Loaded]:
    """Pull a step into a store."""
    with asking(exchange, Path(str(store.place)).parent / "http") as http:
        return list(over_network(NAME, deribit_options, store, span, http))


def test_a_day_that_is_over_is_every_trade_of_it_from_the_archive(tmp_path: Path) -> None:
    inside = [traded(n, THEN_MS + n * 20) for n in range(1_500)]
    outside = traded(1_501, THEN_MS + 86_400_000)
    exchange = Deribit(*inside, outside, traded(1, THEN_MS, LINEAR))

    batches = pulled(exchange, tmp_path)

    rows = [row for name, _, rows in batches for row in rows]
    assert {(name, file) for name, file, _ in batches} == {("option_trades", None)}
    assert [row["sequence"] for row in rows] == [*range(1_500), 1]
    assert {row["root"] for row in rows} == {"deribit:BTC-USD", "deribit:XRP-USDC"}
    assert all(row["known_at"] == row["traded_at"] for row in rows)
    assert {query["host"] for query in exchange.queries} == {"history.deribit.com"}
    assert {(q["kind"], q["sorting"]) for q in exchange.queries} == {("option", "asc")}


def test_a_day_is_one_load_and_pulled_again_it_adds_nothing(store: Store) -> None:
    trades = (traded(1, THEN_MS), traded(2, THEN_MS))

    (first,), (again,) = loaded(store, Deribit(*trades)), loaded(store, Deribit(*trades))

    assert (first.coverage, first.n_rows, first.n_rejected) == ("2020-05-26", 2, 0)
    assert not again.is_new


def test_what_was_heard_and_what_is_pulled_are_the_same_trades(
    store: Store, tmp_path: Path
) -> None:
    trades = [traded(n, THEN_MS + n, block_trade_id="61", iv=47.58) for n in (1, 2, 3)]
    exchange = Deribit(*trades)
    heard = listened(
        tmp_path, exchange, pushed(trades[0]), pushed(trades[2]),
        exchange.has_been_asked("get_last_trades_by_instrument"), pushed(trades[2]),
    )  # fmt: skip
    live = Publication(NAME, "live 0", deribit_options.FEED.writes, heard.batches, "live")

    loads = [store.load(live), *loaded(store, Deribit(*trades))]

    assert [(load.n_rows, load.n_rejected) for load in loads] == [(3, 0), (3, 0)]
    told = ask(store.place, "raw.option_trades")
    columns = [*contracts()["option_trades"].names, "known_at", "sequence"]
    assert len(told) == 6
    assert len(set(seen(told, *columns))) == 3


def test_a_day_that_runs_is_a_snapshot_and_no_trades(tmp_path: Path) -> None:
    exchange = Deribit(traded(1))
    exchange.summary, exchange.instruments = SUMMARY, INSTRUMENTS

    batches = pulled(exchange, tmp_path, today())

    (known,) = {row["known_at"] for _, _, rows in batches[:2] for row in rows}
    assert [(name, file, len(rows)) for name, file, rows in batches if rows] == [
        ("open_interest", f"BTC_{known:%Y%m%d_%H%M%S%f}", 2),
        ("option_chains", f"BTC_{known:%Y%m%d_%H%M%S%f}", 2),
        ("contracts", "BTC_contracts_20260828", 2),
    ]
    assert {query["host"] for query in exchange.queries} == {"www.deribit.com"}
    assert BY_CURRENCY not in exchange.names


def test_what_a_later_snapshot_lacks_is_not_taken_back(store: Store) -> None:
    exchange, later = Deribit(), Deribit()
    exchange.summary, exchange.instruments = SUMMARY, INSTRUMENTS
    option = INSTRUMENTS["result"][1]
    new = option | {"instrument_name": "BTC-28AUG26-110000-C", "strike": 110000.0}
    later.summary = {"result": SUMMARY["result"][1:]}
    later.instruments = {"result": [INSTRUMENTS["result"][2], option | {"is_active": False}, new]}

    first, again = loaded(store, exchange, today()), loaded(store, later, today())

    assert [load.n_rejected for load in first + again] == [0] * len(first + again)
    assert [load.n_gone for load in again] == [0] * len(again)
    rows = {load.coverage: load.n_rows for load in again}
    assert rows["BTC_contracts_20260828"] == 1


def test_a_day_to_come_asks_nobody(tmp_path: Path) -> None:
    exchange = Deribit()
    tomorrow = Span(today().until, today().until + timedelta(days=1))

    assert (pulled(exchange, tmp_path, tomorrow), exchange.queries) == ([], [])


def test_a_refusal_is_one_sentence(tmp_path: Path) -> None:
    exchange = Deribit(traded(1, THEN_MS))
    exchange.refuses = {BY_CURRENCY}

    with pytest.raises(FeedError, match=r"^deribit_options: 400 Bad Request.*10020"):
        pulled(exchange, tmp_path)


def test_volatilities_that_are_fractions_stop(tmp_path: Path) -> None:
    exchange = Deribit(*[traded(n, THEN_MS, iv=0.4758) for n in range(1, 31)])

    with pytest.raises(FeedError, match=r"half of 30 volatilities are below 0\.4758"):
        pulled(exchange, tmp_path)
