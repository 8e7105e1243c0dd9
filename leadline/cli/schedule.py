"""leadline schedule list, leadline schedule run; and what is due, for leadline load --due."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import TYPE_CHECKING, Any

import typer

from leadline.cli.app import Desk, app, length, say, stops
from leadline.errors import ConfigError, LeadlineError, nearest

if TYPE_CHECKING:
    from types import ModuleType

    from leadline.due import Calendars
    from leadline.runs import Runs
    from leadline.schedule import Job, Owed

schedules = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Load feeds, and tidy up, when they are due."
)
app.add_typer(schedules, name="schedule")

Wanted = Callable[["Job"], bool]


@dataclass(frozen=True)
class _Plan:
    """The jobs in force, and the book of what they ran."""

    jobs: "list[Job]"
    runs: "Runs"
    needed: set[str]

    def calendars(self) -> "Calendars":
        """Return the sessions that the jobs are read by."""
        return self.runs.calendars(self.needed)


@schedules.command(name="list")
def list_(context: typer.Context) -> None:
    """List the jobs: when each is due next, how its last run ended, and how far it is behind."""
    from leadline import clock
    from leadline.schedule import behind, next_at

    desk: Desk = context.obj
    plan, now = _plan(desk), clock.now()
    past, rows, known = plan.runs.past(), plan.runs.rows(), plan.calendars()
    if not plan.jobs:
        say("no job; name feeds in leadline.toml, as [schedule.sec_13f], or load one once")
        return
    head = ("job", "next", "next in UTC", "last run", "outcome", "behind", "reason")
    typer.echo(_line(*head))
    told = [(next_at(job, past.get(job.name), now, known), job) for job in plan.jobs]
    for due, job in sorted(told, key=lambda each: (each[0] or clock.FOREVER, each[1].name)):
        row = rows.get(job.name, {})
        late = behind(job, past.get(job.name), now, known)
        began, outcome = _stamp(row.get("started_at")), row.get("outcome", "-")
        reason = row.get("reason") or ""
        cells = (_local(job, due), _stamp(due), began, outcome, _short(late), reason)
        typer.echo(_line(job.name, *cells))


@schedules.command()
def run(
    context: typer.Context,
    span: str | None = typer.Option(None, "--for", help="How long, as 60s or 2h; else until told."),
    once: bool = typer.Option(False, "--once", help="Run what is due now, and end."),
) -> None:
    """Run what is due, and wait for the next; SIGTERM lets what runs end after its step."""
    desk: Desk = context.obj
    if once:
        if span:
            raise typer.BadParameter("--once runs what is due now; leave --for out")
        run_due(desk, lambda job: True)
        return
    ends = length("--for", span) if span else None
    plan = _plan(desk)
    if not plan.jobs:
        raise ConfigError(
            "leadline.toml: no job is in force; name feeds as [schedule.sec_13f], or load one once"
        )
    with _scheduler(desk, plan, lambda job: True) as scheduler:
        say(f"schedule: {len(scheduler.jobs):,} jobs: {', '.join(j.name for j in scheduler.jobs)}")
        scheduler.run(ends)


def run_due(desk: Desk, wanted: "Wanted", named: str | None = None) -> None:
    """Run what is due now of some jobs; at the end raise an error that says which failed."""
    plan = _plan(desk, named)
    if named and named not in [job.name for job in plan.jobs]:
        near = nearest(named, [job.name for job in plan.jobs if job.feed])
        what = near or f"; write [schedule.{named}] in leadline.toml"
        raise ConfigError(f"{named}: it has no schedule{what}")
    with _scheduler(desk, plan, wanted) as scheduler:
        tally = scheduler.run(once=True)
    if tally.failed:
        total = tally.done + len(tally.failed)
        raise LeadlineError(
            f"schedule: {len(tally.failed):,} of {total:,} runs were not done: "
            f"{', '.join(sorted(tally.failed))}; leadline schedule list says why",
            try_again=tally.is_worth_it,
        )
    say(f"schedule: {tally.done:,} runs done" if tally.done else "schedule: nothing is due")


@contextmanager
def _scheduler(desk: Desk, plan: _Plan, wanted: "Wanted") -> Iterator[Any]:
    """Make the scheduler of some jobs, which Ctrl-C and SIGTERM stop."""
    from leadline import project

    room = project.room(desk.root, "live.schedule")
    jobs = [job for job in plan.jobs if wanted(job)]
    scheduler = room.Scheduler(
        jobs, plan.calendars, plan.runs, lambda owed, hold: _act(desk, owed, hold), say
    )
    stops.insert(0, scheduler.stop)
    before = signal.signal(  # in a thread, for whom it interrupts may hold the lock of an event
        signal.SIGTERM, lambda *_: Thread(target=scheduler.stop, daemon=True).start()
    )
    try:
        yield scheduler
    finally:
        signal.signal(signal.SIGTERM, before)


def _plan(desk: Desk, named: str | None = None) -> _Plan:
    """Read the schedules, and open what was run; a feed that is named is in use."""
    from leadline import project
    from leadline.runs import Runs
    from leadline.schedule import Reader, calendars_of
    from leadline.standing import read_all

    runs = Runs(desk.warehouse(), desk.another_store())
    runs.store.ledger.refresh()
    used, tables = runs.store.ledger.feeds() | ({named} if named else set()), desk.config.schedule
    if named:
        project.feed(desk.root, named)
    feeds = _modules(desk, {*used, *tables})
    reader = Reader(feeds)

    def jobs() -> "list[Job]":
        own = read_all(desk.config.exports, desk.root, reader, runs.warehouse.names())
        exported = [each.job for each in own.values() if each.job]
        return reader.jobs(tables, used) + exported

    jobs()  # what is written wrong is told before a store without sessions is
    needed = calendars_of(tables, feeds) | calendars_of(desk.config.exports, {})
    reader.calendars = runs.calendars(needed)
    return _Plan(jobs(), runs, needed)


def _modules(desk: Desk, names: set[str]) -> "dict[str, ModuleType | None]":
    """Import the feeds among some names; the others are known by name alone."""
    from leadline import project

    return {
        name: project.feed(desk.root, name) if name in names else None
        for name in project.feeds(desk.root)
    }


def _act(desk: Desk, owed: "Owed", hold: Any) -> int | None:
    """Run a job at a desk of its own: a feed as leadline load does, an upkeep as its command."""
    from leadline import project
    from leadline.cli.export import written
    from leadline.cli.load import fetched
    from leadline.schedule import UPKEEP

    own = desk.beside()
    hold.interrupt = own.interrupt
    try:
        if owed.job.export:
            return written(own, owed.job.export, owed.due_at)
        if owed.job.feed is None or owed.span is None:
            command = typer.main.get_command(app)
            words = list(UPKEEP[owed.job.name])
            code = command.main(words, obj=own, standalone_mode=False)
            if code:
                raise LeadlineError(
                    f"{owed.job.name}: leadline {' '.join(words)} ended with {code}"
                )
            return None
        module = project.feed(own.root, owed.job.feed)
        return fetched(own, owed.job.feed, module, owed.span, hold=hold)
    finally:
        own.close()


def _line(*cells: str) -> str:
    widths = (22, 20, 20, 20, 8, 8, 0)
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


def _local(job: "Job", due: datetime | None) -> str:
    if due is None:
        return "-"
    return f"{due.astimezone(job.times.zone):%Y-%m-%d %H:%M %Z}"


def _stamp(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}" if moment else "-"


def _short(late: timedelta) -> str:
    """Write a stretch in its two largest units."""
    minutes, seconds = divmod(int(late.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    pairs = [(days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s")]
    told = [f"{number}{unit}" for number, unit in pairs if number]
    return " ".join(told[:2]) or "-"
