"""Yahoo's bars of stocks, of a session and of a minute, with their splits and dividends; no key.

Source: https://query2.finance.yahoo.com/v8/finance/chart, one question a stock; saved answers
    (AAPL.chart.json) and tables as yfinance saves them (AAPL-1d.csv).
Limits: unpublished; minutes of the last 29 days, 7 days a question; sessions since 1962. Yahoo
    turns away clients that are no browser by how they begin to talk (TLS), so the network form
    may be refused whatever its pace.
Quirks: prices, volumes and dividends are told as if later splits had been before: here they are
    as traded again, by the splits of the same answer, which has to reach up to the present (a
    table does not say so: it is taken for one of its last day). Prices are 4-byte floats, so the
    shortest number is taken that is the same one. A session's known_at is its close and 30 min,
    until when it may change, and before which it is not taken; a minute's is a minute after its
    end; an action's is the begin of its day in New York, for nobody says when it was announced.
    Mended, with a note: a live row beside the session's own, prices a hundred times their
    neighbours', splits that are not in the prices before them, payments a hundred times what the
    closes lost. Noted only: prices and splits that look wrong otherwise. Set aside: a payment
    told twice, or larger than the price. Passed over: rows without any price, and minutes
    outside the session. A day moved by an hour (daylight saving) is that day. Weeks, half hours
    (answered as hours) and other clocks or currencies are refused.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from leadline import clock
from leadline.clock import BEGINNING
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Row, Span, understood
from leadline.http import Refusal
from loaders import _yahoo_series as told
from loaders._new_york import midnight, sessions, touched
from loaders._parts import DAY, MONTH, Told, parts, whole_ones
from loaders._symbols import dashed, wanted
from loaders._yahoo_repair import mended
from loaders._yahoo_series import Series

NAME = "equity_bars_yahoo"
FEED = Feed(
    writes=("corporate_actions", "equity_bars"),
    files=("*.chart.json", "[A-Z]*-1d*.csv", "[A-Z]*-1m*.csv"),
    step=0,
    per_second=0.5,
    schedule="close + 45m",
)

ADDRESS = "https://query2.finance.yahoo.com/v8/finance/chart"
REFUSALS = (
    Refusal(
        "Too Many Requests",
        "it turns away clients that are no browser, and who asks too often for 15 min; "
        "load saved answers from files",
    ),
    Refusal("Will be right back", "it is down; try again later", try_again=True),
)
UNKNOWN = ("No data found", "Not Found")
SETTLED = timedelta(minutes=30)  # after the close; until then a session's bar may change
MINUTE = timedelta(minutes=1)
KEPT = timedelta(days=29)  # minutes are told for 30 days
AT_ONCE = 7  # days; minutes of 8 may be asked for
CONTEXT = timedelta(days=60)  # what a bar's neighbours and a payment's twin are looked for in


def pull(span: Span, http: Http, now: Callable[[], datetime] = clock.now) -> Iterator[Batch]:
    """Yield what `_pulled` does; an error leaves what came before it in force."""
    return whole_ones("equity_bars", _pulled(span, http, now))


def _pulled(span: Span, http: Http, now: Callable[[], datetime]) -> Iterator[Batch]:
    """Yield the months that a span touches, stock by stock, then its minutes day by day.

    A stock that Yahoo does not know is told after the others.
    """
    at, missing = now(), []
    begin, last = touched(span, at)
    first, oldest = begin.replace(day=1), (at - KEPT).date() + timedelta(days=1)
    for symbol in wanted(http):
        series = asked(symbol, "1d", _midnight(first) - CONTEXT, at, http)
        if series is None:
            missing.append(symbol)
            continue
        yield from by(series, at, first, last, MONTH)
        # Minutes of whole days, for a day is one load.
        for day in range(max(begin, oldest).toordinal(), last.toordinal() + 1, AT_ONCE):
            own = date.fromordinal(day), min(last, date.fromordinal(day + AT_ONCE - 1))
            since, until = _midnight(own[0]), _midnight(own[1] + timedelta(days=1))
            if minutes := asked(symbol, "1m", since, min(until, at), http, series):
                yield from by(minutes, at, *own, DAY)
    if missing:
        raise FeedError(
            f"{NAME}: Yahoo knows no {', '.join(missing)}; the others are loaded, leave it out"
        )


def asked(
    symbol: str, length: str, since: datetime, until: datetime, http: Http,
    beside: Series | None = None,
) -> Series | None:  # fmt: skip
    """Ask for a stock's bars, as they traded; None where Yahoo does not know it."""
    where = f"{NAME}: {symbol}"
    download = http.download(
        f"{ADDRESS}/{dashed(symbol)}", refusals=REFUSALS, interval=length,
        period1=max(0, int(since.timestamp())), period2=int(until.timestamp()) + 1,
        events="div,splits,capitalGains", includePrePost="false",
    )  # fmt: skip
    if download is None:
        return None
    said = File.of(download).json()
    with understood(where, str(said)):
        series = told.of_answer(where, said, length)
        if series.symbol != symbol:
            raise FeedError(f"{where} was asked, and '{series.symbol}' answered")
        return mended(series, beside.splits if beside else None)


