"""Ticks: every few seconds the live detectors are asked, and what breaks is left for the next."""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event
from time import monotonic

from leadline.alerts import Alerts, Tick
from leadline.errors import LeadlineError

_log = logging.getLogger("leadline.live")


def run(
    alerts: Alerts,
    heard: Callable[[Tick], None],
    stop: Event,
    *,
    every_s: float = 5,
    now: Callable[[], datetime] | None = None,
) -> None:
    """Tick until told to stop, and say each tick to whoever listens.

    `now` says up to which moment, as a replay does; else the newest rows of each detector do.
    A store that can't be reached is tried again at the next tick.
    """
    while not stop.is_set():
        started = monotonic()
        try:
            tick = alerts.tick(now() if now else None)
        except LeadlineError as error:
            _log.warning("tick left out reason=%s", error)
        else:
            # What Ctrl-C interrupts is no detector that breaks.
            for detector, reason in tick.broken.items() if not stop.is_set() else ():
                _log.warning("detector left out detector=%s reason=%s", detector, reason)
            heard(tick)
        stop.wait(max(0.0, every_s - (monotonic() - started)))
