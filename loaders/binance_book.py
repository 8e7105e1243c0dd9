"""Binance order books and trades, spot and USD-M futures: captured frames, and live ones.

Source: the public streams of data-stream.binance.vision and the snapshots of
    data-api.binance.vision, of PAIRS, no key; captures of both, as hftbacktest and cryptofeed
    record them.
Limits: a snapshot weighs 250 of 6,000 a minute, and 429 and then 418 follow; a connection lives
    for 24 hours; trades of the time between two are in binance_dumps next morning.
Quirks: known_at is when a row was received; a recorder's clock may run behind Binance's, so a
    difference of the two is no latency; ids of futures have holes, and pu names the message
    before; a snapshot names no symbol where a capture holds one only; held messages are known
    when the snapshot comes; trades are doubled by aggregates; bookTicker, kline and control
    frames are passed over; sequence is the line times a million, and the row's place in it.
"""

import asyncio
import json
import re
from collections import deque
from collections.abc import AsyncIterator, Iterator

from leadline.book import Level, Message
from leadline.errors import FeedError
from leadline.feed import Batch, Feed, File, Files, Json, Socket, understood
from leadline.tape import PLACES
from loaders._capture import Capture, Heard, captured, microseconds
from loaders._pairs import BINANCE, cut

PAIRS = ("BTC-USDT", "ETH-USDT")
STREAMS = "wss://data-stream.binance.vision/stream?streams=" + "/".join(
    f"{pair.replace('-', '').lower()}@{channel}"
    for pair in PAIRS
    for channel in ("depth@100ms", "trade")
)
SNAPSHOT = "https://data-api.binance.vision/api/v3/depth"
FEED = Feed(
    writes=("feed_gaps", "book_updates", "book_tops", "crypto_trades"),
    # What ends in usd is mostly another venue's. Binance's own in busd, fdusd and tusd look the
    # same: name such a file, rather than its folder.
    files=("BINANCE.*", "BINANCE-*", "BINANCE_FUTURES.*", "[a-z]*[!d]_20??????"),
    parts=2,
    socket=STREAMS,
    silence_s=5,  # books of these pairs change ten times a second
)
_PASSED = {"bookTicker", "kline", "serverShutdown"}
_STREAM = re.compile(rb'.{0,12}"stream": ?"[^"]*@(?:bookTicker|kline)')
_FLUSH_US = 1_000_000  # how much is received before it is handed on


def read(files: Files) -> Iterator[Batch]:
    """Yield each capture; its books go on in the next file of the same stream."""
    # A recorder's files of one day belong together; hftbacktest has a file a day.
    stream = re.compile(r"_\d{8}$|(?<=BINANCE)\..*|(?<=BINANCE_FUTURES)\..*")
    return captured(files, Frames, lambda name: stream.sub("", name))


async def listen(socket: Socket) -> AsyncIterator[Batch]:
    """Yield books and trades of STREAMS, about once a second; a lost connection is a gap.

    A snapshot is asked for as soon as a book needs one, while its messages are held.
    """
    capture, number = Frames(), 0
    async for connection in socket:
        asked: dict[str, asyncio.Task[Json]] = {}
        handed_on_at = 0
        try:
            async for received_at, text in connection:
                number, at = number + 1, microseconds(received_at)
                with understood("binance_book", text):
                    message = json.loads(text)
                    capture.take(message, at, number)
                if _is_farewell(message):
                    await connection.give_up("the source is shutting down")
                    break
                for (_, pair), book in list(capture.books.items()):
                    symbol = pair.replace("-", "")
                    if symbol in asked and asked[symbol].done():
                        answer = asked.pop(symbol).result()
                        with understood("binance_book", str(answer)):
                            capture.restart(symbol, answer, at, number)
                    if symbol not in asked and book.state != "synced":
                        question = connection.ask(SNAPSHOT, symbol=symbol, limit=5_000)
                        asked[symbol] = asyncio.create_task(question)
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
            for task in asked.values():
                task.cancel()
        for batch in capture.rows.taken():
            yield batch
    for batch in capture.rest():
        yield batch


def _is_farewell(message: Json) -> bool:
    return bool(message.get("data", message).get("e") == "serverShutdown")


class Frames(Capture):
    """The books of one stream and the rows that they bring, frame by frame."""

    def __init__(self) -> None:
        super().__init__()
        self._pairs: dict[str, str] = {}
        self._apart: deque[tuple[int, str, Json]] = deque()  # snapshots of a file of their own

    def told(self, said: Heard, file: File, number: int) -> None:
        """Take what a line holds; a connection is told by the ids of what comes over it."""
        at = said.at
        if b"exchangeInfo" in said.url:
            self._pairs |= {
                each["symbol"]: f"{each['baseAsset']}-{each['quoteAsset']}"
                for each in json.loads(said.text)["symbols"]
            }
        elif symbol := re.search(rb"/depth\?symbol=(\w+)", said.url):
            if ".http." in file.name:
                self._apart.append((at, symbol[1].decode(), json.loads(said.text)))
            else:
                self.restart(symbol[1].decode(), json.loads(said.text), at, number)
        elif said.url and said.text:
            self.answered(said.url.decode(), said.text)
        elif said.text and not _STREAM.match(said.text):
            while self._apart and self._apart[0][0] <= at:
                since, symbol_of, body = self._apart.popleft()
                self.restart(symbol_of, body, since, number)
            self.take(json.loads(said.text), at, number)

    def take(self, message: Json, at: int, number: int) -> None:
        """Take one frame of a stream, or the answer that is a snapshot."""
        event = message.get("data", message)
        kind = event.get("e")
        if kind == "depthUpdate":
            self._update(event, at, number)
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
        levels = _levels(answer["bids"], answer["asks"])
        last = answer["lastUpdateId"]
        at_us = None if exchange_at is None else _from(exchange_at)
        place = (venue, self.pair(symbol))
        self.applied(
            place, self.books[place].restart(Message(last, last, levels, at, at_us)), number
        )

    def _update(self, event: Json, at: int, number: int) -> None:
        if "ps" in event:
            raise ValueError("a book of coin-margined futures")
        place = ("binance_usdm" if "pu" in event else "binance", self.pair(event["s"]))
        message = Message(
            event["U"], event["u"], _levels(event["b"], event["a"]), at, _from(event["E"]),
            event.get("pu"),
        )  # fmt: skip
        self.applied(place, self.books[place].apply(message), number)

    def _trade(self, event: Json, at: int, number: int) -> None:
        is_aggregate = event["e"] == "aggTrade"
        if is_aggregate and event["f"] == -1:
            return  # an aggregate that was taken back
        if event.get("X", "MARKET") != "MARKET":
            raise ValueError(f"a trade of a kind that it does not know, {event['X']}")
        self.rows.trades.append(
            (
                "binance" if "M" in event else "binance_usdm",
                self.pair(event["s"]),
                event["a" if is_aggregate else "t"],
                is_aggregate,
                _from(event["T"]),
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


def _levels(bids: Json, asks: Json) -> list[Level]:
    levels = [(1, float(price), float(size)) for price, size in bids]
    return levels + [(-1, float(price), float(size)) for price, size in asks]


def _from(moment: int) -> int:
    """Return microseconds of a moment that may be in milliseconds."""
    return moment * 1000 if moment < 10**14 else moment
