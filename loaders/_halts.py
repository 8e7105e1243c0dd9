"""Trading halts as rows: each has a begin, and an end once somebody tells it."""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import BytesIO
from itertools import groupby
from typing import NamedTuple

from leadline.feed import Batch, Extract, File, Row
from loaders._new_york import NEW_YORK, midnight
from loaders._parts import DAY


class Halt(NamedTuple):
    """What a source says of one halt by now; is_extended: another one goes on with it."""

    symbol: str
    halted_at: datetime
    reason: str
    issuer: str | None = None
    listed_on: str | None = None
    pause_price: str | None = None
    quotes_at: datetime | None = None
    trades_at: datetime | None = None
    is_extended: bool = False


def moment(day: str, clock: str, form: str) -> datetime:
    """Return a moment of New York; seconds may have a fraction, and a blank before it."""
    clock = clock.replace(" ", "")
    fraction = ".%f" if "." in clock else ""
    at = datetime.strptime(f"{day.strip()} {clock}", f"{form} %H:%M:%S{fraction}")
    return at.replace(tzinfo=NEW_YORK).astimezone(UTC)


def rows(halts: Sequence[Halt], seen_at: datetime | None = None) -> list[Row]:
    """Return the begin of each halt, and its end where it is told.

    seen_at: when they were seen; without it a begin and an end are known when they happened.
    """
    found: list[Row] = []
    for halt in halts:
        facts = {
            "symbol": halt.symbol, "halted_at": halt.halted_at, "reason": halt.reason,
            "issuer": halt.issuer, "listed_on": halt.listed_on, "pause_price": halt.pause_price,
        }  # fmt: skip
        found.append(facts | {"step": "halted", "known_at": seen_at or halt.halted_at})
        ended_at = halt.trades_at or halt.quotes_at
        if halt.is_extended:
            after = midnight(_day(halt) + timedelta(days=1))
            found.append(facts | {"step": "extended", "known_at": seen_at or after})
        elif ended_at:
            times = {"quotes_at": halt.quotes_at, "trades_at": halt.trades_at}
            found.append(facts | times | {"step": "resumed", "known_at": seen_at or ended_at})
    return found


def loads(
    name: str, origin: str, halts: Sequence[Halt], whole: Collection[date], at: datetime
) -> Iterator[Batch]:
    """Yield the days of which all halts are told, each as a load, and any other halt by itself.

    So what is left out of a day is withdrawn, and what an earlier day left open is not. `at`:
    when the answer came, which is when halts of that day, and open ones, were seen.
    """
    today = at.astimezone(NEW_YORK).date()
    for day, own in groupby(sorted(halts, key=_place), _day):
        told = list(own)
        if day in whole:
            yield _load(f"{name}_{day:{DAY}}", origin, told, at if day == today else None)
            continue
        for place, each in groupby(told, _place):
            part = f"{day:{DAY}}_{place[1]}_{place[0]:%H%M%S%f}_{place[2]}".replace("/", ".")
            yield _load(f"{name}_{part}", origin, list(each), at)


def _load(name: str, origin: str, halts: Sequence[Halt], seen_at: datetime | None) -> Batch:
    # What counts as new is what is said, not when it was asked for.
    body = json.dumps(halts, default=str).encode()
    return "halts", Extract(File(name, origin, partial(BytesIO, body)), rows(halts, seen_at))


def _place(halt: Halt) -> tuple[datetime, str, str]:
    return halt.halted_at, halt.symbol, halt.reason


def _day(halt: Halt) -> date:
    return halt.halted_at.astimezone(NEW_YORK).date()
