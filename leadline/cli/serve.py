"""leadline serve: the dashboard and the API."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from leadline.cli import noted
from leadline.cli.app import Desk, app, say

if TYPE_CHECKING:
    from leadline.sandbox import Sandbox
    from leadline.serving import Serving


@app.command()
def serve(
    context: typer.Context,
    host: str = typer.Option("127.0.0.1", help="The address to listen at."),
    port: int = typer.Option(8000, min=0, max=65535, help="The port; 0 takes a free one."),
) -> None:
    """Show the dashboard, and answer the API, on one port until interrupted."""
    from leadline import clock, project, serving

    desk: Desk = context.obj
    said = serving.read(desk.root, desk.config.serve)
    said.check(host)  # before the views are laid out
    shown = project.room(desk.root, "panel_app.app")
    with sandbox(desk, said, host) as answering:
        warehouse, trail = desk.warehouse(), noted.trail_of(desk)
        shown.serve(warehouse, clock.now, host, port, say, said, answering, trail)


@contextmanager
def sandbox(desk: Desk, said: "Serving", host: str) -> "Iterator[Sandbox | None]":
    """Open what answers foreign SQL, if the settings let anybody ask it.

    Where they say nothing, who sits at this machine may ask from the Workbench: he could run
    leadline sql as well. What he asks goes through the sandbox all the same, whose process starts
    when it is needed.
    """
    from leadline.sandbox import Sandbox

    if not said.lets_ask(host):
        yield None
        return
    is_ready = said.has_sql is True
    found = Sandbox(desk.root, desk.store.place, desk.config.params, said.limits, is_ready=is_ready)
    try:
        yield found
    finally:
        found.close()
