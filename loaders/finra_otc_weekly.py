"""FINRA's weekly volume of dark pools and of firms that trade off exchange, weeks later.

Source: https://api.finra.org, group otcMarket, dataset weeklySummary, no key; answers saved as
    weeklySummary_WEEK_TIER.json.
Limits: 5,000 rows an answer, 1,200 requests a minute; the last twelve months alone.
Quirks: filters go as a body, since those of a query are passed over; an empty answer has no body;
    totals and details are rows beside each other, told apart by summary_type; numbers come as
    text at times, and shares as fractions; a symbol has two rows where its issuer or its tape
    changes inside a week.
    A step asks for the weeks that come out in it: tier 1 on the Monday 21 days after the week's,
    other tiers after 35, the market as a whole after 42; the step that holds now asks for the two
    weeks before once more, since FINRA restates some.
    known_at is the end of the day, in New York, on which FINRA published or last changed the row,
    or of those Mondays where it says neither; what a later answer changes is known as it is
    loaded.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import pyarrow as pa

from leadline import clock
from leadline.clock import days
from leadline.feed import Batch, Feed, Files, Http, Json, Span
from loaders import _finra as finra

NAME = "finra_otc_weekly"
FEED = Feed(
    writes=("otc_volume",), files="weeklySummary*.json", step=7, per_second=5, schedule="0 6 * * 2"
)

DATASET = "weeklySummary"
DELAYS = {"T1": 21, "T2": 35, "OTCE": 35, "NA": 42}  # days from a week's Monday on
N_AGAIN = 2  # weeks that are asked for again
KEY = (
    "weekStartDate", "tierIdentifier", "summaryTypeCode", "issueSymbolIdentifier", "MPID",
    "firmCRDNumber", "productTypeCode", "issueName",
)  # fmt: skip

FIELDS = {
    "week_date": "weekStartDate", "tier": "tierIdentifier", "summary_type": "summaryTypeCode",
    "participant": "marketParticipantName", "volume": "totalWeeklyShareQuantity",
    "n_trades": "totalWeeklyTradeCount", "value_usd": "totalNotionalSum",
    "published_date": "initialPublishedDate", "updated_date": "lastUpdateDate",
    "reported_date": "lastReportedDate",
}  # fmt: skip
NAMES = {  # parts of the key, so that they are empty where they are not told
    "source_symbol": "issueSymbolIdentifier", "issuer": "issueName", "mpid": "MPID",
    "firm_crd": "firmCRDNumber", "product_type": "productTypeCode",
}  # fmt: skip


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the weeks that come out in the span, each tier of each as a file of its own."""
    today = clock.now().date()
    for week, tier in due(days(span), today):
        wanted = {"weekStartDate": week, "tierIdentifier": tier}
        if found := finra.extract(NAME, http, DATASET, wanted, KEY, rows):
            yield "otc_volume", found


def due(asked: Sequence[date], today: date) -> list[tuple[date, str]]:
    """Return the weeks and tiers that come out on these days, and those to look at again."""
    again = N_AGAIN if today in asked else 0
    found = [
        (day - timedelta(days=delay + 7 * n), tier)
        for day in asked
        if day.weekday() == 0 and day <= today
        for tier, delay in DELAYS.items()
        for n in range(again + 1)
    ]
    return sorted(found)


def read(files: Files) -> Iterator[Batch]:
    """Yield each saved answer."""
    yield from finra.saved(files, "otc_volume", rows)


def rows(said: Sequence[Json]) -> pa.Table:
    """Return an answer's rows as text; the contract makes numbers and days of them."""
    named = {
        ours: [finra.word(row.get(field)) or "" for row in said] for ours, field in NAMES.items()
    }
    symbols = pa.array([finra.ticker(each) or None for each in named["source_symbol"]], pa.string())
    known = pa.array([known_at(row) for row in said], pa.timestamp("us", "UTC"))
    found = finra.table(said, FIELDS, **named)
    return found.append_column("symbol", symbols).append_column("known_at", known)


def known_at(row: Mapping[str, Json]) -> datetime:
    """Return when a row as it stands here was known."""
    told = [finra.day_of(row, name) for name in ("initialPublishedDate", "lastUpdateDate")]
    if found := [day for day in told if day]:
        return finra.evening(max(found))
    week = date.fromisoformat(str(row["weekStartDate"])[:10])
    return finra.evening(week + timedelta(days=DELAYS[row["tierIdentifier"]]))
