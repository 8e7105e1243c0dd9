"""Files of kept days, named by what is in them: of a day under way of its month, or of a month.

A day's file is named by its day and its stamp. That of a month has a mark for each of its days,
made of the day and its stamp; so a name says of each day whether it holds what is wanted.
"""

from base64 import b32encode
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from leadline import seal
from leadline.clock import BEGINNING
from leadline.home import Found, Home

_MARK = 7  # characters, of 5 bits: 31 of them and the month are a file's name
_NONE = "0" * _MARK  # a digit that no mark has
_ENDING = ".parquet"
_US = timedelta(microseconds=1)


class Shelf:
    """A folder of kept days, listed anew when it has changed."""

    def __init__(self, folder: Home) -> None:
        self.folder = folder
        self._mark: object = None
        self._days: set[str] = set()
        self._months: dict[date, list[str]] = {}

    def look(self) -> bool:
        """List the folder; say whether it has changed since the last time."""
        listing = self.folder.listing(self._mark)
        if listing is None:
            return False
        self._mark, names = listing
        self._days, self._months = set(), {}
        for name in names:
            if not name.endswith(_ENDING):
                continue
            if name[10:11] == ".":
                self._days.add(name)
            elif month := _month_of(name):
                self._months.setdefault(month, []).append(name)
        return True

    def day(self, day: date, stamp: datetime) -> Home:
        """Return where a day's file lies, if it does."""
        return self.folder / _day_name(day, stamp)

    def month(self, stamps: Mapping[date, datetime]) -> Home:
        """Return where the file of these days of one month lies, if it does."""
        first = min(stamps)
        marks = (mark(day, stamps[day]) if day in stamps else _NONE for day in days_of(first))
        return self.folder / f"{first:%Y-%m}.{''.join(marks)}{_ENDING}"

    def found(self, stamps: Mapping[date, datetime]) -> dict[date, Home]:
        """Return the files that serve days of one month: none of them holds a day of another.

        A day that the month's file holds as it was before is left out.
        """
        held, name = self._best(stamps)
        served = {day: self.folder / name for day, is_good in held.items() if is_good}
        for day, stamp in stamps.items():
            if day not in held and (name := _day_name(day, stamp)) in self._days:
                served[day] = self.folder / name
        return served

    def made(self, stamps: Mapping[date, datetime]) -> dict[date, Home]:
        """Return the files that hold these days of one month, also those that serve none yet."""
        held, name = self._best(stamps)
        whole = {day: self.folder / name for day, is_good in held.items() if is_good}
        own = {day: _day_name(day, stamp) for day, stamp in stamps.items()}
        alone = {day: self.folder / name for day, name in own.items() if name in self._days}
        return alone | whole

    def _best(self, stamps: Mapping[date, datetime]) -> tuple[dict[date, bool], str]:
        """Return the days of the month's file that holds most of what is wanted, and its name.

        Each day is said to be as it is wanted or not.
        """
        best: tuple[int, dict[date, bool], str] = (0, {}, "")
        for name in self._months.get(min(stamps).replace(day=1), ()) if stamps else ():
            held = {
                day: day in stamps and mark(day, stamps[day]) == own for day, own in _marks(name)
            }
            best = max(best, (sum(held.values()), held, name), key=lambda each: each[0])
        return best[1], best[2]

    def outdated(self, good: Iterable[Home]) -> list[Found]:
        """Return the files but for those that serve and their seals, and what a kill has left."""
        serving = {path.name for path in good}
        serving |= {seal.beside(name) for name in serving}
        found = (each for each in self.folder.found("") if each.name not in serving)
        return sorted(found, key=lambda each: each.name)


def days_of(day: date) -> list[date]:
    """Return every day of a day's month."""
    return [day.replace(day=n + 1) for n in range(monthrange(day.year, day.month)[1])]


@lru_cache(100_000)
def mark(day: date, stamp: datetime) -> str:
    """Return what stands for a day with a stamp in the name of a month's file."""
    told = f"{day} {(stamp - BEGINNING) // _US}".encode()
    return b32encode(blake2b(told, digest_size=5).digest()).decode()[:_MARK].lower()


def _day_name(day: date, stamp: datetime) -> str:
    return f"{day}.{(stamp - BEGINNING) // _US}{_ENDING}"


def _month_of(name: str) -> date | None:
    try:
        return date.fromisoformat(f"{name[:7]}-01") if name[7:8] == "." else None
    except ValueError:
        return None


@lru_cache(10_000)
def _marks(name: str) -> tuple[tuple[date, str], ...]:
    """Return the days that a month's file holds, and the mark of each."""
    first, said = date.fromisoformat(f"{name[:7]}-01"), name[8 : -len(_ENDING)]
    marks = (said[n * _MARK : (n + 1) * _MARK] for n in range(len(said) // _MARK))
    return tuple(
        (day, own) for day, own in zip(days_of(first), marks, strict=False) if own != _NONE
    )
