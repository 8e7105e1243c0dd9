"""leadline feeds, leadline load; what a schedule loads goes the same way."""

import ast
import sys
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import typer

from leadline.cli.app import Desk, app, say
from leadline.errors import ConfigError, FeedError

if TYPE_CHECKING:
    from types import ModuleType

    from leadline.clock import Span
    from leadline.store import Loaded

    class Hold(Protocol):
        """What may end a load of the schedule, by an error."""

        def step(self) -> None:
            """Look between two steps."""

        def in_time(self) -> None:
            """Look before each request."""


_PATHS = typer.Option(None, "--from", help="Files, folders or archives of the source's own form.")
_MORE = typer.Argument(None, metavar="PATH", help="More of them.")


@app.command()
def feeds(context: typer.Context) -> None:
    """List the feeds of this project, with what each one reads."""
    from leadline import project

    desk: Desk = context.obj
    found = project.feeds(desk.root)
    for name, path in found.items():
        doc = ast.get_docstring(ast.parse(path.read_text())) or ""
        typer.echo(f"{name:<24} {doc.splitlines()[0] if doc else ''}")


@app.command()
def load(
    context: typer.Context,
    feed: str | None = typer.Argument(None, help="A feed's name; leadline feeds lists them."),
    more: list[Path] | None = _MORE,
    paths: list[Path] | None = _PATHS,
    since: str | None = typer.Option(None, help="First moment, over the network."),
    until: str | None = typer.Option(None, help="The moment before which to stop."),
    known_at: str | None = typer.Option(None, help="When a changed publication became known."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would be done."),
    due: bool = typer.Option(
        False, "--due", help="Load what the schedule says is due; no FEED: all."
    ),
) -> None:
    """Append what a source says to the store; running it again adds nothing twice."""
    from leadline import clock, project
    from leadline import load as loading
    from leadline.clock import Span

    desk: Desk = context.obj
    if due:
        if paths or since or until or known_at or dry_run:
            raise typer.BadParameter("--due loads what the schedule says; leave the others out")
        _load_due(desk, feed)
        return
    if feed is None:
        raise typer.BadParameter("name a FEED, or say --due")
    module = project.feed(desk.root, feed)
    known = clock.moment(known_at) if known_at else None
    if more and not paths:
        raise typer.BadParameter(f"'{more[0]}' stands alone; files come after --from")
    if paths:
        # A shell turns `--from *.csv` into one path after the option and the others behind.
        paths += more or []
        if since or until:
            raise typer.BadParameter("--from reads whole files; leave --since and --until out")
        plan = loading.plan(feed, module, paths)
        for name in plan.passed_over:
            say(f"{feed}: {name} is no file of this feed; passed over")
        say(f"{feed}: {len(plan.files):,} files, {plan.n_bytes:,} bytes, no requests")
        loads = loading.from_files(
            feed, module, desk.store, plan.files, known_at=known, dry_run=dry_run
        )
        _run(feed, loads, len(plan.files), dry_run)
        return
    if not since and module.FEED.step:
        raise typer.BadParameter("say --since and --until, or --from with files")
    end = clock.moment(until) if until else clock.now()
    span = Span(clock.moment(since) if since else clock.BEGINNING, end)
    fetched(desk, feed, module, span, dry_run=dry_run)


def fetched(
    desk: Desk, feed: str, module: "ModuleType", span: "Span", *, dry_run: bool = False,
    hold: "Hold | None" = None,
) -> int:  # fmt: skip
    """Load a span over the network; return how many rows were added.

    hold: what may end a load of the schedule between its steps.
    """
    from leadline import load as loading

    card = module.FEED
    if card.bucket:
        return _from_bucket(desk, feed, module, span, dry_run, hold)
    steps = loading.steps(span, card.step)
    if not hasattr(module, "pull"):
        raise FeedError(f"{feed}: it has no network form here; give it files with --from")
    if dry_run and card.step:
        say(f"{feed}: {len(steps):,} steps; how many requests and bytes they take, they tell")
        return 0
    if card.has_contact and not desk.config.contact:
        raise ConfigError(
            f"{feed}: its source refuses who does not say whom to write to; "
            f"set contact in leadline.toml or LEADLINE_CONTACT"
        )
    with desk.http(feed, card) as http:
        if hold:
            http.before = hold.in_time
        loads = loading.over_network(feed, module, desk.store, span, http, dry_run=dry_run)
        rows = _run(feed, loads, len(steps), dry_run, hold)
        if http.requests:
            say(f"{feed}: {http.requests:,} requests, {http.bytes:,} bytes")
    return rows


def _load_due(desk: Desk, feed: str | None) -> None:
    """Run what is due of the feeds' schedules, and end."""
    from leadline.cli.schedule import run_due

    run_due(desk, lambda job: job.feed is not None and feed in (None, job.feed), named=feed)


def _from_bucket(
    desk: Desk, feed: str, module: "ModuleType", span: "Span", dry_run: bool, hold: "Hold | None"
) -> int:
    """Load what the bucket of a feed has and the store has not; say how much that is first."""
    from leadline import load as loading
    from leadline.errand import errand

    with desk.bucket(feed, module.FEED.bucket) as bucket:
        todo = errand(feed, module.FEED, desk.store.ledger, span, bucket)
        n_bytes = sum(each.size for each in todo.objects)
        say(
            f"{feed}: {len(todo.objects):,} files to fetch, {n_bytes:,} bytes; "
            f"{todo.n_loaded:,} loaded already"
        )
        if dry_run:
            return 0
        loads = loading.from_bucket(feed, module, desk.store, todo.days, bucket)
        rows = _run(feed, loads, sum(len(day.own) for day in todo.days), dry_run, hold)
        say(f"{feed}: {bucket.requests:,} requests, {bucket.bytes:,} bytes")
    return rows


def _run(
    feed: str, loads: "Iterator[Loaded]", total: int, dry_run: bool, hold: "Hold | None" = None
) -> int:
    """Go through the loads, with a bar on a terminal; then say what was added."""
    rows = gone = rejected = new = 0
    reasons: dict[str, int] = {}
    try:
        is_shown, going = hold is None, cast("Generator[Loaded]", loads)
        with _progress(feed, total, is_shown=is_shown) as advance, closing(going):
            for loaded in loads:
                advance(loaded.coverage)
                new += loaded.is_new
                rows, gone = rows + loaded.n_rows, gone + loaded.n_gone
                rejected += loaded.n_rejected
                for reason, count in loaded.reasons.items():
                    reasons[reason] = reasons.get(reason, 0) + count
                if hold:
                    hold.step()
    finally:
        # Also when a later file stops the run: what came before it is in.
        for reason, count in reasons.items():
            say(f"{feed}: {count:,} rows set aside in rejected, as {reason}")
        verb = "would add" if dry_run else "added"
        say(
            f"{feed}: {verb} {rows:,} rows in {new:,} loads"
            + (f", {gone:,} tombstones" if gone else "")
            + (f", {rejected:,} rows set aside" if rejected else "")
        )
    return rows


@contextmanager
def _progress(feed: str, total: int, *, is_shown: bool = True):  # type: ignore[no-untyped-def]
    if not (is_shown and sys.stderr.isatty()):
        yield lambda coverage: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(feed), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns, TextColumn("{task.description}"), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("", total=total)
        yield lambda coverage: bar.update(task, advance=1, description=coverage)
