"""leadline live: the loop, and the feeds that are listened to beside it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Timer
from typing import TYPE_CHECKING, Any

import typer

from leadline.cli.app import Desk, app, length, say, stops
from leadline.errors import FeedError

if TYPE_CHECKING:
    from types import ModuleType

    from leadline.alerts import Alerts, Tick
    from leadline.feed import Feed, Http, Line, Socket
    from leadline.rules import Turn


@app.command()
def live(
    context: typer.Context,
    span: str | None = typer.Option(
        None, "--for", help="How long, as 60s or 2h; else until Ctrl-C."
    ),
    every: str = typer.Option("5s", help="How often the detectors are asked."),
    once: bool = typer.Option(False, "--once", help="Ask them once, and end."),
    feeds: str | None = typer.Option(None, help="Feeds to listen to beside it, as a,b."),
    record: str | None = typer.Option(None, help="A folder that keeps what they say, as it is."),
) -> None:
    """Ask the live detectors again and again, and append their alerts to the store."""
    import logging

    from leadline import clock, project
    from leadline.alerts import Alerts
    from leadline.rules import Rules

    desk: Desk = context.obj
    loop = project.room(desk.root, "live.loop")
    pause, ends = length("--every", every), length("--for", span) if span else None
    if once and feeds:
        raise typer.BadParameter("--once asks what is there; leave --feeds out")
    folder = Path(record) if record else None
    if record and not feeds:
        raise typer.BadParameter("--record keeps what feeds say; name them with --feeds")
    named = [name.strip() for name in feeds.split(",")] if feeds is not None else []
    listened = {name: _listened(desk, name) for name in named}
    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.WARNING)
    channels = project.room(desk.root, "live.channel").read(desk.root, desk.config.channels)
    alerts = Alerts(desk.warehouse(), desk.another_store())
    rules = Rules(alerts, desk.root)
    if once:
        heard(alerts.tick())
        told(rules.tick(now=clock.now()), is_said=True)
        rules.close()
        with _telling(desk, channels) as notifier:
            notifier.send()
        return
    stop = Event()
    stops.insert(0, stop.set)
    timer = Timer(ends.total_seconds(), stop.set) if ends else None
    if timer:
        timer.daemon = True
        timer.start()
    heard_from = f", listening to {', '.join(listened)}" if listened else ""
    say(f"live: {len(alerts.warehouse.catalog.all_live()):,} detectors, every {every}{heard_from}")
    latency = project.room(desk.root, "live.metrics").Latency()
    with ExitStack() as beside:
        store = desk.another_store(is_patient=True)
        beside.callback(latency.flush, store, is_last=True)
        notifier = beside.enter_context(
            _telling(desk, channels, partial(latency.observe, "notified"))
        )
        if listened:
            beside.enter_context(_seldom_collected())
            own = _listening(desk, listened, stop, folder, latency.observe)
            beside.enter_context(own)
        files = beside.enter_context(closing(Files(desk)))

        def after() -> None:
            notifier.send()
            latency.flush(store)

        loop.run(
            alerts, heard, stop, every_s=pause.total_seconds(), rules=rules, told=told,
            anew=files.anew, after=after, took=latency.observe,
        )  # fmt: skip


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Look for cycles seldom: what messages make is none, and what is there now stays."""
    import gc

    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 20)
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


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


def told(turn: "Turn", *, is_said: bool = False) -> None:
    """Print a line for each step of a rule; the loop says itself what it leaves out."""
    from leadline.clock import stamp

    for step in turn.steps:
        what = " ".join(filter(None, (step["rule"], step["key"])))
        said = step["headline"] or step["note"] or ""
        at, severity = stamp(step["acted_at"]), step["severity"] or "-"
        typer.echo(f"{at} {severity} {step['action']} {what}: {said}")
    for rule, reason in turn.broken.items() if is_said else ():
        say(f"{rule}: left out; {reason}")


