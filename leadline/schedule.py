"""What is loaded when: the settings over the feeds' cards, and what a job owes at a moment.

All of it is a function of the job, its past, the sessions and the moment. Due times that were
missed are one run: a feed loads spans, and its span goes from where its last run ended.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from types import ModuleType
from typing import Any, Literal

from leadline import clock
from leadline.clock import Span
from leadline.config import FILE, Tables
from leadline.due import (
    NEW_YORK,
    XNYS,
    Calendars,
    Times,
    clock_times,
    is_beside_sessions,
    session_times,
)
from leadline.errors import ConfigError, FeedError, QueryError, nearest
from leadline.feed import Feed
from leadline.span import stretch

# What is no feed, and the command that it is.
UPKEEP: Mapping[str, tuple[str, ...]] = {
    "refresh": ("refresh",),
    "compact": ("store", "compact"),
    "retain": ("store", "retain"),
    "vacuum": ("store", "vacuum"),
    "warehouse": ("warehouse", "build"),
    "check": ("check", "data", "--due", "--days", "30"),
}
Outcome = Literal["running", "done", "failed", "killed", "stopped"]
KEYS = ("cron", "zone", "sessions", "after", "since", "again", "retries", "timeout", "off")
_OF_FEEDS = ("since", "again")
PIECE = timedelta(days=31)  # of a long span, after which a kill or an error loses nothing
_DAY = timedelta(days=1)
_MOST = 1_000  # due times that are counted
_BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20))
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Job:
    """A feed, an upkeep or an export, and when it is due.

    since: how far back the first run of a feed loads. again: how far before its last run the next
    one looks, for what came late. is_whole: its load is of everything, and can't be cut.
    """

    name: str
    feed: str | None
    where: str
    export: str | None = None
    times: Times
    since: datetime | None = None
    again: timedelta = _DAY
    retries: int = 3
    timeout: timedelta = timedelta(hours=6)
    is_whole: bool = False


@dataclass(frozen=True)
class Past:
    """What the rows tell of a job's newest run, and of the newest that was done."""

    due_at: datetime
    started_at: datetime
    outcome: Outcome
    attempt: int = 1
    retry_at: datetime | None = None
    until_at: datetime | None = None
    done_due_at: datetime | None = None
    loaded_until: datetime | None = None


@dataclass(frozen=True)
class Owed:
    """A run that is due: which due times it serves, and the span that a feed loads."""

    job: Job
    due_at: datetime
    n_due: int
    attempt: int
    span: Span | None


