"""The one way to a source over HTTP: paced, retried, declared; a download is whole or not there."""

import json
import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from hashlib import sha256
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, Self

import httpx
import stamina

from leadline import clock
from leadline.errors import FeedError
from leadline.pace import Pace
from leadline.resume import Part, Taken

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


class Refusal(NamedTuple):
    """Words by which a source refuses, whatever the status; then nothing more is asked of it."""

    mark: str
    what_now: str
    try_again: bool = False


class _Later(Exception):
    def __init__(self, what: str, wait: timedelta | None = None) -> None:
        super().__init__(what)
        self.wait = wait  # as long as the source asks for


_PASSING = (
    _Later,
    httpx.TimeoutException,
    httpx.NetworkError,
    httpx.RemoteProtocolError,
    httpx.ProxyError,
)


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

        Patience bounds the wait for a turn or for another's download of the same file, and the
        time in which a request is tried again.
        """
        self.requests, self.bytes = 0, 0
        self.has: Callable[[str], bool] = lambda name: False  # what the store holds already
        self._feed, self._folder, self._patience_s = feed, folder, patience_s
        self._agent = f"leadline/{_VERSION}" + (f" ({contact})" if contact else "")
        self._retry = stamina.RetryingCaller(tries, patience_s, wait_initial=1, wait_max=30)
        folder.mkdir(parents=True, exist_ok=True)
        self._open = ExitStack()
        self._client = self._open.enter_context(client or httpx.Client(timeout=30))
        self._pace = self._open.enter_context(Pace(folder, per_second))

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
        address = _address(url, query)
        folder = self._folder / sha256(str(address).encode()).hexdigest()[:32]
        try:
            with Part(folder, self._patience_s) as part:
                return self._fetch(address, part, absent, refusals)
        except Taken as error:
            what = f"another download of {address.host}{address.path} is under way; try again later"
            raise FeedError(f"{self._feed}: {what}", try_again=True) from error

    def _fetch(
        self, url: httpx.URL, part: Part, absent: tuple[str, ...], refusals: tuple[Refusal, ...]
    ) -> Download | None:
        while True:
            before = part.size()
            try:
                answer = self._ask(url, part, absent, refusals)
                break
            except FeedError as error:  # bytes earn new tries: a long file breaks more often
                if error.exit_code != 3 or part.size() <= before:
                    raise
        if not answer.is_success:
            return None
        path, modified = part.finish(PurePosixPath(url.path).name.strip(".") or "file")
        return Download(path, str(url.copy_with(query=None)), _moment(modified))

    def _ask(
        self,
        url: httpx.URL,
        part: Part | None = None,
        absent: tuple[str, ...] = (),
        refusals: tuple[Refusal, ...] = (),
    ) -> httpx.Response:
        started, before = time.monotonic(), self.requests

        def again(error: Exception) -> bool | timedelta:
            if not isinstance(error, _Later) or error.wait is None:
                return isinstance(error, _PASSING)
            left_s = self._patience_s - (time.monotonic() - started)
            return error.wait if error.wait.total_seconds() < left_s else False

        try:
            return self._retry(again, self._ask_once, url, part, absent, refusals)
        except (_Later, httpx.HTTPError) as error:
            is_passing = isinstance(error, _PASSING)
            tries, spent_s = self.requests - before, time.monotonic() - started
            what = (str(error) or type(error).__name__).rstrip(".")
            what += f" after {tries} {'try' if tries == 1 else 'tries'} in {spent_s:.0f} s"
            what += f" at {url.host}" + "; try again later" * is_passing
            raise FeedError(f"{self._feed}: {what}", try_again=is_passing) from error

    def _ask_once(
        self,
        url: httpx.URL,
        part: Part | None,
        absent: tuple[str, ...],
        refusals: tuple[Refusal, ...],
    ) -> httpx.Response:
        """Return what is there or truly absent; tell who is busy from who refuses."""
        if not self._pace.take_turn(url.host, self._patience_s):
            raise _Later("no turn")
        self.requests += 1
        headers = {"User-Agent": self._agent} | (part.headers() if part else {})
        with self._client.stream("GET", url, headers=headers, follow_redirects=True) as answer:
            try:
                if part and answer.is_success:
                    part.keep(answer)
                else:
                    answer.read()
            finally:
                self.bytes += answer.num_bytes_downloaded
        for refusal in refusals:
            if part and refusal.mark in (part.head() if answer.is_success else answer.text):
                part.drop()
                what = f"{url.host} says '{refusal.mark}'; {refusal.what_now}"
                raise FeedError(f"{self._feed}: {what}", try_again=refusal.try_again)
        status, what = answer.status_code, f"{answer.status_code} {answer.reason_phrase}"
        is_absent = status == 404 or (status == 403 and any(mark in answer.text for mark in absent))
        if answer.is_success or (part and is_absent):
            return answer
        if part and part.size() and status == 416:
            part.drop()
            raise _Later(what, timedelta(0))
        if status in (429, 500, 502, 503, 504):
            raise _Later(what, _asked_wait(answer.headers))
        refused = "; the source refused, which is no absence: stop" * (status in (401, 403))
        raise FeedError(f"{self._feed}: {what} from {_told(answer)}{refused}")


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
