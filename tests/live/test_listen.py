"""What feeds say live lands in the store, is looked at by detectors, and is kept at the end."""

import asyncio
import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event
from types import ModuleType
from typing import Any, cast

import httpx
import pytest

from leadline.alerts import Alerts, Tick
from leadline.errors import FeedError, StoreError
from leadline.feed import Feed, Http, Socket
from leadline.publication import Publication
from leadline.store import Store
from live import listen, loop
from loaders import binance_book
from tests.binance import BEFORE, DEPTH, TRADE, Rerouted, after
from tests.desks import SmallDesk, small_desk
from tests.doors import ROOT
from tests.pushes import LOST, Source
from tests.sites import Site, answering, as_json
from tests.stores import lines

LOW_ASK = """\
-- rule:    A1
-- what:    A best ask below a price.
-- grain:   one row per message
-- status:  live
-- every:   1s
-- needs:   0s
-- misses:  higher asks
-- noisy:   when prices are low

select
    venue || ':' || pair as entity, 'pair' as entity_type, known_at as happened_at,
    known_at as fired_at, 'bear' as direction, cast(50 as double) as score,
    cast(1 as double) as confidence, cast(null as double) as notional_usd,
    'ask ' || best_ask as headline, to_json(struct_pack(ask := best_ask)) as evidence,
    'prices.low_ask|' || update_id as alert_key
from raw.book_tops
where best_ask < 61_838
"""


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    desk = small_desk(tmp_path / "desk")
    for name in binance_book.FEED.writes:
        desk.write(f"sql/tables/{name}.sql", (ROOT / f"sql/tables/{name}.sql").read_text())
    desk.write("sql/detectors/prices/low_ask.v1.sql", LOW_ASK)
    return desk


def test_a_lost_book_is_made_again_and_alerts_are_seen_beside_it(
    desk: SmallDesk, tmp_path: Path
) -> None:
    later = BEFORE | {"lastUpdateId": 50093239300}
    exchange = Site(as_json(200, BEFORE), as_json(200, later))
    client = httpx.Client(transport=Rerouted(exchange.server_port))
    source = Source(
        *DEPTH[:2], TRADE, lambda: len(exchange.asked) == 1, DEPTH[2], LOST,
        after(50093239290, 50093239310), lambda: len(exchange.asked) == 2,
        after(50093239311, 50093239312),
    )  # fmt: skip
    stop, keys = Event(), set[str]()

    def heard(tick: Tick) -> None:
        keys.update(alert["alert_key"].rpartition("|")[2] for alert in tick.alerts)
        if "50093239230" in keys and not source.left:
            stop.set()

    with (
        answering(exchange),
        source,
        Http("b", contact=None, folder=tmp_path, per_second=1_000, client=client) as http,
        desk.warehouse() as house,
        desk.store() as of_alerts,
        desk.store() as own,
    ):
        feeds: Any = {
            "binance_book": (binance_book, lambda: [(source.socket("binance_book", http), {})])
        }
        with listen.Listener(feeds, own, stop, every_s=0.2):
            loop.run(Alerts(house, of_alerts), heard, stop, every_s=0.1)
        house.refresh()
        asked = partial(house.ask, since=datetime(2020, 1, 1, tzinfo=UTC),
                        until=datetime(2100, 1, 1, tzinfo=UTC))  # fmt: skip
        tops = asked("raw.book_tops").order("known_at, sequence").project("update_id").fetchall()
        gaps = asked("raw.feed_gaps").project("reason, ended_at > began_at").fetchall()
        trades = asked("raw.crypto_trades").project("trade_id").fetchall()
        alerts = asked("raw.alerts").project("alert_key").fetchall()

    assert source.n_connections == 2
    assert [id for (id,) in tops] == [
        50093239218, 50093239224, 50093239230, 50093239300, 50093239310, 50093239312,
    ]  # fmt: skip
    assert (gaps, trades) == ([("disconnect", True)], [(3735683259,)])
    assert {key.rpartition("|")[2] for (key,) in alerts} == keys >= {"50093239230"}
    loads = [line for line in lines(desk.root / "store") if line["feed"] == "binance_book"]
    assert len({line["coverage"] for line in loads}) == len(loads)
    assert all(line["n_gone"] == 0 for line in loads)


