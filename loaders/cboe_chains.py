"""Cboe delayed option chains of a whole underlying: saved CSV files, or the present over HTTP.

Source: https://www.cboe.com/delayed_quotes, saved as UNDERLYING_YYYYMMDD.csv, or its JSON as it
    is now, no key.
Limits: one file a session, scraped at any time of the day, so volume may be partial; the JSON is
    15 min late, one answer of some MB an underlying, its rate unpublished; a 403 with
    AccessDenied or a 404 is an underlying that Cboe does not know.
Quirks: a file does not say when it was scraped: known_at is the session's close and 30 min; an
    answer's known_at is the moment of its arrival, since only its own clock says timestamp;
    openinterest is that of the session before, known at 06:30 New York of the quote date;
    a file of a market holiday repeats Friday's; an answer may show the session before, told by
    the underlying's last trade, and is refused then; a bid, ask, last or iv of 0 means none;
    whole numbers of a file are read as decimals, since a bigint would round a fraction without
    a word; those of the JSON end in .0, and prices have the noise of a 4-byte float, so they
    are rounded to 4 places; an index has a leading underscore; timestamp is UTC, times of
    trades are New York's.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from leadline import clock
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Json, Row, Span, understood
from loaders import _new_york, _osi
from loaders._new_york import NEW_YORK, SHOWS

FEED = Feed(writes=("open_interest", "option_chains"), files="*_[0-9]*.csv", step=0, per_second=0.2)

ADDRESS = "https://cdn.cboe.com/api/global/delayed_quotes/options"
UNDERLYINGS = ("_SPX", "_NDX", "_RUT", "_VIX", "SPY", "QQQ", "IWM")

COLUMNS = """
underlying text, underlying_last decimal(18, 8), exchange text, optionroot text, type text,
expiration text, quotedate text, strike decimal(18, 8), last decimal(18, 8), net decimal(18, 8),
bid decimal(18, 8), ask decimal(18, 8), volume decimal(18, 4), openinterest decimal(18, 4),
impliedvol double, delta double, gamma double
"""

DATED = """
with dated as (
    select
        *,
        cast(strptime(quotedate, '%m/%d/%Y') as date) as quote_date,
        cast(strptime(expiration, '%m/%d/%Y') as date) as expiration_date
    from lines
)
"""

CHAINS = f"""
{DATED}
select
    'XNYS' as calendar,
    dated.quote_date as session_date,
    'USD' as currency,
    sessions.closes_at + interval 30 minutes as known_at,
    dated.underlying,
    dated.optionroot as contract,
    dated.expiration_date as expiration,
    dated.strike,
    dated.type as put_call,
    nullif(dated.bid, 0) as bid,
    nullif(dated.ask, 0) as ask,
    nullif(dated.last, 0) as last,
    dated.volume,
    nullif(dated.impliedvol, 0) as iv,
    dated.delta,
    dated.gamma,
    dated.underlying_last as underlying_price
from dated
left join sessions on sessions.calendar = 'XNYS' and sessions.session_date = dated.quote_date
"""

OPEN_INTEREST = f"""
{DATED}
select
    dated.optionroot as contract,
    'XNYS' as calendar,
    before.session_date as oi_date,
    dated.quote_date as session_date,
    timezone('America/New_York', dated.quote_date + interval 390 minutes) as known_at,
    dated.openinterest as open_interest
