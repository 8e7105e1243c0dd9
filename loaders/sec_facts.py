"""How many shares a company has out, as its filings say on their cover or in their accounts.

Source: https://data.sec.gov/api/xbrl/companyconcept, EntityCommonStockSharesOutstanding and, where
    there is none, CommonStockSharesOutstanding; no key.
Limits: EDGAR's own; asked for are the stocks that the setting `symbols` names, by the issuers that
    `sec_tickers` brought, two requests each; from 2009 on for the largest, from 2011 for all.
Quirks: a count is of the day that its filing names, and later filings repeat it on another basis,
    so that only the first one's holds. The balance sheet's total counts where no cover has said
    anything of the 200 days before it. Who has several classes tells none here: a count of all of
    them is no class's, so issuers with two common tickers are left out. A count below 10,000 holds
    the place of one that was not told, and is set aside; absent is a 404, an empty object or a
    series that ends; known_at is 22:00 New York of the filing date, at the latest.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from leadline.feed import Batch, Extract, Feed, File, Http, Json, Row, Span, understood
from loaders._edgar import DATA, SOURCE, fetched
from loaders._issuers import of_common_stock, tickers
from loaders._new_york import NEW_YORK
from loaders._parts import whole_ones

FEED = Feed(
    writes=("shares_outstanding",), files="shares_*.json", step=0, source=SOURCE,
    has_contact=True, wants="curated.issuers", schedule="30 22 * * 1-5",
)  # fmt: skip

COVER, BALANCE = "dei/EntityCommonStockSharesOutstanding", "us-gaap/CommonStockSharesOutstanding"
FRESH = timedelta(days=200)  # two quarters and the time to file
LEAST = 10_000  # below it stand 1, 100 and 1000, as what is told by class elsewhere


class Count(NamedTuple):
    """A number of shares on a day, and when it was first filed."""

    filed: date
    day: date
    shares: Decimal


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the counts of each company that has one class of common stock."""
    yield from whole_ones("shares_outstanding", _pulled(http))


def _pulled(http: Http) -> Iterator[Batch]:
    for cik, own in tickers(http).items():
        if (symbol := of_common_stock(own)) is None:
            continue
        files: list[File] = []
        told: list[list[Count]] = []
        for concept in (COVER, BALANCE):
            found = fetched(f"{DATA}/api/xbrl/companyconcept/CIK{cik}/{concept}.json", http)
            told.append([])
            if found:
                files.append(file := File.of(found))
                with understood(file.origin, file.bytes()[:80]):
                    told[-1] = counts(file.json())
        if files:
            # One load a company, whichever of its answers are there.
            files[0].name = f"shares_{cik}.json"
            rows = [_row(symbol, count) for count in chosen(*told)]
            yield "shares_outstanding", Extract(files[0], rows, tuple(files[1:]))


def counts(said: Json) -> list[Count]:
    """Return what was first filed of each day, the oldest first."""
    units = said["units"].get("shares") or []
    told = sorted(
        Count(date.fromisoformat(each["filed"]), date.fromisoformat(each["end"]), _number(each))
        for each in units
    )
    first: dict[date, Count] = {}
    for count in told:
        first.setdefault(count.day, count)
    return list(first.values())


def _number(each: Json) -> Decimal:
    if isinstance(each["val"], bool) or not isinstance(each["val"], int | Decimal):
        raise ValueError(f"val is {each['val']!r}, and no number")
    return Decimal(each["val"])


def chosen(cover: list[Count], balance: list[Count]) -> list[Count]:
    """Return what the covers say, and balance sheets where none had said so by then."""
    spoken = {count.day for count in cover}
    return cover + [
        count
        for count in balance
        if count.day not in spoken
        and not any(
            told.filed <= count.filed and told.day >= count.day - FRESH for told in cover
        )
    ]  # fmt: skip


def _row(symbol: str, count: Count) -> Row:
    told_at = datetime.combine(count.filed, time(22), NEW_YORK)
    return {
        "symbol": symbol,
        "as_of_date": count.day,
        "shares": count.shares if count.shares >= LEAST else None,
        "known_at": told_at.astimezone(UTC),
    }
