"""leadline refresh: partial aggregates of closed days, and what models compute."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import typer

from leadline.cli.app import Desk, app, say
from leadline.errors import MissingError, ViewError, nearest

if TYPE_CHECKING:
    from leadline.warehouse import Warehouse

_NAMES = typer.Argument(
    None, metavar="NAME", help="Views that keep days, and models; else all of both."
)


@app.command()
def refresh(
    context: typer.Context,
    names: list[str] | None = _NAMES,
    since: str | None = typer.Option(None, help="Leave the days that begin before; else none."),
) -> None:
    """Store the partial aggregates of days that are over, and what models make of days.

    Nothing is computed twice.
    """
    from leadline import clock, project

    begin = clock.moment(since) if since else clock.BEGINNING
    desk: Desk = context.obj
    house, models = desk.warehouse(), list(project.models(desk.root))
    kept = list(house.kept)
    for name in names or ():
        if name not in (*kept, *models):
            near = nearest(name, (*kept, *models))
            raise ViewError(f"{name}: it keeps nothing, and is no model{near}")
    wanted = names or (*kept, *models)
    _keep(house, [name for name in kept if name in wanted], begin)
    for name in [each for each in models if each in wanted]:
        try:
            _run(desk, house, name, begin)
        except MissingError as error:
            if names:
                raise
            say(str(error))  # who never asked for it need not have its library


def _keep(house: "Warehouse", views: Sequence[str], since: datetime) -> None:
    from leadline import clock
    from leadline import refresh as keeping

    if not views:
        return
    made = 0
    for done in keeping.refresh(house, clock.now(), views, since=since):
        made += 1
        say(f"{done.view} {done.day}: {done.n_rows:,} rows, {done.n_bytes:,} bytes")
    say(f"{made:,} days stored, of {len(views):,} views that keep them")


def _run(desk: Desk, house: "Warehouse", name: str, since: datetime) -> None:
    from leadline import model, project

    days = added = 0
    module = project.model(desk.root, name)
    for done in model.run(house, desk.another_store(), name, module, since):
        days, added = days + 1, added + done.loaded.n_rows
        gone = f", {done.loaded.n_gone:,} gone" if done.loaded.n_gone else ""
        aside = f", {done.loaded.n_rejected:,} set aside" if done.loaded.n_rejected else ""
        say(f"{name} {done.day}: {done.loaded.n_rows:,} rows of {done.n_inputs:,}{gone}{aside}")
    say(f"{name}: added {added:,} rows of {days:,} days")
