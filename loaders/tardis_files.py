"""Tardis.dev's CSV files of crypto venues: trades, books by their changes, books by their tops.

Source: https://docs.tardis.dev/downloadable-csv-files, files of trades, incremental_book_L2,
    book_snapshot_5 and book_snapshot_25, named as tardis-dev names them
    (deribit_trades_2020-04-01_BTC-PERPETUAL.csv.gz); the first day of each month needs no key.
Limits: venues and symbols as _tardis.py has them, for a size is in coins; quotes and book_ticker
    fit no dataset, for book_tops needs the sizes of five levels; of one day load the changes of a
    book or its tops, for the tops are in both.
Quirks: known_at is when Tardis received it (local_timestamp), which also numbers the messages of
    books, for files have no ids; of a level that comes twice in a microsecond the last size
    counts; a run of snapshot lines begins an epoch, named for its end; one inside a file, or
    lines before it, means that the connection was lost there; every file begins anew; tops of a
    file are one epoch, whatever happened; 10 bps are known where the deepest level lies beyond;
    inverse contracts count dollars, and sizes here are amount over price; an id of a trade that
    is no number becomes 63 bits of its MD5, and without one its values and its place among equals
    do; trades of an unknown side are set aside.
"""

import re
from collections.abc import Iterator
from typing import Any

from leadline.book import Gap, Message
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Relation, streamed, understood
from loaders._book_lines import LineBooks, messages, settled
from loaders._books import Place
from loaders._tardis import Market, market

FEED = Feed(
    writes=("feed_gaps", "book_updates", "book_tops", "crypto_trades"),
    files=(
        "*_trades_*.csv", "*_incremental_book_L2_*.csv", "*_book_snapshot_5_*.csv",
        "*_book_snapshot_25_*.csv",
    ),
)  # fmt: skip

_NAME = re.compile(r"[a-z0-9-]+_(trades|incremental_book_L2|book_snapshot_(?:5|25))_.+")
_PLACE = "exchange text, symbol text, timestamp bigint, local_timestamp bigint"
_PLACES = """
select exchange, symbol, min(local_timestamp) as since, count(*) > count({id}) as is_unnumbered
from lines
group by exchange, symbol
order by exchange, symbol
"""
TRADES = f"{_PLACE}, id text, side text, price double, amount double"
TRADE_ROWS = """
with numbered as (
    select *, row_number() over () as sequence
    from lines
),

named as (
    select
        numbered.*,
        places.venue,
        places.pair,
        case when places.is_inverse then amount / price else amount end as size,
        make_timestamptz(timestamp) as traded_at,
        make_timestamptz(local_timestamp) as known_at,
        {text} as text
    from numbered
    inner join (values {places}) as places (exchange, symbol, venue, pair, is_inverse)
        on numbered.exchange = places.exchange and numbered.symbol = places.symbol
)

select
    venue,
    pair,
    coalesce(
        try_cast(regexp_extract(text, '^(?:[A-Z]+-)?([0-9]+)$', 1) as bigint),
        cast(md5_number_lower(text) // 2 as bigint)
    ) as trade_id,
    false as is_aggregate,
    traded_at,
    known_at,
    sequence,
    price,
    size,
    case side when 'buy' then 1 when 'sell' then -1 end as side
from named
"""
# Where a venue numbers no trades, equal ones are told apart by their place among them.
UNNUMBERED = """
coalesce(id, concat_ws(' ', timestamp, local_timestamp, numbered.side, price, amount, row_number()
    over (
        partition by
            numbered.exchange, numbered.symbol, timestamp, local_timestamp, numbered.side, price,
            amount
        order by numbered.sequence
    )
))
"""
CHANGES = f"{_PLACE}, is_snapshot text, side text, price double, amount double"
CHANGE_ROWS = """
select
    exchange || ' ' || symbol as symbol,
    case when is_snapshot = 'false' then local_timestamp else 0 end as message,
    is_snapshot as kind,
    local_timestamp as first,
    local_timestamp as last,
    cast(null as bigint) as previous,
    local_timestamp as at_us,
    timestamp as exchange_us,
    side as book_side,
    price,
    amount as size
from lines
"""
KINDS = {"true": True, "false": False}
SIDES = {"bid": 1, "ask": -1}


