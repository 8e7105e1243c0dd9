"""leadline demo."""

from dataclasses import replace
from pathlib import Path

import typer

from leadline.cli.app import Desk, app, say

_INTO = typer.Option(None, "--into", help="Its folder; else demo, beside the store.")


@app.command()
def demo(
    context: typer.Context,
    into: Path | None = _INTO,
    no_serve: bool = typer.Option(False, "--no-serve", help="Fill the store and stop."),
) -> None:
    """Fill a store of its own with the sample week, which is invented and says so."""
    from leadline import demo as filling

    given: Desk = context.obj
    place = str(into.absolute()) if into else filling.place(given.config.store)
    desk = replace(given, flags={**given.flags, "store": place}, _opened=[])
    context.call_on_close(desk.close)
    rows = 0
    for filled in filling.fill(desk.root, desk.store):
        rows += filled.n_rows
        say(f"{filled.feed}: added {filled.n_rows:,} rows")
    done = f"{rows:,} rows are new" if rows else "it was all there"
    say(f"{place}: holds the sample week of 2024-02-12 to 2024-02-16, {done}")
    # Serving this desk begins here; until there is a page, both ways end with the next step.
    say(f'ask it: leadline --store {place} sql "from detectors.options_oi_change"')
