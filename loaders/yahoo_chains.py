"""Yahoo's option chains: captures saved as files, or the present over HTTP.

Source: https://query2.finance.yahoo.com/v7/finance/options, with a cookie and a crumb, as yfinance
    asks it; saved as SESSION/TICKER.csv.gz beside a meta.json that says when.
Limits: unpublished; Yahoo turns away clients that are no browser by how they begin to talk (TLS),
    so the network form may be refused whatever its pace; one answer an expiration; quotes are
    15 min late.
Quirks: a file's folder is the session whose close its open interest describes, known at 06:30
    New York of the next one; all else was captured in that next session at the utc of
    meta.json, which is known_at and without which a file is refused; spot is the close of the
    folder's session, underlying_price is spot_live of meta.json; volume is that of the day of
    lastTradeDate, mostly a day long past, so it counts only if that is the capture's session,
    and is 0 otherwise; a bid, ask or last of 0 is none, so is a volatility below 0.0001, which
    stands for a contract without a quote; an openInterest that is empty is unknown, and is no
    row; of an answer regularMarketTime tells the session, and known_at is its arrival; an index
    is written ^SPX, a class share BRK-B.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from leadline import clock
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Json, Row, Span, understood
from leadline.http import Refusal
from leadline.quote import literal, quoted
from loaders import _new_york, _osi
from loaders._new_york import NEW_YORK, SHOWS

FEED = Feed(
    writes=("open_interest", "option_chains"),
    files=(*("[A-Z]" * n + ".csv" for n in range(1, 6)), "^[A-Z]*.csv", "*-[A-Z].csv", "meta.json"),
    parts=2,
    step=0,
    per_second=0.5,
)

COOKIES = "https://fc.yahoo.com"
CRUMBS = "https://query1.finance.yahoo.com/v1/test/getcrumb"
ADDRESS = "https://query2.finance.yahoo.com/v7/finance/options"
UNDERLYINGS = ("SPY", "QQQ", "IWM")
TURNED_AWAY = Refusal(
    "Too Many Requests", "it turns away clients that are no browser; load captures from files"
)
NO_QUOTE = 0.0001  # 0.00001 and its rounding; nobody trades at a volatility of 0.01 %

COLUMNS = """
contractSymbol text, expiry date, type text, strike decimal(18, 8), lastPrice decimal(18, 8),
bid decimal(18, 8), ask decimal(18, 8), volume decimal(18, 4), openInterest decimal(18, 4),
impliedVolatility double, inTheMoney text, lastTradeDate timestamptz, spot double, session date
"""

CHAINS = """
select
    'XNYS' as calendar,
    {session} as session_date,
    {known_at} as known_at,
    'USD' as currency,
    {underlying} as underlying,
    contractSymbol as contract,
    expiry as expiration,
    strike,
    case type when 'C' then 'call' when 'P' then 'put' end as put_call,
    nullif(bid, 0) as bid,
    nullif(ask, 0) as ask,
    nullif(lastPrice, 0) as last,
    case
        when cast(timezone('America/New_York', lastTradeDate) as date) = {session} then volume
        else 0
    end as volume,
    case when impliedVolatility >= {no_quote} then impliedVolatility end as iv,
    {underlying_price} as underlying_price
from lines
"""

OPEN_INTEREST = """
select
    contractSymbol as contract,
    'XNYS' as calendar,
    case when session = {oi_date} then session end as oi_date,
    {session} as session_date,
    {morning} as known_at,
    openInterest as open_interest
