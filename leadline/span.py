"""How far before its span a view reads: `90s`, `20 sessions`, `20 sessions CMES` or `all`."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from leadline.clock import BEGINNING
from leadline.errors import StoreError, ViewError

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_TIME = re.compile(r"(\d+)([smhd])")
_SESSIONS = re.compile(r"(\d+) sessions?(?: (\S+))?")

_CLOSES = """
select calendar, list(closes_at order by sequence) as closes
from (
    select * from raw.sessions
    qualify row_number() over (partition by calendar, session_date order by recorded_at desc) = 1
)
where not is_gone
group by calendar
"""

Closes = Mapping[str, Sequence[datetime]]  # when each session of a calendar closes, in order


@dataclass(frozen=True)
class Needs:
    """A stretch of time before a span."""

    time: timedelta = timedelta()
    sessions: int = 0
    calendar: str = "XNYS"
    is_all: bool = False

    @classmethod
    def of(cls, text: str | None, path: Path, line: int) -> "Needs":
        """Read a header's `needs`."""
        if text is None:
            return NOTHING
        if text == "all":
            return cls(is_all=True)
        if (time := stretch(text)) is not None:
            return cls(time=time)
        if found := _SESSIONS.fullmatch(text):
            return cls(sessions=int(found[1]), calendar=found[2] or "XNYS")
        raise ViewError(
            f"{path}:{line}: needs is '{text}'; it takes 90s, 20 sessions, 20 sessions CMES or all"
        )

    def before(self, since: datetime, closes: Closes) -> datetime:
        """Return the moment from which rows are needed for a span that begins at since.

        `n sessions` reaches back to the close of the session that n whole sessions followed, so
        the one under way, n closed ones and everything published between them are in.
        """
        if self.is_all:
            return BEGINNING
        if not self.sessions:
            return max(since - self.time, BEGINNING) if since > BEGINNING else since
        if self.calendar not in closes:
            raise StoreError(
                f"raw.sessions: it holds no calendar {self.calendar}; run leadline load sessions"
            )
        moments = closes[self.calendar]
        place = bisect_right(moments, since) - 1 - self.sessions
        return moments[place] if place >= 0 else BEGINNING

    def at_most(self, closes: Closes) -> timedelta | None:
        """Return how long this can be, wherever the span begins; None where nothing bounds it."""
        if self.is_all:
            return None
        if not self.sessions:
            return self.time
        moments = closes.get(self.calendar, ())
        # From just before a close: the session under way and those that are counted.
        ends = moments[self.sessions + 1 :]
        return max((end - moments[place] for place, end in enumerate(ends)), default=None)


def closes_of(cursor: duckdb.DuckDBPyConnection) -> Closes:
    """Return when the sessions that raw.sessions holds close, as each stands by its newest row."""
    found = cursor.sql(_CLOSES).to_arrow_table().to_pylist()
    return {row["calendar"]: row["closes"] for row in found}


def stretch(text: str) -> timedelta | None:
    """Read a stretch of time: `90s`, `5m`, `2h` or `1d`; None for anything else."""
    found = _TIME.fullmatch(text)
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]]) if found else None


NOTHING = Needs()
