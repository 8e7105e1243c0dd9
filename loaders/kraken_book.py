"""Kraken's spot order books with their checksums, and its trades: captured, as they come, by day.

Source: https://docs.kraken.com, websocket version 1 (`book-1000` and `trade`) and REST Trades, no
    key; captures as cryptofeed records them, of which KRAKEN.ws.* hold messages.
Limits: 1,000 trades a page, about one page a second; a connection is dropped after 60 s without
    a message, and 150 of them in ten minutes are too many.
Quirks: known_at of a captured row is when it was received, of a pulled trade when it was traded;
    messages have no numbers: update_id counts from the snapshot on, and the epoch is when that
    came; each change brings a CRC32 of the best ten levels a side, of their texts without points
    and leading zeros, which proves the book, but not what lies deeper; a level that falls out of
    the 1,000 is not told: here it is gone, and new when it comes back (Kraken marks it r); XBT is
    BTC and XDG is DOGE here; a trade over the socket has no number: its trade_id is its
    microsecond times 1,000 and its place in that, while a pulled trade has Kraken's own, so of one
    stretch of time load either; where a connection was lost nobody says which trades are
    missing, so the stretch is a gap; of a pulled trade's time microseconds are kept; sequence is
    the line times a million, and the row's place in it, of a pulled trade its number.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator
from functools import partial
from zlib import crc32

from leadline import clock
from leadline.book import Book, Gap
from leadline.errors import FeedError
from leadline.feed import Batch, Feed, Files, Http, Json, Row, Socket, Span, meaning, understood
from loaders._books import Place
from loaders._capture import captured, micros_of, microseconds, moment, trade, without_part
from loaders._levels import PATIENCE_S, Levels, decimals, listened
from loaders._pairs import KRAKEN

NAME, VENUE = "kraken_book", "kraken"
FEED = Feed(
    writes=("feed_gaps", "book_updates", "book_tops", "crypto_trades"),
    files=("KRAKEN[.-]*", "kraken_book.*"),
    parts=2,
    per_second=1,
    schedule="40 0 * * *",
    zone="UTC",
    socket="wss://ws.kraken.com",
    silence_s=5,  # a heartbeat comes every second in which nothing else does
)
PAIRS = {"BTC-USD": "XBT/USD", "ETH-USD": "ETH/USD"}
DEPTH = 1_000
TRADES = "https://api.kraken.com/0/public/Trades"
PAGE = 1_000

_SIDES = {"b": 1, "s": -1}
_PASSED = {"ticker", "spread", "ohlc"}
_EVENTS = {"heartbeat", "systemStatus", "pong"}
_STATES = {"subscribed": True, "unsubscribed": False}
_SIDE_OF = {"a": -1, "b": 1, "as": -1, "bs": 1}
_BEST = 10  # levels a side that a checksum is made of
_MANY = 1_000  # trades that one microsecond may hold

Texts = dict[tuple[int, float], str]  # what a checksum takes of each level


def read(files: Files) -> Iterator[Batch]:
    """Yield each capture; its books go on in the next file of the same stream."""
    return captured(files, Kraken, without_part)


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the span's trades of every pair, page by page, oldest first."""
    if span.until > clock.now():
        return  # a day that runs has none: listen tells them
    for pair, name in PAIRS.items():
        # What follows `since` is told: the moment itself is not among it.
        since, until = microseconds(span.since) * 1_000 - 1, microseconds(span.until) * 1_000
        while since < until:
            query = {"pair": name.replace("/", ""), "since": since, "count": PAGE}
            answer = http.json(TRADES, **query)
            with understood(NAME, str(answer)):
                said, since_next = page(answer)
                rows = [pulled(pair, each) for each in said]
            rows = [row for row in rows if span.since <= row["known_at"] < span.until]
            yield "crypto_trades", rows
            if since_next <= since or not said:
                break
            since = since_next


def page(answer: Json) -> tuple[Json, int]:
    """Return the trades of an answer, and where the next page begins in nanoseconds."""
    if errors := answer["error"]:
        is_passing = any("Rate limit" in each or "Unavailable" in each for each in errors)
        told = f"{NAME}: Kraken answers {', '.join(errors)}"
        raise FeedError(told + "; try again later" * is_passing, try_again=is_passing)
    result = dict(answer["result"])
    last = int(result.pop("last"))
    (said,) = result.values()
    return said, last


def pulled(pair: str, said: Json) -> Row:
    """Return a trade as Kraken's archive tells it."""
    price, size, seconds, side, _, _, trade_id = said
    traded_at = moment(micros_of(seconds))
    return {
        "venue": VENUE,
        "pair": pair,
        "trade_id": trade_id,
        "is_aggregate": False,
        "traded_at": traded_at,
        "known_at": traded_at,
        "price": float(price),
        "size": float(size),
        "side": meaning(f"{NAME}: side", _SIDES, side),
        "sequence": trade_id,
    }


def listen(socket: Socket, *, patience_s: float = PATIENCE_S) -> AsyncIterator[Batch]:
    """Yield books and trades of PAIRS; a book that its checksum denies is asked for anew."""
    return listened(socket, Kraken(), patience_s)


