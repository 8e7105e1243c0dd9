"""What a rule says of its notices, as it was when the rule acted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from leadline.clock import FOREVER
from leadline.due import Times, clock_times
from leadline.errors import ConfigError
from leadline.span import stretch
from live.notice import evidence

Group = tuple[str, ...]  # a rule's name, and the values that its notices are grouped by


@dataclass(frozen=True)
class Telling:
    """To whom it tells, what it tells at once, and how often."""

    channels: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    wait: timedelta = timedelta()
    repeat: timedelta | None = None
    digest: str | None = None

    def group_of(self, act: Mapping[str, Any]) -> Group:
        """Return what an act is told together with: by columns, else the rule if it waits."""
        name = act["rule"] or ""
        if self.digest:
            return (name, "digest")
        if self.group:
            row = evidence(act)
            inner = row.get("evidence")
            further = inner if isinstance(inner, dict) else {}
            columns = {**act, **further, **row}
            return (name, *(f"{column}={columns.get(column)}" for column in self.group))
        return (name,) if self.wait else (name, f"key={act['key']}")

    def digest_at(self, first: datetime, zone: tzinfo) -> datetime:
        """Return when what first happened at a moment is told with all that came by then."""
        assert self.digest is not None
        try:
            clock_times("digest", self.digest)
        except ConfigError:  # of a rule as it once was
            return FOREVER
        return Times(self.digest, zone).next(first, {}) or FOREVER


@lru_cache(maxsize=1_024)
def telling_of(definition: str | None) -> Telling:
    """Read a rule as an act holds it; what can't be read tells nobody anything."""
    try:
        said = json.loads(definition or "{}")
    except (ValueError, RecursionError):
        said = {}
    if not isinstance(said, dict):
        return Telling()
    digest = said.get("digest")
    return Telling(
        _texts(said.get("channels")), _texts(said.get("group")),
        _stretch(said.get("wait")) or timedelta(), _stretch(said.get("repeat")) or None,
        digest if isinstance(digest, str) and digest else None,
    )  # fmt: skip


def _texts(said: Any) -> tuple[str, ...]:
    listed = said if isinstance(said, list) else [said] if isinstance(said, str) else []
    return tuple(dict.fromkeys(str(each) for each in listed if each))


def _stretch(said: Any) -> timedelta | None:
    try:
        if isinstance(said, int | float) and not isinstance(said, bool):
            return timedelta(seconds=said)
        return stretch(said) if isinstance(said, str) else None
    except (OverflowError, ValueError):  # far, or no number at all
        return None
