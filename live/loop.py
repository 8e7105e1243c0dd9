"""Ticks: every few seconds the live detectors are asked, and what breaks is left for the next."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event
from time import monotonic

import duckdb

from leadline import clock
from leadline.alerts import Alerts, Tick
from leadline.errors import LeadlineError, inner
from leadline.rules import Rules, Turn

_log = logging.getLogger("leadline.live")


def run(
    alerts: Alerts,
    heard: Callable[[Tick], None],
    stop: Event,
    *,
    every_s: float = 5,
    now: Callable[[], datetime] | None = None,
    rules: Rules | None = None,
    told: Callable[[Turn], None] = lambda turn: None,
    anew: Callable[[Alerts], Alerts | None] = lambda alerts: None,
    after: Callable[[], None] = lambda: None,
    took: Callable[[str, float], None] = lambda stage, seconds: None,
) -> None:
    """Tick until told to stop, and say each tick to whoever listens.

    `now` says up to which moment, as a replay does; else the newest rows of each detector do.
    `anew` returns alerts of the files as they are saved now, where any were. `after` comes after
    each tick; `took` hears how many seconds its stages took. A store that can't be reached is
    tried again at the next tick.
    """
    left_out: dict[str, str] = {}
    while not stop.is_set():
        started = monotonic()
        try:
            if fresh := anew(alerts):
                alerts = fresh
                if rules:
                    rules.follow(fresh)
            until = now() if now else None
            with _timed(took, "evaluated"):
                tick = alerts.tick(until)
            with _timed(took, "ruled"):
                turn = rules.tick(until, clock.now()) if rules else None
        except (LeadlineError, duckdb.Error) as error:
            if (said := inner(error)) is None:
                raise
            _log.warning("tick left out reason=%s", said)
        else:
            # What Ctrl-C interrupts is no detector that breaks.
            for detector, reason in tick.broken.items() if not stop.is_set() else ():
                _log.warning("detector left out detector=%s reason=%s", detector, reason)
            heard(tick)
            if turn:
                for rule, reason in turn.broken.items() if not stop.is_set() else ():
                    if left_out.get(rule) != reason:  # once, and not at every tick
                        _log.warning("rule left out rule=%s reason=%s", rule, reason)
                left_out = dict(turn.broken)
                told(turn)
        after()
        stop.wait(max(0.0, every_s - (monotonic() - started)))
    if rules:
        try:
            rules.close()
        except LeadlineError as error:  # the next start hears a little more again
            _log.warning("marks left out reason=%s", error)


@contextmanager
def _timed(took: Callable[[str, float], None], stage: str) -> Iterator[None]:
    """Tell how long a stage took that did not break."""
    started = monotonic()
    yield
    took(stage, monotonic() - started)
