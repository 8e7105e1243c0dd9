"""Sample 13F filings of thirty invented managers; no source is asked.

Source: invented here, from a seed; openings and flows of known size are planted and told in
    events.
Limits: the four quarters of 2023, the last one filed by 2024-02-16; 26 securities. Of some managers
    and ten securities there are the 18 quarters before too, for a flow is held against 20 of them.
Quirks: most of the last quarter is accepted in the sample week, one manager's past the deadline;
    one reports in thousands although dollars are asked for; one restates, and one adds a holding
    that was confidential; some positions are split in two lines; some hold options too. Companies
    count their shares at each quarter's end and tell it in 40 days; they are giants, of whom rules
    ask what they ask where nobody knows the size, and these managers hold less than 1 %.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa

from leadline.feed import Batch, Feed, Http, Row, Span
from loaders import _sample as sample
from loaders._sample import SIZES, TICKERS, Floats

FEED = Feed(writes=("events", "securities", "shares_outstanding", "holdings", "filings"), step=0)

WORDS = (
    "Northern", "Southern", "Eastern", "Western", "Harbour", "Meadow", "Granite", "Willow",
    "Copper", "Lantern", "Orchard", "Summit", "Valley", "Prairie", "Cedar", "Falcon", "Heron",
    "Juniper", "Kestrel", "Larch", "Maple", "Nimbus", "Osprey", "Pebble", "Quarry", "Raven",
    "Sable", "Thistle", "Umber", "Vireo",
)  # fmt: skip
KINDS = ("Partners", "Capital", "Advisers")
QUARTERS = (date(2023, 3, 31), date(2023, 6, 30), date(2023, 9, 30), date(2023, 12, 31))
DEADLINES = (date(2023, 5, 15), date(2023, 8, 14), date(2023, 11, 14), date(2024, 2, 14))
NEWEST = len(QUARTERS) - 1
THRESHOLD = 0.05  # of the portfolio: the detector's line between an opening and a mention
PLANTED = (*SIZES, 0.9, 1.1, 1.5, 2.0)  # one a manager, the first ones
IN_THOUSANDS, RESTATES, ADDS, IS_LATE = 20, 21, 22, 23  # managers by their number
EARLY = range(24, 30)  # they file before the week
# Of the largest flow in its history: four stay below it.
FLOWS = (0.5, 0.7, 0.9, 0.6, 1.1, 1.2, 1.5, 1.7, 2.0, 2.5)
OLD_MANAGERS = (*range(12, 20), *range(24, 30))  # with a history; they make the planted flows
N_OLD = 18  # quarters
WORTH_USD = 700e9, 2_000e9  # of a company, at the last quarter's end
FIRST_CIK = 9_900_000_001  # far beyond the numbers that the SEC has given


def old_quarters() -> tuple[date, ...]:
    """Return the quarter ends before the first one, the newest first."""
    firsts = [date(2023 - n // 4, 10 - n % 4 * 3, 1) for n in range(N_OLD + 3)]
    ends = [first - timedelta(days=1) for first in firsts]
    return tuple(end for end in ends if end < QUARTERS[0])[:N_OLD]


OLD = old_quarters()


@dataclass(frozen=True)
class Filing:
    """One submission: whose it is, of which quarter, and the shares of each ticker in it."""

    manager: int
    quarter: int  # of QUARTERS; below zero of those before, -1 the newest of them
    accepted_at: datetime
    shares: Floats
    kind: str = "ORIGINAL"

    @property
    def period_end(self) -> date:
        """The quarter's end that it describes."""
        return QUARTERS[self.quarter] if self.quarter >= 0 else OLD[-1 - self.quarter]

    @property
    def accession_no(self) -> str:
        """EDGAR's number; the manager's own count goes on."""
        count = self.quarter + N_OLD + 1 + (self.kind != "ORIGINAL")
        return f"{cik(self.manager)}-{self.accepted_at:%y}-{count:06d}"


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the planted openings, the securities, and every filing with its table."""
    found: list[Filing] = []
    events: list[dict[str, object]] = []
    books: list[tuple[Floats, list[datetime]]] = []
    for manager in range(len(WORDS)):
        chance = sample.rng(WORDS[manager])
        held = positions(chance)
        times = [accepted(chance, manager, quarter) for quarter in range(len(QUARTERS))]
        if manager < len(PLANTED):
            events.append(plant(manager, held, times[NEWEST]))
        books.append((held, times))
    past = history(books)
    flows = plant_flows(books, past)
    for manager, (held, times) in enumerate(books):
        found += [
            Filing(manager, -1 - n, filed_before(OLD[n], manager), row)
            for n, row in enumerate(past.get(manager, []))
        ]
        found += filed(manager, held, times)
    tables = [table(filing) for filing in found]
    yield sample.planted("filings.holder_change", events)
    yield sample.planted("filings.institutional_flow", flows)
    yield "securities", securities()
    yield "shares_outstanding", outstanding()
    yield "holdings", _arrow([line for lines in tables for line in lines])
    yield "filings", _arrow([cover(*each) for each in zip(found, tables, strict=True)])


def cik(manager: int) -> str:
    """Return an invented manager's number at the SEC."""
    return str(FIRST_CIK + manager)