from dated
left join sessions on sessions.calendar = 'XNYS' and sessions.session_date = dated.quote_date
left join sessions as before
    on before.calendar = 'XNYS' and before.sequence = sessions.sequence - 1
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each file twice: as the session's chain and as the open interest before it."""
    for file in files:
        lines = file.csv(COLUMNS)
        yield "open_interest", lines.query("lines", OPEN_INTEREST)
        yield "option_chains", lines.query("lines", CHAINS)


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the chain of each underlying as it is now; a span that does not hold now is refused."""
    _new_york.need_present("cboe_chains", "Cboe", span)
    for underlying in UNDERLYINGS:
        download = http.download(f"{ADDRESS}/{underlying}.json", absent=("AccessDenied",))
        if download is None:
            raise FeedError(
                f"cboe_chains: Cboe knows no '{underlying}'; an index is written _SPX, a stock SPY"
            )
        file = File.of(download)
        yield from answered(underlying, file, clock.now())


def answered(underlying: str, file: File, known_at: datetime) -> Iterator[Batch]:
    """Yield one answer twice, as a file is; it covers its underlying's session."""
    said, ticker = file.json(), underlying.removeprefix("_")
    with understood(f"cboe_chains: {underlying}", str(said)):
        session, lines = session_of(underlying, said), said["data"]["options"]
        before = _new_york.session_before(session)
        if before is None:
            raise FeedError(
                f"cboe_chains: {session} is no session of XNYS, and Cboe says it traded"
            )
        facts = {"session_date": session, "known_at": known_at, "underlying": ticker}
        facts |= {"calendar": "XNYS", "currency": "USD"}
        facts["underlying_price"] = price(said["data"]["current_price"])
        morning = {
            "calendar": "XNYS",
            "oi_date": before,
            "session_date": session,
            "known_at": _new_york.interest_known_at(session),
        }
        opened = [{**interest(line), **morning} for line in lines]
        chain = [{**row(line), **facts} for line in lines]
    # A later answer of the same session is its newer version, one of another session is not.
    file.name = f"{ticker}_{session:%Y%m%d}.json"
    yield "open_interest", Extract(file, opened)
    yield "option_chains", Extract(file, chain)


def session_of(underlying: str, said: Json) -> date:
    """Return the session that an answer shows; raise a FeedError if it is not that of its day."""
    where, data = f"cboe_chains: {underlying}", said["data"]
    if said["symbol"] != underlying:
        raise FeedError(f"{where} was asked, and '{said['symbol']}' answered")
    if not data["options"]:
        raise FeedError(f"{where} has no contracts; try again later", try_again=True)
    try:
        at = datetime.strptime(said["timestamp"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        traded_at = datetime.fromisoformat(data["last_trade_time"])
    except (TypeError, ValueError) as error:
        raise FeedError(f"{where} answers without a moment: {error}") from error
    here = at.astimezone(NEW_YORK)
    if here.date() != traded_at.date() or here.time() < SHOWS:
        raise FeedError(
            f"{where} of {clock.stamp(at)} shows the session of {traded_at:%Y-%m-%d}, at most; "
            f"ask on a session's day after {SHOWS:%H:%M} New York",
            try_again=True,
        )
    return here.date()


def row(line: Json) -> Row:
    """Turn one contract of an answer into one row of option_chains, its session aside."""
    parts = _osi.parts(line["option"])
    if parts["root"] is None:
        raise FeedError(f"cboe_chains: '{line['option']}' is no OSI symbol; mend the loader")
    return {
        "contract": line["option"],
        "expiration": parts["expiration"],
        "strike": parts["strike"],
        "put_call": parts["put_call"],
        "bid": price(line["bid"]),
        "ask": price(line["ask"]),
        "last": price(line["last_trade_price"]),
        "volume": line["volume"],
        "iv": number(line["iv"]) or None,
        "delta": number(line["delta"]),
        "gamma": number(line["gamma"]),
    }


def interest(line: Json) -> Row:
    """Turn one contract of an answer into one row of open_interest, its session aside."""
    return {"contract": line["option"], "open_interest": line["open_interest"]}


def price(value: Decimal | int | None) -> Decimal | None:
    """Return a price without the noise of a 4-byte float; 0 is none."""
    return round(Decimal(value), 4) if value else None


def number(value: Decimal | int | None) -> float | None:
    """Return a decimal as the double that the contract holds."""
    return None if value is None else float(value)
