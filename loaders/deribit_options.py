"""Deribit's options: trades by day, the chain as it is now, and both as they come; no key.

Source: https://docs.deribit.com: public methods of www.deribit.com, for past trades of
    history.deribit.com, and the 100 ms channels; answers saved as http_get_*.json, messages as
    ws_*.json, and captures as cryptofeed records them.
Limits: 1,000 trades a page, 32 connections an address; get_instruments five times at once, then
    every 10 s; keyless rates are unpublished, and so is how far the archive is behind, so a day
    is asked for an hour after its end; raw channels want a key.
Quirks: known_at of a trade is its match, when raw channels tell it, in every form alike: the
    100 ms channel and an answer after a gap tell the same trade later, as recorded_at says; of
    a quote and a chain it is when they came, of a contract its creation.
    A step's trades are those of its whole UTC day, and a day that runs has none: listen tells
    them. A step that holds now brings a snapshot instead: chain and open interest of each
    currency, named by their moment, so that none takes another back, and the contracts listed,
    by expiry, since the list forgets them with it.
    Open interest is that of the moment, here of the UTC day before: ask soon after midnight, for
    expired contracts are gone at 08:00; listen tells it with its first snapshot of a day.
    has_more can't be trusted; ids are unique within a currency; trades of futures and combos
    are passed over, for a combo's legs are trades themselves; volatilities are percent; a
    bid, ask, last price or volatility of 0 means none; a saved answer may be the test network's:
    its rows are set aside, as of no contract.
"""

import asyncio
import json
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Hashable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from io import BytesIO
from itertools import groupby

from leadline import clock
from leadline.clock import BEGINNING
from leadline.errors import FeedError
from leadline.feed import (
    Batch,
    Extract,
    Feed,
    File,
    Files,
    Http,
    Json,
    Row,
    Socket,
    Span,
    from_ms,
    to_ms,
    understood,
)
from loaders import _deribit as deribit
from loaders._deribit import API, CURRENCIES, NAME
from loaders._deribit_pages import METHOD, Pages
from loaders._deribit_stream import HEARTBEAT, SUBSCRIBE, TEST, Stream

FEED = Feed(
    writes=(
        "feed_gaps", "contracts", "open_interest", "option_chains", "option_quotes",
        "option_trades",
    ),
    files=(
        "http_get_last_trades*.json", "http_get_instruments*.json",
        "http_get_book_summary*.json", "ws_trades*.json", "ws_ticker*.json", "DERIBIT[.-]*",
    ),
    parts=2,
    schedule="10 1 * * *",
    zone="UTC",
    socket="wss://www.deribit.com/ws/api/v2",
)  # fmt: skip
HISTORY = "https://history.deribit.com/api/v2/public"
SETTLED = timedelta(hours=1)  # after the end of a day; a guess

_MICROSECOND = timedelta(microseconds=1)
_LINE = re.compile(
    rb"(?:https?://\S+ -> )?(?P<at>\d+(?:\.\d+)?): (?P<said>[\[{].*)"
    rb"|configuration: .*|\S+ <-> .*|\S+ <- .*|"
)
_PASSED = {
    "block_rfq", "book", "chart", "deribit_price_index", "deribit_volatility_index",
    "incremental_ticker", "instrument", "markprice", "platform_state", "quote",
}  # fmt: skip


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield every trade of a day that is over, or the chain as it is now, currency by currency."""
    now = clock.now()
    for currency in CURRENCIES:
        if span.until + SETTLED <= now:
            yield from past(currency, span, http)
        elif span.since <= now < span.until:
            yield from snapshot(currency, http)
            yield from listed(currency, http)


def past(currency: str, span: Span, http: Http) -> Iterator[Batch]:
    """Yield the trades of a span, page by page, oldest first."""
    pages = Pages(currency, to_ms(span.since), to_ms(span.until))
    while query := pages.query:
        answer = http.json(f"{HISTORY}/{METHOD}", **query)
        with understood(NAME, str(answer)):
            page = deribit.result(NAME, answer)["trades"]
            rows = deribit.trades(NAME, pages.take(page))
        yield "option_trades", rows


def snapshot(currency: str, http: Http) -> Iterator[Batch]:
    """Yield the chain of a currency and its open interest; a later one is a load of its own."""
    url = f"{API}/get_book_summary_by_currency"
    file, now = answered(url, currency, http)
    file.name = f"{currency}_{now:%Y%m%d_%H%M%S%f}"
    answer = file.json()
    with understood(NAME, str(answer)):
        said = deribit.result(NAME, answer)
        chain, interest = deribit.chain(NAME, said, now), deribit.interest(said, now)
    yield "open_interest", Extract(file, interest)
    yield "option_chains", Extract(file, chain)


def listed(currency: str, http: Http) -> Iterator[Batch]:
    """Yield the contracts that are listed now; each expiry is a load of its own."""
    file, _ = answered(f"{API}/get_instruments", currency, http)
    answer = file.json()
    with understood(NAME, str(answer)):
        found = deribit.contracts(deribit.result(NAME, answer))
    found.sort(key=lambda row: (row["expiration"], row["contract"]))
    for expiration, group in groupby(found, key=lambda row: row["expiration"]):
        rows = list(group)
        # What is told of a contract changes all day long; a load covers what we keep of it.
        body = json.dumps(rows, default=str).encode()
        name = f"{currency}_contracts_{expiration:%Y%m%d}"
        yield "contracts", Extract(File(name, file.origin, partial(BytesIO, body)), rows)


def answered(url: str, currency: str, http: Http) -> tuple[File, datetime]:
    """Return an answer about a currency's options, and when it came."""
    download = http.download(url, currency=currency, kind="option")
    if download is None:
        raise FeedError(f"{NAME}: {url} is not there any more; mend the loader")
    return File.of(download), clock.now()


