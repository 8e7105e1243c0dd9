"""Walk-forward: rolling windows of days, none of whose labels reaches into the test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from leadline.errors import ConfigError, QueryError


@dataclass(frozen=True)
class Walk:
    """How days are cut, in days of the calendar that the bars have: sessions, or UTC days.

    embargo is days left out before each test; None is 1 % of all days, at least the horizon.
    """

    train: int = 252
    test: int = 21
    step: int = 21
    embargo: int | None = None

    def __post_init__(self) -> None:
        """Raise a ConfigError for windows that hold no day."""
        for name in ("train", "test", "step"):
            if getattr(self, name) < 1:
                raise ConfigError(f"--{name}: {getattr(self, name)} is no number of days; give one")
        if self.embargo is not None and self.embargo < 0:
            raise ConfigError(f"--embargo: {self.embargo} days is before nothing; give 0 or more")
        if self.step < self.test:
            raise ConfigError(
                f"--step: {self.step} days after a test of {self.test} would judge days twice; "
                f"give {self.test} or more"
            )


@dataclass(frozen=True)
class Fold:
    """One test, and the days that what is judged there was chosen on."""

    number: int
    train: Sequence[date]
    test: Sequence[date]
    n_purged: int  # days before the test whose labels were not known at its begin
    n_embargoed: int  # further days that were left out before it


def days_of(horizon: str) -> int:
    """Return how many days a horizon touches at most: `5 sessions` five, `4 hours` one."""
    number, _, unit = horizon.partition(" ")
    is_days = unit.startswith(("session", "day"))
    return max(1, int(number)) if is_days else 1


def folds(
    begins: Mapping[date, datetime], known: Mapping[date, datetime], horizon: str, walk: Walk
) -> list[Fold]:
    """Return the folds over some days, oldest first.

    begins says when a day's first price was known, known when the last of its labels was. Days
    are purged whose labels were known at the test's begin or later; nothing was there to learn.
    """
    days = sorted(begins)
    embargo = walk.embargo
    if embargo is None:
        embargo = max(ceil(len(days) / 100), days_of(horizon))
    found: list[Fold] = []
    for start in range(walk.train, len(days), walk.step):
        test = days[start : start + walk.test]
        window = days[start - walk.train : start]
        kept = window[: max(0, len(window) - embargo)]
        train = [day for day in kept if known[day] < begins[test[0]]]
        is_unknown = [day for day in window if known[day] >= begins[test[0]]]
        n_purged = len(is_unknown)
        left_out = len(window) - len(train)
        if train:
            found.append(Fold(len(found) + 1, train, test, n_purged, left_out - n_purged))
    if not found:
        raise QueryError(
            f"{horizon}: {len(days)} days have labels, and a fold takes {walk.train} to train "
            f"after which {embargo} are left out, and one to test; widen the span, or give a "
            f"smaller --train"
        )
    return found
