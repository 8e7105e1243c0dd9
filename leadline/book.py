"""One pair's level book, kept from a snapshot and changes; what it tells is proven to be in sync.

    empty -> buffering -> synced -> broken -> buffering -> …

Messages are held until a snapshot lies inside their chain. From then on each must follow the one
before; else the book is broken, and a gap lasts until the next snapshot bridges.

Where the stream itself brings snapshots, the next one begins the book, whatever came before it.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from leadline.depth import Depth, Floats

_TICKS = 100_000_000  # a price is kept as a whole number of 1e-8
_HELD = 10_000  # messages that are kept for a snapshot to come; a quarter of an hour at 100 ms
_FARTHEST = 253_402_214_400_000_000  # microseconds: the last day of the year 9999 begins

Level = tuple[int, float, float]  # book_side, price, size; a size of 0 removes the level
Order = tuple[int, float, float, int]  # and the venue's id; a size of 0 removes it, wherever it is


def sound(number: int, at: int | None) -> None:
    """Raise a ValueError unless an id fits a column of ids, and a moment one of moments.

    at: microseconds, None where nobody says when.
    """
    if type(number) is not int or not -(1 << 63) <= number < 1 << 63:
        raise ValueError(f"the id {number!r:.40}, which is no whole number of 64 bits")
    if at is not None and (type(at) is not int or not 0 <= at < _FARTHEST):
        raise ValueError(f"the moment {at!r:.40} in microseconds, which nothing has")


class Message(NamedTuple):
    """Absolute sizes of some levels or orders, or of all in a snapshot; moments are in Unix us.

    previous is the last id of the message before, for venues that say it; ids of the others
    follow one another without holes. proof says whether the book with this message in it is the
    source's own, for venues that tell a checksum.
    """

    first: int
    last: int
    levels: Sequence[Level] | Sequence[Order]
    at: int
    exchange_at: int | None = None
    previous: int | None = None
    proof: Callable[["Book"], bool] | None = None

    def follows(self, last: int) -> bool:
        """Say whether nothing is missing between an id that is in the book and this message."""
        return (self.first <= last + 1) if self.previous is None else (self.previous <= last)


class Applied(NamedTuple):
    """A message that the book took, when it could be known, what it changed, and the book after it.

    changes are rows of `depth.CHANGE`; order_ids stand beside those of a book of orders. told is
    what `Depth.measure` says.
    """

    message: Message
    known_at: int
    epoch: str
    is_snapshot: bool
    changes: Floats
    told: Floats
    order_ids: list[int] | None = None


@dataclass
class Gap:
    """A stretch without a proven book; ended_at is None while it lasts."""

    began_at: int
    found_at: int
    reason: str
    expected: int | None
    found: int | None
    n_dropped: int = 0
    ended_at: int | None = None


class Book:
    """The book of one pair at one venue."""

    def __init__(self) -> None:
        self.state = "empty"
        self.epoch = ""  # the snapshot that it was built from: its id, or when it came
        self.last = 0
        self.n_stale = 0  # messages that told nothing new
        self.gap: Gap | None = None  # the one that lasts
        self.ended: list[Gap] = []  # those that are over; the caller takes them
        self._ticks = _TICKS
        self._window: int | None = None
        self._is_told = False
        self._is_whole = False  # the snapshot held all levels, or all up to the depth
        self._clear()
        self._snapshot: Message | None = None  # the newest that has not been used
        self._held: deque[Message] = deque(maxlen=_HELD)
        self._n_held = 0
        self._seen_at = 0  # when the last good message came
        self._since = 0  # when the snapshot came: nothing could be known before
        self._is_fresh = False

    def restart(self, snapshot: Message) -> list[Applied]:
        """Bridge with a snapshot; a book in sync keeps it for the case that it breaks."""
        sound(snapshot.last, snapshot.exchange_at)
        self._snapshot = snapshot
        return [] if self.state == "synced" else self._bridge()

    def begin(
        self,
        snapshot: Message,
        *,
        depth: int | None = None,
        is_told: bool = False,
        ticks: int = _TICKS,
    ) -> list[Applied]:
        """Start over from a snapshot of the stream itself, of which every level is known.

        depth: how many levels or orders a side the source keeps; is_told: it says what falls out
        of them, which else is ours to forget. ticks: how many make 1, where prices are finer than
        1e-8.
        """
        sound(snapshot.last, snapshot.exchange_at)
        self._snapshot, self._is_whole = None, True
        self._window, self._is_told, self._ticks = depth, is_told, ticks
        taken = self._start(snapshot, str(snapshot.at), [])
        self._is_fresh = False
        return taken

    def apply(self, message: Message) -> list[Applied]:
        """Return what the book took: this message, those held for its sake, or nothing."""
        sound(message.first, message.exchange_at)
        sound(message.last, None)
        if self.state != "synced":
            self.state = "buffering"
            self._hold(message)
            return self._bridge()
        if message.last <= self.last:
            self.n_stale += 1
            return []
        is_chained = self._is_fresh or message.previous in (None, self.last)
        if not (is_chained and message.follows(self.last)):
            reason = "snapshot_too_old" if self._is_fresh else "gap"
            return self._break(reason, message, self.last + 1, message.first)
        self._is_fresh = False
        return self._take(message, is_snapshot=False)

    def fail(
        self,
        reason: str,
        at: int,
        *,
        since: int | None = None,
        expected: int | None = None,
        found: int | None = None,
    ) -> None:
        """Give up a book, for a reason of feed_gaps: what comes next follows from nothing.

        since: until when it was proven, if not until its last message.
        """
        self._held.clear()
        self._snapshot = None
        if self.state == "synced":
            self.state, self._n_held = "broken", 0
            began_at = self._seen_at if since is None else since
            self.gap = Gap(began_at, at, reason, expected, found)

    def best(self, book_side: int, n: int) -> list[tuple[float, float]]:
        """Return the best levels of a side, the best one first, as prices and sizes."""
        return self._depth.best(int(book_side != 1), n)

    def _clear(self) -> None:
        self._depth = Depth(self._ticks)

    def _change(self, levels: Sequence[Any]) -> tuple[Floats, list[int] | None]:
        """Take what a message says; return what it changed, and whose orders these were."""
        return self._depth.take(levels), None

    def _slide(self, window: int, changes: Floats) -> Floats:
        """Keep to the window; return the changes, with those of what is beyond it."""
        if not self._is_told:
            changes = self._depth.cut(window, changes)
        for side in (0, 1):
            self._depth.fill(side, self._depth.n(side), window)
        return changes

    def _take(self, message: Message, *, is_snapshot: bool) -> list[Applied]:
        changes, order_ids = self._change(message.levels)
        if self._window:
            changes = self._slide(self._window, changes)
        if is_snapshot and not self._is_whole:
            self._depth.limit()
        if (told := self._depth.measure()) is None:
            return self._break("crossed", message, None, None)
        if message.proof and not message.proof(self):
            return self._break("checksum", message, None, None)
        self.last, self._seen_at = message.last, message.at
        known_at = max(message.at, self._since)
        return [Applied(message, known_at, self.epoch, is_snapshot, changes, told, order_ids)]

    def _break(
        self, reason: str, message: Message, expected: int | None, found: int | None
    ) -> list[Applied]:
        self.state, self._n_held = "broken", 0
        if self.gap is None:
            self.gap = Gap(self._seen_at, message.at, reason, expected, found)
        self._held.clear()
        self._hold(message)
        return self._bridge()

    def _hold(self, message: Message) -> None:
        self._held.append(message)
        self._n_held += 1
        if self.gap:
            self.gap.n_dropped += 1

    def _bridge(self) -> list[Applied]:
        """Start over from the snapshot where the held messages go on from it."""
        snapshot, self._snapshot = self._snapshot, None
        if snapshot is None:
            return []
        rest = [message for message in self._held if message.last > snapshot.last]
        if rest and not rest[0].follows(snapshot.last):
            if self.gap is None:
                ids = (snapshot.last + 1, rest[0].first)
                began_at = self._held[0].at
                self.gap = Gap(began_at, snapshot.at, "snapshot_too_old", *ids, self._n_held)
            return []
        return self._start(snapshot, str(snapshot.last), rest)

    def _start(self, snapshot: Message, epoch: str, rest: list[Message]) -> list[Applied]:
        self._clear()
        self.state, self.epoch, self._is_fresh = "synced", epoch, True
        self._since = max([snapshot.at, *(message.at for message in rest)])
        self._held.clear()
        gap, self.gap = self.gap, None
        if not (taken := self._take(snapshot, is_snapshot=True)):
            self.gap = _longer(gap, self.gap)
            return []
        for message in rest:
            taken += self.apply(message)
        if gap:
            gap.n_dropped -= len(rest)
            gap.ended_at = self._since
            self.ended.append(gap)
        return taken


def _longer(before: Gap | None, new: Gap | None) -> Gap | None:
    """Return the gap that goes on where a snapshot could not end it."""
    if before and new:
        before.n_dropped += new.n_dropped
    return before or new
