"""What happened is told at least once, under one id, and a receiver that fails holds up nobody."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from leadline import clock
from leadline.errors import StoreError
from live import channel
from live.channel import Channel
from live.news import News
from live.notify import Notifier, again
from tests.acts import act, append, heard
from tests.notices import channels_to
from tests.receivers import SECRET, is_signed, receiving
from tests.stores import opened


class Wall:
    """A clock that can be put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return clock.now() + self.ahead


class Room:
    """A store, and notifiers over it."""

    def __init__(self, place: Path) -> None:
        self.place, self.now = place, Wall()

    def happens(self, *acts: dict[str, Any]) -> None:
        with opened(self.place / "store") as store:
            append(store, acts)

    @contextmanager
    def notifier(self, channels: dict[str, Channel], **given: Any) -> Iterator[Notifier]:
        with (
            opened(self.place / "store") as store,
            Notifier(store, channels, now=self.now, **given) as notifier,
        ):
            yield notifier

    def tells(self, channels: dict[str, Channel]) -> None:
        """Tell what is due."""
        with self.notifier(channels) as notifier:
            notifier.finish()

    def steps(self) -> list[tuple[str, int]]:
        with opened(self.place / "store") as store:
            store.ledger.refresh()
            rows = News(store, "deliveries", "tried_at, attempt").rows()
        return [(row["outcome"], row["attempt"]) for row in rows]

    def to_file(self, name: str = "desk", **given: Any) -> dict[str, Channel]:
        return channel.read(self.place, {name: {"kind": "file", "path": "told.jsonl", **given}})


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_what_fires_is_composed_in_the_store_and_then_sent_signed(room: Room) -> None:
    took: list[float] = []
    room.happens(act("fired"))

    with receiving() as receiver, room.notifier(channels_to(receiver.url), took=took.append) as it:
        it.finish()

    ((headers, body),) = receiver.heard
    assert is_signed(SECRET, headers, body)
    assert room.steps() == [("queued", 0), ("sent", 1)]
    assert 0 <= took[0] < 60


def test_a_receiver_that_fails_delays_and_takes_twice_counts_it_once(room: Room) -> None:
    room.happens(act("fired"))

    with receiving([500, (429, "120"), "cut", "cut after"]) as receiver:
        channels = channels_to(receiver.url)
        for seconds in (0, 10, 100, 200, 1_000, 3_000):
            room.now.ahead += timedelta(seconds=seconds)
            room.tells(channels)

    assert room.steps() == [
        ("queued", 0), ("failed", 1), ("failed", 2), ("failed", 3), ("failed", 4), ("sent", 5),
    ]  # fmt: skip
    assert list(receiver.ids.values()) == [2]
    assert len({body for _, body in receiver.heard}) == 1


def test_what_nobody_takes_is_dead_with_its_reason_until_somebody_asks_for_it(room: Room) -> None:
    room.happens(act("fired"))
    with receiving([410]) as receiver:
        channels = channels_to(receiver.url)
        room.tells(channels)
        (notice_id,) = {headers["webhook-id"] for headers, _ in receiver.heard}

        with opened(room.place / "store") as store:
            again(store, notice_id, room.now())
            with pytest.raises(StoreError, match="it is queued; only a dead one is sent again"):
                again(store, notice_id, room.now())
            with pytest.raises(StoreError, match="no notice has this id"):
                again(store, "notice_none", room.now())
        room.tells(channels)

    assert room.steps() == [("queued", 0), ("dead", 1), ("queued", 1), ("sent", 2)]
    assert list(receiver.ids) == [notice_id]
    assert receiver.told == {act("fired")["action_id"]: 1}


def test_a_channel_that_is_slow_holds_up_no_other(room: Room) -> None:
    room.happens(act("fired", says={"channels": ["desk", "file"]}))

    with receiving(["slow"]) as receiver:
        channels = {**channels_to(receiver.url), **room.to_file("file")}
        with room.notifier(channels) as it:
            told = room.place / "told.jsonl"
            while not (told.exists() and told.read_text().endswith("\n")):
                it.finish(0.05)
            quick_is_told = len(heard(told))
            receiver.gate.set()
            it.finish()

    assert quick_is_told == 1
    assert len(receiver.taken) == 1


def test_only_one_of_two_on_a_store_tells(room: Room) -> None:
    room.happens(act("fired"))

    with room.notifier(room.to_file()) as first, room.notifier(room.to_file()) as second:
        first.look()
        second.finish()
        first.finish()

    assert len(heard(room.place / "told.jsonl")) == 1


class Heard(logging.Handler):
    """Says when something was logged."""

    def __init__(self) -> None:
        super().__init__()
        self.event = Event()
        self.said = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.said = record.getMessage()
        self.event.set()


def test_asking_it_to_send_never_raises_and_what_could_not_be_told_is_told_later(
    room: Room,
) -> None:
    room.happens(act("fired"))
    in_the_way, log = room.place / "store" / "deliveries", Heard()
    in_the_way.write_text("no folder")
    logging.getLogger("leadline.live").addHandler(log)

    with room.notifier(room.to_file()) as it:
        it.send()
        was_logged = log.event.wait(30)
        in_the_way.unlink()
        it.send()
    logging.getLogger("leadline.live").removeHandler(log)

    assert was_logged
    assert log.said.startswith("notices left for later reason=")
    assert len(heard(room.place / "told.jsonl")) == 1


def test_a_store_without_channels_starts_nothing(room: Room) -> None:
    room.happens(act("fired"))

    with room.notifier({}) as it:
        it.send()

        assert it._thread is None
    assert room.steps() == []


def test_what_is_held_over_night_is_told_in_one_by_whoever_runs_in_the_morning(room: Room) -> None:
    hour = room.now().hour
    quiet = f"{hour:02}:00-{(hour + 2) % 24:02}:00"
    channels = room.to_file(quiet=quiet)
    room.happens(act("fired"))
    room.tells(channels)
    room.happens(act("fired", "MSFT"))
    room.tells(channels)

    room.now.ahead += timedelta(hours=2)
    room.tells(channels)

    (told,) = heard(room.place / "told.jsonl")
    assert told["subject"] == "2 of big [high]: AAPL, MSFT"
    assert [outcome for outcome, _ in room.steps()] == [
        "held", "held", "queued", "joined", "joined", "sent",
    ]  # fmt: skip
