"""Snapshots of many books are asked for within what Binance allows, each once."""

import asyncio
from typing import Any, cast

from leadline.feed import Connection
from loaders._binance_snapshots import Asked, Snapshots


class Answering:
    """A connection that answers after a while, and counts what it is asked at once."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.n_now = self.most = 0

    async def ask(self, url: str, **query: Any) -> Any:
        self.asked.append(query)
        self.n_now += 1
        self.most = max(self.most, self.n_now)
        await asyncio.sleep(0.001)
        self.n_now -= 1
        return query["symbol"]


def test_each_book_is_asked_for_once_and_only_some_at_a_time() -> None:
    connection = Answering()

    async def ask() -> list[Any]:
        asked = Asked(cast(Connection, connection), Snapshots(200))
        for nth in (*range(40), *range(40)):
            asked.ask(str(nth))
        come: list[Any] = []
        while len(come) < 40:
            await asyncio.sleep(0.001)
            come += asked.come()
        asked.ask("0")
        asked.cancel()
        await asyncio.sleep(0.01)
        return [*come, *asked._come]

    told = asyncio.run(asyncio.wait_for(ask(), 10))

    assert told[:40] == [(str(nth), str(nth)) for nth in range(40)]
    assert [each["symbol"] for each in connection.asked[:40]] == [str(nth) for nth in range(40)]
    assert {each["limit"] for each in connection.asked} == {500}
    assert connection.most == 4


def test_what_is_beyond_the_burst_waits() -> None:
    snapshots = Snapshots(2)  # of 250 each

    waits = [snapshots._allowance.wait_s(snapshots._weight) for _ in range(8)]

    assert waits[:6] == [0] * 6
    assert 3 < waits[6] < 4 < waits[7] < 8
    assert snapshots.url("币") == (
        "https://data-api.binance.vision/api/v3/depth?symbol=%E5%B8%81&limit=5000"
    )
