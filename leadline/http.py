"""The one way to a source over HTTP: paced, retried, declared; a download is whole or not there."""

import json
import logging
import sqlite3
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from hashlib import sha256
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any, Self

import httpx
import stamina
from pyrate_limiter import Limiter, Rate, SingleBucketFactory, SQLiteBucket

from leadline import clock
from leadline.errors import FeedError

Json = Any
_VERSION = next((found.version for found in metadata.distributions(name="leadline")), "0")

for _name in ("httpx", "httpcore"):  # they log whole addresses, and a query may hold a key
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True)
class Download:
    """A file that arrived whole; url is without its query, modified_at is Last-Modified."""

    path: Path
    url: str
    modified_at: datetime | None


class _Later(Exception):
    def __init__(self, what: str, wait: timedelta | None = None) -> None:
        super().__init__(what)
        self.wait = wait  # as long as the source asks for


_BROKEN = httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError


class _Turns(sqlite3.Connection):
    def __enter__(self) -> Self:  # a bucket counts and adds in two statements; this is its lock
        self.execute("begin immediate")
        return self


class _Part:
    def __init__(self, file: Path) -> None:
        self.file, self.marks = file, file.with_suffix(".marks")

    def size(self) -> int:
        return self.file.stat().st_size if self.file.exists() else 0

    def headers(self) -> dict[str, str]:
        is_begun = self.size() and self.marks.exists()
        etag, _, modified = (self.marks.read_text() if is_begun else "").partition("\n")
        proof = etag if etag.startswith('"') else modified  # a weak ETag allows other bytes
        rest = {"Range": f"bytes={self.size()}-", "If-Range": proof} if proof else {}
        return {"Accept-Encoding": "identity"} | rest

    def keep(self, answer: httpx.Response) -> None:
        """Add the answer's bytes; whatever is not the rest of this very file starts over."""
        size, span = self.size(), answer.headers.get("content-range", "")
        marks = [answer.headers.get(name, "") for name in ("etag", "last-modified")]
        if answer.status_code == 206:
            is_same = not any(marks) or answer.request.headers.get("if-range") in marks
            if not (is_same and span.startswith(f"bytes {size}-")):
                self.file.unlink(missing_ok=True)
                raise _Later("the rest of another file")
        else:
            size, span = 0, answer.headers.get("content-length", "")
            self.file.unlink(missing_ok=True)
            self.marks.write_text("\n".join(marks))
        with self.file.open("ab") as file:
            file.writelines(answer.iter_raw())
        total = span.rpartition("/")[2]
        if total.isdecimal() and int(total) != self.size():
            raise _Later(f"{self.size():,} of {int(total):,} bytes")


