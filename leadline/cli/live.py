"""leadline live: the loop."""

from datetime import timedelta
from threading import Event, Timer
from typing import TYPE_CHECKING

import typer

from leadline.cli.app import Desk, app, say, stops
from leadline.errors import ConfigError

if TYPE_CHECKING:
    from leadline.alerts import Tick


@app.command()
def live(
    context: typer.Context,
    span: str | None = typer.Option(
        None, "--for", help="How long, as 60s or 2h; else until Ctrl-C."
    ),
    every: str = typer.Option("5s", help="How often the detectors are asked."),
    once: bool = typer.Option(False, "--once", help="Ask them once, and end."),
) -> None:
    """Ask the live detectors again and again, and append their alerts to the store."""
    import logging

    from leadline import project
    from leadline.alerts import Alerts

    desk: Desk = context.obj
    project.enter(desk.root)
    from live import loop

    pause, ends = _stretch("--every", every), _stretch("--for", span) if span else None
    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.WARNING)
    alerts = Alerts(desk.warehouse(), desk.another_store())
    if once:
        heard(alerts.tick())
        return
    stop = Event()
    stops.append(stop.set)
    timer = Timer(ends.total_seconds(), stop.set) if ends else None
    if timer:
        timer.daemon = True
        timer.start()
    say(f"live: {len(alerts.warehouse.catalog.all_live()):,} detectors, every {every}")
    loop.run(alerts, heard, stop, every_s=pause.total_seconds())


def heard(tick: "Tick") -> None:
    """Print a line for each new alert, and one for each detector that could not be asked."""
    from leadline.clock import stamp

    for alert in tick.alerts:
        late = " (late)" if alert["is_late"] else ""
        typer.echo(
            f"{stamp(alert['fired_at'])} {alert['severity']} {alert['detector']} "
            f"{alert['entity']}{late}: {alert['headline']}"
        )
    for detector, reason in tick.broken.items():
        say(f"{detector}: left out; {reason}")


def _stretch(option: str, text: str) -> timedelta:
    from leadline.span import stretch

    found = stretch(text)
    if not found:
        raise ConfigError(f"{option}: '{text}' is no stretch of time; write 60s, 5m or 2h")
    return found
