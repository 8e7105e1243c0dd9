"""FINRA's short interest: the short positions of every stock, twice a month.

Source: https://api.finra.org, group otcMarket, dataset consolidatedShortInterest, no key; answers
    saved as consolidatedShortInterest_DATE.json.
Limits: 5,000 rows an answer, 1,200 requests a minute; settlement dates from 2017-12-29 on.
Quirks: filters go as a body, since those of a query are passed over; an empty answer has no body;
    the list of partitions tells which settlement dates there are; positions of a date may be
    revised later; shares before a split are as they were then.
    No row says when it came out: FINRA publishes seven business days after the settlement date,
    and known_at is the end of the eighth session after it, or when it was asked for, if that is
    earlier. A step asks for the dates whose eighth session is in it; the step that holds now asks
    for the newest two, whatever the store has of them.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial

import pyarrow as pa

from leadline import clock
from leadline.clock import days
from leadline.errors import FeedError
from leadline.feed import Batch, Feed, Files, Http, Json, Span, understood
from loaders import _finra as finra
from loaders import _new_york

NAME = "finra_short_interest"
FEED = Feed(
    writes=("short_interest",), files="consolidatedShortInterest*.json", step=1,
    per_second=5, schedule="30 18 * * 1-5",
)  # fmt: skip

DATASET = "consolidatedShortInterest"
N_SESSIONS = 8  # one more than FINRA's calendar says
N_AGAIN = 2  # settlement dates that are looked at again
KEY = ("settlementDate", "symbolCode", "marketClassCode", "issueName")

FIELDS = {
    "session_date": "settlementDate", "source_symbol": "symbolCode", "issuer": "issueName",
    "short_position": "currentShortPositionQuantity",
    "previous_position": "previousShortPositionQuantity",
    "mean_volume": "averageDailyVolumeQuantity", "days_to_cover": "daysToCoverQuantity",
}  # fmt: skip


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the settlement dates that come out in the span, each as a file of its own."""
    asked, now = days(span), clock.now()
    settled = sorted(day for day in settlements(http) if day <= now.date())
    newest = settled[-N_AGAIN:] if now.date() in asked else []
    for day in settled:
        if day not in newest and published_on(day) not in asked:
            continue
        arrived = partial(rows, arrived_at=now)
        if found := finra.extract(NAME, http, DATASET, {"settlementDate": day}, KEY, arrived):
            yield "short_interest", found


def settlements(http: Http) -> list[date]:
    """Return every settlement date that the source has."""
    said = http.json(f"{finra.API}/partitions/{finra.GROUP}/{DATASET}")
    with understood(NAME, str(said)):
        found = [date.fromisoformat(each["partitions"][0]) for each in said["availablePartitions"]]
    if not found:
        raise FeedError(f"{NAME}: the source lists no settlement date; try again later")
    return found


def published_on(settled: date) -> date:
    """Return the session by whose end the positions of a settlement date are out."""
    return _new_york.sessions_after(settled, N_SESSIONS)


def read(files: Files) -> Iterator[Batch]:
    """Yield each saved answer."""
    yield from finra.saved(files, "short_interest", rows)


def rows(said: Sequence[Json], arrived_at: datetime | None = None) -> pa.Table:
    """Return an answer's rows as text; the contract makes numbers and days of them."""
    known = [known_at(date.fromisoformat(str(row["settlementDate"])[:10])) for row in said]
    if arrived_at:
        known = [min(each, arrived_at) for each in known]
    return finra.table(
        said,
        FIELDS,
        symbol=[finra.ticker(str(row["symbolCode"])) for row in said],
        market_class=[finra.word(row.get("marketClassCode")) or "" for row in said],
        is_revised=[is_flagged(row, "revisionFlag") for row in said],
        is_split=[is_flagged(row, "stockSplitFlag") for row in said],
    ).append_column("known_at", pa.array(known, pa.timestamp("us", "UTC")))


def is_flagged(row: Json, field: str) -> bool:
    """Say whether a flag is set; FINRA writes a letter, or nothing or N."""
    return finra.word(row.get(field)) not in (None, "N")


def known_at(settled: date) -> datetime:
    """Return the moment by which the positions of a settlement date are surely out."""
    return finra.evening(published_on(settled))