def prices(quarter: int) -> Floats:
    """Return what a share cost at the quarter's last close; before there were any, at the first."""
    end = QUARTERS[max(quarter, 0)]
    days = [day for day in sample.sessions() if day <= end]
    closes: Floats = sample.market().closes[len(days) - 1]
    return closes


def positions(chance: np.random.Generator) -> Floats:
    """Return the shares that a manager holds, a row a quarter and a column a ticker."""
    n = len(TICKERS)
    wealth = np.exp(chance.normal(np.log(1.2e9), 0.9))
    weights = np.exp(chance.normal(0, 1.0, n)) * (chance.random(n) < 0.7)
    held = [np.floor(wealth * weights / weights.sum() / prices(0) / 100) * 100]
    for quarter in range(1, len(QUARTERS)):
        moves = np.exp(chance.normal(0, 0.25, n)) * (chance.random(n) < 0.35)
        shares = held[-1] * np.where(moves > 0, moves, 1) * (chance.random(n) > 0.03)
        is_new = (held[-1] == 0) & (chance.random(n) < 0.06)
        small = wealth * np.exp(chance.normal(np.log(0.01), 0.8, n)) / prices(quarter)
        held.append(np.floor(np.where(is_new, small, shares) / 100) * 100)
    return np.array(held)


def plant(manager: int, held: Floats, when: datetime) -> dict[str, object]:
    """Open a position that is so many times the detector's part of the portfolio."""
    size, price = PLANTED[manager], prices(NEWEST)
    free = np.flatnonzero(held[NEWEST - 1] == 0)
    ticker = int(free[manager % len(free)])
    held[NEWEST, ticker] = 0
    rest = float(held[NEWEST] @ price)
    part = size * THRESHOLD
    held[NEWEST, ticker] = np.ceil(rest * part / (1 - part) / price[ticker])
    return {
        "entity": f"cik:{cik(manager)}",
        "subject": sample.cusip(ticker),
        "starts_at": when,
        "ends_at": when + timedelta(minutes=30),
        "size": size,
        "direction": "bull",
        "note": f"{held[NEWEST, ticker]:.0f} shares of {TICKERS[ticker]} opened, "
        f"{100 * part:g} % of the portfolio",
    }


def history(books: Sequence[tuple[Floats, list[datetime]]]) -> dict[int, list[Floats]]:
    """Return what some managers held in the quarters before, of ten securities, newest first."""
    chance, tickers = sample.rng("history"), flow_tickers(books)
    past: dict[int, list[Floats]] = {}
    for manager in OLD_MANAGERS:
        row = np.zeros(len(TICKERS))
        row[tickers] = books[manager][0][0, tickers]
        past[manager] = []
        for _ in OLD:
            moves = np.exp(chance.normal(0, 0.2, len(row)) * (chance.random(len(row)) < 0.4))
            row = np.ceil(row * moves / 100) * 100
            past[manager].append(row)
    return past


