"""One question: as our views are asked, and as other engines are, over the files of its span."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

_RAW = re.compile(r"\braw\.(\w+)")
MINUTE_US = 60_000_000
MINUTE = {
    "ours": f"epoch_us(known_at) // {MINUTE_US}",
    "chdb": f"intDiv(toUnixTimestamp64Micro(known_at), {MINUTE_US})",
    "polars": "known_minute",
}


@dataclass(frozen=True)
class Setting:
    """Where questions are asked: a store's span, one day of it, and two of its stocks."""

    since: date
    until: date
    day: date
    symbol: str
    quiet: str  # a stock that is traded seldom
    contract: str  # one of the symbol's that is traded on the day
    files: Mapping[str, Sequence[tuple[str, str | None]]]  # by dataset: path and partition

    def span(self, *, is_day: bool) -> tuple[datetime, datetime]:
        """Return the moments between which a question's rows are known."""
        since, until = (
            (self.day, self.day + timedelta(days=1)) if is_day else (self.since, self.until)
        )
        begin = datetime.fromisoformat(f"{since}T00:00:00+00:00")
        return begin, datetime.fromisoformat(f"{until}T00:00:00+00:00")

    def listed(self, dataset: str, *, is_day: bool) -> list[str]:
        """Return a dataset's files of the day, or of the span."""
        days = {f"{self.day}", f"{self.day.replace(day=1)}"}
        return [
            path
            for path, value in self.files[dataset]
            if value is None or not is_day or value in days
        ]


@dataclass(frozen=True)
class Question:
    """What somebody asks.

    `peer` is the same over `raw.*`, where ours asks a view that does more; None where no short
    query says what the view says. `polars` and `pandas` are functions of a Frames where SQL or
    nothing would not do. Of a day, files are those of that day.
    """

    kind: str  # page, day, span, join, window, export or tick
    name: str
    ours: str
    peer: str | None = ""
    polars: Callable[[Any, Setting], Any] | None = None
    pandas: Callable[[Any, Setting], Any] | None = None
    is_day: bool = True
    form: str = ""  # of an export
    reason: str = ""  # why ours is dearer, where that is not said of its kind
    since: timedelta | None = None  # before the day's last moment, of a tick

    def text(self, engine: str, setting: Setting) -> str:
        """Return its SQL for an engine, in which raw.X still stands for the files of X."""
        said = self.ours if engine == "ours" or not self.peer else self.peer
        words = {
            "day": f"{setting.day}",
            "symbol": setting.symbol,
            "quiet": setting.quiet,
            "contract": setting.contract,
            "minute": MINUTE[engine],
        }
        return re.sub(r"\{(\w+)\}", lambda found: words[found[1]], said)

    def why(self) -> str:
        """Return why ours may be dearer than a peer."""
        if self.reason:
            return self.reason
        if self.form:
            return "ours writes moments and decimals as text one by one, and how the file was made"
        if "curated." in self.ours:
            return (
                "the curated view first looks for what was told twice or withdrawn, and decodes it"
            )
        return (
            "raw.* also reads each row's load and moments: what is recorded and in force, and when"
        )

    def tables(self) -> list[str]:
        """Return the datasets that peers read."""
        return sorted(set(_RAW.findall(self.peer or self.ours)))

    def put(self, text: str, table: Callable[[str], str]) -> str:
        """Return SQL with each raw.X replaced."""
        return _RAW.sub(lambda found: table(found[1]), text)

    def engines(self) -> list[str]:
        """Return who can answer it."""
        if self.peer is None:
            return ["ours"]
        return ["ours", "polars", "chdb", *(["pandas"] if self.pandas else [])]