from lines
where openInterest is not null
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each capture twice: as the chain of its session, and as the open interest before it."""
    told = {file.name.rpartition("/")[0]: file for file in files if is_telling(file)}
    for file in files:
        if not is_telling(file):
            folder, _, name = file.name.rpartition("/")
            facts = facts_of(file, name.removesuffix(".csv"), folder, told)
            lines = file.csv(COLUMNS)
            yield "open_interest", lines.query("lines", OPEN_INTEREST.format(**facts))
            yield "option_chains", lines.query("lines", CHAINS.format(**facts))


def is_telling(file: File) -> bool:
    """Say whether a file tells of the captures beside it."""
    return file.name.endswith("meta.json")


def facts_of(
    file: File, ticker: str, folder: str, told: Mapping[str, File]
) -> Mapping[str, object]:
    """Return in SQL what the rows of a capture do not say; refuse one that nobody dates."""
    if folder not in told:
        raise FeedError(
            f"{file.origin}: no meta.json beside it says when it was captured; name its folder"
        )
    meta = told[folder]
    said = meta.json()
    with understood(meta.origin, str(said)):
        at, before = datetime.fromisoformat(said["utc"]), date.fromisoformat(folder)
        spot = said["tickers"][ticker]["spot_live"]
        here = at.astimezone(NEW_YORK)
        if said["session"] != folder or _new_york.session_before(here.date()) != before:
            raise FeedError(
                f"{meta.origin}: a capture of {clock.stamp(at)} is not of the session after "
                f"{folder}, so that its open interest is of another; leave it out"
            )
        if here.time() < SHOWS:
            raise FeedError(
                f"{meta.origin}: a capture of {clock.stamp(at)} shows the session before; "
                f"leave it out"
            )
        return {
            "oi_date": f"date {quoted(folder)}",
            "session": f"date {quoted(here.date().isoformat())}",
            "known_at": literal(at),
            "morning": literal(_new_york.interest_known_at(here.date())),
            "underlying": quoted(ticker_of(ticker)),
            "underlying_price": price(spot),
            "no_quote": NO_QUOTE,
        }


def pull(span: Span, http: Http, now: Callable[[], datetime] = clock.now) -> Iterator[Batch]:
    """Yield each expiration of each underlying as it is now; other spans are refused."""
    _new_york.need_present("yahoo_chains", "Yahoo", span)
    crumb = crumb_of(http)
    for symbol in UNDERLYINGS:
        file, said = asked(http, symbol, crumb)
        with understood(f"yahoo_chains: {symbol}", str(said)):
            nearest, *later = said["expirationDates"]
        yield from answered(symbol, nearest, file, said, now())
        for expires in later:
            file, said = asked(http, symbol, crumb, expires)
            yield from answered(symbol, expires, file, said, now())


def crumb_of(http: Http) -> str:
    """Return the word that goes with the cookie that Yahoo sets before it."""
    http.download(COOKIES, refusals=(TURNED_AWAY,))  # its 404 brings the cookie
    download = http.download(CRUMBS, refusals=(TURNED_AWAY,))
    crumb = File.of(download).text().strip() if download else ""
    if not crumb or "<" in crumb:
        raise FeedError(f"yahoo_chains: Yahoo gives no crumb but '{crumb[:40]}'; try again later")
    return crumb


def asked(http: Http, symbol: str, crumb: str, expires: int | None = None) -> tuple[File, Json]:
    """Return what Yahoo says of one expiration, by default the nearest."""
    where = f"yahoo_chains: {symbol}"
    download = http.download(
        f"{ADDRESS}/{symbol}", crumb=crumb, date=expires, refusals=(TURNED_AWAY,)
    )
    if download is None:
        raise FeedError(f"{where} is nothing that Yahoo knows; an index is written ^SPX")
    file = File.of(download)
    said = file.json()
    with understood(where, str(said)):
        results = said["optionChain"]["result"]
        if not results or not results[0]["expirationDates"]:
            raise FeedError(f"{where} has no contracts; try again later", try_again=True)
        return file, results[0]


def answered(
    symbol: str, expires: int, file: File, said: Json, known_at: datetime
) -> Iterator[Batch]:
    """Yield one answer twice, as a capture is; it covers its session and its expiration."""
    where, ticker = f"yahoo_chains: {symbol}", ticker_of(symbol)
    with understood(where, str(said)):
        session = session_of(where, symbol, said, known_at)
        before = _new_york.session_before(session)
        if before is None:
            raise FeedError(f"{where}: {session} is no session of XNYS, and Yahoo says it traded")
        (listed,) = said["options"]
        day = datetime.fromtimestamp(expires, UTC).date()
        if listed["expirationDate"] != expires:
            raise FeedError(f"{where} was asked for {day}, and another expiration answered")
        lines = [*listed["calls"], *listed["puts"]]
        facts = {"calendar": "XNYS", "session_date": session}
        spot = price(said["quote"]["regularMarketPrice"])
        chain = {**facts, "known_at": known_at, "underlying": ticker, "underlying_price": spot}
        morning = {**facts, "known_at": _new_york.interest_known_at(session), "oi_date": before}
        opened = [
            {**morning, "contract": line["contractSymbol"], "open_interest": line["openInterest"]}
            for line in lines
            if line.get("openInterest") is not None
        ]
        rows = [{**row(where, line, session), **chain} for line in lines]
    # A later answer of the same session is its newer version, one of another session is not.
    file.name = f"{ticker}_{session:%Y%m%d}_{day:%Y%m%d}.json"
    yield "open_interest", Extract(file, opened)
    yield "option_chains", Extract(file, rows)


def session_of(where: str, symbol: str, said: Json, now: datetime) -> date:
    """Return the session that an answer shows; raise a FeedError if it is not that of today."""
    quote = said["quote"]
    if quote["symbol"] != symbol:
        raise FeedError(f"{where} was asked, and '{quote['symbol']}' answered")
    traded_at = datetime.fromtimestamp(quote["regularMarketTime"], NEW_YORK)
    here = now.astimezone(NEW_YORK)
    if here.date() != traded_at.date() or here.time() < SHOWS:
        raise FeedError(
            f"{where} of {clock.stamp(now)} shows the session of {traded_at:%Y-%m-%d}, at most; "
            f"ask on a session's day after {SHOWS:%H:%M} New York",
            try_again=True,
        )
    return here.date()


def row(where: str, line: Json, session: date) -> Row:
    """Turn one contract of an answer into one row of option_chains, its session aside."""
    contract = line["contractSymbol"]
    parts = _osi.parts(contract)
    if parts["root"] is None:
        raise FeedError(f"{where}: '{contract}' is no OSI symbol; mend the loader")
    traded = line.get("lastTradeDate")
    is_traded = traded and datetime.fromtimestamp(traded, NEW_YORK).date() == session
    iv = float(line.get("impliedVolatility", 0))
    return {
        "contract": contract,
        "expiration": parts["expiration"],
        "strike": parts["strike"],
        "put_call": parts["put_call"],
        "currency": line["currency"],
        "bid": price(line.get("bid")),
        "ask": price(line.get("ask")),
        "last": price(line.get("lastPrice")),
        "volume": line.get("volume") if is_traded else 0,
        "iv": iv if iv >= NO_QUOTE else None,
    }


def ticker_of(symbol: str) -> str:
    """Return our name of an underlying."""
    return symbol.removeprefix("^").replace("-", ".")


def price(value: Decimal | int | None) -> Decimal | None:
    """Return a price without the noise of a 4-byte float; 0 is none."""
    return round(Decimal(value), 4) if value else None
