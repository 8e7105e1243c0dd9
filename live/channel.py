"""Channels: to whom notices go, at which hours and how many; each is checked when it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, timezone
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from leadline.catalog import SEVERITIES
from leadline.errors import ConfigError, nearest
from live.notice import Notice
from live.settings import Settings

_OWN = (
    "kind", "severity", "quiet", "zone", "resolved", "per_hour", "window", "link", "tries",
)  # fmt: skip


class Carrier(Protocol):
    """Takes a notice to where a channel ends."""

    def carry(self, notice: Notice) -> str | None:
        """Return once it was taken, with what is worth saying of it; else raise a NoticeError."""

    def whither(self) -> str:
        """Say where it goes, without any secret."""


@dataclass(frozen=True)
class Quiet:
    """The hours of a day in which nothing is told: from one time on the clock to another."""

    since: time
    until: time
    zone: ZoneInfo

    def ends_at(self, now: datetime) -> datetime | None:
        """Return when it will be over; None outside of it."""
        local = now.astimezone(self.zone)
        at = local.time()
        is_over_night = self.since > self.until
        is_in = (
            at >= self.since or at < self.until if is_over_night else self.since <= at < self.until
        )
        if not is_in:
            return None
        day = local.date() + timedelta(days=1 if is_over_night and at >= self.since else 0)
        return datetime.combine(day, self.until, self.zone).astimezone(UTC)


@dataclass(frozen=True)
class Channel:
    """One way to somebody."""

    name: str
    kind: str
    carrier: Carrier = field(repr=False)
    severity: str = "info"
    quiet: Quiet | None = None
    zone: ZoneInfo | timezone = UTC
    tells_end: bool = False
    per_hour: int = 60
    window: timedelta = timedelta(minutes=5)
    link: str = ""
    tries: int = 8

    def wants(self, severity: str | None) -> bool:
        """Say whether something is severe enough; what has no severity is."""
        known = severity in SEVERITIES
        return not known or SEVERITIES.index(str(severity)) >= SEVERITIES.index(self.severity)


@cache
def kinds() -> tuple[str, ...]:
    """Return every kind of channel: each is a file."""
    return tuple(
        sorted(path.stem for path in (Path(__file__).parent / "carriers").glob("[a-z]*.py"))
    )


def read(root: Path, tables: Mapping[str, Mapping[str, Any]]) -> dict[str, Channel]:
    """Read every channel of the settings; the first that can't be used is told."""
    return {name: read_one(root, name, table) for name, table in tables.items()}


def read_one(root: Path, name: str, table: Mapping[str, Any]) -> Channel:
    """Read one channel with its secrets; a ConfigError says what can't be used."""
    settings = Settings(name, table, root)
    kind = settings.one_of("kind", kinds())
    room = import_module(f"live.carriers.{kind}")
    settings.only((*_OWN, *room.KEYS))
    zone = _zone(settings)
    return Channel(
        name, kind, room.carrier(settings),
        severity=settings.one_of("severity", SEVERITIES, "info"),
        quiet=_quiet(settings, zone),
        zone=zone,
        tells_end=settings.flag("resolved"),
        per_hour=settings.whole("per_hour", 60, 10_000),
        window=settings.stretch("window", "5m"),
        link=_link(settings),
        tries=settings.whole("tries", 8, 100),
    )  # fmt: skip


def named(name: str, tables: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the table of a channel."""
    if name not in tables:
        known = nearest(name, tables) or f"; write [channels.{name}]"
        raise ConfigError(f"leadline.toml: it has no channel '{name}'{known}")
    return tables[name]


def _zone(settings: Settings) -> ZoneInfo:
    said = settings.text("zone", '"Europe/Berlin"', "UTC")
    try:
        return ZoneInfo(said)
    except (KeyError, ValueError, OSError) as error:
        raise settings.refused(
            f"has zone = '{said}'; it takes a name such as Europe/Berlin or America/New_York"
        ) from error


def _quiet(settings: Settings, zone: ZoneInfo) -> Quiet | None:
    if "quiet" not in settings.values:
        return None
    said = settings.text("quiet", '"22:00-07:00"')
    try:
        since, until = (time.fromisoformat(each.strip()) for each in said.split("-"))
    except ValueError as error:
        raise settings.refused(f"has quiet = '{said}'; it takes hours as 22:00-07:00") from error
    if since == until or since.tzinfo or until.tzinfo:
        raise settings.refused(f"has quiet = '{said}'; it takes two times of a day, as 22:00-07:00")
    return Quiet(since, until, zone)


def _link(settings: Settings) -> str:
    if "link" not in settings.values:
        return ""
    said = settings.text("link", '"http://127.0.0.1:8000"')
    parts = urlsplit(said)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        raise settings.refused(
            f"has link = '{said}'; it takes the address of the dashboard, as http://127.0.0.1:8000"
        )
    return said.rstrip("/")
