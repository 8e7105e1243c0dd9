"""When rules are quiet: stretches of time and of sessions, and what mutes them."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from leadline.clock import BEGINNING, FOREVER
from leadline.quote import literal
from leadline.span import stretch
from leadline.warehouse import Warehouse

MUTES = ("closed", "holiday", "earnings")
_NEW_YORK = ZoneInfo("America/New_York")
_SESSIONS = re.compile(r"(\d+) sessions?")
_DAY = timedelta(days=1)
_REPORT = timedelta(days=2)  # the day of a report in New York, and the one that reacts to it


@dataclass(frozen=True)
class Wait:
    """A stretch of time, or a number of XNYS sessions: until so many have closed."""

    time: timedelta = timedelta()
    sessions: int = 0

    @classmethod
    def of(cls, text: str) -> "Wait | None":
        """Read `90s`, `15m`, `2h`, `1d` or `1 session`; None for anything else."""
        if found := _SESSIONS.fullmatch(text):
            return cls(sessions=int(found[1]))
        try:
            time = stretch(text)
        except OverflowError:
            return None
        return cls(time) if time is not None else None

    def __bool__(self) -> bool:
        """Say whether it is any time at all."""
        return bool(self.time or self.sessions)


@dataclass(frozen=True)
class Session:
    """One session of the New York Stock Exchange."""

    day: date
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Calendar:
    """The sessions in order, and when each company reports, as far as is known."""

    sessions: Sequence[Session] = ()
    reports: Mapping[str, Sequence[datetime]] = field(default_factory=dict)

    @classmethod
    def read(cls, house: Warehouse, until: datetime) -> "Calendar":
        """Read the calendar as it was known by a moment."""
        asked = house.ask("curated.us_sessions", BEGINNING, FOREVER).order("sequence")
        rows = asked.project("session_date, opens_at, closes_at").to_arrow_table().to_pylist()
        reports: dict[str, list[datetime]] = {}
        if "curated.earnings" in house.names():
            standing = f"withdrawn_at is null or withdrawn_at >= {literal(until)}"
            told = house.ask("curated.earnings", BEGINNING, until).filter(standing)
            for row in told.project("entity, reports_at").to_arrow_table().to_pylist():
                reports.setdefault(row["entity"], []).append(row["reports_at"])
        return cls([Session(*row.values()) for row in rows], reports)

    def after(self, moment: datetime, wait: Wait) -> datetime:
        """Return when a stretch that begins at a moment is over."""
        if not wait.sessions:
            return moment + wait.time if moment < FOREVER - wait.time else FOREVER
        place = bisect_right(self._closes, moment) + wait.sessions - 1
        # Beyond the calendar, and without one, a session is a day.
        missing = place - len(self._closes) + 1
        if missing > 0:
            return moment + wait.sessions * _DAY
        return self._closes[place]

    def heard(self, moment: datetime, mutes: Sequence[str], entity: str | None) -> datetime:
        """Return the first moment from this one on at which nothing mutes."""
        while (ends := self._muted_until(moment, mutes, entity)) is not None:
            moment = ends
        return moment

    def _muted_until(
        self, moment: datetime, mutes: Sequence[str], entity: str | None
    ) -> datetime | None:
        """Return when what mutes now is over; None where nothing does."""
        if "earnings" in mutes:
            for reports_at in self.reports.get(entity or "", ()):
                begin = _midnight(reports_at.astimezone(_NEW_YORK).date())
                if begin <= moment < begin + _REPORT:
                    return begin + _REPORT
        if "holiday" in mutes and self.sessions:
            day = moment.astimezone(_NEW_YORK).date()
            is_known = self.sessions[0].day <= day <= self.sessions[-1].day
            if is_known and day.weekday() < 5 and day not in self._days:
                return _midnight(day + _DAY)
        if "closed" in mutes and self.sessions:
            place = bisect_right(self._closes, moment)
            if place == len(self.sessions):
                return None  # nobody knows what comes after the calendar
            opens_at = self.sessions[place].opens_at
            return opens_at if moment < opens_at else None
        return None

    @cached_property
    def _closes(self) -> list[datetime]:
        return [each.closes_at for each in self.sessions]

    @cached_property
    def _days(self) -> frozenset[date]:
        return frozenset(each.day for each in self.sessions)


def _midnight(day: date) -> datetime:
    """Return when a day begins in New York."""
    return datetime(day.year, day.month, day.day, tzinfo=_NEW_YORK).astimezone(UTC)