def read(files: Files) -> Iterator[Batch]:
    """Yield what each file holds: one answer or message, or a capture of many."""
    for file in files:
        told: dict[str, list[Row]] = defaultdict(list)
        places: Counter[tuple[str, datetime]] = Counter()
        for number, at, where, text in lines(file):
            with understood(where, text, "mend the file or the loader"):
                message = json.loads(text, parse_float=Decimal)
                is_market = not message.pop("testnet", False)
                for dataset, rows in said(where, message, at):
                    if dataset == "option_quotes":
                        rows = [numbered(row, number, places) for row in rows]
                    told[dataset] += rows if is_market else [{**r, "contract": None} for r in rows]
        for dataset in FEED.writes:
            if told[dataset]:
                yield dataset, Extract(file, told[dataset])


def lines(file: File) -> Iterator[tuple[int, datetime | None, str, bytes]]:
    """Yield each message of a file: its line, when it came if that is told, its place, itself."""
    if not file.name.rpartition("/")[2].startswith("DERIBIT"):
        yield 1, None, file.origin, file.bytes()
        return
    for number, line in enumerate(file.bytes().split(b"\n"), start=1):
        where = f"{file.origin}:{number}"
        found = _LINE.fullmatch(line.rstrip(b"\r"))
        if found is None:
            start = line[:60].decode(errors="replace")
            raise FeedError(f"{where}: no line of a recorder: '{start}'; mend the file")
        if found["said"]:
            seconds = Decimal(found["at"].decode())
            yield number, BEGINNING + int(seconds * 1_000_000) * _MICROSECOND, where, found["said"]


def said(where: str, message: Json, at: datetime | None) -> Iterator[tuple[str, list[Row]]]:
    """Yield the rows of one message, by dataset; what is no trade, quote or list has none."""
    if "params" in message:
        channel, data = message["params"].get("channel", ""), message["params"].get("data")
        kind = channel.partition(".")[0]
        if kind == "trades":
            yield "option_trades", deribit.trades(where, data)
        elif kind == "ticker":
            yield "option_quotes", deribit.quotes(data, at)
        elif kind not in _PASSED and message["method"] != "heartbeat":
            raise ValueError(f"a channel that it does not know, {channel}")
        return
    result = deribit.result(where, message)
    if isinstance(result, dict) and "trades" in result:
        yield "option_trades", deribit.trades(where, result["trades"])
    elif isinstance(result, list) and any("instrument_name" in each for each in result):
        if "kind" in result[0]:
            yield "contracts", deribit.contracts(result)
            return
        now = at or from_ms(message["usOut"] // 1_000)
        yield "open_interest", deribit.interest(result, now)
        yield "option_chains", deribit.chain(where, result, now)
    elif isinstance(result, dict) and "version" not in result:
        raise ValueError("an answer to a question that it does not know")


def numbered(row: Row, line: int, places: Counter[tuple[str, datetime]]) -> Row:
    """Return a quote with its place among those of its contract and moment."""
    key = (row["contract"], row["known_at"])
    places[key] += 1
    return {**row, "place": places[key], "sequence": line}


async def listen(socket: Socket, *, look_every_s: float = 300) -> AsyncIterator[Batch]:
    """Yield trades as they come, those that did not come, and now and then the chain.

    What is missing after a lost connection or of a contract's numbers is asked for over HTTP,
    while messages go on being received; what can't be had is a row of feed_gaps.
    """
    stream = Stream(look_every_s)
    async for connection in socket:
        asked: dict[Hashable, asyncio.Task[list[Batch]]] = {}
        try:
            await connection.send(HEARTBEAT)
            await connection.send(SUBSCRIBE)
            async for received_at, text in connection:
                with understood(NAME, text):
                    message = json.loads(text, parse_float=Decimal)
                    batches = stream.take(message, received_at)
                if message.get("params", {}).get("type") == "test_request":
                    await connection.send(TEST)
                for key, ask in stream.asks().items():
                    if key not in asked:
                        asked[key] = asyncio.create_task(ask(connection))
                for batch in [*batches, *answers(asked)]:
                    yield batch
                for task in asked.values():
                    if task.done():
                        task.result()  # an error, since it was not taken
            for batch in answers(asked):
                yield batch
        except FeedError as error:
            if error.exit_code != 3:
                for batch in [*answers(asked), *stream.rest()]:
                    yield batch
                raise
            await connection.give_up(str(error))
        finally:
            for task in asked.values():
                task.cancel()
        if connection.lost_at:
            stream.lose()
    for batch in stream.rest():
        yield batch


def answers(asked: dict[Hashable, asyncio.Task[list[Batch]]]) -> list[Batch]:
    """Take the questions out that are answered, and return what they brought."""
    done = [key for key, task in asked.items() if task.done() and not task.exception()]
    return [(name, rows) for key in done for name, rows in asked.pop(key).result() if rows]