class Http:
    """Ask one feed's sources no faster than they want; counts its requests and their bytes."""

    def __init__(
        self,
        feed: str,
        *,
        contact: str | None,
        folder: Path,
        per_second: float = 5.0,
        tries: int = 5,
        patience_s: float = 60,
        client: httpx.Client | None = None,
    ) -> None:
        """Keep pace and downloads in a folder that all processes share; close a given client too.

        Patience bounds the wait for a turn, and the time in which a request is tried again.
        """
        self.requests, self.bytes = 0, 0
        self._feed, self._folder, self._patience_s = feed, folder, patience_s
        self._agent = f"leadline/{_VERSION}" + (f" ({contact})" if contact else "")
        self._rates = [Rate(1, max(1, round(1_000 / per_second)))]  # evenly, never in a burst
        self._limiters: dict[str, Limiter] = {}
        self._retry = stamina.RetryingCaller(tries, patience_s, wait_initial=1, wait_max=30)
        self._open = ExitStack()
        self._client = self._open.enter_context(client or httpx.Client(timeout=30))
        folder.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the client and the pace."""
        self._open.close()

    def json(self, url: str, **query: object) -> Json:
        """Return what the answer says; numbers with a fraction are Decimal, None is not sent."""
        answer = self._ask(_address(url, query))
        try:
            return json.loads(answer.content, parse_float=Decimal, parse_constant=Decimal)
        except ValueError as error:
            raise FeedError(f"{self._feed}: no JSON from {_told(answer)}") from error

    def text(self, url: str, **query: object) -> str:
        """Return the answer in the charset that it names, or else UTF-8."""
        return self._ask(_address(url, query)).text

    def download(
        self, url: str, *, absent: tuple[str, ...] = (), **query: object
    ) -> Download | None:
        """Fetch a file from where it broke off; None for a 404, or a 403 with a mark of absent."""
        address = _address(url, query)
        part = _Part(self._folder / f"{sha256(str(address).encode()).hexdigest()[:32]}.part")
        while True:
            before = part.size()
            try:
                answer = self._ask(address, part, absent)
                break
            except FeedError as error:  # bytes earn new tries: a long file breaks more often
                if error.exit_code != 3 or part.size() <= before:
                    raise
        if not answer.is_success:
            return None
        path = part.file.with_suffix("") / (PurePosixPath(address.path).name.strip(".") or "file")
        path.parent.mkdir(exist_ok=True)
        modified_at = _moment(part.marks.read_text().partition("\n")[2])
        part.file.replace(path)
        part.marks.unlink()
        return Download(path, str(address.copy_with(query=None)), modified_at)

    def _ask(
        self, url: httpx.URL, part: _Part | None = None, absent: tuple[str, ...] = ()
    ) -> httpx.Response:
        started, before = time.monotonic(), self.requests

        def again(error: Exception) -> bool | timedelta:
            if not isinstance(error, _Later) or error.wait is None:
                return isinstance(error, (_Later, *_BROKEN))
            left_s = self._patience_s - (time.monotonic() - started)
            return error.wait if error.wait.total_seconds() < left_s else False

        try:
            return self._retry(again, self._ask_once, url, part, absent)
        except (_Later, httpx.HTTPError) as error:
            is_passing = isinstance(error, (_Later, *_BROKEN))
            tries, spent_s = self.requests - before, time.monotonic() - started
            what = (str(error) or type(error).__name__).rstrip(".")
            what += f" after {tries} {'try' if tries == 1 else 'tries'} in {spent_s:.0f} s"
            what += f" at {url.host}" + "; try again later" * is_passing
            raise FeedError(f"{self._feed}: {what}", try_again=is_passing) from error

    def _ask_once(
        self, url: httpx.URL, part: _Part | None, absent: tuple[str, ...]
    ) -> httpx.Response:
        """Return what is there or truly absent; tell who is busy from who refuses."""
        self._take_turn(url.host)
        headers = {"User-Agent": self._agent} | (part.headers() if part else {})
        with self._client.stream("GET", url, headers=headers, follow_redirects=True) as answer:
            try:
                if part and answer.is_success:
                    part.keep(answer)
                else:
                    answer.read()
            finally:
                self.bytes += answer.num_bytes_downloaded
        status, what = answer.status_code, f"{answer.status_code} {answer.reason_phrase}"
        is_absent = status == 404 or (status == 403 and any(mark in answer.text for mark in absent))
        if answer.is_success or (part and is_absent):
            return answer
        if part and part.size() and status == 416:
            part.file.unlink()
            raise _Later(what, timedelta(0))
        if status in (429, 500, 502, 503, 504):
            raise _Later(what, _asked_wait(answer.headers))
        refused = "; the source refused, which is no absence: stop" * (status in (401, 403))
        raise FeedError(f"{self._feed}: {what} from {_told(answer)}{refused}")

    def _take_turn(self, host: str) -> None:
        if host not in self._limiters:
            file = str(self._folder / "pace.sqlite")
            SQLiteBucket.init_from_file(self._rates, host, file).conn.close()
            turns = sqlite3.connect(file, check_same_thread=False, factory=_Turns)
            self._open.callback(turns.close)
            bucket = SQLiteBucket(self._rates, turns, host, lock=turns)
            hour_ago = clock.now() - timedelta(hours=1)  # others may keep a slower pace
            bucket.leak(int(hour_ago.timestamp() * 1_000))
            # The library's own cleaner is a thread that outlives its bucket.
            factory = SingleBucketFactory(bucket, schedule_leak=False)
            self._limiters[host] = Limiter(factory, buffer_ms=1)
        if not self._limiters[host].try_acquire(host, timeout=self._patience_s):
            raise _Later("no turn")
        self.requests += 1


def _address(url: str, query: dict[str, Any]) -> httpx.URL:
    given = {key: value for key, value in query.items() if value is not None}
    return httpx.URL(url).copy_merge_params(given) if given else httpx.URL(url)


def _told(answer: httpx.Response) -> str:
    """Say where an answer came from and how it begins, without what was in the query."""
    text = " ".join(answer.text.split())
    for hop in (*answer.history, answer):
        for value in hop.url.params.values():
            text = text.replace(value, "…") if len(value) > 7 else text  # shorter is no key
    return f"{answer.url.host}{answer.url.path}, which says '{text[:80]}'"


def _asked_wait(headers: httpx.Headers) -> timedelta | None:
    after = headers.get("retry-after", "")
    if after.isdecimal():
        return timedelta(seconds=min(int(after), 1_000_000))
    until, since = _moment(after), _moment(headers.get("date", "")) or clock.now()
    return max(until - since, timedelta(0)) if until else None


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).replace(tzinfo=UTC)
    except ValueError:
        return None