class Files:
    """The project's SQL and settings, which are read again where a file of them was saved."""

    def __init__(self, desk: Desk) -> None:
        from leadline.saved import Saved

        self._desk, self._own = desk, list[Desk]()
        self._saved = Saved(desk.root, "sql/**/*.sql")

    def anew(self, alerts: "Alerts") -> "Alerts | None":
        """Return alerts of the files as they are now, or None where none was saved.

        A LeadlineError says what is wrong with them; the loop goes on with those before.
        """
        from leadline.alerts import Alerts

        if not self._saved.moved():
            return None
        desk = self._desk.anew()
        try:
            fresh = Alerts(desk.warehouse(), desk.another_store())
            fresh.follow(alerts)
        except BaseException:
            desk.close()
            raise
        self.close()
        self._own.append(desk)
        say(f"live: read sql/ again, {len(fresh.warehouse.catalog.all_live()):,} detectors")
        return fresh

    def close(self) -> None:
        """Give back what was opened last."""
        while self._own:
            self._own.pop().close()


def _listened(desk: Desk, name: str) -> "ModuleType":
    """Return a feed that can be listened to."""
    from leadline import project

    module = project.feed(desk.root, name)
    if not (hasattr(module, "listen") and module.FEED.socket):
        raise FeedError(f"{name}: it has no live form; leave it out of --feeds and load it")
    return module


def _telling(
    desk: Desk, channels: Mapping[str, Any], took: Callable[[float], None] | None = None
) -> Any:
    """Return who tells the channels what happens, from a store of his own."""
    from leadline import project

    store = desk.another_store(is_patient=True)
    return project.room(desk.root, "live.notify").Notifier(store, channels, took=took)


@contextmanager
def _listening(
    desk: Desk,
    modules: Mapping[str, "ModuleType"],
    ended: Event,
    record: Path | None,
    took: Callable[[str, float], None],
) -> Iterator[None]:
    """Listen to feeds, and join their small files, in threads and stores of their own."""
    from leadline import clock, project

    listen = project.room(desk.root, "live.listen")
    began = f"{clock.now():%Y%m%dT%H%M%SZ}"
    with ExitStack() as opened:
        feeds = {}
        for name, module in modules.items():
            http = opened.enter_context(desk.http(name, module.FEED))
            lines = _lines(desk, name, module, http)
            if record and not module.FEED.knows(f"{name}.{began}.000.2000010100"):
                raise FeedError(f"{name}: it reads no recordings; leave --record out")
            folder, stem = record, f"{name}.{began}"
            feeds[name] = (
                module,
                partial(_ways, desk, name, module.FEED, lines, http, folder, stem),
            )
        store = desk.another_store(is_patient=True)
        joiner = project.room(desk.root, "live.joiner")
        opened.enter_context(joiner.Joiner(desk.another_store(is_patient=True)))
        opened.enter_context(listen.Listener(feeds, store, ended, took=took))
        yield


def _lines(desk: Desk, name: str, module: "ModuleType", http: "Http") -> "list[Line]":
    """Return the connections that a feed needs, for its own pairs or those of the settings."""
    from leadline.feed import Line

    pairs = desk.config.named_pairs()
    if pairs and hasattr(module, "lines"):
        lines = list(module.lines(pairs, http))
        say(f"{name}: {len(lines):,} connections")
        return lines
    if pairs:
        say(f"{name}: it listens to pairs of its own, not to those of the settings")
    return [Line(module.FEED.socket)]


def _ways(
    desk: Desk, name: str, card: "Feed", lines: "Sequence[Line]", http: "Http",
    folder: Path | None, stem: str,
) -> "list[tuple[Socket, Mapping[str, Any]]]":  # fmt: skip
    """Return a socket for each connection; those of a feed share how often it may connect."""
    from leadline.allowance import Allowance
    from leadline.feed import Socket
    from leadline.record import Record

    allowance = Allowance(*card.connects)
    return [
        (
            Socket(
                name, desk.config.moved(line.address), http,
                silence_s=line.silence_s or card.silence_s, lifetime_s=card.lifetime_s,
                allowance=allowance,
                record=Record(folder, f"{stem}.{nth:03}") if folder else None,
            ),
            line.given,
        )
        for nth, line in enumerate(lines)
    ]  # fmt: skip
