"""leadline refresh: partial aggregates of closed days, and what models compute."""

from collections.abc import Sequence
from datetime import datetime
from os import cpu_count
from types import ModuleType
from typing import TYPE_CHECKING

import typer

from leadline.cli.app import Desk, app, say, track
from leadline.errors import MissingError, ViewError, nearest

if TYPE_CHECKING:
    from leadline.clock import Span
    from leadline.fitted import Walks
    from leadline.publication import Loaded
    from leadline.refresh import Storing
    from leadline.warehouse import Warehouse

_WORTH = 40  # days for which a process of their own is worth its start, unless one is asked for
_NAMES = typer.Argument(
    None, metavar="NAME", help="Views that keep days, and models; else all of both."
)


@app.command()
def refresh(
    context: typer.Context,
    names: list[str] | None = _NAMES,
    since: str | None = typer.Option(
        None, help="Leave the days, and months, that begin before; else none."
    ),
    workers: int | None = typer.Option(
        None, min=1, help="Processes that store days side by side; else one a core."
    ),
) -> None:
    """Store the partial aggregates of days that are over, and what models make of days or months.

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
    _keep(desk, house, [name for name in kept if name in wanted], begin, workers)
    walks: Walks = {}
    moment = clock.now()
    for name in [each for each in models if each in wanted]:
        module = project.model(desk.root, name)
        try:
            if hasattr(module, "FITTED"):
                _walk(desk, house, name, module, clock.Span(begin, moment), walks)
            else:
                _compute(desk, house, name, module, begin)
        except MissingError as error:
            if names:
                raise
            say(str(error))  # who never asked for it need not have its library
    track(desk, house)


def _keep(
    desk: Desk, house: "Warehouse", views: Sequence[str], since: datetime, workers: int | None
) -> None:
    from leadline import clock
    from leadline import refresh as keeping
    from leadline.crew import Crew, share

    if not views:
        return
    made = 0

    def storing(n_days: int) -> "Storing | None":
        worth = n_days if workers else n_days // _WORTH
        n = min(workers or cpu_count() or 1, worth)
        if n < 2:
            return None
        settings, config = share(desk.engine, n), desk.config
        return Crew(n, desk.root, desk.place.told(), settings, config.params).store

    for done in keeping.refresh(house, clock.now(), views, since=since, storing=storing):
        made += 1
        say(f"{done.view} {done.day}: {done.n_rows:,} rows, {done.n_bytes:,} bytes")
    say(f"{made:,} days stored, of {len(views):,} views that keep them")


def _compute(
    desk: Desk, house: "Warehouse", name: str, module: ModuleType, since: datetime
) -> None:
    from leadline import model

    days = added = 0
    for done in model.run(house, desk.another_store(), name, module, since):
        days, added = days + 1, added + done.loaded.n_rows
        say(f"{name} {done.day}: {_added(done.loaded)} of {done.n_inputs:,}{_rest(done.loaded)}")
    say(f"{name}: added {added:,} rows of {days:,} days")


def _walk(
    desk: Desk, house: "Warehouse", name: str, module: ModuleType, span: "Span", walks: "Walks"
) -> None:
    from leadline import fitted, model

    months = added = 0
    store = desk.another_store()
    for done in fitted.run(house, store, name, module, span.since, span.until, walks, say):
        months, added = months + 1, added + done.loaded.n_rows
        learned = done.note or f"fitted on {done.n_learned:,}"
        told = f"{_added(done.loaded)} of {done.n_inputs:,}{_rest(done.loaded)}, {learned}"
        say(f"{name} {done.month:%Y-%m}: {told}")
    if not months and not model.touched_days(house, module.FITTED.reads)[0]:
        say(f"{name}: nothing is loaded that {module.FITTED.reads} is made of; load that first")
    say(f"{name}: added {added:,} rows of {months:,} months")


def _added(loaded: "Loaded") -> str:
    return f"{loaded.n_rows:,} rows"


def _rest(loaded: "Loaded") -> str:
    gone = f", {loaded.n_gone:,} gone" if loaded.n_gone else ""
    return gone + (f", {loaded.n_rejected:,} set aside" if loaded.n_rejected else "")