def read(files: Files) -> Iterator[Batch]:
    """Yield what each file says, its splits and dividends first."""
    for file in files:
        text = file.text()
        with understood(file.origin, text, "mend the file or the loader"):
            if file.name.endswith(".json"):
                series = told.of_answer(file.origin, file.json())
            else:
                series = told.of_table(file.origin, file.name, text)
            series = mended(series)
            actions, bars = list(acted(series)), list(rows(series))
        yield "corporate_actions", Extract(file, actions)
        yield "equity_bars", Extract(file, bars)


def by(series: Series, at: datetime, first: date, last: date, form: str) -> Iterator[Batch]:
    """Yield what is known by now of a series, in months or days from one to another."""
    told: list[Told] = [
        (row["session_date"], "equity_bars", row) for row in rows(series) if row["known_at"] <= at
    ]
    if series.length == "1d":
        told += [
            (row["ex_date"], "corporate_actions", row)
            for row in acted(series)
            if row["known_at"] <= at
        ]
    own = (each for each in told if first <= each[0] and f"{each[0]:{form}}" <= f"{last:{form}}")
    name, origin = f"{series.symbol}_{series.length}", f"{ADDRESS}/{dashed(series.symbol)}"
    for file, found in parts(own, form, name, origin):
        for dataset in FEED.writes:
            yield dataset, Extract(file, found.get(dataset, []))


def rows(series: Series) -> Iterator[Row]:
    """Yield bars as rows of equity_bars; a day without a session is set aside by the store."""
    if not series.bars:
        return
    days = [bar.day for bar in series.bars]
    known = sessions(min(days), max(days) + timedelta(days=1))
    for bar in series.bars:
        session, starts_at = known.get(bar.day), bar.at.replace(second=0, microsecond=0)
        known_at = starts_at + 2 * MINUTE
        if series.length == "1d" and session:
            starts_at, known_at = session.opens_at, session.closes_at + SETTLED
        elif session and not session.opens_at <= starts_at < session.closes_at:
            continue
        yield {
            "symbol": series.symbol,
            "bar": series.length,
            "starts_at": starts_at,
            "session_date": bar.day,
            **bar.prices,
            "volume": bar.volume,
            "adjusted": "none",
            "note": bar.note,
            "known_at": known_at,
        }


def acted(series: Series) -> Iterator[Row]:
    """Yield splits and payments as rows of corporate_actions."""
    for day, ratio in series.splits.items():
        yield action(series, day, "split") | {"ratio": round(ratio, 8)}
    for paid in series.payments:
        row = action(series, paid.day, "dividend")
        yield row | {"amount_usd": paid.amount, "note": paid.note}


def action(series: Series, day: date, what: str) -> dict[str, object]:
    """Return what all actions say."""
    return {
        "symbol": series.symbol,
        "ex_date": day,
        "action": what,
        "ratio": None,
        "amount_usd": None,
        "note": None,
        "known_at": _midnight(day),
    }


def _midnight(day: date) -> datetime:
    """Return the begin of a day in New York; what lies before 1970 begins there."""
    return max(midnight(day), BEGINNING + CONTEXT)
