"""Loaders, a listener, one who joins files and analysts at once: nothing is lost or told in part.

And a listener that is told far more than it can take holds its source back.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

from leadline.clock import BEGINNING, FOREVER
from leadline.feed import Feed
from leadline.publication import Publication
from leadline.upkeep import join
from leadline.verify import verify
from live.joiner import Joiner
from live.listen import Listener
from loaders import binance_book
from loaders._binance_snapshots import Snapshots
from tests.desks import SmallDesk, small_desk
from tests.disturbed import STEP_US, Exchange
from tests.doors import ROOT
from tests.forks import together
from tests.soaks import SOAK, commit_of, write_figures

SEED = 20240301
PAIRS = ("BTC-USDT", "ETH-USDT", "SOL-USDT", "XRP-USDT")
BEGIN = datetime(2024, 3, 5, tzinfo=UTC)
ROWS = 50  # of a load, and of what a feed says at once
LOADERS, ANALYSTS = 3, 2


class Quiet:
    """A connection of nobody."""

    async def stop(self) -> None:
        """There is nothing to end."""


def loading(root: Path, who: int, n_loads: int) -> int:
    """Load one publication after another; return how many."""
    with SmallDesk(root).store() as store:
        for n in range(n_loads):
            at = BEGIN + timedelta(days=n % 3, seconds=n)
            rows = [
                {"print_id": f"L{who}-{n}-{i}", "price": i, "known_at": at} for i in range(ROWS)
            ]
            feed = f"loader{who}"
            store.load(Publication(feed, str(n), ("prints",), [("prints", rows)], feed))
    return n_loads


def listening(root: Path, n_told: int) -> int:
    """Listen to a feed that says so much, and join files beside it; return how much it was."""

    async def hear(socket: Any) -> AsyncIterator[tuple[str, Any]]:
        for n in range(n_told):
            at = BEGIN + timedelta(seconds=n)
            yield (
                "prints",
                [{"print_id": f"H-{n}-{i}", "price": i, "known_at": at} for i in range(ROWS)],
            )
            await asyncio.sleep(0.01)

    module = cast(ModuleType, SimpleNamespace(FEED=Feed(writes=("prints",)), listen=hear))
    ended = Event()
    feeds: Any = {"heard": (module, lambda: [(Quiet(), {})])}
    desk = SmallDesk(root)
    with (
        desk.store() as store,
        desk.store() as of_joiner,
        Joiner(of_joiner, every_s=0.1, most=4),
        Listener(feeds, store, ended, every_s=0.05, most=4 * ROWS),
    ):
        ended.wait()
    return n_told


def asking(root: Path, n_prints: int) -> int:
    """Ask until all prints are there; return how often. A torn or doubled load is an error."""
    newest, n_asked = -1, 0
    with SmallDesk(root).warehouse() as house:
        while newest < n_prints:
            rows = house.ask("raw.prints", BEGINNING, FOREVER)
            ((n, keys),) = rows.aggregate("count(*), count(distinct print_id)").fetchall()
            assert n % ROWS == 0, f"{n} rows: a load was torn"
            assert n == keys, f"{n} rows of {keys} keys: some are double"
            assert n >= newest, f"{n} rows after {newest}"
            newest, n_asked = n, n_asked + 1
            time.sleep(0.02)
    return n_asked


def at_once(root: Path, n_each: int) -> int:
    """Let all work on one store; return how often it was asked."""
    n_prints = n_each * ROWS * (LOADERS + 1)
    said = together(
        *(partial(loading, root, who, n_each) for who in range(LOADERS)),
        partial(listening, root, n_each),
        *[partial(asking, root, n_prints)] * ANALYSTS,
    )
    assert not [each for each in said if isinstance(each, BaseException)], said
    with SmallDesk(root).store() as store:
        list(join(store))
        assert [each.what for each in verify(store) if each.is_error] == []
    return sum(said[-ANALYSTS:])


def test_those_who_load_listen_join_and_ask_at_once_lose_and_double_nothing(
    tmp_path: Path,
) -> None:
    root = small_desk(tmp_path / "desk").root

    n_asked = at_once(root, 6)

    assert n_asked >= ANALYSTS


class Torrent:
    """Binance's messages of books, as fast as they are taken; its own clock goes on beside."""

    def __init__(self, n_messages: int) -> None:
        self._exchange = exchange = Exchange(SEED, n_messages, *PAIRS)
        self._books = {name: exchange.snapshot(pair) for name, pair in exchange.by_symbol.items()}
        self.texts = [exchange.message() for _ in range(n_messages)]
        self.number, self.lost_at, self.reason = 0, None, ""

    async def stop(self) -> None:
        """It ends by itself."""

    def keep(self, *_: Any) -> int:
        """Count an answer that is made use of."""
        self.number += 1
        return self.number

    async def ask(self, url: str, *, symbol: str, limit: int) -> Any:
        """Return a book as it was before the first message."""
        return self._books[symbol]

    def __aiter__(self) -> AsyncIterator["Torrent"]:
        return self._once()

    async def _once(self) -> AsyncIterator["Torrent"]:
        yield cast(Any, _Messages(self))


