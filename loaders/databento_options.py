"""Databento's DBN files of OPRA: trades, quotes, open interest and definitions of US options.

Source: https://databento.com, dataset OPRA.PILLAR, key and account; its own library reads the
    files, so this needs the extra `databento`.
Limits: every request is metered, and a run here can't say the price before it has paid it, so
    there is no network form: fetch files with Databento's client or portal and load them. A file
    is read whole, some 600 bytes of memory a record.
Quirks: schemas trades, tbbo, tcbbo, mbp-1, cmbp-1, cbbo-1s, cbbo-1m, statistics and definition;
    bars are refused, since each is of one venue and the opens and closes of several make none;
    instrument_id is a contract's on one day only, by the file's own mappings; traded_at is
    ts_event, when OPRA told it, known_at is ts_recv; what happens from 20:00 New York on
    belongs to the next day's session; sale conditions are not in the files, so condition is
    null and legs of packages look like other prints; the quote of tbbo and mbp-1 is that of the
    record's venue, so only publisher 30, OPRA itself, tells a national quote there (unverified),
    and trades carry a quote from tcbbo and cmbp-1 only; consolidated records have no sequence
    number, so a trade's id is its moment, price, size and the number of such prints; cbbo tells
    the quote at the end of its interval, which is quoted_at and known_at, since its ts_event is
    of the last trade; open interest comes once a venue, all alike, about 06:30 New York, for the
    session before (ts_ref is empty); definitions leave the multiplier empty; a root that ends in
    a digit is adjusted; a price of 0 or 2^63-1 in a quote is none, and its size then too.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import pyarrow as pa

from leadline.engine import scratch
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, Files
from loaders import _new_york, _osi
from loaders._databento import CONSOLIDATED, NONE, RECORDS, TWICE, moment, opened, price, quote
from loaders._databento import records as records_of
from loaders._databento import symbols as symbols_of

NAME = "databento_options"
FEED = Feed(
    writes=("contracts", "open_interest", "option_quotes", "option_trades"),
    files=("*trades*.dbn*", "*bbo*.dbn*", "*mbp-1*.dbn*", "*statistics*.dbn*", "*definition*.dbn*"),
)

DATASET = "OPRA.PILLAR"
OPRA = 30  # the publisher of the national quote
SCHEMAS = {
    "trades": ("option_trades",),
    "tbbo": ("option_trades",),
    "tcbbo": ("option_trades",),
    "mbp-1": ("option_quotes", "option_trades"),
    "cmbp-1": ("option_quotes", "option_trades"),
    "cbbo-1s": ("option_quotes",),
    "cbbo-1m": ("option_quotes",),
    "statistics": ("open_interest",),
    "definition": ("contracts",),
}


def session(column: str) -> str:
    """Return SQL for the session of a moment; from 20:00 on it is that of the next day."""
    return f"cast(timezone('America/New_York', {moment(column)} + interval 4 hours) as date)"


# What each instrument_id is, from one day of UTC to another.
INSTRUMENTS = f"""
create temporary table instruments as
select *, replace(symbol, ' ', '') as contract, {_osi.columns("symbol")} from mapped
"""
TRADES = f"""
select
    contract,
    cast(publisher_id as text) as venue,
    concat_ws('-', ts_event, price, size, row_number() over (
        partition by instrument_id, publisher_id, ts_event, price, size order by place
    )) as trade_id,
    {moment("ts_event")} as traded_at,
    {moment("ts_recv")} as known_at,
    'XNYS' as calendar,
    {session("ts_event")} as session_date,
    root,
    expiration,
    strike,
    put_call,
    {price("price")} as price,
    size,
    'USD' as currency,
    case side when 'A' then -1 when 'B' then 1 end as side,
    {{quotes}}
    place as sequence
from records
where {{which}}
order by place
"""

QUOTES = f"""
select
    contract,
    row_number() over (partition by instrument_id, ts_recv // 1000 order by place) as place,
    {{quoted_at}} as quoted_at,
    {moment("ts_recv")} as stood_at,
    stood_at as known_at,
    'XNYS' as calendar,
    {session("ts_recv")} as session_date,
    'USD' as currency,
    {quote("bid")},
    {quote("ask")},
    {{venues}}
    place as sequence
from records
where {{which}}
order by sequence
"""
VENUES = """
    nullif(cast(bid_pb_00 as text), '0') as bid_venue,
    nullif(cast(ask_pb_00 as text), '0') as ask_venue,
"""

OPEN_INTEREST = f"""
select
    contract,
    'XNYS' as calendar,
    coalesce(cast({moment("ts_ref")} as date), mornings.before) as oi_date,
    mornings.session_date,
    {moment("ts_recv")} as known_at,
    nullif(quantity, {NONE}) as open_interest,
    place as sequence
from records
left join mornings on {session("ts_recv")} = mornings.session_date
where stat_type = 9
order by place
"""

CONTRACTS = f"""
select
    replace(raw_symbol, ' ', '') as contract,
    underlying,
    {moment("ts_recv")} as known_at,
    cast({moment("expiration")} as date) as expiration,
    {price("strike_price")} as strike,
    case instrument_class when 'C' then 'call' when 'P' then 'put' end as put_call,
    nullif(nullif(contract_multiplier, {2**31 - 1}), 0) as multiplier,
    nullif(currency, '') as currency,
    case when regexp_matches(left(raw_symbol, -15), '[0-9] *$') then true end as is_adjusted
from given
order by place
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield what each file's schema fills."""
    for file in files:
        store = opened(NAME, file, [DATASET])
        schema = str(store.schema or "mixed")
        if schema not in SCHEMAS:
            raise FeedError(
                f"{file.origin}: its schema is {schema}; fetch one of {', '.join(SCHEMAS)}"
            )
        given = records_of(file, store)
        with scratch() as con:
            con.register("given", given)
            if schema != "definition":
                con.register("mapped", symbols_of(file, store))
                con.execute(INSTRUMENTS)
                if con.execute(TWICE).fetchone():
                    raise FeedError(f"{file.origin}: an instrument has two symbols on one day")
                con.execute(RECORDS)
            if schema == "statistics":
                days = con.sql(f"select distinct {session('ts_recv')} from records").fetchall()
                con.register("mornings", mornings([day for (day,) in days]))
            for dataset in SCHEMAS[schema]:
                rows = con.sql(query(dataset, schema)).to_arrow_table()
                yield dataset, Extract(file, rows)


def query(dataset: str, schema: str) -> str:
    """Return the query that names and casts what a schema says for a dataset."""
    is_national = schema in CONSOLIDATED
    if dataset == "option_trades":
        return TRADES.format(
            quotes=f"{quote('bid')}, {quote('ask')}," if is_national else "",
            which="true" if schema == "tcbbo" else "action = 'T'",  # it has no other records
        )
    if dataset == "option_quotes":
        is_sampled = schema.startswith("cbbo")
        which = "true" if is_sampled else "action <> 'T'"
        return QUOTES.format(
            quoted_at=moment("ts_recv" if is_sampled else "ts_event"),
            venues=VENUES if is_national else "",
            which=which if is_national else f"{which} and publisher_id = {OPRA}",
        )
    return {"open_interest": OPEN_INTEREST, "contracts": CONTRACTS}[dataset]


def mornings(days: Sequence[date]) -> pa.Table:
    """Return sessions and the one before each; null where a day is none."""
    before = [_new_york.session_before(day) for day in days]
    kinds = pa.schema([("session_date", pa.date32()), ("before", pa.date32())])
    return pa.table({"session_date": days, "before": before}, kinds)
