"""Captures as recorders write them, line by line, and the books of one stream.

A line of cryptofeed is `SECONDS: message`, `URL -> SECONDS: answer`, `URL <-> SECONDS` for a
connection, `URL <- SECONDS: question` or `configuration: …`; one of hftbacktest is
`NANOSECONDS message`. Our own recordings also say `URL <!> SECONDS: reason` of a connection that
was lost, and how many lines of their stream went before a file.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

import msgspec

from leadline.book import Gap, sound
from leadline.clock import BEGINNING
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, File, Files, Json, understood
from leadline.tape import PLACES
from loaders._books import Books, Place

_LINE = re.compile(
    rb"(?P<ns>\d{19}) (?P<frame>\{.*)|(?P<s>\d+(?:\.\d+)?): (?P<heard>[\[{].*)"
    rb"|(?P<url>https?://\S+) -> (?P<rest_s>\d+(?:\.\d+)?): (?P<body>[\[{].*)"
    rb"|(?P<opened>wss?://\S+) <-> (?P<open_s>\d+(?:\.\d+)?)"
    rb"|(?P<lost>wss?://\S+) <!> (?P<lost_s>\d+(?:\.\d+)?): (?P<reason>\w+)"
    rb"|(?P<other>configuration: .*|\S+ <- .*)?"
)
_BEFORE = re.compile(rb'configuration: \{"lines_before": (\d+)\}\n')


class Heard(NamedTuple):
    """What one line holds, and when it came in Unix microseconds.

    url is where an answer or a connection came from; a connection has no text, and one that was
    lost a reason.
    """

    at: int
    text: bytes
    url: bytes = b""
    reason: str = ""


def heard(line: bytes) -> Heard | None:
    """Read one line of a recorder; of what was asked and configured nothing is told."""
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError("no line of a recorder")
    if found["frame"]:
        return Heard(int(found["ns"]) // 1000, found["frame"])
    if found["heard"]:
        return Heard(micros_of(found["s"].decode()), found["heard"])
    if found["url"]:
        return Heard(micros_of(found["rest_s"].decode()), found["body"], found["url"])
    if found["opened"]:
        return Heard(micros_of(found["open_s"].decode()), b"", found["opened"])
    if found["lost"]:
        at = micros_of(found["lost_s"].decode())
        return Heard(at, b"", found["lost"], found["reason"].decode())
    return None


def microseconds(when: datetime) -> int:
    """Return a moment as Unix microseconds."""
    since = when - BEGINNING
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moment(micros: int) -> datetime:
    """Return the moment of Unix microseconds."""
    return BEGINNING + timedelta(microseconds=micros)


def micros_of(seconds: object) -> int:
    """Return Unix seconds with decimals, a text or a Decimal, as microseconds; rounded down."""
    whole, _, fraction = str(seconds).partition(".")
    return int(whole) * 1_000_000 + int(f"{fraction:0<6}"[:6])


class Capture(Books):
    """The books of one stream and the rows that they bring, line by line."""

    def __init__(self) -> None:
        super().__init__()
        self._counted: dict[Place, tuple[int, int]] = {}
        self._why: dict[Place, str] = {}  # why trades may be missing, if their numbers say so

    def hear(self, file: File, number: int, line: bytes) -> None:
        """Take one line of a recorder's file."""
        with understood(f"{file.origin}:{number}", line, "mend the file or the loader"):
            if said := heard(line):
                if said.reason:
                    self.lose(said.at, said.reason)
                else:
                    self.told(said, file, number)

    def told(self, said: Heard, file: File, number: int) -> None:
        """Take what a line holds; a new connection follows from nothing that was said before."""
        if said.url and said.text:
            self.answered(said.url.decode(), said.text)
        elif said.url:
            self.lose(said.at)
        else:
            self.take(self.parsed(said.text.decode()), said.at, number)

    def answered(self, url: str, body: bytes) -> None:
        """Take an answer over HTTP."""
        raise ValueError("an answer to a question that it does not know")

    def parsed(self, text: str) -> Json:
        """Return a message as its JSON says it."""
        return msgspec.json.decode(text)

    def take(self, message: Json, at: int, number: int) -> None:
        """Take one message, which came at a moment as this line."""
        raise NotImplementedError

    def count(self, place: Place, trade: int, at: int) -> None:
        """Count a trade where a venue numbers them; numbers that are left out are a gap."""
        last, before = self._counted.get(place, (trade, at))
        why = self._why.pop(place, "gap")
        if trade > last + 1:
            gap = Gap(before, at, why, last + 1, trade, ended_at=at)
            self.rows.add_gap(place, gap, "trades")
        self._counted[place] = (max(last, trade), at)

    def is_counted(self, place: Place, trade: int) -> bool:
        """Say whether a trade of this number, or a later one, came before."""
        return trade <= self._counted.get(place, (trade - 1, 0))[0]

    def finish(self, file: File) -> None:
        """Tell the gaps that last; refuse a file whose books no snapshot began."""
        for place, book in self.books.items():
            if book.state == "buffering" and not (book.epoch or book.gap):
                raise FeedError(
                    f"{file.origin}: the book of {':'.join(place)} has no snapshot; "
                    f"load it together with the file before it"
                )
        self.tell_lasting_gaps()

    def lose(self, at: int, reason: str = "disconnect") -> None:
        """Take every book for lost, as their connection is."""
        self._why = dict.fromkeys(self._counted, reason)
        for book in self.books.values():
            book.fail(reason, at, expected=book.last + 1)


C = TypeVar("C", bound=Capture)


def captured(
    files: Files, made: Callable[[], C], stream_of: Callable[[str], str] = lambda name: name
) -> Iterator[Batch]:
    """Yield what each capture holds; its books go on in the next file of the same stream.

    A recording of our own gives the rows that were stored while it was made: a gap that lasts is
    told at its end alone, and so is a book that had no snapshot yet.
    """
    captures: dict[str, C] = defaultdict(made)
    streams = [stream_of(file.name) for file in files]
    for nth, file in enumerate(files):
        capture, held = captures[streams[nth]], file.bytes()
        before = _BEFORE.match(held)
        first = int(before[1]) if before else 1
        for number, line in enumerate(held.split(b"\n"), start=first):
            capture.hear(file, number, line.rstrip(b"\r"))
        if before is None:
            capture.finish(file)
        elif streams[nth] not in streams[nth + 1 :]:
            capture.tell_lasting_gaps()
        for dataset, rows in capture.rows.taken():
            yield dataset, Extract(file, rows)


def without_part(name: str) -> str:
    """Return what a recorder calls a stream: a file's name without the number of its part."""
    return re.sub(r"\.\d+(\.gz)?$", "", name)


def trade(
    place: Place, trade_id: int, traded_at: int, price: float, size: float, side: int, at: int,
    number: int, nth: int = 0,
) -> tuple[Any, ...]:  # fmt: skip
    """Return a trade as the tape has it; nth is its place in the line."""
    sound(trade_id, traded_at)
    said = (trade_id, False, traded_at, price, size, side)
    return (*place, *said, at, number * PLACES + nth)
