"""Bitfinex order books, to the order or by level, and trades: captures, history, and as they come.

Source: https://docs.bitfinex.com: the public socket of api-pub.bitfinex.com, no key, and its past
    trades; captures as cryptofeed records them.
Limits: 25 channels a connection, two for each pair, so that 12 pairs share one; 15 connections
    a minute, and for past trades 15 questions, of 10,000 trades each; a book is 250 orders or
    levels of each side, and what lies behind is unknown.
Quirks: known_at of a book or a trade is when it was received, of a past trade or one of a
    subscription's first answer when it was traded; a recorder's clock may run behind Bitfinex's;
    update_id is the number of the message in its connection, an epoch its snapshot's moment; that
    an order is gone does not say whether it was filled; an order beyond the window goes, and
    comes back without being new; a level's price has five digits, so that of a dear coin the best
    prices are rounded; UST is USDT, and so on; a trade comes as te and again as tu; te may come out
    of order; ids of trades have holes, for all pairs share them; tickers and funding are passed
    over; sequence is the line times a million, and the row's place in it.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import cast

from leadline.errors import FeedError
from leadline.feed import (
    Batch,
    Feed,
    Files,
    Http,
    Json,
    Line,
    Row,
    Socket,
    Span,
    from_ms,
    to_ms,
    understood,
)
from loaders._bitfinex import NAME, VENUE, pair_of, symbol_of
from loaders._bitfinex_stream import CHANNELS, Stream
from loaders._capture import captured, without_part
from loaders._levels import PATIENCE_S, listened
from loaders._pairs import chosen

PAIRS = ("BTC-USD", "ETH-USD")  # to the order
LEVELS = (
    "BTC-USDT", "ETH-USDT", "ETH-BTC", "SOL-USD", "XRP-USD", "LTC-USD", "XRP-USDT", "SOL-USDT",
    "ADA-USD", "DOT-USD",
)  # fmt: skip
FEED = Feed(
    writes=("feed_gaps", "book_updates", "book_tops", "crypto_trades"),
    files=("BITFINEX[.-]*", "bitfinex_book.*"),
    parts=2,
    per_second=0.25,
    schedule="40 0 * * *",
    zone="UTC",
    socket="wss://api-pub.bitfinex.com/ws/2",
    silence_s=30,  # a channel says at least every 15 s that it is there
    connects=(11, 4),  # 15 a minute are its limit
)
LISTED = "https://api-pub.bitfinex.com/v2/conf/pub:list:pair:exchange"
HISTORY = "https://api-pub.bitfinex.com/v2/trades"
PAGE = 10_000


def read(files: Files) -> Iterator[Batch]:
    """Yield each capture; its books go on in the next file of the same stream."""
    return captured(files, Stream, without_part)


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the trades of a span, pair by pair and page by page, oldest first."""
    for pair in (*PAIRS, *LEVELS):
        since, until = to_ms(span.since), to_ms(span.until)
        known: set[int] = set()
        while since < until:
            page = http.json(
                f"{HISTORY}/{symbol_of(pair)}/hist",
                start=since, end=until - 1, limit=PAGE, sort=1,
            )  # fmt: skip
            with understood(NAME, str(page)):
                if page[:1] == ["error"]:
                    raise ValueError(f"Bitfinex answers {page[1]} '{page[2]}'")
                told = [trade for trade in page if trade[0] not in known]
                rows = [_past(pair, trade) for trade in told]
                newest = max((trade[1] for trade in page), default=until)
            yield "crypto_trades", rows
            if len(page) < PAGE:
                break
            if newest == since:
                raise FeedError(f"{NAME}: {pair} has {PAGE:,} trades in a ms; mend the loader")
            # The next page begins with the last moment again, in case it was cut in two.
            since, known = newest, {trade[0] for trade in page if trade[1] == newest}


def _past(pair: str, trade: Json) -> Row:
    trade_id, traded_ms, amount, price = trade[:4]
    traded_at = from_ms(traded_ms)
    return {
        "venue": VENUE,
        "pair": pair,
        "trade_id": trade_id,
        "is_aggregate": False,
        "traded_at": traded_at,
        "known_at": traded_at,
        "sequence": trade_id,
        "price": float(price),
        "size": float(abs(amount)),
        "side": 1 if amount > 0 else -1,
    }


def lines(pairs: Sequence[str], http: Http) -> Iterator[Line]:
    """Yield the connections that pairs need, 12 each; those of PAIRS are kept to the order."""
    wanted = chosen(NAME, "Bitfinex", pairs, listed(http), PAIRS)
    n_pairs = CHANNELS // 2
    for since in range(0, len(wanted), n_pairs):
        own = wanted[since : since + n_pairs]
        orders = [pair for pair in own if pair in PAIRS]
        levels = [pair for pair in own if pair not in PAIRS]
        yield Line(cast(str, FEED.socket), {"orders": orders, "levels": levels})


def listed(http: Http) -> list[str]:
    """Return the pairs that are traded; those of paper are none."""
    answer = http.json(LISTED)
    with understood(NAME, str(answer)):
        pairs = {pair_of(f"t{symbol}"): f"t{symbol}" for symbol in answer[0]}
    return [
        pair for pair, symbol in pairs.items() if symbol_of(pair) == symbol and not _is_paper(pair)
    ]


def _is_paper(pair: str) -> bool:
    return any(part.startswith("TEST") for part in pair.split("-"))


def listen(
    socket: Socket,
    *,
    orders: Sequence[str] = PAIRS,
    levels: Sequence[str] = LEVELS,
    patience_s: float = PATIENCE_S,
) -> AsyncIterator[Batch]:
    """Yield books and trades of some pairs; a book that is contradicted is asked for anew."""
    return listened(socket, Stream(orders, levels), patience_s)
