"""Coinbase Exchange's order books and trades: captured, and as they come; no key.

Source: https://docs.cdp.coinbase.com/exchange, the channels `level2_batch`, `matches` and
    `heartbeat` of ws-feed.exchange.coinbase.com; captures as cryptofeed records them, of `level2`
    too, of which COINBASE.ws.* hold messages.
Limits: who has not subscribed after 5 s is disconnected; `level2` itself wants a key, and
    `level2_batch` says the same every 50 ms.
Quirks: known_at is when a row was received; changes have no numbers and no checksum, so update_id
    counts from the snapshot on, the epoch is when that came, and only a crossed book, a lost
    connection or silence is a gap; a snapshot is the whole book, and has no time of its own; a
    match names the maker's side, and here the taker's stands; numbers of a pair's trades have
    no holes, so one that is left out is a gap of channel trades; last_match repeats the newest
    trade when one subscribes, and is a trade of ours where we have not heard it; ticker and
    heartbeat are passed over; sequence is the line times a million, and the row's place in it.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime

from leadline.book import Level
from leadline.errors import FeedError
from leadline.feed import Batch, Feed, Files, Json, Socket, meaning
from loaders._books import Place
from loaders._capture import captured, microseconds, trade, without_part
from loaders._levels import DIGITS, PATIENCE_S, Levels, decimals, listened

NAME, VENUE = "coinbase_book", "coinbase"
FEED = Feed(
    writes=("feed_gaps", "book_updates", "book_tops", "crypto_trades"),
    files=("COINBASE[.-]*", "coinbase_book.*"),
    parts=2,
    socket="wss://ws-feed.exchange.coinbase.com",
    silence_s=5,  # a heartbeat of every pair comes every second
)
PAIRS = ("BTC-USD", "ETH-USD")
BOOK = "level2_batch"

_SIDES = {"buy": 1, "sell": -1}
_PASSED = {"heartbeat", "status", "subscriptions", "ticker"}


def read(files: Files) -> Iterator[Batch]:
    """Yield each capture; its books go on in the next file of the same stream."""
    return captured(files, Coinbase, without_part)


def listen(socket: Socket, *, patience_s: float = PATIENCE_S) -> AsyncIterator[Batch]:
    """Yield books and trades of PAIRS; a book that breaks is asked for anew."""
    return listened(socket, Coinbase(), patience_s)


class Coinbase(Levels):
    """The books and trades of one connection after another."""

    name = NAME
    places = tuple((VENUE, pair) for pair in PAIRS)

    def greetings(self) -> Iterable[Json]:
        """Return what subscribes to books, trades and heartbeats."""
        yield _asked("subscribe", PAIRS, BOOK, "matches", "heartbeat")

    def renewals(self, place: Place) -> Iterable[Json]:
        """Return what brings another snapshot of one book."""
        return [_asked(word, [place[1]], BOOK) for word in ("unsubscribe", "subscribe")]

    def answered(self, url: str, body: bytes) -> None:
        """Pass over the list of products: each message names its own."""
        if not url.endswith("/products"):
            super().answered(url, body)

    def take(self, message: Json, at: int, number: int) -> None:
        """Take one message."""
        kind = message["type"]
        if kind == "l2update":
            place = (VENUE, message["product_id"])
            levels = [
                (meaning(f"{NAME}: side", _SIDES, side), float(price), float(size))
                for side, price, size in message["changes"]
            ]
            self.follow(place, levels, at, _moment(message["time"]), number)
        elif kind in ("match", "last_match"):
            self._trade(message, at, number, is_repeated=kind == "last_match")
        elif kind == "snapshot":
            self._snapshot(message, at, number)
        elif kind == "error":
            raise FeedError(
                f"{NAME}: Coinbase answers {message['message']}: {message.get('reason')}"
            )
        elif kind not in _PASSED:
            raise ValueError(f"a message of a type that it does not know, {kind}")

    def _snapshot(self, said: Json, at: int, number: int) -> None:
        sides = ((1, said["bids"]), (-1, said["asks"]))
        levels: list[Level] = []
        for book_side, rows in sides:
            levels += [(book_side, float(price), float(size)) for price, size in rows]
        digits = decimals(price for _, rows in sides for price, _ in rows)
        place = (VENUE, said["product_id"])
        self.begin(place, levels, at, number, digits=max(DIGITS, digits))

    def _trade(self, said: Json, at: int, number: int, *, is_repeated: bool) -> None:
        place, trade_id = (VENUE, said["product_id"]), said["trade_id"]
        if is_repeated and self.is_counted(place, trade_id):
            return
        self.count(place, trade_id, at)
        taker = -meaning(f"{NAME}: side", _SIDES, said["side"])
        traded = (_moment(said["time"]), float(said["price"]), float(said["size"]))
        self.rows.trades.append(trade(place, trade_id, *traded, taker, at, number))


def _asked(word: str, pairs: Iterable[str], *channels: str) -> Json:
    return {"type": word, "product_ids": list(pairs), "channels": list(channels)}


def _moment(text: str) -> int:
    return microseconds(datetime.fromisoformat(text))
