"""Binance order books and trades, spot and USD-M futures: captured frames, and live ones.

Source: the public streams of data-stream.binance.vision and the snapshots of
    data-api.binance.vision, of PAIRS, of others or of all, no key; captures of both, as
    hftbacktest and cryptofeed record them.
Limits: snapshots weigh 5 to 250 of 6,000 a minute, so that those of many books are not as deep,
    and 429 and then 418 follow; a connection lives for 24 hours, and the next one begins before;
    trades that a lost one left out are in binance_dumps next morning.
Quirks: known_at is when a row was received; a recorder's clock may run behind Binance's, so a
    difference of the two is no latency; ids of futures have holes, and pu names the message
    before; a snapshot names no symbol where a capture holds one only; held messages are known
    when the snapshot comes; trades are doubled by aggregates; bookTicker, kline and control
    frames are passed over; sequence is the line times a million, and the row's place in it.
"""

import re
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import unquote

import msgspec

from leadline import clock
from leadline.book import Level, Message, sound
from leadline.errors import FeedError
from leadline.feed import Batch, Feed, File, Files, Http, Json, Line, Socket, understood
from leadline.tape import PLACES
from loaders._binance_pairs import LISTED, address, lines_of, listing
from loaders._binance_snapshots import Asked, Snapshots
from loaders._books import Place
from loaders._capture import Capture, Heard, captured, microseconds
from loaders._pairs import BINANCE, cut

PAIRS = ("BTC-USDT", "ETH-USDT")
FEED = Feed(
    writes=("feed_gaps", "book_updates", "book_tops", "crypto_trades"),
    # What ends in usd is mostly another venue's. Binance's own in busd, fdusd and tusd look the
    # same: name such a file, rather than its folder.
    files=("BINANCE.*", "BINANCE-*", "BINANCE_FUTURES.*", "[a-z]*[!d]_20??????", "binance_book.*"),
    parts=2,
    per_second=16,  # snapshots weigh more, and have a pace of their own
    socket=address([pair.replace("-", "") for pair in PAIRS]),
    silence_s=5,  # books of these pairs change ten times a second
    lifetime_s=84_600,  # half an hour before Binance ends it
    connects=(50, 10),  # 300 in five minutes are its limit
)
_PASSED = {"bookTicker", "kline", "serverShutdown"}
_STREAM = re.compile(rb'.{0,12}"stream": ?"[^"]*@(?:bookTicker|kline)')
_FLUSH_US = 1_000_000  # how much is received before it is handed on


def read(files: Files) -> Iterator[Batch]:
    """Yield each capture; its books go on in the next file of the same stream."""
    # A recorder's files of one day belong together; hftbacktest has a file a day.
    stream = re.compile(r"_\d{8}$|(?<=BINANCE)\..*|(?<=BINANCE_FUTURES)\..*|\.\d{10}$")
    return captured(files, Frames, lambda name: stream.sub("", name))


def lines(pairs: Sequence[str], http: Http) -> Iterator[Line]:
    """Yield the connections that these pairs need, or those of all that are traded."""
    return lines_of(pairs, PAIRS, http)


async def listen(
    socket: Socket,
    *,
    names: Mapping[str, str] = MappingProxyType({}),
    snapshots: Snapshots | None = None,
) -> AsyncIterator[Batch]:
    """Yield books and trades, about once a second; a lost connection is a gap.

    A snapshot is asked for as soon as a book needs one, while its messages are held. names: what
    pairs symbols are, where that is known.
    """
    snapshots = snapshots or Snapshots(len(PAIRS))
    capture, is_begun = Frames(names), False
    async for connection in socket:
        asked, handed_on_at = Asked(connection, snapshots), 0
        if names and not is_begun:
            connection.keep(clock.now(), LISTED, listing(names))
            is_begun = True
        try:
            async for received_at, text in connection:
                at = microseconds(received_at)
                with understood("binance_book", text):
                    message = capture.parsed(text)
                    capture.take(message, at, connection.number)
                if _is_farewell(message):
                    await connection.give_up("the source is shutting down")
                    break
                for symbol, answer in asked.come():
                    number = connection.keep(received_at, snapshots.url(symbol), answer)
                    with understood("binance_book", str(answer)):
                        capture.restart(symbol, answer, at, number)
                    if capture.wants(symbol):
                        asked.ask(symbol)
                if (named := _symbol(message)) and capture.wants(named):
                    asked.ask(named)
                if at >= handed_on_at + _FLUSH_US:
                    handed_on_at = at
                    for batch in capture.rows.taken():
                        yield batch
            if connection.lost_at:
                capture.lose(microseconds(connection.lost_at), connection.reason)
        except FeedError:
            for batch in capture.rest():
                yield batch
            raise
        finally:
            asked.cancel()
        for batch in capture.rows.taken():
            yield batch
    for batch in capture.rest():
        yield batch


def _is_farewell(message: Json) -> bool:
    return not isinstance(message, _Depth) and _event(message).get("e") == "serverShutdown"


def _symbol(message: Json) -> str | None:
    """Return whose book or trade a frame tells of."""
    return message.s if isinstance(message, _Depth) else _event(message).get("s")


def _event(message: Json) -> Json:
    """Return what a frame tells, with a stream's name around it or without."""
    return message.get("data", message)


class _Depth(msgspec.Struct, gc=False):
    """Changes of a book; numbers are written as texts, which the decoder reads at once."""

    E: int
    s: str
    U: int
    u: int
    b: list[tuple[float, float]]
    a: list[tuple[float, float]]
    pu: int | None = None
    ps: str | None = None


class _Frame(msgspec.Struct, gc=False):
    data: _Depth


