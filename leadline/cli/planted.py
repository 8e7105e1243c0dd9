"""leadline planted make, score."""

import sys
from pathlib import Path

import typer

from leadline.cli.app import Desk, app, say
from leadline.cli.sql import FORM, OUT, check_form

planted = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Plant known events among invented markets, and score who finds them.",
)
app.add_typer(planted, name="planted")

_INTO = typer.Option(help="The folder to write, one folder a week and the key beside.")
_KEY = typer.Option(help="The folder that `leadline planted make` wrote.")
_ALERTS = typer.Argument(metavar="ALERTS", help="A CSV or Parquet file of any tool's alerts.")


@planted.command()
def make(
    context: typer.Context,
    into: Path = _INTO,
    seed: int = typer.Option(7, min=1, help="Of the first week; the next ones count on."),
    weeks: int = typer.Option(1, min=1, max=1_000, help="How many, each a market of its own."),
) -> None:
    """Write the files of some weeks, and the key of what is planted in them."""
    from leadline import planted as planting
    from leadline import project

    desk: Desk = context.obj
    module = project.feed(desk.root, planting.DRAWN)
    n_events = 0
    for made in planting.make(module, range(seed, seed + weeks), into):
        say(f"{made.week}: {made.n_rows:,} rows, {made.n_events:,} events")
        n_events += made.n_events
    say(f"{into}: {n_events:,} events in {planting.KEY}, which no tool may see")


@planted.command()
def score(
    alerts: Path = _ALERTS,
    key: Path = _KEY,
    by: str = typer.Option("kind", help="kind, size or budget: what a row of the answer is of."),
    min_score: float | None = typer.Option(None, help="Leave out alerts that score less."),
    form: str = FORM,
    output: Path | None = OUT,
) -> None:
    """Say how many of the planted events a tool's alerts find, and how many alerts are false."""
    import pyarrow as pa

    from leadline import export
    from leadline import planted_score as scoring
    from leadline.errors import ConfigError, nearest

    check_form(form)
    if by not in scoring.BYS:
        known = ", ".join(scoring.BYS)
        raise ConfigError(f"--by: '{by}' is none of {known}{nearest(by, scoring.BYS)}")
    found = scoring.score(alerts, key, by, min_score)  # type: ignore[arg-type]
    if found.n_outside:
        say(f"{found.n_outside:,} alerts lie before or after what is judged, and count for nothing")
    if found.unknown:
        told = ", ".join(f"{name} ({n:,})" for name, n in found.unknown.items())
        say(f"nobody planted events of these kinds, so their alerts are not judged: {told}")
    if found.silent:
        say(f"no alert of these kinds, all of whose events are missed: {', '.join(found.silent)}")
    rows = pa.RecordBatchReader.from_batches(found.rows.schema, found.rows.to_batches())
    export.write(rows, form, output, sys.stdout.buffer)
