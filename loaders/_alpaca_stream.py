"""Alpaca's socket of stocks: what it is asked for, what it answers, and what it pushes as rows.

It greets, takes the keys, takes the stocks of each channel, says all that it pushes from then on,
and pushes arrays of prints, of what was taken back or corrected, and of quotes.
"""

import json
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from decimal import Decimal
from time import monotonic

import pyarrow as pa

from leadline.config import variables
from leadline.errors import FeedError
from leadline.feed import Batch, Connection, Json, Row, understood
from loaders._alpaca_prints import Line, prints, quotes
from loaders._listening import Losses, heard
from loaders._new_york import NEW_YORK, sessions

WHOLE = ("sip", "delayed_sip")  # feeds whose quotes are the national best ones
QUIET = timedelta(seconds=60)  # in a session, after which a connection is dead

ODD = (AttributeError, LookupError, TypeError, ValueError, ArithmeticError)  # no row
_LOOK_S = 1.0
_REMEMBERED = 500_000  # prints whose time is known when they are taken back
_CONTROL = {"success", "subscription", "error"}
_AGAIN = (404, 406, 407, 500)  # another connection may do
_STOPS = {
    402: "look at {key} and {secret}",
    405: "name fewer in symbols; the free plan takes 30",
    409: "the plan is without this feed; take `listen` to v2/iex in a loader of your own",
}


class Subscription:
    """What one connection is asked for, and what it pushes then."""

    def __init__(
        self,
        feed: str,
        connection: Connection,
        keys: tuple[str, str],
        wanted: Mapping[str, Sequence[str]],
        *,
        patience_s: float = 30,
        quiet: timedelta = QUIET,
        is_odd: Callable[[datetime], bool] | None = None,
    ) -> None:
        """Take the stocks of each channel; wait for the answer only so long.

        is_odd: whether a silence at a moment is, which it is in a session.
        """
        self._feed, self._connection, self._keys, self._wanted = feed, connection, keys, wanted
        self._patience_s, self._quiet, self._is_odd = patience_s, quiet, is_odd or is_session
        self.is_whole = False

    async def events(self) -> AsyncGenerator[tuple[datetime, str, list[Json]], None]:
        """Yield each message with its moment and the events in it; in a silence there are none."""
        late_at, heard_at = monotonic() + self._patience_s, None
        every_s = min(_LOOK_S, self._patience_s, self._quiet.total_seconds())
        async with aclosing(heard(self._connection, every_s)) as messages:
            async for at, text in messages:
                if not self.is_whole and monotonic() > late_at:
                    raise FeedError(
                        f"{self._feed}: nobody answered the subscription in "
                        f"{self._patience_s:.0f} s; run it again later"
                    )
                if not text:
                    if heard_at and at > heard_at + self._quiet and self._is_odd(at):
                        self._connection.reason = "silence"
                        await self._connection.give_up("nothing was said in a session")
                    yield at, "", []
                    continue
                heard_at = at
                with understood(self._feed, text):
                    said = json.loads(text, parse_float=Decimal)
                    for each in said:
                        if each["T"] in _CONTROL:
                            await self._answer(each)
                    pushed = [each for each in said if each["T"] not in _CONTROL]
                yield at, text, pushed

    async def _answer(self, said: Json) -> None:
        """Do what a message asks for; raise a FeedError where there is nothing to be done."""
        if said["T"] == "subscription":
            for channel, symbols in self._wanted.items():
                if missing := sorted(set(symbols) - set(said[channel])):
                    raise FeedError(
                        f"{self._feed}: Alpaca pushes no {channel} of {', '.join(missing)}; "
                        f"look at symbols"
                    )
            self.is_whole = True
        elif said["T"] == "error":
            await self._stop(said["code"], said["msg"])
        elif said["msg"] == "connected":
            key, secret = self._keys
            await self._connection.send({"action": "auth", "key": key, "secret": secret})
        elif said["msg"] == "authenticated":
            wanted = {channel: list(symbols) for channel, symbols in self._wanted.items()}
            await self._connection.send({"action": "subscribe", **wanted})
        else:
            raise ValueError(f"a message that it does not know, {said['msg']}")

    async def _stop(self, code: int, message: str) -> None:
        if code == 403:  # authenticated already
            return
        if code in _AGAIN:
            return await self._connection.give_up(f"{code} {message}")
        key, secret = variables("alpaca", "key_id", "secret")
        what = _STOPS.get(code, "mend the loader").format(key=key, secret=secret)
        raise FeedError(f"{self._feed}: the source says '{message}' ({code}); {what}")