_DECODER = msgspec.json.Decoder(_Frame, strict=False)
_IS_DEPTH = re.compile(r'.{0,60}"data": ?\{"e": ?"depthUpdate"')


class Frames(Capture):
    """The books of one stream and the rows that they bring, frame by frame."""

    def __init__(self, names: Mapping[str, str] = MappingProxyType({})) -> None:
        super().__init__()
        self._pairs = dict(names)
        self._traded: dict[tuple[Place, bool], int] = {}  # the newest trade
        self._apart: deque[tuple[int, str, Json]] = deque()  # snapshots of a file of their own

    def told(self, said: Heard, file: File, number: int) -> None:
        """Take what a line holds; a connection is told by the ids of what comes over it."""
        at = said.at
        if b"exchangeInfo" in said.url:
            self._pairs |= {
                each["symbol"]: f"{each['baseAsset']}-{each['quoteAsset']}"
                for each in msgspec.json.decode(said.text)["symbols"]
            }
        elif asked := re.search(rb"/depth\?symbol=([^&]+)", said.url):
            symbol, answer = unquote(asked[1].decode()), msgspec.json.decode(said.text)
            if ".http." in file.name:
                self._apart.append((at, symbol, answer))
            else:
                self.restart(symbol, answer, at, number)
        elif said.url and said.text:
            self.answered(said.url.decode(), said.text)
        elif said.text and not _STREAM.match(said.text):
            while self._apart and self._apart[0][0] <= at:
                since, symbol_of, body = self._apart.popleft()
                self.restart(symbol_of, body, since, number)
            self.take(self.parsed(said.text.decode()), at, number)

    def parsed(self, text: str) -> Json:
        """Return a message as its JSON says it; changes of books, which are most, as such."""
        if _IS_DEPTH.match(text):
            return _DECODER.decode(text).data
        return super().parsed(text)

    def wants(self, symbol: str) -> bool:
        """Say whether a spot book is followed, and waits for a snapshot."""
        book = self.books.get(("binance", self._pairs.get(symbol, "")))
        return book is not None and book.state != "synced"

    def take(self, message: Json, at: int, number: int) -> None:
        """Take one frame of a stream, or the answer that is a snapshot."""
        if isinstance(message, _Depth):
            self._update(message, at, number)
            return
        event = _event(message)
        kind = event.get("e")
        if kind == "depthUpdate":
            self._update(msgspec.convert(event, _Depth, strict=False), at, number)
        elif kind in ("trade", "aggTrade"):
            self._trade(event, at, number)
        elif "lastUpdateId" in event and event is message:
            pairs = [pair for _, pair in self.books]
            if len(pairs) != 1:
                raise ValueError("a snapshot names no symbol, and the capture holds not just one")
            self.restart(pairs[0].replace("-", ""), event, at, number)
        elif kind not in _PASSED and not event.keys() >= {"u", "s", "B"} and "result" not in event:
            raise ValueError(f"an event that it does not know, {kind}")

    def restart(self, symbol: str, answer: Json, at: int, number: int) -> None:
        """Take a snapshot; that of futures has an event time."""
        venue, exchange_at = ("binance_usdm" if "E" in answer else "binance"), answer.get("E")
        sides = [answer["bids"], answer["asks"]]
        levels = _levels(*msgspec.convert(sides, list[list[tuple[float, float]]], strict=False))
        last = answer["lastUpdateId"]
        at_us = None if exchange_at is None else _from(exchange_at)
        place = (venue, self.pair(symbol))
        self.applied(
            place, self.books[place].restart(Message(last, last, levels, at, at_us)), number
        )

    def _update(self, event: _Depth, at: int, number: int) -> None:
        if event.ps is not None:
            raise ValueError("a book of coin-margined futures")
        place = ("binance" if event.pu is None else "binance_usdm", self.pair(event.s))
        levels = _levels(event.b, event.a)
        message = Message(event.U, event.u, levels, at, _from(event.E), event.pu)
        self.applied(place, self.books[place].apply(message), number)

    def _trade(self, event: Json, at: int, number: int) -> None:
        is_aggregate = event["e"] == "aggTrade"
        if is_aggregate and event["f"] == -1:
            return  # an aggregate that was taken back
        if event.get("X", "MARKET") != "MARKET":
            raise ValueError(f"a trade of a kind that it does not know, {event['X']}")
        place = ("binance" if "M" in event else "binance_usdm", self.pair(event["s"]))
        trade_id = event["a" if is_aggregate else "t"]
        if trade_id <= self._traded.get((place, is_aggregate), -1):
            return  # the connection before this one told it
        sound(trade_id, traded_at := _from(event["T"]))
        self._traded[place, is_aggregate] = trade_id
        self.rows.trades.append(
            (
                *place,
                trade_id,
                is_aggregate,
                traded_at,
                float(event["p"]),
                float(event["q"]),
                {True: -1, False: 1}[event["m"]],  # the buyer was there already, so the seller came
                at,
                number * PLACES,
            )
        )

    def pair(self, symbol: str) -> str:
        """Return BASE-QUOTE of a symbol, as the exchange says or by a quote asset that we know."""
        if symbol not in self._pairs:
            self._pairs[symbol] = cut(symbol, BINANCE)
        return self._pairs[symbol]


def _levels(bids: list[tuple[float, float]], asks: list[tuple[float, float]]) -> list[Level]:
    levels = [(1, price, size) for price, size in bids]
    return levels + [(-1, price, size) for price, size in asks]


def _from(moment: int) -> int:
    """Return microseconds of a moment that may be in milliseconds."""
    return moment * 1000 if moment < 10**14 else moment
