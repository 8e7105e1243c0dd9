"""What Deribit's socket has said, what is missing of it, and what is to be asked beside it.

A lost connection is a stretch of each currency, and a number that was left out is a hole of its
contract. Both are asked for over HTTP; what nobody answers is a gap.
"""

from collections.abc import Callable, Coroutine, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from time import monotonic
from typing import Any, TypeAlias

from leadline import clock
from leadline.errors import FeedError
from leadline.feed import Batch, Connection, Json, Row, understood
from loaders import _deribit as deribit
from loaders._deribit import API, CURRENCIES, NAME, VENUE
from loaders._deribit_pages import METHOD, OVERLAP_MS, PAGE, Pages
from loaders._holes import Counted, Hole

CHANNELS = {f"trades.option.{currency}.100ms": currency for currency in CURRENCIES}
SUBSCRIBE = {
    "jsonrpc": "2.0", "id": 1, "method": "public/subscribe",
    "params": {"channels": list(CHANNELS)},
}  # fmt: skip
HEARTBEAT = {
    "jsonrpc": "2.0", "id": 2, "method": "public/set_heartbeat", "params": {"interval": 30},
}  # fmt: skip
TEST = {"jsonrpc": "2.0", "id": 3, "method": "public/test", "params": {}}

Ask: TypeAlias = Callable[[Connection], Coroutine[Any, Any, list[Batch]]]


@dataclass
class Stretch:
    """Trades of a currency that may be missing, by our clock and by Deribit's."""

    began_at: datetime
    since_ms: int
    ended_at: datetime | None = None
    until_ms: int | None = None

    def gap(self, currency: str, known_at: datetime) -> Row:
        """Return it as a row of feed_gaps; without an end as long as nothing is heard again."""
        return {
            "venue": VENUE,
            "pair": currency,
            "channel": "trades",
            "began_at": self.began_at,
            "ended_at": self.ended_at,
            "reason": "disconnect",
            "n_dropped": 0,
            "known_at": known_at,
        }


