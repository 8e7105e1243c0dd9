"""A quarter, as a page is set to it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from panel_app.controls import Control

_SAID = re.compile(r"(\d{4})\W?Q([1-4])|Q([1-4])\W?(\d{4})", re.IGNORECASE)


@dataclass(frozen=True)
class Quarter(Control):
    """A quarter, as 2023Q4 or by its last day; fills in that day, or null."""

    hint: str = "newest"

    def binds(self, said: str) -> dict[str, Any]:
        """Return the quarter's last day."""
        words = said.strip()
        if not words:
            return {self.name: None}
        if found := _SAID.fullmatch(words):
            year, nth = int(found[1] or found[4]), int(found[2] or found[3])
            return {self.name: _end(year, nth)} if year else self._never(said)
        try:
            day = date.fromisoformat(words)
        except ValueError:
            return self._never(said)
        if day != _end(day.year, (day.month + 2) // 3):
            return self._never(said)
        return {self.name: day}

    def _never(self, said: str) -> dict[str, Any]:
        raise self._wrong(said, "is no quarter; write it as 2023Q4 or 2023-12-31")


def named(day: date) -> str:
    """Return a quarter's name by its last day: 2023Q4."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def _end(year: int, nth: int) -> date:
    return date(year + nth // 4, nth * 3 % 12 + 1, 1) - timedelta(days=1)