def read(files: Files) -> Iterator[Batch]:
    """Yield each file by itself."""
    for file in files:
        named = _NAME.fullmatch(file.name)
        if named is None:
            raise FeedError(
                f"{file.origin}: a name that says neither trades nor books; call it as tardis-dev "
                f"does, EXCHANGE_TYPE_DATE_SYMBOL.csv.gz"
            )
        if named[1] == "trades":
            yield from _trades(file)
        elif named[1] == "incremental_book_L2":
            yield from _changes(file)
        else:
            yield from _tops(file, int(named[1].rpartition("_")[2]))


def _trades(file: File) -> Iterator[Batch]:
    found = list(_markets(file, TRADES, "id"))
    text = UNNUMBERED if any(each["is_unnumbered"] for each, _ in found) else "id"
    if found:
        sql = TRADE_ROWS.format(places=_values(found), text=text)
        yield "crypto_trades", file.csv(TRADES).query("lines", sql)


def _markets(file: File, columns: str, id_: str = "*") -> Iterator[tuple[dict[str, Any], Market]]:
    """Yield which symbols a file is about; lines that can't be read are left for later."""
    names = file.csv(columns).names
    texts = ", ".join(f'"{name}" text' for name in names)
    rows = file.csv(texts).query("lines", _PLACES.format(id=id_))
    for batch in streamed(rows):
        for found in batch.to_pylist():
            with understood(file.origin, f"{found['exchange']} {found['symbol']}"):
                known = market(file.origin, found["exchange"] or "", found["symbol"] or "")
            yield found, known


def _values(found: list[tuple[dict[str, Any], Market]]) -> str:
    """Return what the symbols are as SQL; a symbol that is known holds no quotation mark."""
    return ", ".join(
        f"('{each['exchange']}', '{each['symbol']}', '{known.venue}', '{known.pair}', "
        f"{str(known.is_inverse).lower()})"
        for each, known in found
    )


def _changes(file: File) -> Iterator[Batch]:
    """Yield what a file of changes says; snapshots in it start its books over."""
    books = _Changes(file)
    rows: Relation = file.csv(CHANGES).query("lines", CHANGE_ROWS)
    for line, name, is_snapshot, message in messages(rows, KINDS, SIDES):
        books.take(line, name, is_snapshot, message)
        for dataset, table in books.taken():
            yield dataset, Extract(file, table)
    books.finish()
    for dataset, table in books.rest():
        yield dataset, Extract(file, table)


class _Changes(LineBooks):
    """The books of one file; what no snapshot stands before is no book."""

    def __init__(self, file: File) -> None:
        super().__init__()
        self._file = file
        self._markets: dict[str, Market] = {}
        self._before: dict[Place, Gap] = {}  # the lines before a first snapshot
        self._snapshots: dict[Place, tuple[int, Message]] = {}  # that may go on
        self._last: dict[Place, Message] = {}

    def take(self, line: int, name: str, is_snapshot: bool, said: Message) -> None:
        """Take a message; one whose place in the file is not that of its time is refused."""
        where = f"{self._file.origin}:{line}"
        if name not in self._markets:
            with understood(where, name):
                self._markets[name] = market(where, *name.split(" ", 1))
        known = self._markets[name]
        place = (known.venue, known.pair)
        last = self._last.get(place)
        if last and said.at < last.at:
            raise FeedError(
                f"{where}: local_timestamp {said.at} is before {last.at}; fetch the file again"
            )
        # Two messages of a microsecond are apart where another symbol's stands between them.
        number = max(said.at, last.last + 1) if last else said.at
        said = said._replace(first=number, last=number, previous=last and last.last)
        self._last[place] = said
        if known.is_inverse:
            said = said._replace(levels=[(side, at, n / at) for side, at, n, *_ in said.levels])
        if is_snapshot:
            start, before = self._snapshots.get(place, (line, said._replace(levels=[])))
            levels = settled((*before.levels, *said.levels))
            self._snapshots[place] = start, said._replace(previous=None, levels=levels)
        elif place in self._snapshots:
            self._start_over(place)
            self.apply(place, said, line)
        elif self.books[place].state == "empty":
            gap = self._before.setdefault(place, Gap(said.at, said.at, "disconnect", None, None))
            gap.n_dropped += 1
        else:
            self.apply(place, said, line)

    def finish(self) -> None:
        """End the file; one in which a book has no snapshot at all is refused."""
        for place in list(self._snapshots):
            self._start_over(place)
        for place in self._before:
            raise FeedError(
                f"{self._file.origin}: the book of {':'.join(place)} has no snapshot; "
                f"fetch the file again"
            )

    def _start_over(self, place: Place) -> None:
        """Begin a book with a snapshot that is whole; a book that goes on was disconnected."""
        line, snapshot = self._snapshots.pop(place)
        if gap := self._before.pop(place, None):
            gap.ended_at = snapshot.at
            self.rows.add_gap(place, gap)
        self.books[place].fail("disconnect", snapshot.at)
        self.restart(place, snapshot, line)