class Stream:
    """One listener's state, which outlives its connections."""

    def __init__(self, look_every_s: float) -> None:
        self._look_every_s = look_every_s
        self._look_at = dict.fromkeys(CURRENCIES, monotonic())
        self._told_on: dict[str, date] = {}  # the day whose open interest was told last
        self._counted = Counted()
        self._lost: dict[str, Stretch] = {}
        self._newest_ms: dict[str, int] = {}  # what was heard of each currency, Deribit's clock
        self._heard_at = clock.BEGINNING

    def take(self, message: Json, at: datetime) -> list[Batch]:
        """Return the trades of a message that came at a moment."""
        self._heard_at = at
        if message.get("method") == "subscription":
            currency = CHANNELS[message["params"]["channel"]]
            said = message["params"]["data"]
            rows = deribit.trades(NAME, said)
            self._count(rows, at, currency)
            known = self._newest_ms.get(currency, 0)
            self._newest_ms[currency] = max([known, *(trade["timestamp"] for trade in said)])
            return [("option_trades", rows)]
        if message.get("method") == "heartbeat":
            return []
        told = deribit.result(NAME, message)
        if message["id"] == SUBSCRIBE["id"]:
            self._begin(told, message["usOut"] // 1_000, at)
        return []

    def _begin(self, accepted: Sequence[str], now_ms: int, at: datetime) -> None:
        if refused := sorted(CHANNELS.keys() - set(accepted)):
            raise FeedError(f"{NAME}: Deribit takes no subscription to {', '.join(refused)}")
        for currency in CURRENCIES:
            self._newest_ms.setdefault(currency, now_ms)
            if stretch := self._lost.get(currency):
                stretch.ended_at, stretch.until_ms = at, now_ms

    def lose(self) -> None:
        """Take what comes from the last message on for missing, as the connection is lost."""
        for currency, newest_ms in self._newest_ms.items():
            stretch = self._lost.setdefault(currency, Stretch(self._heard_at, newest_ms))
            stretch.ended_at = stretch.until_ms = None

    def asks(self) -> Mapping[Hashable, Ask]:
        """Return what is to be asked over HTTP now, each by a key of its own."""
        due: dict[Hashable, Ask] = {}
        for currency, stretch in self._lost.items():
            if stretch.until_ms is not None:
                due[currency, "trades"] = partial(self._recover, currency, stretch)
        for hole in self._counted.holes:
            if hole.group not in self._lost:  # else the stretch may fill it
                due[hole] = partial(self._fill, hole)
        for currency, look_at in self._look_at.items():
            if monotonic() >= look_at:
                due[currency, "chain"] = partial(self._look, currency)
        return due

    def rest(self) -> list[Batch]:
        """Return every gap that is left when listening ends."""
        now = clock.now()
        gaps = [hole.gap(VENUE, now) for hole in self._counted.holes]
        gaps += [stretch.gap(currency, now) for currency, stretch in self._lost.items()]
        return [("feed_gaps", gaps)] if gaps else []

    def _count(self, rows: Sequence[Row], at: datetime, currency: str) -> None:
        reason = "disconnect" if currency in self._lost else "gap"
        self._counted.take(rows, at, currency, reason)

    async def _recover(
        self, currency: str, stretch: Stretch, connection: Connection
    ) -> list[Batch]:
        """Return the trades of a stretch, of whichever contract, or the gap that it stays."""
        assert stretch.until_ms is not None
        pages = Pages(currency, stretch.since_ms - OVERLAP_MS, stretch.until_ms + 1)
        rows: list[Row] = []
        gaps: list[Row] = []
        while query := pages.query:
            told = await _had(connection, METHOD, **query)
            if told is None:
                gaps.append(stretch.gap(currency, clock.now()))
                break
            with understood(NAME, str(told)):
                rows += deribit.trades(NAME, pages.take(told["trades"]))
        self._count(rows, clock.now(), currency)
        del self._lost[currency]
        return [("option_trades", rows), ("feed_gaps", gaps)]

    async def _fill(self, hole: Hole, connection: Connection) -> list[Batch]:
        """Return the trades of a hole, and the gap that is left of it."""
        rows: list[Row] = []
        left = set(hole.left)  # what is handed on at the end is filled at the end
        while before := len(left):
            told = await _had(
                connection, "get_last_trades_by_instrument", instrument_name=hole.contract,
                start_seq=min(left), end_seq=max(left), count=PAGE, sorting="asc",
            )  # fmt: skip
            with understood(NAME, str(told)):
                found = deribit.trades(NAME, told["trades"] if told else ())
            rows += found
            left -= {row["sequence"] for row in found}
            if len(left) == before:
                break
        self._count(rows, clock.now(), hole.group)
        gaps = [hole.gap(VENUE, clock.now())] if hole.left else []
        self._counted.close(hole)
        return [("option_trades", rows), ("feed_gaps", gaps)]

    async def _look(self, currency: str, connection: Connection) -> list[Batch]:
        """Return the chain as it is now, and once a day its open interest."""
        url = f"{API}/get_book_summary_by_currency"
        answer = await connection.ask(url, currency=currency, kind="option")
        now = clock.now()
        self._look_at[currency] = monotonic() + self._look_every_s
        with understood(NAME, str(answer)):
            said = deribit.result(NAME, answer)
            chain = deribit.chain(NAME, said, now)
            interest = deribit.interest(said, now)
        if not said or self._told_on.get(currency) == now.date():
            return [("option_chains", chain)]
        self._told_on[currency] = now.date()
        return [("open_interest", interest), ("option_chains", chain)]


async def _had(connection: Connection, method: str, **query: object) -> Json:
    """Return what Deribit answers, or None where it refuses, as it may with what expired."""
    try:
        answer = await connection.ask(f"{API}/{method}", **query)
    except FeedError:
        return None
    with understood(NAME, str(answer)):
        return deribit.result(NAME, answer)
