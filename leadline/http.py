"""The one way to a source over HTTP: paced, retried, declared; a download is whole or not there."""

import json
import logging
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import httpx

from leadline import clock
from leadline.errors import FeedError
from leadline.pace import Pace, Rest
from leadline.resume import Part, Piece
from leadline.source import Later, Source

Json = Any
MOST = 256 << 20  # bytes of an answer that is read as a whole; the largest real ones have 40 MB
MOST_OF_FILE = 64 << 30  # bytes of a download; the largest real ones have some 3 GB
_SPAN = re.compile(r"bytes (?P<start>\d+)-\d+/(?P<total>\d+|\*)")
_VERSION = next((found.version for found in metadata.distributions(name="leadline")), "0")

for _name in ("httpx", "httpcore"):  # they log whole addresses, and a query may hold a key
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True)
class Download:
    """A file that arrived whole; url is without its query, modified_at is Last-Modified."""

    path: Path
    url: str
    modified_at: datetime | None


class Refusal(NamedTuple):
    """Words by which a source refuses, whatever the status; then nothing more is asked of it.

    rest: for how long by nobody who shares its pace, in any process.
    """

    mark: str
    what_now: str
    try_again: bool = False
    rest: timedelta = timedelta(0)


class Posted(NamedTuple):
    """What a source answers to a body; said is None where the answer is empty."""

    said: Json
    headers: Mapping[str, str]


@cache
def _trust() -> ssl.SSLContext:
    """Read whom to trust once a process, for that takes longer than most answers."""
    return httpx.create_ssl_context()


class Http(Source):
    """Ask one feed's sources no faster than they want; counts its requests and their bytes."""

    passing = (
        httpx.TimeoutException,
        httpx.NetworkError,
        httpx.RemoteProtocolError,
        httpx.ProxyError,
    )
    failing = (httpx.HTTPError,)

    def __init__(
        self,
        feed: str,
        *,
        contact: str | None,
        folder: Path,
        per_second: float = 5.0,
        source: str | None = None,
        tries: int = 5,
        patience_s: float = 60,
        client: httpx.Client | None = None,
        moved: Callable[[str], str] = str,
        most: tuple[int, int] = (MOST, MOST_OF_FILE),
    ) -> None:
        """Keep pace and downloads in a folder that all processes share; close a given client too.

        source: whose hosts share one pace; none: each has its own. Patience bounds the wait for
        a turn, too. moved: where an address is asked for instead. most: bytes of an answer that is
        read as a whole, unpacked, and of a file.
        """
        super().__init__(feed, folder, tries, patience_s)
        self.has: Callable[[str], bool] = lambda name: False  # what the store holds already
        self.wanted: Callable[[], list[dict[str, Any]]] = list  # what the card's `wants` says now
        self.before: Callable[[], None] = lambda: None  # each request; its error stops the feed
        self.symbols: tuple[str, ...] = ()  # the stocks that are asked for; none: the feed's own
        self.keys: Mapping[str, str] = {}  # headers that no redirect takes elsewhere
        self._agent = f"leadline/{_VERSION}" + (f" ({contact})" if contact else "")
        self._client = self._open.enter_context(client or httpx.Client(timeout=30, verify=_trust()))
        self._moved, self._most = moved, most
        self._source = source
        self._pace = self._open.enter_context(Pace(folder, per_second))

    def json(self, url: str, **query: object) -> Json:
        """Return what the answer says; numbers with a fraction are Decimal, None is not sent."""
        return self._said(self._ask(self._address(url, query)))

    def post(self, url: str, body: Json) -> Posted:
        """Send a body as JSON; return what the answer says and its headers, by lower-case name."""
        answer = self._ask(self._address(url, {}), body=json.dumps(body).encode())
        said = self._said(answer) if answer.content else None
        return Posted(said, answer.headers)

    def text(self, url: str, **query: object) -> str:
        """Return the answer in the charset that it names, or else UTF-8."""
        return self._ask(self._address(url, query)).text

    def download(
        self,
        url: str,
        *,
        absent: tuple[str, ...] = (),
        refusals: tuple[Refusal, ...] = (),
        **query: object,
    ) -> Download | None:
        """Fetch a file from where it broke off; None for a 404, or a 403 with a mark of absent.

        An answer that begins with the mark of a refusal stops at once, even a 200.
        """
        address = self._address(url, query)
        with self._holding(str(address), f"{address.host}{address.path}") as part:
            answer = self._grown(part, partial(self._ask, address, part, absent, refusals))
            if not answer.is_success:
                return None
            _, modified = part.marks()
            path = part.finish(PurePosixPath(address.path).name.strip(".") or "file")
            address = address.copy_with(query=None)
            return Download(path, str(address), clock.of_header(modified))

    def _said(self, answer: httpx.Response) -> Json:
        try:
            return json.loads(answer.content, parse_float=Decimal, parse_constant=Decimal)
        except (ValueError, RecursionError) as error:
            raise FeedError(f"{self._feed}: no JSON from {self._told(answer)}") from error

    def _address(self, url: str, query: dict[str, Any]) -> httpx.URL:
        given = {key: value for key, value in query.items() if value is not None}
        address = httpx.URL(self._moved(url))
        return address.copy_merge_params(given) if given else address

    def _ask(
        self,
        url: httpx.URL,
        part: Part | None = None,
        absent: tuple[str, ...] = (),
        refusals: tuple[Refusal, ...] = (),
        body: bytes | None = None,
    ) -> httpx.Response:
        return self._again(url.host, partial(self._ask_once, url, part, absent, refusals, body))

    def _ask_once(
        self,
        url: httpx.URL,
        part: Part | None,
        absent: tuple[str, ...],
        refusals: tuple[Refusal, ...],
        body: bytes | None,
    ) -> httpx.Response:
        """Return what is there or truly absent; tell who is busy from who refuses."""
        self.before()
        source = self._source or url.host
        if not self._pace.take_turn(source, self._patience_s):
            raise Later("no turn")
        if rest := self._pace.rest(source):  # who else asks may have been told so just now
            until = clock.stamp(rest.until.replace(microsecond=0))
            what = f"{source} said '{rest.said}' and is left alone until {until}"
            raise FeedError(f"{self._feed}: {what}; run this again then", try_again=True)
        self.requests += 1
        headers = {"User-Agent": self._agent, **self.keys} | (_rest(part) if part else {})
        method = "GET"
        if body is not None:
            headers |= {"Accept": "application/json", "Content-Type": "application/json"}
            method = "POST"
        with self._client.stream(
            method, url, content=body, headers=headers,
            # On the way a body would be lost, and keys would be told to others.
            follow_redirects=body is None and not self.keys,
        ) as answer:  # fmt: skip
            try:
                if part and answer.is_success:
                    part.keep(_piece(answer, self._most[1]))
                else:
                    self._read(answer)
            finally:
                self.bytes += answer.num_bytes_downloaded
        for refusal in refusals:
            if part and refusal.mark in (part.head() if answer.is_success else answer.text):
                part.drop()
                if refusal.rest:
                    rest = Rest(clock.now() + refusal.rest, refusal.mark)
                    self._pace.leave_alone(source, rest)
                what = f"{url.host} says '{refusal.mark}'; {refusal.what_now}"
                raise FeedError(f"{self._feed}: {what}", try_again=refusal.try_again)
        status, what = answer.status_code, f"{answer.status_code} {answer.reason_phrase}"
        is_absent = status == 404 or (status == 403 and any(mark in answer.text for mark in absent))
        if answer.is_success or (part and is_absent):
            return answer
        if part and part.size() and status == 416:
            part.drop()
            raise Later(what, timedelta(0))
        if status in (429, 500, 502, 503, 504):
            raise Later(what, _asked_wait(answer.headers))
        refused = "; the source refused, which is no absence: stop" * (status in (401, 403))
        raise FeedError(f"{self._feed}: {what} from {self._told(answer)}{refused}")

    def _read(self, answer: httpx.Response) -> None:
        """Read an answer whole, unpacked; one that is larger than any real one is refused."""
        held = bytearray()
        for piece in answer.iter_bytes():
            held += piece
            if len(held) > self._most[0]:
                where = f"{answer.url.host}{answer.url.path}"
                raise FeedError(
                    f"{self._feed}: over {self._most[0] >> 20:,} MiB from {where}, and no answer "
                    f"has so much; look at it"
                )
        answer._content = bytes(held)  # as httpx's own read does, which has no bound

    def _told(self, answer: httpx.Response) -> str:
        """Say where an answer came from and how it begins, without query and keys."""
        text = " ".join(answer.text.split())
        asked = [*self.keys.values(), *(key.rpartition(" ")[2] for key in self.keys.values())]
        for hop in (*answer.history, answer):
            asked += hop.url.params.values()
        for value in asked:
            text = text.replace(value, "…") if len(value) > 7 else text  # shorter is no key
        return f"{answer.url.host}{answer.url.path}, which says '{text[:80]}'"