def _tops(file: File, n_levels: int) -> Iterator[Batch]:
    columns = _PLACE + "".join(
        f', "{side}s[{n}].{what}" double'
        for n in range(n_levels)
        for side in ("ask", "bid")
        for what in ("price", "amount")
    )
    found = list(_markets(file, columns))
    if found:
        yield "book_tops", file.csv(columns).query("lines", _top_rows(found, n_levels))


def _top_rows(found: list[tuple[dict[str, Any], Market]], n_levels: int) -> str:
    """Return the query of tops: sizes of the best level, of five, and within 10 bps of the mid."""
    sizes = {
        (side, n): f'(case when is_inverse then "{side}s[{n}].amount" / "{side}s[{n}].price" '
        f'else "{side}s[{n}].amount" end)'
        for side in ("bid", "ask")
        for n in range(n_levels)
    }
    five, wide = {}, {}
    for side, within in (("bid", ">= 999"), ("ask", "<= 1_001")):
        # As whole numbers, for a double of 1.001 times the mid may lie on the other side of it.
        is_near = f"2_000 * {_ticks(f'{side}s[{{n}}].price')} {within} * twice_mid"
        five[side] = " + ".join(f"coalesce({sizes[side, n]}, 0)" for n in range(5))
        near = " + ".join(
            f"case when {is_near.format(n=n)} then {sizes[side, n]} else 0 end"
            for n in range(n_levels)
        )
        wide[side] = f"case when not {is_near.format(n=n_levels - 1)} then {near} end"
    epochs = ", ".join(
        f"('{known.venue}', '{known.pair}', '{each['since']}')" for each, known in found
    )
    return f"""
        with named as (
            select
                lines.*,
                row_number() over () as sequence,
                {_ticks("asks[0].price")} + {_ticks("bids[0].price")} as twice_mid
            from lines
        )

        select
            places.venue,
            places.pair,
            epochs.epoch,
            local_timestamp as update_id,
            make_timestamptz(timestamp) as exchange_at,
            make_timestamptz(local_timestamp) as known_at,
            named.sequence,
            "bids[0].price" as best_bid,
            "asks[0].price" as best_ask,
            {sizes["bid", 0]} as bid_size,
            {sizes["ask", 0]} as ask_size,
            {five["bid"]} as bid_size_5,
            {five["ask"]} as ask_size_5,
            {wide["bid"]} as bid_size_10bps,
            {wide["ask"]} as ask_size_10bps
        from named
        inner join (values {_values(found)}) as places (exchange, symbol, venue, pair, is_inverse)
            on named.exchange = places.exchange and named.symbol = places.symbol
        inner join (values {epochs}) as epochs (venue, pair, epoch)
            on places.venue = epochs.venue and places.pair = epochs.pair
    """


def _ticks(column: str) -> str:
    return f'cast(round("{column}" * 1e8) as hugeint)'
