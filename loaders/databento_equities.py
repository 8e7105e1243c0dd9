"""Databento's DBN files of US stocks: prints on and off exchange, and national best quotes.

Source: https://databento.com, its datasets of US stocks, key and account; its own library reads
    the files, so this needs the extra `databento`.
Limits: every request is metered, and a run here can't say the price before it has paid it, so
    there is no network form: fetch files with Databento's client or portal and load them. A file
    is read whole, some 600 bytes of memory a record.
Quirks: schemas trades, tbbo, tcbbo, mbp-1, cmbp-1, cbbo-1s and cbbo-1m; instrument_id is a stock's
    on one day only, by the file's own mappings. A venue is the publisher's, by the library's list:
    FINN, FINC and FINY are FINRA's facilities, so off exchange. traded_at is ts_event, known_at
    ts_recv, whose New York day is the session. Sale conditions are not in the files, so that
    nothing is said of what a price means. No record has an id: a print's is its moment, price, size
    and the number of such prints of its venue. National best quotes are those of consolidated
    schemas of EQUS.ALL and EQUS.SIP alone (unverified); the quotes of every other dataset are of
    its own venues, and left out. A quote stands from ts_recv on, which is both its times; cbbo
    tells it at the end of its interval. A price of 0 or 2^63-1 in a quote is none, and its size
    then too.
"""

from collections.abc import Iterator

import pyarrow as pa

from leadline.engine import scratch
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, Files
from loaders import _databento as dbn
from loaders._databento import moment, price, quote

NAME = "databento_equities"
FEED = Feed(
    writes=("equity_quotes", "equity_trades"),
    files=("*trades*.dbn*", "*tbbo*.dbn*", "*cbbo*.dbn*", "*mbp-1*.dbn*"),
)

NATIONAL = ("EQUS.ALL", "EQUS.SIP")
DATASETS = (
    *NATIONAL, "EQUS.PLUS", "EQUS.MINI", "DBEQ.BASIC", "XNAS.BASIC", "XNAS.NLS", "XNAS.ITCH",
    "XBOS.ITCH", "XPSX.ITCH", "XNYS.PILLAR", "XNYS.TRADES", "XNYS.TRADESBBO", "XASE.PILLAR",
    "XCHI.PILLAR", "XCIS.PILLAR", "XCIS.TRADES", "XCIS.TRADESBBO", "ARCX.PILLAR", "BATS.PITCH",
    "BATY.PITCH", "EDGA.PITCH", "EDGX.PITCH", "IEXG.TOPS", "MEMX.MEMOIR", "EPRL.DOM",
)  # fmt: skip
PRINTS = ("trades", "tbbo", "tcbbo", "mbp-1", "cmbp-1")
QUOTES = ("cmbp-1", "cbbo-1s", "cbbo-1m")

# What each instrument_id is, from one day of UTC to another.
INSTRUMENTS = """
create temporary table instruments as
select * exclude (symbol), replace(symbol, ' ', '.') as symbol from mapped
"""
DAY = f"cast(timezone('America/New_York', {moment('ts_recv')}) as date)"
OF_PRINTS = f"""
select
    symbol,
    publishers.venue,
    case when publishers.venue in ('FINN', 'FINC', 'FINY', 'XADF') then publishers.venue end
        as facility,
    concat_ws('-', ts_event, price, size, row_number() over (
        partition by instrument_id, publisher_id, ts_event, price, size order by place
    )) as trade_id,
    {moment("ts_event")} as traded_at,
    {moment("ts_recv")} as known_at,
    {DAY} as session_date,
    {price("price")} as price,
    size,
    place as sequence
from records
left join publishers on records.publisher_id = publishers.id
where {{which}}
order by place
"""
OF_QUOTES = f"""
select
    symbol,
    {moment("ts_recv")} as quoted_at,
    quoted_at as known_at,
    row_number() over (partition by instrument_id, ts_recv // 1000 order by place) as place,
    {DAY} as session_date,
    {quote("bid")},
    {quote("ask")},
    bidders.venue as bid_venue,
    offerers.venue as ask_venue,
    records.place as sequence
from records
left join publishers as bidders on records.bid_pb_00 = bidders.id
left join publishers as offerers on records.ask_pb_00 = offerers.id
where {{which}}
order by sequence
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield the prints of each file, and the quotes where they are national ones."""
    for file in files:
        store = dbn.opened(NAME, file, DATASETS)
        schema = str(store.schema or "mixed")
        wanted = []
        if schema in QUOTES and store.dataset in NATIONAL:
            which = "true" if schema.startswith("cbbo") else "action <> 'T'"
            wanted.append(("equity_quotes", OF_QUOTES.format(which=which)))
        if schema in PRINTS:
            which = "true" if schema == "tcbbo" else "action = 'T'"  # it has no other records
            wanted.append(("equity_trades", OF_PRINTS.format(which=which)))
        if not wanted:
            what = f"the quotes of {store.dataset} are not national"
            if schema not in QUOTES:
                what = f"its schema is {schema}"
            raise FeedError(f"{file.origin}: {what}; fetch one of {', '.join(PRINTS)}")
        given, mapped = dbn.records(file, store), dbn.symbols(file, store)
        with scratch() as con:
            con.register("given", given)
            con.register("mapped", mapped)
            con.register("publishers", publishers())
            con.execute(INSTRUMENTS)
            if con.execute(dbn.TWICE).fetchone():
                raise FeedError(f"{file.origin}: an instrument has two symbols on one day")
            con.execute(dbn.RECORDS)
            for dataset, sql in wanted:
                yield dataset, Extract(file, con.sql(sql).to_arrow_table())


def publishers() -> pa.Table:
    """Return the venue of each publisher, as Databento's library lists them."""
    from databento.common.publishers import Publisher

    told = [(publisher.to_int(), str(publisher.venue)) for publisher in Publisher]
    ids, venues = zip(*told, strict=True)
    return pa.table({"id": pa.array(ids, pa.uint16()), "venue": venues})