class _Messages:
    """The one connection of it."""

    def __init__(self, torrent: Torrent) -> None:
        self._torrent = torrent
        self.lost_at, self.reason = None, ""

    @property
    def number(self) -> int:
        """The number of the last line."""
        return self._torrent.number

    def keep(self, *_: Any) -> int:
        """Count an answer that is made use of."""
        return self._torrent.keep()

    async def ask(self, url: str, **given: Any) -> Any:
        """Return a book as it was."""
        return await self._torrent.ask(url, **given)

    async def __aiter__(self) -> AsyncIterator[tuple[datetime, str]]:
        step = timedelta(microseconds=STEP_US)
        for n, text in enumerate(self._torrent.texts):
            self._torrent.number += 1
            yield BEGIN + n * step, text
            if n % 50 == 0:
                await asyncio.sleep(0)


def poured(root: Path, n_messages: int, most: int, every_s: float = 2) -> tuple[int, float]:
    """Pour messages into a store; return how many are there, and the seconds of CPU it took."""
    desk = small_desk(root)
    for name in binance_book.FEED.writes:
        desk.write(f"sql/tables/{name}.sql", (ROOT / f"sql/tables/{name}.sql").read_text())
    torrent, ended = Torrent(n_messages), Event()
    module = SimpleNamespace(
        FEED=binance_book.FEED,
        listen=lambda socket: binance_book.listen(socket, snapshots=Snapshots(1_000)),
    )
    feeds: Any = {"binance_book": (module, lambda: [(torrent, {})])}
    began = time.process_time()
    with desk.store() as store, Listener(feeds, store, ended, most=most, every_s=every_s):
        ended.wait()
    took = time.process_time() - began
    with desk.warehouse() as house:
        rows = house.ask("raw.book_tops", BEGINNING, FOREVER)
        ((n,),) = rows.aggregate("count(*)").fetchall()
    return int(n), took


def test_every_message_of_a_torrent_is_there_though_its_source_was_held_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    n_there, _ = poured(tmp_path / "desk", 4_000, most=500, every_s=0.1)

    assert n_there == 4_000 + len(PAIRS)  # a book of each begins with a snapshot
    assert "feed waits for the store feed=binance_book" in caplog.text


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_a_torrent_and_many_at_once_for_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.forks.PATIENCE_S", 3_600)
    commit = commit_of(ROOT)
    n_messages = int(os.environ.get("LEADLINE_SOAK_MESSAGES", "400000"))
    n_each = int(os.environ.get("LEADLINE_SOAK_LOADS", "300"))
    SOAK.mkdir(exist_ok=True)

    n_there, took = poured(tmp_path / "torrent", n_messages, most=200_000)
    assert n_there == n_messages + len(PAIRS)
    write_figures(
        "Many at once",
        f"| {n_messages:,} messages of Binance's books as fast as they are taken, on one core "
        f"| {SEED} | `{commit[:12]}` | {n_messages / took:,.0f} messages a second of CPU, "
        "received, parsed, booked and stored; every one is there |",
    )
    n_asked = at_once(small_desk(tmp_path / "desk").root, n_each)
    write_figures(
        "Many at once",
        f"| Processes on one store: {LOADERS} loaders, a listener that joins files, {ANALYSTS} "
        f"analysts; {n_each * (LOADERS + 1):,} loads and flushes | - | `{commit[:12]}` "
        f"| {n_asked:,} answers, none torn or double; verify finds no error |",
    )
