"""Trading sessions by the rules of their exchanges; no source is asked.

Source: exchange-calendars (XNYS, CMES, 24/7), whose rules come with the installation.
Limits: from 1990 to the end of next year; a newer version may know more closures.
Quirks: a calendar is a rule, so known_at is 1970-01-01Z, also for the few ad hoc closures;
    24/7 is its own sequence of UTC days.
"""

import warnings
from collections.abc import Iterator
from datetime import date

import pyarrow as pa
from exchange_calendars import get_calendar

from leadline.clock import BEGINNING
from leadline.feed import Batch, Feed, Http, Span

FEED = Feed(writes=("sessions",), step=0, schedule="0 4 1 * *")

CALENDARS = ("XNYS", "CMES", "24/7")
FIRST = date(1990, 1, 1)


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield every session from 1990 to the end of the year after the span's end."""
    last = date(span.until.year + 1, 12, 31)
    for name in CALENDARS:
        with warnings.catch_warnings():
            # Under pandas 3.1 the library asks for a dtype by a name that is going away.
            warnings.simplefilter("ignore")
            calendar = get_calendar(name, start=FIRST.isoformat(), end=last.isoformat())
        half = set(calendar.early_closes)
        schedule = calendar.schedule
        yield (
            "sessions",
            pa.table(
                {
                    "calendar": [name] * len(schedule),
                    "session_date": [day.date() for day in schedule.index],
                    "opens_at": pa.array(schedule["open"]),
                    "closes_at": pa.array(schedule["close"]),
                    "is_half_session": [day in half for day in schedule.index],
                    "sequence": range(len(schedule)),
                    "known_at": pa.array([BEGINNING] * len(schedule), pa.timestamp("us", "UTC")),
                }
            ),
        )