def _rest(part: Part) -> dict[str, str]:
    """Return what asks for the rest of a file, or for all of it where no proof is kept."""
    proof = part.proof()
    rest = {"Range": f"bytes={part.size()}-", "If-Range": proof} if proof else {}
    return {"Accept-Encoding": "identity"} | rest


def _piece(answer: httpx.Response, most: int) -> Piece:
    """Return an answer as a piece of a file; one that does not say where it begins fits nowhere."""
    start, said = 0, answer.headers.get("content-length", "")
    if answer.status_code == 206:
        span = _SPAN.match(answer.headers.get("content-range", ""))
        start, said = (int(span["start"]), span["total"]) if span else (-1, "")
    etag, modified = (answer.headers.get(name, "") for name in ("etag", "last-modified"))
    total = int(said) if said.isdecimal() else None
    return Piece(_bounded(answer, start, most), etag, modified, start, total)


def _bounded(answer: httpx.Response, size: int, most: int) -> Iterator[bytes]:
    """Yield what is sent of a file, and stop where it is larger than any real one."""
    for piece in answer.iter_raw():
        size += len(piece)
        if size > most:
            where = f"{answer.url.host}{answer.url.path}"
            raise FeedError(f"{where}: over {most >> 20:,} MiB; look at what it sends")
        yield piece


def _asked_wait(headers: httpx.Headers) -> timedelta | None:
    after = headers.get("retry-after", "")
    if after.isdecimal():
        return timedelta(seconds=min(int(after), 1_000_000))
    until, since = clock.of_header(after), clock.of_header(headers.get("date", "")) or clock.now()
    return max(until - since, timedelta(0)) if until else None
