"""Binance's history: daily and monthly dumps of trades, and of order books of USD-M futures.

Source: https://data.binance.vision, spot and USD-M trades and aggTrades, no key; the daily trades
    of PAIRS over the network, each checked against the sum beside it. Books (T_DEPTH, to be had
    by an account only) from files.
Limits: the files of a day come next morning, those of a month at the start of the next one; a day
    of bitcoin is tens of MB; spot has no books; bookTicker, bookDepth and klines fit no dataset,
    for book_tops needs the sizes of five levels.
Quirks: known_at is when it was traded or, of a book, Binance's time; spot files have no header
    and a column more than those of futures, by which the two are told apart, for their names are
    the same; moments are in ms, and spot's in us since 2025; ids of futures have holes, those of
    aggregates have none, so that a hole is in feed_gaps; aggregates of id -1 were taken back; a
    book's snapshot is not always followed by its updates, and pu names the message before;
    sequence is a trade's id, of a book the line times a million and the row's place in it.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import cast

import pyarrow as pa

from leadline.book import Message
from leadline.clock import days
from leadline.errors import FeedError
from leadline.feed import (
    Batch,
    Extract,
    Feed,
    File,
    Files,
    Http,
    Span,
    files,
    understood,
)
from loaders._book_lines import LineBooks, messages
from loaders._books import Place
from loaders._pairs import BINANCE, cut

ADDRESS = "https://data.binance.vision"
LISTING = "https://s3-ap-northeast-1.amazonaws.com/data.binance.vision"
# What is fetched of each market; "all" instead of pairs is all that are listed.
PAIRS: dict[str, tuple[str, ...] | str] = {
    "spot": ("BTC-USDT", "ETH-USDT"),
    "futures/um": ("BTC-USDT", "ETH-USDT"),
}
VENUES = {"spot": "binance", "futures/um": "binance_usdm"}
FEED = Feed(
    writes=("feed_gaps", "book_updates", "book_tops", "crypto_trades"),
    files=(
        "*-trades-????-??.csv", "*-trades-????-??-??.csv", "*-aggTrades-????-??.csv",
        "*-aggTrades-????-??-??.csv", "*depth[_-]snap.csv", "*depth[_-]update.csv",
    ),
    parts=6,  # futures/um/daily/trades/BTCUSDT/BTCUSDT-trades-2024-12-31.csv: spot's is named alike
    schedule="30 9 * * *",
    zone="UTC",
)  # fmt: skip

_NAME = re.compile(r"(?P<symbol>\w+)-(?P<kind>trades|aggTrades)-\d{4}-\d\d(-\d\d)?\.csv")
_LISTED = re.compile(r"<CommonPrefixes><Prefix>([^<]*)<|<Key>([^<]*)<")
_ID = "decimal(20, 2)"  # what is no whole number is set aside, instead of being rounded
_TRADE = f"""
id {_ID}, price double, qty double, quote_qty double, time {_ID}, is_buyer_maker boolean
"""
_AGGREGATE = f"""
agg_trade_id {_ID}, price double, quantity double, first_trade_id {_ID}, last_trade_id {_ID},
transact_time {_ID}, is_buyer_maker boolean
"""
_BEST = ", is_best_match boolean"
LAYOUTS: Mapping[tuple[str, int], tuple[str, str]] = {
    ("trades", 7): ("spot", _TRADE + _BEST),
    ("trades", 6): ("futures/um", _TRADE),
    ("aggTrades", 8): ("spot", _AGGREGATE + _BEST),
    ("aggTrades", 7): ("futures/um", _AGGREGATE),
}
TRADES = """
with timed as (
    select
        *,
        -- Milliseconds have 13 digits until the year 2286, microseconds 16.
        make_timestamptz(cast(case when {time} < 1e14 then {time} * 1000 else {time} end as bigint))
            as traded_at
    from lines
)

select
    '{venue}' as venue,
    '{pair}' as pair,
    {id} as trade_id,
    {is_aggregate} as is_aggregate,
    traded_at,
    traded_at as known_at,
    cast({id} as bigint) as sequence,
    price,
    {size} as size,
    case when is_buyer_maker then -1 when not is_buyer_maker then 1 end as side