class Kraken(Levels):
    """The books of a connection, with the texts that their checksums are made of."""

    name = NAME
    places = tuple((VENUE, pair) for pair in PAIRS)

    def __init__(self) -> None:
        super().__init__()
        self._texts: dict[Place, Texts] = defaultdict(dict)
        self._traded: dict[Place, Counter[int]] = defaultdict(Counter)  # by microsecond
        self._trading: set[Place] = set()  # whose trades are listened to
        self._unheard: dict[Place, Gap] = {}
        self._heard_at = 0

    def greetings(self) -> Iterable[Json]:
        """Return what subscribes to books and trades."""
        book = {"name": "book", "depth": DEPTH}
        yield {"event": "subscribe", "pair": list(PAIRS.values()), "subscription": book}
        trades = {"name": "trade"}
        yield {"event": "subscribe", "pair": list(PAIRS.values()), "subscription": trades}

    def renewals(self, place: Place) -> Iterable[Json]:
        """Return what brings another snapshot of one book."""
        about = {"pair": [PAIRS[place[1]]], "subscription": {"name": "book", "depth": DEPTH}}
        return [{"event": "unsubscribe", **about}, {"event": "subscribe", **about}]

    def answered(self, url: str, body: bytes) -> None:
        """Pass over the list of pairs: each message names its own."""
        if "/public/AssetPairs" not in url:
            super().answered(url, body)

    def take(self, message: Json, at: int, number: int) -> None:
        """Take one message: an event, or a list of what changed, its channel and its pair."""
        if isinstance(message, dict):
            self._event(message, at)
        else:
            _, *parts, channel, name = message
            kind = channel.partition("-")[0]
            if kind == "book":
                self._book(_place(name), int(channel.partition("-")[2]), parts, at, number)
            elif kind == "trade":
                self._trades(_place(name), parts[0], at, number)
            elif kind not in _PASSED:
                raise ValueError(f"a channel that it does not know, {channel}")
        self._heard_at = at

    def _event(self, said: Json, at: int) -> None:
        event = said["event"]
        if said.get("status") == "error" or event == "error":
            raise FeedError(f"{NAME}: Kraken answers {said['errorMessage']}")
        if event == "subscriptionStatus":
            begins = meaning(f"{NAME}: status", _STATES, said["status"])
            if begins and said["channelName"] == "trade":
                self._hear_trades(_place(said["pair"]), at)
        elif event not in _EVENTS:
            raise ValueError(f"an event that it does not know, {event}")

    def _book(self, place: Place, depth: int, parts: list[Json], at: int, number: int) -> None:
        said = {key: value for part in parts for key, value in part.items()}
        if strange := said.keys() - _SIDE_OF.keys() - {"c"}:
            raise ValueError(f"parts of a book that it does not know, {', '.join(sorted(strange))}")
        is_snapshot = "as" in said or "bs" in said
        texts = self._texts[place]
        if is_snapshot:
            texts.clear()
        sizes: dict[tuple[int, float], float] = {}  # the last one of a price is the newest
        exchange_at = 0
        for key, book_side in _SIDE_OF.items():
            for price, size, seconds, *_ in said.get(key, ()):
                level = (book_side, float(price))
                sizes[level] = float(size)
                texts[level] = _bare(price) + _bare(size)
                exchange_at = max(exchange_at, micros_of(seconds))
        levels = [(book_side, price, size) for (book_side, price), size in sizes.items()]
        if is_snapshot:
            digits = decimals(price for key in ("as", "bs") for price, *_ in said.get(key, ()))
            self.begin(place, levels, at, number, depth=depth, digits=digits)
            return
        proof = None
        if wanted := said.get("c"):  # now and then one comes without
            proof = partial(_is, texts, int(wanted))
        self.follow(place, levels, at, exchange_at, number, proof=proof)
        if len(texts) > 4 * depth:  # of which those that are gone are of no more use
            book = self.books[place]
            kept = {(side, price) for side in (1, -1) for price, _ in book.best(side, depth)}
            self._texts[place] = {level: texts[level] for level in kept & texts.keys()}

    def _trades(self, place: Place, said: Json, at: int, number: int) -> None:
        held = self._traded[place]
        if len(held) > _MANY:
            held.clear()
        for nth, (price, size, seconds, side, *_) in enumerate(said):
            traded_at = micros_of(seconds)
            if held[traded_at] == _MANY:
                raise ValueError(f"more than {_MANY:,} trades of one microsecond")
            trade_id = traded_at * _MANY + held[traded_at]
            held[traded_at] += 1
            taker = meaning(f"{NAME}: side", _SIDES, side)
            told = (trade_id, traded_at, float(price), float(size), taker)
            self.rows.trades.append(trade(place, *told, at, number, nth))

    def _hear_trades(self, place: Place, at: int) -> None:
        self._trading.add(place)
        if gap := self._unheard.pop(place, None):
            gap.ended_at = at
            self.rows.add_gap(place, gap, "trades")

    def lose(self, at: int, reason: str = "disconnect") -> None:
        """Take every book for lost, and trades for missing from the last message on."""
        super().lose(at, reason)
        for place in self._trading:
            self._unheard[place] = Gap(self._heard_at, at, reason, None, None)
        self._trading.clear()

    def tell_lasting_gaps(self) -> None:
        """Tell each gap that lasts, once."""
        super().tell_lasting_gaps()
        for place, gap in self._unheard.items():
            self.rows.add_gap(place, gap, "trades")


def checksum(book: Book, texts: Texts) -> int:
    """Return the CRC32 of the best levels, asks first, each best one first."""
    best = [(side, price) for side in (-1, 1) for price, _ in book.best(side, _BEST)]
    return crc32("".join(texts.get(level, "?") for level in best).encode())


def _is(texts: Texts, wanted: int, book: Book) -> bool:
    return checksum(book, texts) == wanted


def _bare(text: str) -> str:
    return text.replace(".", "").lstrip("0")


def _place(name: str) -> Place:
    base, quote = name.split("/")
    return VENUE, f"{KRAKEN.get(base, base)}-{KRAKEN.get(quote, quote)}"