def flow_tickers(books: Sequence[tuple[Floats, list[datetime]]]) -> list[int]:
    """Return the ten securities that most managers with a history hold all the time."""
    always = sum((books[manager][0] > 0).all(axis=0).astype(int) for manager in OLD_MANAGERS)
    hidden = int(np.argsort(books[ADDS][0][NEWEST] * prices(NEWEST))[-2])
    order = [int(ticker) for ticker in np.argsort(-np.asarray(always), kind="stable")]
    return [ticker for ticker in order if ticker != hidden][: len(FLOWS)]


def plant_flows(
    books: Sequence[tuple[Floats, list[datetime]]], past: dict[int, list[Floats]]
) -> list[dict[str, object]]:
    """Let those managers buy or sell until the flow is so many times the largest there was."""
    events: list[dict[str, object]] = []
    for size, ticker in zip(FLOWS, flow_tickers(books), strict=True):
        held = np.array([book[:, ticker] for book, _ in books])
        old = np.array([[row[ticker] for row in reversed(past[each])] for each in OLD_MANAGERS])
        known = np.hstack([old, held[list(OLD_MANAGERS), :1]])
        before = np.abs(known.sum(axis=0)[1:] / known.sum(axis=0)[:-1] - 1)
        totals = held.sum(axis=0)
        largest = max(before.max(), *np.abs(totals[1:NEWEST] / totals[: NEWEST - 1] - 1))
        movable = [each for each in OLD_MANAGERS if (held[each, NEWEST - 1 :] > 0).all()]
        missing = totals[NEWEST - 1] * (1 + size * largest) - totals[NEWEST]
        factor = 1 + missing / held[movable, NEWEST].sum()
        for manager in movable:
            books[manager][0][NEWEST, ticker] = np.floor(held[manager, NEWEST] * factor)
        events.append(
            {
                "entity": TICKERS[ticker],
                "starts_at": sample.at(date(2024, 2, 15), 9, 30),
                "ends_at": sample.at(date(2024, 2, 15), 16, 30),
                "size": size,
                "direction": "bull",
                "note": f"{100 * size * largest:.3g} % of the shares added; "
                f"the largest change before was {100 * largest:.3g} %",
            }
        )
    return events


def filed_before(end: date, manager: int) -> datetime:
    """Return when a manager filed for a quarter before the first one."""
    day = end + timedelta(days=42)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return sample.at(day, 9) + timedelta(minutes=manager)


def accepted(chance: np.random.Generator, manager: int, quarter: int) -> datetime:
    """Return when EDGAR accepts a filing; it is open from 06:00 to 22:00 New York."""
    deadline = DEADLINES[quarter]
    second = timedelta(seconds=int(chance.integers(3_600)))
    if quarter < NEWEST or manager in EARLY:
        day = deadline - timedelta(days=int(chance.integers(5, 24)))
        if quarter < NEWEST:  # all on one day, so that a flow is whole when it begins to count
            return sample.at(deadline, 9) + second
        while day.weekday() > 4:
            day -= timedelta(days=1)
        return sample.at(day, int(chance.integers(9, 21))) + second
    if manager == IS_LATE:
        return sample.at(date(2024, 2, 15), 14) + second
    # Half of them wait for the last day, and many for its evening.
    day = deadline - timedelta(days=int(chance.choice([0, 0, 1, 2])))
    return sample.at(day, int(chance.choice([9, 11, 14, 16, 16, 17, 17, 20]))) + second


def filed(manager: int, held: Floats, times: Sequence[datetime]) -> list[Filing]:
    """Return a manager's filings; two of them told less at first than they held."""
    quarters = zip(times, held, strict=True)
    found = [Filing(manager, number, when, row) for number, (when, row) in enumerate(quarters)]
    place = int(np.argsort(held[NEWEST] * prices(NEWEST))[-2])
    told, added = held[NEWEST].copy(), np.zeros(len(TICKERS))
    told[place], added[place] = 0, held[NEWEST, place]
    if manager == RESTATES:
        found[-1] = Filing(manager, NEWEST, times[-1], told)
        whole, when = held[NEWEST], sample.at(date(2024, 2, 15), 11, 5)
        found.append(Filing(manager, NEWEST, when, whole, "RESTATEMENT"))
    if manager == ADDS:
        found[-1] = Filing(manager, NEWEST, times[-1], told)
        when = sample.at(date(2024, 2, 16), 10, 20)
        found.append(Filing(manager, NEWEST, when, added, "NEW HOLDINGS"))
    return found


