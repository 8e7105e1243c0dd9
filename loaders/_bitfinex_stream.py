"""What Bitfinex's socket says, connection after connection: books and trades, proven or a gap.

Every message of a connection has the number after the one before, so one that is missing is seen
at the next. Why a connection is of no more use is in `over`, and ends it where one listens.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from leadline.book import Gap
from leadline.errors import FeedError
from leadline.feed import Json, meaning
from loaders._bitfinex import NAME, VENUE, decoded, pair_of, symbol_of
from loaders._bitfinex_books import Kept, KeptLevels, KeptOrders
from loaders._bitfinex_trades import Trades
from loaders._books import Place
from loaders._levels import Levels

CHANNELS = 25  # of a connection
TIMES, NUMBERS, CHECKSUMS = 32_768, 65_536, 131_072  # flags of what each message brings
FLAGS = TIMES + NUMBERS + CHECKSUMS

_PRECISIONS: dict[str, type[KeptOrders | KeptLevels]] = {"R0": KeptOrders, "P0": KeptLevels}
_PASSED = {"ticker", "candles", "status"}
_FIRST_MS = 10**12  # of two numbers at a message's end, what is greater is a moment
_RESTART, _MAINTENANCE, _RESUMED = "20051", "20060", "20061"
_PASSING = {"10300", "10400", "10401", "11010"}  # refusals of a moment, unless they name a symbol
_WHAT_NOW = {
    "10001": "correct the pairs that it asks for",
    "10300": "correct the pairs that it asks for",
    "10305": "ask for fewer pairs",
}


@dataclass
class Channel:
    """What one subscription brings; its number is that of its connection."""

    kind: str
    symbol: str
    pair: str
    asked: Json
    has_snapshot: bool = False
    is_left: bool = False


class Stream(Levels):
    """One listener's books and trades, which outlive its connections; a capture asks for none."""

    name = NAME

    def __init__(self, orders: Sequence[str] = (), levels: Sequence[str] = ()) -> None:
        super().__init__()
        self.places = [(VENUE, pair) for pair in (*orders, *levels)]
        self.kept: dict[str, Kept] = {}
        self.over = ""
        self._asked = (("R0", orders), ("P0", levels))
        self._flags = FLAGS if self.places else NUMBERS
        self._shapes: dict[str, tuple[str, int]] = {}
        self._trades = Trades()
        self._connect()

    def _connect(self) -> None:
        """Begin a connection, in which nothing of the one before holds."""
        self.over = ""
        self._is_paused = False  # under maintenance it wants to be asked nothing
        self._replies: list[Json] = []
        self._channels: dict[str, Channel] = {}
        self._last = 0
        self._heard_at = 0

    def greetings(self) -> Iterator[Json]:
        """Yield how to be told, and what of."""
        n_channels = 2 * len(self.places)
        if n_channels > CHANNELS:
            raise FeedError(
                f"{NAME}: {n_channels} channels, and Bitfinex has {CHANNELS} a connection; name at "
                f"most {CHANNELS // 2} pairs"
            )
        yield {"event": "conf", "flags": FLAGS}
        for precision, pairs in self._asked:
            for pair in pairs:
                asked = {"event": "subscribe", "symbol": symbol_of(pair)}
                book = {"channel": "book", "prec": precision, "freq": "F0", "len": "250"}
                yield asked | book
                yield asked | {"channel": "trades"}

    def renewals(self, place: Place) -> Iterable[Json]:
        """Return what ends the subscription of a book; that it has ended is answered by another."""
        for number, channel in self._channels.items():
            if (channel.kind, channel.pair) == ("book", place[1]):
                return [] if self._is_paused else self._leave(number)
        return ()

    def replies(self) -> Iterable[Json]:
        """Return what Bitfinex waits for; a connection that is over is a FeedError."""
        if self.over:
            raise FeedError(f"{NAME}: {self.over}; another connection is made", try_again=True)
        replies, self._replies = self._replies, []
        return replies

    def answered(self, url: str, body: bytes) -> None:
        """Pass over the lists of pairs: each subscription names its own."""
        if "/v2/conf/" not in url:
            super().answered(url, body)

    def parsed(self, text: str) -> Json:
        """Return a message with its numbers as texts."""
        return decoded(text)

    def lose(self, at: int, reason: str = "disconnect") -> None:
        """Take the connection for lost; in the next one nothing of it holds."""
        self._break(at, reason)
        self._connect()

    def _break(self, at: int, reason: str, found: int | None = None) -> None:
        """Take every book, and what trades there are from now on, for lost."""
        gap = Gap(self._heard_at, at, reason, self._last + 1, found)
        gap.ended_at = None if found is None else at  # the connection itself goes on
        for book in self.books.values():
            book.fail(reason, at, since=self._heard_at, expected=gap.expected, found=found)
        heard = [each for each in self._channels.values() if each.has_snapshot]
        self._trades.lose([each.pair for each in heard if each.kind == "trades"], gap)

    def take(self, message: Json, at: int, number: int) -> None:
        """Take one message, whose numbers are texts."""
        if isinstance(message, dict):
            self._event(message, at)
            return
        channel_id, said, *more = message
        if channel_id not in self._channels:
            raise ValueError(f"a channel that nobody subscribed to, {channel_id}")
        channel = self._channels[channel_id]
        told = more[1:] if isinstance(said, str) and said != "hb" else more
        sequence, exchange_at = _numbers(told)
        if sequence != self._last + 1:
            self.over = f"message {sequence} came where {self._last + 1} was due"
            self._break(at, "gap", sequence)
        self._last, self._heard_at = sequence, at
        if said == "hb" or channel.kind in _PASSED:
            return
        if channel.kind == "trades":
            self._trade(channel, said, more, at, number)
        elif said == "cs":
            self._prove(channel, int(more[0]), at)
        elif isinstance(said, str):
            raise ValueError(f"a message that it does not know, {said}")
        else:
            self._book(channel, said, sequence, exchange_at, at, number)

    def _book(
        self,
        channel: Channel,
        said: Json,
        sequence: int,
        exchange_at: int | None,
        at: int,
        number: int,
    ) -> None:
        is_snapshot, is_many = not channel.has_snapshot, not said or isinstance(said[0], list)
        if is_snapshot and not is_many:
            raise ValueError("a book that begins without its snapshot")
        channel.has_snapshot = True
        entries = said if is_many else [said]
        taken = self.kept[channel.pair].take(entries, sequence, at, exchange_at, is_snapshot)
        self.applied((VENUE, channel.pair), taken, number)

    def _prove(self, channel: Channel, said: int, at: int) -> None:
        kept = self.kept[channel.pair]
        if channel.is_left or kept.prove(said, at):
            return
        if kept.is_doubted:
            self.over = f"two checksums of {channel.symbol} in a row are others"
        kept.is_doubted = True

    def _trade(self, channel: Channel, said: Json, more: Json, at: int, number: int) -> None:
        if isinstance(said, list):
            channel.has_snapshot = True
            self.rows.trades += self._trades.begin(channel.pair, said, at, number)
            while self._trades.ended:
                pair, gap = self._trades.ended.popleft()
                self.rows.add_gap((VENUE, pair), gap, "trades")
        elif said in ("te", "tu"):
            self.rows.trades += self._trades.take(channel.pair, more[0], at, number)
        else:
            raise ValueError(f"a message that it does not know, {said}")

    def _event(self, said: Json, at: int) -> None:
        event = said["event"]
        if event == "info":
            self._info(said, at)
        elif event == "conf":
            flags = int(said["flags"])
            if said["status"] != "OK" or flags & self._flags != self._flags:
                raise ValueError(f"flags {flags} where {self._flags} are needed")
        elif event == "subscribed":
            self._subscribed(said)
        elif event == "unsubscribed":
            self._unsubscribed(said, at)
        elif event == "error":
            self._refused(said)
        elif event != "pong":
            raise ValueError(f"an event that it does not know, {event}")

    def _info(self, said: Json, at: int) -> None:
        if "code" not in said:
            if said["version"] != "2":
                raise ValueError(f"version {said['version']} of a protocol known as version 2")
            if said["platform"]["status"] != "1":
                self.over = "the source is under maintenance"
        elif said["code"] == _RESTART:
            self.over = "the source restarts"
        elif said["code"] in (_MAINTENANCE, _RESUMED):
            self._break(at, "maintenance")
            self._is_paused = said["code"] == _MAINTENANCE
            if said["code"] == _RESUMED:
                self._replies += [
                    command for each in self._channels for command in self._leave(each)
                ]
        else:
            raise ValueError(f"an info that it does not know, {said['code']}")

    def _subscribed(self, said: Json) -> None:
        kind, symbol = said["channel"], said.get("symbol", "")
        asked = {"event": "subscribe", "channel": kind, "symbol": symbol}
        if kind in _PASSED or symbol.startswith("f"):  # of funding, which trades no pair
            self._channels[said["chanId"]] = Channel("ticker", symbol, "", asked)
            return
        if kind not in ("book", "trades"):
            raise ValueError(f"a channel that it does not know, {kind}")
        pair = pair_of(symbol)
        if any((each.kind, each.pair) == (kind, pair) for each in self._channels.values()):
            raise ValueError(f"a second channel of {kind} of {symbol}")
        if kind == "book":
            asked |= {"prec": said["prec"], "freq": said["freq"], "len": said["len"]}
            shape = said["prec"], int(said["len"])
            if self._shapes.setdefault(pair, shape) != shape:
                raise ValueError(f"a book of {symbol} of another kind than before")
            if pair not in self.kept:
                self.kept[pair] = meaning(f"{NAME}: prec", _PRECISIONS, shape[0])(shape[1])
                self.books[VENUE, pair] = self.kept[pair].book
        self._channels[said["chanId"]] = Channel(kind, symbol, pair, asked)

    def _unsubscribed(self, said: Json, at: int) -> None:
        channel = self._channels.pop(said["chanId"])
        if channel.kind == "book" and channel.has_snapshot:
            self.books[VENUE, channel.pair].fail("disconnect", at, since=self._heard_at)
        self._replies += [channel.asked] if channel.is_left else []

    def _refused(self, said: Json) -> None:
        code, why = said["code"], said.get("msg", "")
        what = f"Bitfinex answers {code} '{why}' to {said.get('symbol', 'what was sent')}"
        if code in _PASSING and "invalid" not in why:
            self.over = what
            return
        raise FeedError(f"{NAME}: {what}; {_WHAT_NOW.get(code, 'mend the loader')}")

    def _leave(self, channel_id: str) -> list[Json]:
        """Return what ends a subscription, once."""
        channel = self._channels[channel_id]
        if channel.is_left:
            return []
        channel.is_left = True
        return [{"event": "unsubscribe", "chanId": int(channel_id)}]

    def tell_lasting_gaps(self) -> None:
        """Tell each gap that lasts, once."""
        super().tell_lasting_gaps()
        for pair, gap in self._trades.lasting():
            self.rows.add_gap((VENUE, pair), gap, "trades")


def _numbers(told: Sequence[Json]) -> tuple[int, int | None]:
    """Return a message's number and moment, which end it; more may come to stand there."""
    found = [int(each) for each in told if isinstance(each, str) and each.isdigit()]
    numbers = [each for each in found if each < _FIRST_MS]
    if not numbers:
        raise ValueError(f"no number of the message, which flag {NUMBERS} brings")
    moments = [each * 1_000 for each in found if each >= _FIRST_MS]
    return numbers[0], moments[0] if moments else None
