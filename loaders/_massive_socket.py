"""Massive's socket: what it is asked for, and what it pushes as rows.

It greets, takes the key, takes topics, acknowledges each that it knows, and then pushes arrays of
events, with its own status among them.
"""

import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from time import monotonic
from typing import Any, ClassVar

import pyarrow as pa

from leadline.config import secrets, variables
from leadline.errors import FeedError
from leadline.feed import Batch, Connection, Json, Row, Socket, from_ms, understood
from loaders import _listening, _massive, _osi
from loaders._listening import Losses, heard
from loaders._new_york import day_of

_TEXT, _ID, _DAY, _MOMENT = pa.string(), pa.int64(), pa.date32(), pa.timestamp("us", "UTC")
_GAPS = {
    "venue": _TEXT, "pair": _TEXT, "channel": _TEXT, "began_at": _MOMENT, "ended_at": _MOMENT,
    "reason": _TEXT, "n_dropped": _ID, "known_at": _MOMENT,
}  # fmt: skip
_FACTS = {"known_at": _MOMENT, "session_date": _DAY, "sequence": _ID}
_QUOTE = {
    "place": _ID, "quoted_at": _MOMENT, "bid": _TEXT, "ask": _TEXT, "bid_size": _TEXT,
    "ask_size": _TEXT, "bid_venue": _TEXT, "ask_venue": _TEXT,
}  # fmt: skip
_PRINT = {"venue": _TEXT, "trade_id": _TEXT, "traded_at": _MOMENT, "price": _TEXT, "size": _TEXT}
_CONTRACT = {"contract": _TEXT, "calendar": _TEXT, "currency": _TEXT}
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

    @property
    def is_whole(self) -> bool:
        """Say whether every topic is acknowledged."""
        return not self.missing

    async def events(self) -> AsyncGenerator[tuple[datetime, str, list[Json]], None]:
        """Yield each message with its moment and the events in it; in a silence there are none."""
        late_at = monotonic() + self._patience_s
        every_s = min(_QUIET_S, self._patience_s)
        async with aclosing(heard(self._connection, every_s)) as messages:
            async for at, text in messages:
                if self.missing and monotonic() > late_at:
                    raise FeedError(
                        f"{self._feed}: nobody acknowledged {min(self.missing)} in "
                        f"{self._patience_s:.0f} s; the key's plan may be without it"
                    )
                if not text:
                    yield at, "", []
                    continue
                with understood(self._feed, text):
                    said = json.loads(text, parse_float=Decimal)
                    pushed = [each for each in said if each["ev"] != "status"]
                    for each in said:
                        if each["ev"] == "status":
                            await self._answer(each["status"], each.get("message", ""))
                yield at, text, pushed

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