def told(name: str = "told") -> ModuleType:
    """Return a feed whose messages are numbers of prints; a text is an error."""

    async def hear(socket: Socket) -> Any:
        async for connection in socket:
            async for at, text in connection:
                number = json.loads(text)
                if isinstance(number, str):
                    raise FeedError(number)
                row = {"print_id": str(number), "price": number, "known_at": at}
                yield "prints", [row]

    module = ModuleType(name)
    module.__dict__.update(FEED=Feed(writes=("prints",), socket="ws://"), listen=hear)
    return module


def prints(desk: SmallDesk) -> list[str]:
    with desk.warehouse() as house:
        span = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
        rows = house.ask("raw.prints", *span).order("known_at").project("print_id").fetchall()
        return [number for (number,) in rows]


def test_a_feed_that_stops_with_an_error_ends_it_and_all_is_kept(desk: SmallDesk) -> None:
    ended = Event()
    with Source(1, 2) as good, Source(3, lambda: not good.left, "told: no") as bad:
        feeds: Any = {
            "good": (told("good"), lambda: [(good.socket("good"), {})]),
            "bad": (told("bad"), lambda: [(bad.socket("bad"), {})]),
        }
        with (
            desk.store() as own,
            pytest.raises(FeedError, match="told: no"),
            listen.Listener(feeds, own, ended),
        ):
            assert ended.wait(10)

    assert sorted(prints(desk)) == ["1", "2", "3"]


class Away:
    """A store that can't be written to at first."""

    def __init__(self, store: Store) -> None:
        self._store, self.tries = store, 0

    def load(self, publication: Publication) -> Any:
        self.tries += 1
        if self.tries == 1:
            raise StoreError("store: it is away")
        return self._store.load(publication)


def test_what_the_store_could_not_take_is_appended_later(
    desk: SmallDesk, caplog: pytest.LogCaptureFixture
) -> None:
    with desk.store() as own:
        away = Away(own)
        source = Source(1, 2, lambda: away.tries == 1, 3)
        feeds: Any = {"told": (told(), lambda: [(source.socket("told"), {})])}
        with source, listen.Listener(feeds, cast(Store, away), Event(), every_s=0.1):
            while source.left or away.tries < 2:
                Event().wait(0.01)

    assert prints(desk) == ["1", "2", "3"]
    assert "flush left for later feed=told reason=store: it is away" in caplog.text


class Slow:
    """A store that takes nothing until it is told to."""

    def __init__(self, store: Store) -> None:
        self._store, self.is_there, self.most = store, Event(), 0

    def load(self, publication: Publication) -> Any:
        self.is_there.wait()
        loaded = self._store.load(publication)
        self.most = max(self.most, loaded.n_rows)
        return loaded


def test_a_feed_waits_while_much_of_it_is_held_and_nothing_is_lost(
    desk: SmallDesk, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[int] = []

    async def hear(socket: Socket) -> Any:
        for n in range(200):
            heard.append(n)
            yield "prints", [{"print_id": str(n), "price": n, "known_at": datetime.now(UTC)}]
            await asyncio.sleep(0)

    module = told()
    module.__dict__["listen"] = hear
    feeds: Any = {"told": (module, lambda: [(Quiet(), {})])}
    ended = Event()
    with desk.store() as own:
        slow = Slow(own)
        with listen.Listener(feeds, cast(Store, slow), ended, every_s=0.01, most=10):
            while "feed waits for the store" not in caplog.text:
                Event().wait(0.01)
            n_waiting = len(heard)
            slow.is_there.set()
            assert ended.wait(20)

    assert n_waiting == 10
    assert slow.most <= 10
    assert sorted(map(int, prints(desk))) == list(range(200))
    assert "feed waits for the store feed=told n=10" in caplog.text


class Quiet:
    """A connection that nobody makes."""

    async def stop(self) -> None:
        """There is nothing to end."""
