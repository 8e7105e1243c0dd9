"""leadline check, leadline check data, leadline check future."""

import json
from collections.abc import Sequence
from datetime import timedelta
from types import ModuleType
from typing import TYPE_CHECKING

import typer

from leadline.cli.app import Desk, app, length, say
from leadline.errors import ConfigError, QueryError

if TYPE_CHECKING:
    from leadline.future import Looked

checked = typer.Typer(
    invoke_without_command=True, rich_markup_mode=None,
    help="Bind every view and hold the live ones against the lock; or look at the data, or whether "
    "anything looks ahead.",
)  # fmt: skip
app.add_typer(checked, name="check")

_ASKED = typer.Argument(
    None, metavar="NAME", help="Views, detectors and models/NAME; else every live one."
)
_FUTURE = typer.Option(False, "--future", help="The same as leadline check future.")
_SHIFTS = ["250ms", "1h"]
_SHIFT = typer.Option(_SHIFTS, "--shift", help="How much later all becomes known, in turn.")
_NAMES = typer.Argument(None, help="Checks or datasets; else every check.")


@checked.callback()
def check(context: typer.Context, is_future: bool = _FUTURE) -> None:
    """Bind every view, hold the live ones against the lock, and check rules; or the data."""
    from leadline import lock, rule

    if context.invoked_subcommand:
        if is_future:
            raise ConfigError("--future: it goes with no other command; leave one of them out")
        return
    if is_future:
        return future(context, None, 5, 7, 1, _SHIFTS, None, None, "text")
    desk: Desk = context.obj
    warehouse = desk.warehouse()
    found = lock.problems(desk.catalog)
    said = rule.written(desk.root, desk.config.rules)
    found += rule.problems(said, warehouse, desk.config.channels)
    for sentence in found:
        say(sentence)
    if found:
        raise typer.Exit(1)
    say(f"{len(warehouse.bound)} views bind; the live ones are as the lock has them")


@checked.command()
def data(
    context: typer.Context,
    names: list[str] | None = _NAMES,
    since: str | None = typer.Option(None, help="First moment looked at; else all of time."),
    until: str | None = typer.Option(None, help="The moment before which to stop; else now."),
    days: int | None = typer.Option(None, min=1, help="Only so many days before --until."),
    is_due: bool = typer.Option(False, "--due", help="Only checks whose `every` is over."),
) -> None:
    """Ask the checks of the data, and keep what each found: ops.checks has the newest."""
    from leadline import checks, clock
    from leadline.clock import Span

    desk: Desk = context.obj
    if since and days:
        raise ConfigError("--days: --since says it already; leave one of them out")
    now = clock.now()
    end = clock.moment(until) if until else now
    begin = clock.moment(since) if since else clock.BEGINNING
    span = Span(end - timedelta(days=days) if days else begin, end)
    warehouse = desk.warehouse()
    asked = checks.named(warehouse, names or [])
    if is_due:
        asked = checks.due(warehouse, asked, now)
    found = []
    for each in checks.look(warehouse, asked, span):
        found.append(each)
        counted = f" of {each.n_looked_at:,} rows" if each.n_looked_at is not None else ""
        said = each.reason if each.n_bad is None else f"{each.n_bad:,} bad{counted}"
        typer.echo(f"{each.state:<8} {each.check.header['severity']:<9} {each.check.id}: {said}")
        for row in each.sample[:1]:
            typer.echo(f"         {row['known_at']} {row['entity']}: {row['reason']}")
    checks.keep(desk.another_store(), found)
    odd = sum(each.state != "ok" for each in found)
    say(f"{len(found):,} checks asked, {odd:,} of them not ok")
    if odd:
        raise typer.Exit(1)


