"""leadline demo."""

from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import typer

from leadline.cli.app import Desk, app, say, stops
from leadline.cli.serve import sandbox

if TYPE_CHECKING:
    from leadline.alerts import Alerts

_INTO = typer.Option(None, "--into", help="Its folder; else demo, beside the store.")


@app.command()
def demo(
    context: typer.Context,
    into: Path | None = _INTO,
    no_serve: bool = typer.Option(False, "--no-serve", help="Fill the store and stop."),
    host: str = typer.Option("127.0.0.1", help="The address to listen at."),
    port: int = typer.Option(8000, min=0, max=65535, help="The port; 0 takes a free one."),
    speed: float = typer.Option(1, min=0.001, help="How fast the sample's half hour goes by."),
) -> None:
    """Fill a store of its own with the sample week, replay its liveliest half hour, and serve it.

    The week is invented and says so.
    """
    from leadline import demo as filling
    from leadline import serving
    from leadline.alerts import Alerts

    given: Desk = context.obj
    if not no_serve:
        serving.read(given.root, given.config.serve).check(host)
    place = str(into.absolute()) if into else filling.place(given.config.store)
    desk = replace(given, flags={**given.flags, "store": place}, _opened=[])
    context.call_on_close(desk.close)
    rows = 0
    for filled in filling.fill(desk.root, desk.store):
        rows += filled.n_rows
        say(f"{filled.feed}: added {filled.n_rows:,} rows")
    done = f"{rows:,} rows are new" if rows else "it was all there"
    say(f"{place}: holds the sample week of 2024-02-12 to 2024-02-16, {done}")
    alerts = Alerts(desk.warehouse(), desk.another_store())
    for line in filling.first_alert(alerts):
        say(line)
    if no_serve:
        say(f'ask it: leadline --store {place} sql "from detectors.options_oi_change"')
    else:
        _replay(desk, alerts, host, port, speed)


def _replay(desk: Desk, alerts: "Alerts", host: str, port: int, speed: float) -> None:
    """Let the live loop go through the half hour while the dashboard shows it."""
    from leadline import clock, project, serving
    from leadline import demo as filling
    from leadline.refresh import refresh

    loop = project.room(desk.root, "live.loop")
    shown = project.room(desk.root, "panel_app.app")
    list(refresh(alerts.warehouse, clock.now()))
    first = alerts.tick(filling.HALF_HOUR.since)
    say(f"{len(first.alerts):,} alerts are new up to {clock.stamp(filling.HALF_HOUR.since)}")
    now, stop = clock.replay(filling.HALF_HOUR, speed), Event()
    ticking = Thread(
        target=loop.run, args=(alerts, lambda tick: None, stop), kwargs={"every_s": 1, "now": now}
    )
    stops.insert(0, stop.set)  # before the questions of a tick are interrupted
    ticking.start()
    try:
        asked = desk.warehouse(engine=desk.another_engine())  # locked, while the loop writes
        said = serving.read(desk.root, desk.config.serve)
        with sandbox(desk, said, host) as answering:
            shown.serve(asked, now, host, port, say, said, answering)
    finally:
        stop.set()
        ticking.join()
