"""leadline models: what was fitted and whom detectors trust; two models held against each other."""

import sys
from pathlib import Path

import typer

from leadline.cli.app import Desk, app, say
from leadline.cli.sql import FORM, OUT, check_form

models = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="See which models detectors trust, and hold two of them against each other.",
)
app.add_typer(models, name="models")


@models.command(name="list")
def list_(context: typer.Context, form: str = FORM, output: Path | None = OUT) -> None:
    """List the models that were fitted, with role, newest fit, and whether their scores drift."""
    from leadline import export, project
    from leadline.clock import BEGINNING, FOREVER

    desk: Desk = context.obj
    check_form(form)
    found = desk.warehouse().ask("reports.models", BEGINNING, FOREVER).order("model, measure")
    table = found.to_arrow_table()
    export.write(table.to_reader(), form, output, sys.stdout.buffer)
    known = set(table["model"].to_pylist())
    # One that only computes has no fit; which those are their files would have to be run to say.
    if others := [name for name in project.models(desk.root) if name not in known]:
        say(f"without a fit: {', '.join(others)}; leadline refresh NAME fits one that learns")


@models.command()
def compare(
    context: typer.Context,
    first: str = typer.Argument(metavar="A", help="A model, as isolation_forest."),
    second: str = typer.Argument(metavar="B", help="The one that it is held against."),
    form: str = FORM,
    output: Path | None = OUT,
    since: str | None = typer.Option(None, help="First moment; else all of time."),
    until: str | None = typer.Option(None, help="The moment before which to stop; else now."),
    label: str = typer.Option("sigma_2", help="What counts: a label of backtest.moves, or events."),
    horizon: str = typer.Option("5 sessions", help="Of the label; events have none."),
    rate: float = typer.Option(0.01, help="The share of sessions that each may alarm."),
) -> None:
    """Hold two models against each other on the same sessions, at the same number of alerts."""
    from leadline import clock, export
    from leadline.compare import compare as held

    desk: Desk = context.obj
    check_form(form)
    start = clock.moment(since) if since else clock.BEGINNING
    end = clock.moment(until) if until else clock.now()
    names = [first, second]
    found = held(desk.warehouse(), names, start, end, label=label, horizon=horizon, rate=rate)
    export.write(found.lines.to_reader(), form, output, sys.stdout.buffer)
    apart = f"{found.difference:+.4f} ({found.low:+.4f} to {found.high:+.4f})"
    say(f"{second} is more precise by {apart}, of 95 in 100 draws of sessions")
    if found.better is None:
        say("that is no more than chance does; leave the roles as they are")
        return
    roles = dict(zip(names, found.lines["role"].to_pylist(), strict=True))
    best, other = names[found.better], names[1 - found.better]
    if roles[best] == "champion":
        say(f"{best} is a champion already; leave it so")
        return
    say("to trust it, write in leadline.toml (nothing was changed):")
    say(f'[models.{best}]\nrole = "champion"\n[models.{other}]\nrole = "challenger"')