from timed
where {kept}
"""
_OF = {
    "trades": {
        "id": "id", "size": "qty", "time": "time", "is_aggregate": "false", "kept": "true",
    },
    "aggTrades": {
        "id": "agg_trade_id", "size": "quantity", "time": "transact_time", "is_aggregate": "true",
        "kept": "first_trade_id is distinct from -1",
    },
}  # fmt: skip
HOLES = """
with numbered as (
    select
        try_cast(agg_trade_id as bigint) as id,
        lag(try_cast(agg_trade_id as bigint)) over () as last,
        try_cast(transact_time as bigint) as time,
        lag(try_cast(transact_time as bigint)) over () as last_time
    from lines
)

select
    '{venue}' as venue,
    '{pair}' as pair,
    'trades' as channel,
    make_timestamptz(case when last_time < 1e14 then last_time * 1000 else last_time end)
        as began_at,
    make_timestamptz(case when time < 1e14 then time * 1000 else time end) as ended_at,
    'gap' as reason,
    last + 1 as expected_id,
    id as found_id,
    0 as n_dropped,
    ended_at as known_at
from numbered
where id > last + 1
"""
KINDS = {"snap": True, "set": False}
SIDES = {"b": 1, "a": -1}
DEPTH = """
symbol text, timestamp bigint, first_update_id bigint, last_update_id bigint, side text,
update_type text, price double, qty double, pu bigint
"""
LEVELS = """
select
    symbol,
    last_update_id as message,
    update_type as kind,
    first_update_id as first,
    last_update_id as last,
    case when pu > 0 then pu end as previous,
    case when timestamp < 1e14 then timestamp * 1000 else timestamp end as at_us,
    at_us as exchange_us,
    side as book_side,
    price,
    qty as size
from lines
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each dump; a book's updates are read together with the snapshots beside them."""
    seen: dict[str, File] = {}
    for file in files[:]:
        name = file.name.rpartition("/")[2]
        file.name = _market(file, name) + name
        if file.name in seen:
            raise FeedError(
                f"{file.origin}: {seen[file.name].origin} has the same name; load one of them"
            )
        seen[file.name] = file
    books, newest = LineBooks(), dict[Place, int]()
    for file in files:
        if file.name.endswith("update.csv"):
            yield from _depth(books, newest, file, seen.get(_other(file.name)))
        elif not file.name.endswith("snap.csv"):
            yield from _dump(file)
        elif _other(file.name) not in seen:
            raise FeedError(
                f"{file.origin}: it has no updates; load it together with {_other(file.name)}"
            )


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the day's trades of every pair, checked against the sum beside them.

    What can't be had is told at the end, so that all the others are loaded.
    """
    unknown: list[str] = []
    for market, pairs in PAIRS.items():
        for symbol in symbols(http, market, pairs):
            folder = f"data/{market}/daily/trades/{symbol}/"
            try:
                cut(symbol, BINANCE)
                found = [_fetched(http, folder, symbol, day) for day in days(span)]
            except ValueError:
                unknown.append(folder)
                continue
            for file in filter(None, found):
                file.name = _market(file, file.name) + file.name
                yield from _dump(file)
            if not (any(found) or any(_listed(http, folder))):
                unknown.append(folder)
    if unknown:
        yield "feed_gaps", []  # so that the file before it is over
        raise FeedError(
            f"binance_dumps: {', '.join(unknown)} is no folder of the archive, or its pair has no "
            f"name here; mend PAIRS"
        )


def symbols(http: Http, market: str, pairs: tuple[str, ...] | str) -> list[str]:
    """Return what a market's pairs are called there; futures that expire are passed over."""
    if pairs != "all":
        return [pair.replace("-", "") for pair in pairs]
    folders = _listed(http, f"data/{market}/daily/trades/")
    return [symbol for folder in folders if "_" not in (symbol := folder.split("/")[-2])]


def _listed(http: Http, folder: str) -> Iterator[str]:
    """Yield what lies in a folder of the archive, folders and files, page after page."""
    marker = None
    while True:
        page = http.text(LISTING, delimiter="/", prefix=folder, marker=marker)
        if "<ListBucketResult" not in page:
            raise FeedError(
                f"binance_dumps: no listing of {folder}: '{page[:60]}'; mend the loader"
            )
        on_it = [both[0] or both[1] for both in _LISTED.findall(page)]
        yield from on_it
        if "<IsTruncated>true" not in page or not on_it:
            return
        marker = max(on_it)


