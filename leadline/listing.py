"""The live files of a dataset in the order of their days: a question opens those of its span.

A plan looks at each file that a scan names, about 10 microseconds each time the scan stands in it.
Of a long history that would be most of what a short question costs.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from leadline.clock import BEGINNING, FOREVER
from leadline.contract import Contract

_MARGIN = timedelta(days=1)  # a bound may lie at the end of time


@dataclass(frozen=True)
class Listing:
    """Files in the order of their partitions; values are those of the partitions, if it has any."""

    contract: Contract
    files: tuple[str, ...] = ()
    values: tuple[date, ...] = ()

    @classmethod
    def of(cls, contract: Contract, paths: Iterable[str]) -> "Listing":
        """Read from their paths of which day or month files are."""
        if not contract.partition:
            return cls(contract, tuple(paths))
        told = sorted((_value(path), path) for path in paths)
        return cls(contract, tuple(path for _, path in told), tuple(value for value, _ in told))

    def within(
        self, since: datetime, until: datetime, but_for: Container[date] = ()
    ) -> Sequence[str]:
        """Return the files that may hold rows known in a span; state has no begin.

        Files of days are left out that are named. One is there at least, where there is any: a
        scan of none is an error.
        """
        low, high = self._places(since, until)
        found: Sequence[str] = self.files[low:high]
        if but_for and self.contract.partition == "known_date":
            days = zip(self.values[low:high], found, strict=True)
            found = [path for day, path in days if day not in but_for]
        return found or self.files[:1]

    def may_hold(self, day: date) -> bool:
        """Say whether there may be rows that became known on a day."""
        if self.contract.partition != "known_date":
            return bool(self.files)
        place = bisect_left(self.values, day)
        return place < len(self.values) and self.values[place] == day

    def _places(self, since: datetime, until: datetime) -> tuple[int, int]:
        if not self.values:
            return 0, len(self.files)
        low = 0
        if self.contract.is_event and since > BEGINNING + _MARGIN:
            first = since.astimezone(UTC).date()
            is_month = self.contract.partition == "known_month"
            low = bisect_left(self.values, first.replace(day=1) if is_month else first)
        high = len(self.files)
        if until < FOREVER - _MARGIN:
            high = bisect_right(self.values, until.astimezone(UTC).date())
        return low, high


def _value(path: str) -> date:
    return date.fromisoformat(path.rsplit("/", 2)[-2].rpartition("=")[2])
