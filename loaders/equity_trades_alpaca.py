"""Alpaca's prints and national best quotes of stocks, many stocks a question, and live.

Source: https://data.alpaca.markets, /v2/stocks/trades and /v2/stocks/quotes, and
    wss://stream.data.alpaca.markets/v2/sip, with the key and the secret of an account; of the
    whole tape (feed sip), since 2016.
Limits: 200 questions a minute on the free plan, 10,000 on a paid one; 10,000 rows a page over all
    stocks; the free plan has the tape up to 15 min ago (LEADLINE_ALPACA_DELAY_MIN, 16 if it says
    nothing) and live that of one exchange alone: take `listen` to v2/iex in a loader of your own,
    which asks for prints and never for quotes, as those are not the national best ones. One
    connection an account; nothing is pushed twice.
Quirks: there is one time, which is traded_at and known_at, and whose nanoseconds are the sequence;
    ids are unique to a stock, venue and day. Letters of conditions are the tapes' own, a blank is
    none. Who was told off exchange is not said. A print that was taken back is told as such in
    advance in an answer (`u`), and live by a later version of it (`canceled`, `incorrect`); the
    right one is `corrected`. A price of 0 is no quote on that side; sizes of quotes were round lots
    before 2025-11-03, and are shares since (unverified). A day is loaded by quarters of an hour,
    each once it is over, its night and its evening at once; a page may end inside a stock. What is
    lost live is a gap, which a load of its time brings.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from io import BytesIO
from itertools import pairwise, product

import pyarrow as pa

from leadline import clock
from leadline.clock import BEGINNING
from leadline.config import secrets
from leadline.errors import FeedError
from leadline.feed import Batch, Connection, Extract, Feed, File, Http, Socket, Span, understood
from loaders import _alpaca as alpaca
from loaders import _listening
from loaders._alpaca_prints import Line, prints, quotes
from loaders._alpaca_stream import WHOLE, Subscription, Tape
from loaders._new_york import midnight, sessions, touched
from loaders._parts import whole_ones
from loaders._symbols import FIRST, wanted

NAME = "equity_trades_alpaca"
FEED = Feed(
    writes=("feed_gaps", "equity_quotes", "equity_trades"),
    step=0,
    per_second=3,
    schedule="30 20 * * 1-5",
    socket="wss://stream.data.alpaca.markets/v2/sip",
)

ADDRESS = "https://data.alpaca.markets/v2/stocks"
PAGE = alpaca.PAGE
# What is loaded at once: the night before four, quarters of an hour, the evening from eight on.
EDGES = [timedelta(0), *(timedelta(minutes=n) for n in range(240, 1_201, 15)), timedelta(days=1)]
MICROSECOND = timedelta(microseconds=1)
KINDS: Mapping[str, tuple[str, Callable[[Sequence[Line]], pa.Table]]] = {
    "quotes": ("equity_quotes", quotes),
    "trades": ("equity_trades", prints),
}


def pull(span: Span, http: Http, now: Callable[[], datetime] = clock.now) -> Iterator[Batch]:
    """Yield quotes and prints of the quarters of an hour of a span that are over."""
    if span.since == BEGINNING:
        raise FeedError(f"{NAME}: all prints since 2016 are too many to begin with; say --since")
    return whole_ones("equity_trades", _pulled(span, http, now()))


def _pulled(span: Span, http: Http, at: datetime) -> Iterator[Batch]:
    alpaca.show_keys(http)
    over = at - alpaca.delay(NAME)
    for day in sessions(*touched(span, at)):
        for begin, end in pairwise(midnight(day) + each for each in EDGES):
            if begin < span.until and end > span.since and end <= over:
                for symbols, kind in product(alpaca.chunks(wanted(http)), KINDS):
                    yield from asked(kind, symbols, begin, end, http)


def asked(
    kind: str, symbols: Sequence[str], since: datetime, until: datetime, http: Http
) -> Iterator[Batch]:
    """Ask for what was told since one moment and before another, page by page."""
    dataset, rows = KINDS[kind]
    digest, lines = sha256(), list[Line]()
    url = f"{ADDRESS}/{kind}"
    for page in alpaca.pages(NAME, url, kind, symbols, since, until - MICROSECOND, http, PAGE):
        digest.update(json.dumps(page, default=str).encode())
        lines += page
    if lines:
        with understood(NAME, str(lines[0])):
            found = rows(lines)
        name = f"{kind}_{since:%Y%m%d_%H%M}_{alpaca.named(symbols)}"
        yield dataset, Extract(File(name, url, partial(BytesIO, digest.digest())), found)


def listen(socket: Socket) -> AsyncIterator[Batch]:
    """Yield prints and quotes of the stocks that are asked for; a loss is a gap."""
    key, secret = secrets("alpaca", "key_id", "secret")
    tape = Tape(NAME)

    def subscribe(connection: Connection) -> Subscription:
        symbols, venue = connection.symbols or FIRST, connection.path.rpartition("/")[2]
        asked = {"trades": symbols} | ({"quotes": symbols} if venue in WHOLE else {})
        tape.losses.venue, tape.losses.channels = venue, list(asked)
        return Subscription(NAME, connection, (key, secret), asked)

    return _listening.told(NAME, socket, subscribe, tape)
