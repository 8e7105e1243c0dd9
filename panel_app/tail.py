"""What alerts do, as the store hears of it: one look a tick, however many listen.

An event's id is its place in the store: when it was recorded, and the how manieth of that moment.
A load is there at once and later than all before it, so whoever names the last id that reached him
misses nothing and hears nothing twice, after a restart of the server, too.
"""

import asyncio
import logging
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import dropwhile
from time import monotonic
from typing import Any

import pyarrow as pa
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import ServerSentEvent

from leadline.clock import BEGINNING, FOREVER
from leadline.errors import LeadlineError
from leadline.question import Questions
from leadline.sheet import as_objects

VIEW = "reports.alert_events"
BEAT_S = 10.0  # a proxy lets go of what is silent for longer; most wait for a minute
PIECE = 500  # events that one listener takes out of the store at a time
HELD = 2_000  # newest events that are held for all
_LOG = logging.getLogger("leadline")
_ID = re.compile(r"([0-9]{1,17})-([0-9]{1,9})", re.ASCII)  # of years that a moment can be of
_MICROSECOND = timedelta(microseconds=1)
_AFTER = f"""
from {VIEW}
where recorded_at > cast($at as timestamptz)
    or (recorded_at = cast($at as timestamptz) and event_number > $number)
order by recorded_at, event_number
limit $most
"""
_LAST = f"""
select recorded_at, event_number from {VIEW}
order by recorded_at desc, event_number desc
limit 1
"""


@dataclass(frozen=True, order=True)
class Place:
    """Where an event stands in the store's order."""

    at_us: int = 0
    number: int = 0

    def __str__(self) -> str:
        return f"{self.at_us}-{self.number}"

    @classmethod
    def of(cls, text: str) -> "Place":
        """Read an event's id; a ValueError says that it is none."""
        if not (found := _ID.fullmatch(text)):
            raise ValueError(text)
        return cls(int(found[1]), int(found[2]))


@dataclass(frozen=True)
class Event:
    """One thing that an alert did, as the row says it."""

    place: Place
    row: dict[str, Any]
    text: str

    def sent(self) -> ServerSentEvent:
        """Return what goes over the wire."""
        return ServerSentEvent(raw_data=self.text, event=self.row["action"], id=str(self.place))


class Tail:
    """The newest events of one store, looked for while anybody listens.

    Only the loop changes what is held; threads ask.
    """

    def __init__(self, questions: Questions, every_s: float, beat_s: float = BEAT_S) -> None:
        self._questions, self._every_s, self._beat_s = questions, every_s, beat_s
        self._held: deque[Event] = deque(maxlen=HELD)
        self._begin = Place()  # what is held comes after it
        self._files: Any = None  # that were seen; None while nobody listens
        self._looking: asyncio.Task[None] | None = None
        self._n_listening = 0
        self._moved = asyncio.Event()

    @property
    def reached(self) -> Place:
        """The newest event that was seen."""
        return self._held[-1].place if self._held else self._begin

    async def begin(self) -> Place:
        """Look where the store's events end, if nobody listens yet; raise what keeps it."""
        if self._files is None:
            files, last = await run_in_threadpool(self._last)
            if self._files is None:
                self._files, self._begin = files, last
                self._held.clear()
        return self.reached

    async def heard(
        self, after: Place, wants: Callable[[Mapping[str, Any]], bool]
    ) -> AsyncIterator[ServerSentEvent]:
        """Yield the events that somebody wants, for as long as he listens."""
        with self._joined():
            # An id alone: who is cut off before the first event goes on from here, too.
            yield ServerSentEvent(id=str(after), comment="listening")
            spoke_at, place = monotonic(), after
            while True:
                moved = self._moved
                try:
                    events = await self._after(place)
                except LeadlineError as error:
                    yield ServerSentEvent(comment=f"cut: {error}")
                    return
                for event in events:
                    place = event.place
                    if wants(event.row):
                        yield event.sent()
                        spoke_at = monotonic()
                if not events:
                    await _any(moved, self._beat_s)
                if monotonic() - spoke_at >= self._beat_s:
                    yield ServerSentEvent(id=str(place), comment="nothing new")
                    spoke_at = monotonic()

    def is_beyond(self, place: Place) -> bool:
        """Say whether the store has not come to a place yet."""
        return place.at_us > _us(self._questions.warehouse.refresh().recorded_until)

    async def _after(self, place: Place) -> Sequence[Event]:
        """Return what comes after a place: of what is held, else of the store."""
        if place >= self._begin:
            return list(dropwhile(lambda event: event.place <= place, self._held))
        return await run_in_threadpool(self._ask, place, PIECE)

    @contextmanager
    def _joined(self) -> Iterator[None]:
        self._n_listening += 1
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._follow())
        try:
            yield
        finally:
            self._n_listening -= 1
            if not self._n_listening:
                self._looking.cancel()
                self._looking = self._files = None

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            try:
                await self.begin()
                files = await run_in_threadpool(self._seen)
                while files != self._files:
                    fresh = await run_in_threadpool(self._ask, self.reached, HELD)
                    self._hold(fresh)
                    if len(fresh) < HELD:
                        self._files = files
            except LeadlineError as error:
                _LOG.warning("alerts/stream: %s", error)

    def _hold(self, fresh: Sequence[Event]) -> None:
        for event in fresh:
            if len(self._held) == HELD:
                self._begin = self._held[0].place
            self._held.append(event)
        if fresh:
            self._moved.set()
            self._moved = asyncio.Event()

    def _seen(self) -> Any:
        """Return the files in which events are; nothing is asked while they stay the same."""
        files = self._questions.warehouse.refresh().files
        return [tuple(files.get(name, ())) for name in ("alerts", "alert_actions")]

    def _last(self) -> tuple[Any, Place]:
        files = self._seen()
        rows = self._questions.answer(_LAST, BEGINNING, FOREVER).read_all().to_pylist()
        return files, _place(rows[0]) if rows else Place()

    def _ask(self, place: Place, most: int) -> list[Event]:
        at = BEGINNING + place.at_us * _MICROSECOND
        binds = {"at": at.isoformat(), "number": place.number, "most": most}
        rows = self._questions.answer(_AFTER, BEGINNING, FOREVER, binds).read_all()
        return [
            Event(_place(row), row, text)
            for row, text in zip(rows.to_pylist(), _texts(rows), strict=True)
        ]


def _place(row: dict[str, Any]) -> Place:
    return Place(_us(row["recorded_at"]), row["event_number"])


def _us(at: datetime) -> int:
    return (at - BEGINNING) // _MICROSECOND


def _texts(rows: pa.Table) -> Iterator[str]:
    """Yield each row as the API writes it."""
    for batch in rows.to_batches():
        yield from as_objects(batch.schema.names, batch.columns).to_pylist()


async def _any(moved: asyncio.Event, within_s: float) -> None:
    try:
        await asyncio.wait_for(moved.wait(), within_s)
    except TimeoutError:
        return