def table(filing: Filing) -> list[Row]:
    """Return the lines of a filing's table; shares are whole, value is in the filer's unit."""
    lines: list[Row] = []
    price = prices(filing.quarter)
    unit = 1_000 if filing.manager == IN_THOUSANDS else 1
    for ticker in np.flatnonzero(filing.shares).tolist():
        shares = int(filing.shares[ticker])
        is_split = (ticker + filing.manager) % 9 == 0
        parts = [shares // 3, shares - shares // 3] if is_split else [shares]
        legs: list[tuple[int, str | None, str]] = [
            (part, None, ("SOLE", "DFND")[place]) for place, part in enumerate(parts)
        ]
        if filing.manager >= len(PLANTED) and (ticker * 7 + filing.manager) % 11 == 0:
            legs.append((shares // 1_000 * 100, ("put", "call")[ticker % 2], "SOLE"))
        for part, put_call, discretion in legs:
            lines.append(
                {
                    "accession_no": filing.accession_no,
                    "line": len(lines) + 1,
                    "issuer": f"{TICKERS[ticker]} SAMPLE CORP",
                    "class_title": "COM",
                    "cusip": sample.cusip(ticker),
                    "put_call": put_call,
                    "share_type": "SH",
                    "shares": part,
                    "value_reported": round(part * float(price[ticker]) / unit),
                    "discretion": discretion,
                    "voting_sole": part if discretion == "SOLE" else 0,
                    "voting_shared": 0,
                    "voting_none": 0 if discretion == "SOLE" else part,
                    "known_at": filing.accepted_at,
                }
            )
    return lines


def cover(filing: Filing, lines: Sequence[Row]) -> Row:
    """Return what a filing's cover page says."""
    is_original = filing.kind == "ORIGINAL"
    return {
        "accession_no": filing.accession_no,
        "cik": cik(filing.manager),
        "manager": f"{WORDS[filing.manager]} Sample {KINDS[filing.manager % len(KINDS)]}",
        "form_type": "13F-HR" if is_original else "13F-HR/A",
        "report_type": "13F HOLDINGS REPORT",
        "period_end": filing.period_end,
        "filed_date": filed_date(filing.accepted_at),
        "accepted_at": filing.accepted_at,
        "amendment_kind": filing.kind,
        "amendment_no": None if is_original else 1,
        "n_entries": len(lines),
        "value_total": sum(line["value_reported"] for line in lines),
        "known_at": filing.accepted_at,
    }


def filed_date(accepted_at: datetime) -> date:
    """Return EDGAR's filing date: after 17:30 New York it is the next business day."""
    local = accepted_at.astimezone(sample.NEW_YORK)
    day = local.date()
    if (local.hour, local.minute) > (17, 30):
        day += timedelta(days=1)
        while day.weekday() > 4:
            day += timedelta(days=1)
    return day


def securities() -> pa.Table:
    """Return which ticker each invented CUSIP has."""
    return _arrow(
        [
            {
                "cusip": sample.cusip(number),
                "ticker": ticker,
                "issuer": f"{ticker} SAMPLE CORP",
                "valid_from": date(2015, 1, 2),
                "known_at": sample.at(date(2015, 1, 2), 0),
            }
            for number, ticker in enumerate(TICKERS)
        ]
    )


def outstanding() -> pa.Table:
    """Return the companies' own counts of their shares; each quarter some are bought back."""
    worth = sample.rng("shares outstanding").uniform(*WORTH_USD, len(TICKERS))
    newest = worth / prices(NEWEST)
    return _arrow(
        [
            {
                "symbol": ticker,
                "as_of_date": end,
                "shares": int(np.ceil(newest[number] * 1.004 ** (NEWEST - quarter) / 100) * 100),
                "known_at": sample.at(end + timedelta(days=40), 16, 30),
            }
            for quarter, end in enumerate(QUARTERS)
            for number, ticker in enumerate(TICKERS)
        ]
    )


def _arrow(rows: Sequence[Row]) -> pa.Table:
    """Return rows as Arrow; a table is told apart by its content in one go."""
    return pa.Table.from_pylist([dict(row) for row in rows])