def _fetched(http: Http, folder: str, symbol: str, day: date) -> File | None:
    """Return a day's dump, which is what the sum beside it says; None where it is not there."""
    address = f"{ADDRESS}/{folder}{symbol}-trades-{day:%Y-%m-%d}.zip"
    said, download = http.download(f"{address}.CHECKSUM"), http.download(address)
    if not (said and download):
        return None
    wanted = said.path.read_text().partition(" ")[0]
    with download.path.open("rb") as body:
        found = hashlib.file_digest(body, "sha256").hexdigest()
    if found != wanted:
        download.path.unlink()
        raise FeedError(
            f"{address}: its SHA-256 is {found[:12]}…, its CHECKSUM says {wanted[:12]}…; "
            f"try again later",
            try_again=True,
        )
    (file,) = files([download.path], lambda _: True)[0][:]
    file.modified_at = download.modified_at
    return cast(File, file)


def _market(file: File, name: str) -> str:
    """Return the folder of the archive that a dump of trades is from; books have none."""
    if name.endswith(("depth_snap.csv", "depth-snap.csv", "depth_update.csv", "depth-update.csv")):
        return ""
    kind = named["kind"] if (named := _NAME.fullmatch(name)) else ""
    n_columns = file.first_line().count(",") + 1
    if (kind, n_columns) not in LAYOUTS:
        raise FeedError(
            f"{file.origin}: {n_columns} columns, and a name that is not of trades, aggTrades or "
            f"a book; it fits no dataset"
            if not kind
            else f"{file.origin}: {n_columns} columns, where {kind} have "
            f"{' or '.join(str(n) for each, n in LAYOUTS if each == kind)}; mend the loader"
        )
    return f"{LAYOUTS[kind, n_columns][0]}/"


def _dump(file: File) -> Iterator[Batch]:
    """Yield the trades of one file, and where aggregates are missing."""
    market, _, name = file.name.rpartition("/")
    named = _NAME.fullmatch(name)
    assert named is not None
    with understood(file.origin, named["symbol"]):
        place = {"venue": VENUES[market], "pair": cut(named["symbol"], BINANCE)}
    first = file.first_line()
    header = not first.partition(",")[0].strip('"').isdecimal()
    _, columns = LAYOUTS[named["kind"], first.count(",") + 1]
    lines = file.csv(columns, header=header)
    if named["kind"] == "aggTrades":
        texts = file.csv(", ".join(f"{name} text" for name in lines.names), header=header)
        yield "feed_gaps", texts.query("lines", HOLES.format(**place))
    yield "crypto_trades", lines.query("lines", TRADES.format(**place, **_OF[named["kind"]]))


def _other(name: str) -> str:
    """Return the name of the file beside one of a book."""
    ends = ("snap.csv", "update.csv") if name.endswith("snap.csv") else ("update.csv", "snap.csv")
    return name.removesuffix(ends[0]) + ends[1]


def _depth(
    books: LineBooks, newest: dict[Place, int], file: File, beside: File | None
) -> Iterator[Batch]:
    """Yield what a file of updates says, each of them after the snapshots that came before it."""
    snapshots = _messages(beside) if beside else iter(())
    ahead = next(snapshots, None)
    line, places = 1, set()
    for line, place, is_snapshot, message in _messages(file):
        if place not in places and message.last <= newest.get(place, 0):
            del books.books[place]  # of a later day, whose file was read before
        places.add(place)
        newest[place] = message.last
        while ahead and ahead[3].at <= message.at:
            books.restart(ahead[1], ahead[3], line)
            ahead = next(snapshots, None)
        (books.restart if is_snapshot else books.apply)(place, message, line)
        for dataset, rows in books.taken():
            yield dataset, _of(file, beside, rows)
    while ahead:
        books.restart(ahead[1], ahead[3], line)
        ahead = next(snapshots, None)
    for place in places:
        book = books.books[place]
        if book.state == "buffering" and not (book.epoch or book.gap):
            raise FeedError(
                f"{file.origin}: the book of {':'.join(place)} has no snapshot; "
                f"load it together with {_other(file.name)}"
            )
    for dataset, rows in books.rest():
        yield dataset, _of(file, beside, rows)


def _of(file: File, beside: File | None, rows: pa.Table) -> Extract:
    return Extract(file, rows, (beside,) if beside else ())


def _messages(file: File) -> Iterator[tuple[int, Place, bool, Message]]:
    lines = file.csv(DEPTH).query("lines", LEVELS)
    for line, symbol, is_snapshot, message in messages(lines, KINDS, SIDES):
        with understood(f"{file.origin}:{line}", symbol):
            place = VENUES["futures/um"], cut(symbol, BINANCE)
        yield line, place, is_snapshot, message