@checked.command()
def future(
    context: typer.Context,
    names: list[str] | None = _ASKED,
    n_cuts: int = typer.Option(5, "--cuts", min=0, help="At how many moments the store is cut."),
    seed: int = typer.Option(7, help="What chooses them."),
    n_rows: int = typer.Option(1, "--rows", min=0, help="And just after so many rows of a view."),
    shifts: list[str] = _SHIFT,
    since: str | None = typer.Option(None, help="First moment looked at; else all of time."),
    until: str | None = typer.Option(None, help="The moment before which to stop; else the last."),
    how: str = typer.Option("text", "--format", help="text, or json: an object a line."),
) -> None:
    """Take away what became known from a moment on: what was told before it may not change."""
    from leadline import future as ahead
    from leadline import model_future, project
    from leadline.clock import BEGINNING, Span, moment, now

    if how not in ("text", "json"):
        raise ConfigError(f"--format: '{how}' is none; it takes text or json")
    desk: Desk = context.obj
    house = desk.warehouse()
    own = [f"models/{name}" for name in project.models(desk.root)]
    models = [name for name in names or own if name.startswith("models/")]
    if odd := [name for name in models if name not in own]:
        raise QueryError(f"{odd[0]}: no such model; models/ has {', '.join(own) or 'none'}")
    others = [name for name in names or () if name not in models]
    views = ahead.named(house, others) if others or not names else []
    end = moment(until) if until else now()
    span = Span(moment(since) if since else BEGINNING, end) if since or until else None
    later = [_shift(each) for each in shifts]
    asked = ahead.plan(house, n_cuts, seed, later, n_rows, span)
    modules: dict[str, ModuleType] = {
        name.partition("/")[2]: project.model(desk.root, name.partition("/")[2]) for name in models
    }
    found = []
    for looked in ahead.look(house, views, asked):
        found.append(looked)
        _tell(looked, how)
    for looked in model_future.look(house, modules, asked):
        found.append(looked)
        _tell(looked, how)
    _sum_up(found, len(asked.cuts), is_all=not names)
    if any(each.state in ("changed", "broken") for each in found):
        raise typer.Exit(1)


def _shift(text: str) -> timedelta:
    """Read a stretch of time, which may be of milliseconds."""
    number = text.removesuffix("ms")
    if text.endswith("ms") and number.isdigit() and int(number):
        return timedelta(milliseconds=int(number))
    return length("--shift", text, like="250ms, 90s or 1h")


def _tell(looked: "Looked", how: str) -> None:
    """Print what was found of one view, and of what changed the first row."""
    if how == "json":
        changes = [
            {"at": each.at.isoformat(), "n_changed": each.n_changed, "n_rows": each.n_rows,
             "what": each.what, "first": each.first}
            for each in looked.changes
        ]  # fmt: skip
        said = {"name": looked.name, "state": looked.state, "n_cuts": looked.n_cuts,
                "n_rows": looked.n_rows, "n_changed": looked.n_changed, "reason": looked.reason,
                "after": list(looked.after), "changes": changes}  # fmt: skip
        typer.echo(json.dumps(said))
        return
    if looked.reason is not None:
        typer.echo(f"{looked.state:<9} {looked.name}: {looked.reason}")
        return
    changed = f", {looked.n_changed:,} of them changed" if looked.changes else ""
    counted = f"{looked.n_rows:,} rows at {looked.n_cuts:,} cuts"
    typer.echo(f"{looked.state:<9} {looked.name}: {counted}{changed}")
    for each in looked.changes:
        counted = f"{each.n_changed:,} of {each.n_rows:,} rows"
        typer.echo(f"          {each.what}: {counted}, first {each.first}")
    if looked.after:
        typer.echo(f"          it reads what changed too: {', '.join(looked.after)}")


def _sum_up(found: "Sequence[Looked]", n_cuts: int, *, is_all: bool) -> None:
    from leadline.future import LEFT_OUT

    changed = sum(each.n_changed for each in found)
    odd = sum(each.state in ("changed", "broken") for each in found)
    rows = sum(each.n_rows for each in found)
    if is_all:
        for schema, reason in LEFT_OUT.items():
            say(f"{schema}.*: left out, {reason}")
    say(
        f"{len(found):,} views and models looked at, {rows:,} rows at {n_cuts:,} cuts and beside "
        f"rows of their own, {changed:,} changed; {odd:,} look ahead or are broken"
    )
