"""leadline refresh: partial aggregates of closed days."""

import typer

from leadline.cli.app import Desk, app, say

_VIEWS = typer.Argument(None, help="Which views; else all that keep days.")


@app.command()
def refresh(
    context: typer.Context,
    views: list[str] | None = _VIEWS,
) -> None:
    """Store the partial aggregates of days that are over, and compute nothing twice."""
    from leadline import clock
    from leadline import refresh as keeping

    desk: Desk = context.obj
    warehouse = desk.warehouse()
    made = 0
    for done in keeping.refresh(warehouse, clock.now(), views or None):
        made += 1
        say(f"{done.view} {done.day}: {done.n_rows:,} rows, {done.n_bytes:,} bytes")
    say(f"{made:,} days stored, of {len(views or warehouse.kept):,} views that keep them")