@dataclass
class Reader:
    """Reads the schedules of a project; `feeds` are its loaders, `used` what the store has."""

    feeds: Mapping[str, ModuleType | None]
    calendars: Calendars = field(default_factory=dict)

    def jobs(self, tables: Tables, used: Collection[str]) -> list[Job]:
        """Return the jobs in force: those of the settings, and of the cards of feeds in use."""
        found = []
        for name, table in tables.items():
            if job := self._of_table(name, table):
                found.append(job)
        for name in sorted(set(used) - tables.keys()):
            card: Feed | None = getattr(self.feeds.get(name), "FEED", None)
            if card and card.schedule:
                found.append(self._of_card(name, card, {}))
        return found

    def _of_table(self, name: str, table: Mapping[str, Any]) -> Job | None:
        where = f"{FILE}: [schedule.{name}]"
        if name not in self.feeds and name not in UPKEEP:
            near = nearest(name, (*self.feeds, *UPKEEP))
            raise ConfigError(f"{FILE}: schedule has '{name}', which is no feed or upkeep{near}")
        for key in table:
            if key not in KEYS:
                raise ConfigError(f"{where} has '{key}'{nearest(key, KEYS) or '; leave it out'}")
            if name in UPKEEP and key in _OF_FEEDS:
                raise ConfigError(f"{where} has '{key}', which only a feed has; leave it out")
        if not isinstance(table.get("off", False), bool):
            raise ConfigError(f"{where} off is '{table['off']}'; it takes true or false")
        if table.get("off"):
            return None
        if "cron" in table and "after" in table:
            raise ConfigError(f"{where} has cron and after; keep one of them")
        if name in UPKEEP:
            return Job(name=name, feed=None, **self.settings(where, table))
        module = self.feeds[name]
        assert module is not None
        card: Feed = module.FEED
        if not (hasattr(module, "pull") or card.bucket):
            raise FeedError(f"{where}: {name} has no network form; load its files with --from")
        if "cron" in table or "after" in table:
            return self._feed(name, card, self.settings(where, table))
        return self._of_card(name, card, table)

    def _of_card(self, name: str, card: Feed, table: Mapping[str, Any]) -> Job:
        """Return a feed's own schedule, with what the settings add to it."""
        if not card.schedule:
            where = f"{FILE}: [schedule.{name}]"
            raise ConfigError(
                f"{where} says neither cron nor after, and its loader has no schedule; "
                f'write cron = "30 18 * * 1-5"'
            )
        key = "after" if is_beside_sessions(card.schedule) else "cron"
        given = {"zone": card.zone} if key == "cron" else {}
        where = f"{FILE}: [schedule.{name}]" if table else f"loaders/{name}.py: schedule"
        return self._feed(name, card, self.settings(where, given | {key: card.schedule, **table}))

    def _feed(self, name: str, card: Feed, settings: dict[str, Any]) -> Job:
        return Job(name=name, feed=name, is_whole=card.step == 0 and not card.bucket, **settings)

    def settings(self, where: str, table: Mapping[str, Any]) -> dict[str, Any]:
        """Read what a table says of when a job is due, and how often and how long it is tried."""
        found: dict[str, Any] = {"where": where, "times": self._times(where, table)}
        for key in ("again", "timeout"):
            if key in table:
                found[key] = stretch(str(table[key]))
                if found[key] is None or (key == "timeout" and not found[key]):
                    raise ConfigError(f"{where} {key} is '{table[key]}'; it takes 90s, 2h or 3d")
        if "retries" in table:
            found["retries"] = table["retries"]
            if type(table["retries"]) is not int or table["retries"] < 0:
                raise ConfigError(f"{where} retries is '{table['retries']}'; it takes a number")
        if "since" in table:
            found["since"] = _moment(where, table["since"])
        return found

    def _times(self, where: str, table: Mapping[str, Any]) -> Times:
        said = {key: table.get(key) for key in ("cron", "after", "zone", "sessions")}
        for key, value in said.items():
            if value is not None and not isinstance(value, str):
                raise ConfigError(f"{where} {key} is '{value}'; it takes text in quotes")
        calendar = said["sessions"]
        if calendar and self.calendars and calendar not in self.calendars:
            near = nearest(calendar, self.calendars)
            raise ConfigError(f"{where} sessions is '{calendar}', which is no calendar{near}")
        if said["after"]:
            if said["zone"]:
                raise ConfigError(f"{where} has zone, which only cron needs; leave it out")
            times = session_times(f"{where} after", said["after"], calendar or XNYS)
        elif said["cron"]:
            zone = said["zone"] or NEW_YORK
            times = clock_times(f"{where} cron", said["cron"], zone, calendar)
        else:
            raise ConfigError(f'{where} says neither cron nor after; write cron = "30 18 * * 1-5"')
        own = self.calendars.get(calendar) if calendar else None
        if own and times.next(own.opens[0] - 8 * _DAY, self.calendars) is None:
            raise ConfigError(
                f"{where} cron '{said['cron']}' never fires on a session of {calendar}; "
                f"write other days, or leave sessions out"
            )
        return times


def calendars_of(tables: Tables, feeds: Mapping[str, ModuleType | None]) -> set[str]:
    """Return the calendars whose sessions are needed to read these schedules."""
    cards = [getattr(module, "FEED", None) for module in feeds.values()]
    named = {str(table["sessions"]) for table in tables.values() if "sessions" in table}
    is_beside = any("after" in table for table in tables.values()) or any(
        card and card.schedule and is_beside_sessions(card.schedule) for card in cards
    )
    return named | ({XNYS} if is_beside else set())


