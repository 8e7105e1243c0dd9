"""Deribit's order books and the trades beside them: captured, and as they come; no key.

Source: https://docs.deribit.com, the channels `book` and `trades` of an instrument, every 100 ms;
    captures as cryptofeed records them, of the raw channels too.
Limits: raw channels want a key; 32 connections an address, 500 channels a subscription.
Quirks: known_at is when a row was received; a pair is the instrument's name, since a coin has
    many, of which spot's is BASE-QUOTE; each change names the one before (prev_change_id), the
    first after a snapshot too, and ids rise with holes; a snapshot is the whole book, and the
    epoch is when it came, as an idle book's id comes again; an option's price is in its coin;
    inverse futures count dollars, and their sizes here are coins, amount over price; combos,
    whose prices may be below zero, are refused; numbers of an instrument's trades (trade_seq)
    have no holes, so what is left out is a gap of channel trades; block trades are among them,
    and never were in the book; trade_id is without its currency; ticker and the like are passed
    over; sequence is the line times a million, and the row's place in it.
"""

import re
from collections.abc import AsyncIterator, Iterable, Iterator

from leadline.book import Level, Message
from leadline.errors import FeedError
from leadline.feed import Batch, Feed, Files, Json, Socket, meaning
from loaders import _deribit as deribit
from loaders._books import Place
from loaders._capture import captured, trade, without_part
from loaders._levels import PATIENCE_S, Levels, listened

NAME, VENUE = "deribit_book", deribit.VENUE
FEED = Feed(
    writes=("feed_gaps", "book_updates", "book_tops", "crypto_trades"),
    files=("DERIBIT[.-]*", "deribit_book.*"),
    parts=2,
    socket="wss://www.deribit.com/ws/api/v2",
    silence_s=15,  # a heartbeat is asked for every 10 s, which is the shortest
)
INSTRUMENTS = ("BTC-PERPETUAL", "ETH-PERPETUAL")

_IN_COINS = re.compile(
    r"[A-Z0-9]+_[A-Z0-9]+(-PERPETUAL|-\d{1,2}[A-Z]{3}\d\d)?"
    r"|[A-Z0-9]+(_[A-Z0-9]+)?-\d{1,2}[A-Z]{3}\d\d-\d+(d\d+)?-[CP]"
)
_IN_DOLLARS = re.compile(r"[A-Z0-9]+-(PERPETUAL|\d{1,2}[A-Z]{3}\d\d)")
_ACTIONS = {"new": True, "change": True, "delete": False}
_TYPES = {"snapshot": True, "change": False}
_SIDES = {"buy": 1, "sell": -1}
_PASSED = {
    "chart", "deribit_price_index", "deribit_volatility_index", "incremental_ticker", "instrument",
    "markprice", "platform_state", "quote", "ticker",
}  # fmt: skip


def read(files: Files) -> Iterator[Batch]:
    """Yield each capture; its books go on in the next file of the same stream."""
    return captured(files, Deribit, without_part)


def listen(socket: Socket, *, patience_s: float = PATIENCE_S) -> AsyncIterator[Batch]:
    """Yield books and trades of INSTRUMENTS; a book that breaks is asked for anew."""
    return listened(socket, Deribit(), patience_s)


class Deribit(Levels):
    """The books and trades of one connection after another."""

    name = NAME
    places = tuple((VENUE, each) for each in INSTRUMENTS)

    def __init__(self) -> None:
        super().__init__()
        self._replies: list[Json] = []
        self._n_asked = 0
        self._wanted: dict[int, list[str]] = {}  # channels, by the question's id

    def greetings(self) -> Iterable[Json]:
        """Return what asks for heartbeats and subscribes to books and trades."""
        yield self._question("public/set_heartbeat", interval=10)
        channels = [f"{kind}.{each}.100ms" for kind in ("book", "trades") for each in INSTRUMENTS]
        yield self._subscription(channels)

    def renewals(self, place: Place) -> Iterable[Json]:
        """Return what brings another snapshot of one book."""
        channels = [f"book.{place[1]}.100ms"]
        return [
            self._question("public/unsubscribe", channels=channels),
            self._subscription(channels),
        ]

    def replies(self) -> Iterable[Json]:
        """Return the answers to heartbeats that ask whether we are there."""
        replies, self._replies = self._replies, []
        return replies

    def answered(self, url: str, body: bytes) -> None:
        """Pass over the list of instruments: each message names its own."""
        if "/public/get_instruments" not in url:
            super().answered(url, body)

    def take(self, message: Json, at: int, number: int) -> None:
        """Take one message: what a channel brings, a heartbeat, or an answer."""
        method = message.get("method")
        if method == "subscription":
            channel, said = message["params"]["channel"], message["params"]["data"]
            kind = channel.partition(".")[0]
            if kind == "book":
                self._book(said, at, number)
            elif kind == "trades":
                for nth, each in enumerate(said):
                    self._trade(each, at, number, nth)
            elif kind not in _PASSED:
                raise ValueError(f"a channel that it does not know, {channel}")
        elif method == "heartbeat":
            if message["params"]["type"] == "test_request":
                self._replies.append(self._question("public/test"))
        elif method is not None:
            raise ValueError(f"a method that it does not know, {method}")
        else:
            told = deribit.result(NAME, message)
            if refused := sorted(set(self._wanted.pop(message["id"], ())) - set(told)):
                raise FeedError(f"{NAME}: Deribit takes no subscription to {', '.join(refused)}")

    def _question(self, method: str, **params: object) -> Json:
        self._n_asked += 1
        return {"jsonrpc": "2.0", "id": self._n_asked, "method": method, "params": params}

    def _subscription(self, channels: list[str]) -> Json:
        question = self._question("public/subscribe", channels=channels)
        self._wanted[question["id"]] = channels
        return question

    def _book(self, said: Json, at: int, number: int) -> None:
        place = _place(said["instrument_name"])
        levels: list[Level] = []
        for book_side, rows in ((1, said["bids"]), (-1, said["asks"])):
            for action, price, amount in rows:
                stays = meaning(f"{NAME}: action", _ACTIONS, action)
                size = _coins(place, amount, price) if stays else 0.0
                levels.append((book_side, float(price), size))
        last = said["change_id"]
        if meaning(f"{NAME}: type", _TYPES, said["type"]):
            self.begin(place, levels, at, number, last=last)
            return
        previous = said["prev_change_id"]
        message = Message(previous + 1, last, levels, at, said["timestamp"] * 1_000, previous)
        self.applied(place, self.books[place].apply(message), number)

    def _trade(self, said: Json, at: int, number: int, nth: int) -> None:
        place = _place(said["instrument_name"])
        self.count(place, said["trade_seq"], at)
        price, trade_id = float(said["price"]), int(said["trade_id"].rpartition("-")[2])
        size = _coins(place, said["amount"], price)
        side = meaning(f"{NAME}: direction", _SIDES, said["direction"])
        traded = (said["timestamp"] * 1_000, price, size, side)
        self.rows.trades.append(trade(place, trade_id, *traded, at, number, nth))


def _place(name: str) -> Place:
    if not (_IN_COINS.fullmatch(name) or _IN_DOLLARS.fullmatch(name)):
        raise ValueError(f"an instrument whose sizes it does not know, {name}")
    return VENUE, name.replace("_", "-") if re.fullmatch(r"[A-Z0-9]+_[A-Z0-9]+", name) else name


def _coins(place: Place, amount: float, price: float) -> float:
    return amount / price if _IN_DOLLARS.fullmatch(place[1]) else float(amount)