class Tape(ABC):
    """What was pushed so far, as rows."""

    VENUE: ClassVar[str]  # as feed_gaps has it
    SHAPES: ClassVar[Mapping[str, Mapping[str, pa.DataType]]]  # prints, quotes

    def __init__(self, channels: Sequence[str]) -> None:
        self.losses = Losses(self.VENUE, channels)
        shapes = {"feed_gaps": _GAPS, **self.SHAPES}
        self._shapes = {name: pa.schema(shape) for name, shape in shapes.items()}
        self._rows: dict[str, list[Mapping[str, Any]]] = {name: [] for name in shapes}
        self._prints, self._quotes = self.SHAPES
        self._counts: dict[int, Counter[tuple[Any, ...]]] = {}

    @abstractmethod
    def _print(self, event: Json) -> Mapping[str, Any]: ...

    @abstractmethod
    def _quote(self, event: Json) -> Mapping[str, Any]: ...

    def take(self, at: datetime, events: Sequence[Json]) -> None:
        """Take the events of one message."""
        for event in events:
            if event["ev"] == "T":
                self._rows[self._prints].append(self._print(event))
            elif event["ev"] == "Q":
                self._rows[self._quotes].append(self._quote(event))
            else:
                raise ValueError(f"an event that it does not know, {event['ev']}")
            self.losses.hear(at)

    def add_gaps(self, rows: Sequence[Row]) -> None:
        """Take rows of feed_gaps."""
        self._rows["feed_gaps"] += rows

    def taken(self) -> Iterator[tuple[str, pa.Table]]:
        """Yield what came since the last time, dataset by dataset."""
        for name, rows in self._rows.items():
            if rows:
                yield name, pa.Table.from_pylist(rows, self._shapes[name])
                self._rows[name] = []

    def _facts(self, event: Json) -> dict[str, Any]:
        return {
            "known_at": from_ms(event["t"]), "session_date": day_of(event["t"] // 60_000),
            "sequence": event["q"],
        }  # fmt: skip

    def _sides(self, event: Json, lot: int = 1) -> dict[str, Any]:
        """Return both sides of a quote; a price of 0 is none, and a lot is what a size counts."""
        sides: dict[str, Any] = {}
        for side, letter in (("bid", "b"), ("ask", "a")):
            price, size, venue = (event[letter + part] for part in "psx")
            is_there = price != 0
            sides[side] = str(price) if is_there else None
            sides[f"{side}_size"] = str(size * lot) if is_there else None
            sides[f"{side}_venue"] = str(venue) if is_there else None
        place, at = self._nth(event["t"], event["sym"]), from_ms(event["t"])
        return sides | {"place": place, "quoted_at": at}

    def _nth(self, ms: int, *said: object) -> int:
        """Count what is said of one millisecond."""
        counts = self._counts.setdefault(ms, Counter())
        counts[said] += 1
        while (oldest := next(iter(self._counts))) < ms - _EQUAL_MS:
            del self._counts[oldest]
        return counts[said]


class OptionTape(Tape):
    """Prints of OPRA, and quotes of some contracts."""

    VENUE = "opra"
    SHAPES: ClassVar = {
        "option_trades": _FACTS | _CONTRACT | _PRINT | {
            "root": _TEXT, "expiration": _DAY, "strike": pa.decimal128(18, 8), "put_call": _TEXT,
            "condition": _TEXT,
        },
        "option_quotes": _FACTS | _CONTRACT | _QUOTE | {"stood_at": _MOMENT},
    }  # fmt: skip

    def _print(self, event: Json) -> Mapping[str, Any]:
        price, size = _massive.shortened(event["p"]), _massive.shortened(event["s"])
        condition = ",".join(map(str, event.get("c", ())))
        facts, venue, at = self._contract(event), str(event["x"]), from_ms(event["t"])
        nth = self._nth(event["t"], event["sym"], venue, price, size, condition)
        return facts | dict(_parts(facts["contract"] or "")) | {
            "venue": venue, "trade_id": f"{event['t']}-{price}-{size}-{condition}-{nth}",
            "traded_at": at, "price": price, "size": size, "condition": condition or None,
        }  # fmt: skip

    def _quote(self, event: Json) -> Mapping[str, Any]:
        sides = self._sides(event)
        return self._contract(event) | sides | {"stood_at": sides["quoted_at"]}

    def _contract(self, event: Json) -> dict[str, Any]:
        name = event["sym"]
        is_option = name.startswith(_massive.MARK)
        return self._facts(event) | {
            "contract": name.removeprefix(_massive.MARK) if is_option else None,
            "calendar": "XNYS", "currency": "USD",
        }  # fmt: skip


class StockTape(Tape):
    """Prints of the consolidated tapes, and the national best quotes of some stocks."""

    VENUE = "sip"
    SHAPES: ClassVar = {
        "equity_trades": _FACTS | _PRINT | {
            "symbol": _TEXT, "facility": _TEXT, "tape": _TEXT, "conditions": _TEXT,
        },
        "equity_quotes": _FACTS | _QUOTE | {"symbol": _TEXT},
    }  # fmt: skip

    def _print(self, event: Json) -> Mapping[str, Any]:
        told_to, conditions = event.get("trfi") or None, ",".join(map(str, event.get("c", ())))
        return self._facts(event) | {
            "symbol": event["sym"], "venue": str(event["x"]),
            "facility": _massive.FACILITIES.get(str(told_to)),
            "trade_id": "-".join(str(part) for part in (told_to, event["i"]) if part is not None),
            "traded_at": from_ms(event["t"]), "tape": _massive.TAPES.get(str(event.get("z"))),
            "price": _massive.shortened(event["p"]),
            # What has fractions has them in a text; the number beside it is without.
            "size": event.get("ds") or _massive.shortened(event["s"]),
            "conditions": conditions or None,
        }  # fmt: skip

    def _quote(self, event: Json) -> Mapping[str, Any]:
        lot = 100 if event["t"] < _massive.SHARES_SINCE_US // 1_000 else 1
        return self._facts(event) | self._sides(event, lot) | {"symbol": event["sym"]}


def told(
    feed: str, socket: Socket, topics: Sequence[str], tape: Tape
) -> AsyncGenerator[Batch, None]:
    """Yield what a tape makes of these topics about once a second; a loss is a gap."""
    (key,) = secrets("massive", "api_key")
    return _listening.told(
        feed, socket, lambda connection: Subscription(feed, connection, key, topics), tape
    )