def owed(job: Job, past: Past | None, now: datetime, calendars: Calendars) -> Owed | None:
    """Return the run that a job owes at a moment, if it owes one.

    A run that was killed or stopped is owed at once, one worth trying again at its time, and all
    others when they are next due; what was missed meanwhile is served by the newest due time.
    """
    newest = job.times.last(now, calendars)
    if past is None:
        return _owed(job, None, newest, 1, now, calendars) if newest else None
    if newest and newest > past.due_at:
        return _owed(job, past, newest, 1, now, calendars)
    if past.outcome == "stopped":
        return _owed(job, past, past.due_at, past.attempt, now, calendars)
    if past.outcome in ("killed", "running") and past.attempt <= job.retries:
        return _owed(job, past, past.due_at, past.attempt + 1, now, calendars)
    if past.outcome == "failed" and past.retry_at and past.retry_at <= now:
        return _owed(job, past, past.due_at, past.attempt + 1, now, calendars)
    if past.outcome == "done" and past.until_at and past.until_at < past.due_at:
        return _owed(job, past, past.due_at, 1, now, calendars)  # the next piece
    return None


def next_at(job: Job, past: Past | None, now: datetime, calendars: Calendars) -> datetime | None:
    """Return the moment after now at which a job is next worth a look."""
    due = job.times.next(now, calendars)
    if past and past.retry_at and past.retry_at > now:
        return min(due, past.retry_at) if due else past.retry_at
    return due


def retry_at(job: Job, attempt: int, now: datetime) -> datetime | None:
    """Return when a try is worth another one; None after the last."""
    if attempt > job.retries:
        return None
    return now + _BACK_OFF[min(attempt, len(_BACK_OFF)) - 1]


def behind(job: Job, past: Past | None, now: datetime, calendars: Calendars) -> timedelta:
    """Return for how long a job has owed what it owes; nothing where it owes nothing."""
    if past is None or past.done_due_at is None:
        first = past.due_at if past else job.times.last(now, calendars)
    else:
        first = job.times.next(past.done_due_at, calendars)
        if past.loaded_until and past.loaded_until < past.done_due_at:
            first = past.done_due_at
    return now - first if first and first < now else timedelta()


def _owed(
    job: Job, past: Past | None, due: datetime, attempt: int, now: datetime, calendars: Calendars
) -> Owed:
    before = past.done_due_at if past else None
    is_piece = before == due
    served = 1
    if before and not is_piece:
        served = sum(1 for _ in islice(job.times.between(before, due, calendars), _MOST))
    return Owed(job, due, served, attempt, _span(job, past, due, now, calendars))


def _span(
    job: Job, past: Past | None, due: datetime, now: datetime, calendars: Calendars
) -> Span | None:
    """Return what a feed has to load: from where it stands, in pieces of a month, up to now."""
    if job.feed is None:
        return None
    stands = past.loaded_until if past else None
    if stands:
        is_going_on = past is not None and stands < (past.done_due_at or stands)
        since = stands if is_going_on else stands - job.again
    elif job.since:
        since = job.since
    else:
        since = (job.times.last(due - _INSTANT, calendars) or due - _DAY) - job.again
    since = max(clock.BEGINNING, min(since, now - _INSTANT))
    until = now if job.is_whole else min(now, since + PIECE)
    return Span(since, now if until >= due else until)


def _moment(where: str, said: Any) -> datetime:
    """Read how far back: a day or a moment of TOML, or the text of one."""
    if isinstance(said, datetime):
        return said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    if isinstance(said, date):
        return clock.midnight(said)
    try:
        return clock.moment(str(said))
    except QueryError as error:
        raise ConfigError(f"{where} since is '{said}'; write 2024-03-01") from error
