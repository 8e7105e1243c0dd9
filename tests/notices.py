"""Notifiers that are killed: at a step of theirs that a number names, softly or by SIGKILL."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import CodeType, FrameType

import pytest

from leadline import clock
from live import channel
from live.notify import Notifier
from tests.receivers import SECRET
from tests.stores import opened

# Where a notifier can be killed: as one of these returns. What is composed, flushed, signed in the
# ledger, sent, taken and written down lies between any two of them.
POINTS = {
    "live/notify.py": {"_hear", "_append", "_gather", "_launch", "_carried", "look"},
    "live/outbox.py": {"compose"},
    "live/carriers/webhook.py": {"carry"},
    "leadline/table.py": {"write", "_commit"},
    "leadline/ledger.py": {"sign"},
}


class Killed(BaseException):
    """Ends a notifier as a kill would, but for what Python clears up."""


def strike(nth: int, how: Callable[[], None]) -> None:
    """Have this process do something as the nth of these steps returns."""
    left = [nth]
    known: dict[CodeType, bool] = {}

    def step(frame: FrameType, event: str, _: object) -> None:
        if event != "return":
            return
        code = frame.f_code
        if code not in known:
            named = (names for file, names in POINTS.items() if code.co_filename.endswith(file))
            known[code] = code.co_name in next(named, ())
        if known[code]:
            left[0] -= 1
            if not left[0]:
                how()

    threading.setprofile(step)
    sys.setprofile(step)


def spare() -> None:
    """Take a strike back that did not come."""
    sys.setprofile(None)
    threading.setprofile(None)


def softly() -> None:
    raise Killed


def at_once() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@cache
def channels_to(url: str) -> dict[str, channel.Channel]:
    """Read a channel that posts to a receiver."""
    desk = {"kind": "webhook", "url": url, "timeout": "5s", "tries": 100}
    with pytest.MonkeyPatch.context() as environment:  # others look for channels without one
        environment.setenv("LEADLINE_CHANNEL_DESK_SECRET", SECRET)
        return channel.read(Path(), {"desk": desk})


def tell(place: Path, url: str, ahead: timedelta) -> None:
    """Tell a receiver what is due, so long ahead of the wall clock."""

    def now() -> datetime:
        return clock.now() + ahead

    channels = channels_to(url)
    with opened(place / "store") as store, Notifier(store, channels, now=now) as notifier:
        notifier.finish()


def tell_and_die(place: Path, url: str, ahead: timedelta, nth: int) -> None:
    """Do so in a process of its own, which is killed at a step."""
    strike(nth, at_once)
    tell(place, url, ahead)
