"""Massive's socket: what it is asked for, and what it pushes as rows.

It greets, takes the key, takes topics, acknowledges each that it knows, and then pushes arrays of
events, with its own status among them.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from leadline import clock
from leadline.clock import BEGINNING
from leadline.config import variables
from leadline.errors import FeedError
from leadline.feed import Connection, Json, from_ms, understood
from loaders import _massive, _osi

NEW_YORK = ZoneInfo("America/New_York")

_TEXT, _ID, _DAY, _MOMENT = pa.string(), pa.int64(), pa.date32(), pa.timestamp("us", "UTC")
_FACTS = {"contract": _TEXT, "known_at": _MOMENT, "calendar": _TEXT, "session_date": _DAY}
_FACTS |= {"currency": _TEXT, "sequence": _ID}
SHAPES = {
    "feed_gaps": {
        "venue": _TEXT, "pair": _TEXT, "channel": _TEXT, "began_at": _MOMENT, "ended_at": _MOMENT,
        "reason": _TEXT, "n_dropped": _ID, "known_at": _MOMENT,
    },
    "option_quotes": _FACTS | {
        "place": _ID, "stood_at": _MOMENT, "quoted_at": _MOMENT, "bid": _TEXT, "ask": _TEXT,
        "bid_size": _TEXT, "ask_size": _TEXT, "bid_venue": _TEXT, "ask_venue": _TEXT,
    },
    "option_trades": _FACTS | {
        "venue": _TEXT, "trade_id": _TEXT, "traded_at": _MOMENT, "root": _TEXT,
        "expiration": _DAY, "strike": pa.decimal128(18, 8), "put_call": _TEXT, "price": _TEXT,
        "size": _TEXT, "condition": _TEXT,
    },
}  # fmt: skip
_QUIET_S = 1.0  # after which a silence is told
_EQUAL_MS = 60_000  # no two prints of one millisecond come further apart
_parts = lru_cache(maxsize=500_000)(_osi.parts)


class Subscription:
    """What one connection is asked for, and what it pushes then."""

    def __init__(
        self,
        feed: str,
        connection: Connection,
        key: str,
        topics: Sequence[str],
        *,
        patience_s: float = 30,
    ) -> None:
        """Wait for acknowledgements only so long."""
        self._feed, self._connection, self._key = feed, connection, key
        self._topics, self._patience_s = topics, patience_s
        self.missing = set(topics)  # which are not acknowledged yet

    async def events(self) -> AsyncGenerator[tuple[datetime, str, list[Json]], None]:
        """Yield each message with its moment and the events in it; in a silence there are none."""
        late_at = monotonic() + self._patience_s
        messages = aiter(self._connection)

        async def next_one() -> tuple[datetime, str] | None:
            return await anext(messages, None)

        coming = asyncio.create_task(next_one())
        try:
            while True:
                await asyncio.wait({coming}, timeout=min(_QUIET_S, self._patience_s))
                if self.missing and monotonic() > late_at:
                    raise FeedError(
                        f"{self._feed}: nobody acknowledged {min(self.missing)} in "
                        f"{self._patience_s:.0f} s; the key's plan may be without it"
                    )
                if not coming.done():
                    yield clock.now(), "", []
                    continue
                heard = coming.result()
                if heard is None:
                    return
                coming = asyncio.create_task(next_one())
                at, text = heard
                with understood(self._feed, text):
                    said = json.loads(text, parse_float=Decimal)
                    pushed = [each for each in said if each["ev"] != "status"]
                    for each in said:
                        if each["ev"] == "status":
                            await self._answer(each["status"], each.get("message", ""))
                yield at, text, pushed
        finally:
            coming.cancel()
            with suppress(asyncio.CancelledError):
                await coming

    async def _answer(self, status: str, message: str) -> None:
        """Do what a status asks for; raise a FeedError where there is nothing to be done."""
        if status == "connected":
            await self._connection.send({"action": "auth", "params": self._key})
        elif status == "auth_success":
            asked = ",".join(self._topics)
            await self._connection.send({"action": "subscribe", "params": asked})
        elif status == "success":
            self.missing.discard(message.removeprefix("subscribed to: "))
        elif status in ("auth_timeout", "max_connections"):
            await self._connection.give_up(message)
        elif status == "auth_failed":
            (name,) = variables("massive", "api_key")
            said = message.replace(self._key, "…")
            raise FeedError(f"{self._feed}: the source says '{said}'; look at {name}")
        else:
            raise ValueError(f"a status that it does not know, {status}")


class Tape:
    """What was pushed so far, as rows, and the stretch in which nothing could be."""

    def __init__(self, channels: Sequence[str]) -> None:
        self._channels = channels
        self._rows: dict[str, list[Mapping[str, Any]]] = {name: [] for name in SHAPES}
        self._counts: dict[int, Counter[tuple[Any, ...]]] = {}
        self._heard_at: datetime | None = None
        self._lost: tuple[datetime, datetime] | None = None  # since when, and when that showed

    def take(self, at: datetime, events: Sequence[Json]) -> None:
        """Take the events of one message."""
        for event in events:
            if event["ev"] == "T":
                self._rows["option_trades"].append(self._print(event))
            elif event["ev"] == "Q":
                self._rows["option_quotes"].append(self._quote(event))
            else:
                raise ValueError(f"an event that it does not know, {event['ev']}")
            self._heard_at = at

    def lose(self, at: datetime) -> None:
        """Begin a gap with the last message before; where nothing was heard nothing is missed."""
        if self._heard_at and not self._lost:
            self._lost = self._heard_at, at

    def resume(self, at: datetime) -> None:
        """End the gap, if there is one."""
        if self._lost:
            self._add_gap(self._lost[0], at, at)
        self._lost = None

    def taken(self) -> Iterator[tuple[str, pa.Table]]:
        """Yield what came since the last time, dataset by dataset."""
        for name, rows in self._rows.items():
            if rows:
                yield name, pa.Table.from_pylist(rows, pa.schema(SHAPES[name]))
                self._rows[name] = []

    def rest(self) -> Iterator[tuple[str, pa.Table]]:
        """Yield what is left at the end, and the gap that lasts."""
        if self._lost:
            self._add_gap(self._lost[0], None, self._lost[1])
        yield from self.taken()

    def _add_gap(self, began_at: datetime, ended_at: datetime | None, known_at: datetime) -> None:
        facts = {"venue": "opra", "pair": "all", "reason": "disconnect", "n_dropped": 0}
        facts |= {"began_at": began_at, "ended_at": ended_at, "known_at": known_at}
        self._rows["feed_gaps"] += [facts | {"channel": channel} for channel in self._channels]

    def _print(self, event: Json) -> Mapping[str, Any]:
        price, size = _massive.shortened(event["p"]), _massive.shortened(event["s"])
        condition = ",".join(map(str, event.get("c", ())))
        facts, venue, at = self._facts(event), str(event["x"]), from_ms(event["t"])
        nth = self._nth(event["t"], event["sym"], venue, price, size, condition)
        return facts | dict(_parts(facts["contract"] or "")) | {
            "venue": venue, "trade_id": f"{event['t']}-{price}-{size}-{condition}-{nth}",
            "traded_at": at, "price": price, "size": size, "condition": condition or None,
        }  # fmt: skip

    def _quote(self, event: Json) -> Mapping[str, Any]:
        sides = {}
        for side, letter in (("bid", "b"), ("ask", "a")):
            is_there = event[f"{letter}p"] != 0
            names = {side: "p", f"{side}_size": "s", f"{side}_venue": "x"}
            for name, part in names.items():
                sides[name] = str(event[letter + part]) if is_there else None
        place, at = self._nth(event["t"], event["sym"]), from_ms(event["t"])
        own = {"place": place, "stood_at": at, "quoted_at": at}
        return self._facts(event) | sides | own

    def _facts(self, event: Json) -> dict[str, Any]:
        name, at = event["sym"], from_ms(event["t"])
        is_option = name.startswith(_massive.MARK)
        return {
            "contract": name.removeprefix(_massive.MARK) if is_option else None, "known_at": at,
            "calendar": "XNYS", "session_date": _new_york(event["t"] // 60_000),
            "currency": "USD", "sequence": event["q"],
        }  # fmt: skip

    def _nth(self, ms: int, *said: object) -> int:
        """Count what is said of one millisecond."""
        counts = self._counts.setdefault(ms, Counter())
        counts[said] += 1
        while (oldest := next(iter(self._counts))) < ms - _EQUAL_MS:
            del self._counts[oldest]
        return counts[said]


@lru_cache(maxsize=64)
def _new_york(minute: int) -> date:
    """Return the day in New York of a minute since 1970."""
    return (BEGINNING + timedelta(minutes=minute)).astimezone(NEW_YORK).date()