class Tape:
    """What was pushed so far, as rows."""

    def __init__(self, feed: str) -> None:
        self._feed = feed
        self.losses = Losses("sip", ["trades"])
        self._prints: list[Line] = []
        self._quotes: list[Line] = []
        self._gaps: list[Row] = []
        self._traded: dict[tuple[str, str, str], str] = {}

    def take(self, at: datetime, events: Sequence[Json]) -> None:
        """Take the events of one message."""
        for event in events:
            kind, symbol = event["T"], event["S"]
            if kind == "q":
                self._quotes.append((symbol, event))
            elif kind == "t":
                self._remember(event)
                self._prints.append((symbol, event))
            elif kind == "x":
                self._prints.append((symbol, self._taken_back(event, "", "canceled")))
            elif kind == "c":
                self._prints += [(symbol, each) for each in self._corrected(event)]
            else:
                raise ValueError(f"an event that it does not know, {kind}")
            self.losses.hear(at)

    def add_gaps(self, rows: Sequence[Row]) -> None:
        """Take rows of feed_gaps."""
        self._gaps += rows

    def taken(self) -> Iterator[Batch]:
        """Yield what came since the last time, dataset by dataset."""
        if self._gaps:
            yield "feed_gaps", self._gaps
        self._gaps = []
        for dataset, rows, held in (
            ("equity_quotes", quotes, self._quotes), ("equity_trades", prints, self._prints)
        ):  # fmt: skip
            lines, held[:] = list(held), []
            try:
                found = [rows(lines)] if lines else []
            except ODD as error:
                n_good = _n_readable(rows, lines)
                yield dataset, rows(lines[:n_good])
                with understood(self._feed, str(lines[n_good][1])):
                    raise error
            for table in found:
                yield dataset, table

    def _remember(self, event: Json) -> None:
        self._traded[event["S"], str(event["x"]), str(event["i"])] = event["t"]
        if len(self._traded) > _REMEMBERED:
            del self._traded[next(iter(self._traded))]

    def _taken_back(self, event: Json, prefix: str, word: str) -> Json:
        """Return a print as it was, with what became of it; its own time where that was heard."""
        own = {name: event.get(prefix + name) for name in "ipsc"}
        place = event["S"], str(event["x"]), str(own["i"])
        facts = {"x": event["x"], "z": event.get("z"), "t": event["t"], "u": word}
        return own | facts | {"at": self._traded.get(place)}

    def _corrected(self, event: Json) -> Iterator[Json]:
        """Yield the print that was wrong, unless it keeps its id, and the one that is right."""
        if event["oi"] != event["ci"]:
            yield self._taken_back(event, "o", "incorrect")
        right = {name: event["c" + name] for name in "ipsc"}
        wrong = self._taken_back(event, "o", "corrected")
        yield wrong | right


def _n_readable(rows: Callable[[Sequence[Line]], pa.Table], lines: Sequence[Line]) -> int:
    """Return how many lines come before the first that no row can be made of."""
    for n, line in enumerate(lines):
        try:
            rows([line])
        except ODD:
            return n
    return len(lines) - 1


def is_session(at: datetime) -> bool:
    """Say whether New York's session is open."""
    today = at.astimezone(NEW_YORK).date()
    return any(
        session.opens_at <= at < session.closes_at for session in sessions(today, today).values()
    )
