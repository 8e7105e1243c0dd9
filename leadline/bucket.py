"""A source's bucket over S3: what lies in it, and each object whole or not there.

No error of a library reaches who asks: whatever happens is one sentence.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from leadline import clock
from leadline.config import Place, variables
from leadline.errors import ConfigError, FeedError
from leadline.http import Download
from leadline.resume import Broken, Part, Piece
from leadline.source import Later, Source

_CHUNK = 1 << 20
_REGION = re.compile(r"\bs3[.-]([a-z]{2}(?:-[a-z]+)+-\d+)\.")
_SPAN = re.compile(r"bytes (\d+)-\d+/(\d+)")
_BUSY = (429, 500, 502, 503, 504)
_UNKNOWN_KEYS = ("InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthorizationHeaderMalformed")


@dataclass(frozen=True)
class Found:
    """An object of a bucket, as the listing has it; its ETag names a version and is no digest."""

    key: str
    size: int
    etag: str
    modified_at: datetime


class _Other(Exception):
    """The object is another one than what is here of it."""


class Bucket(Source):
    """Lists one bucket and downloads its objects; counts its requests and their bytes."""

    def __init__(
        self, feed: str, place: Place, *, folder: Path, tries: int = 5, patience_s: float = 60
    ) -> None:
        """Open the bucket; nothing is asked yet."""
        super().__init__(feed, folder, tries, patience_s)
        try:
            import s3fs
            from aiohttp import ClientError as HttpError
            from botocore import exceptions as told
            from fsspec.asyn import sync
        except ImportError as error:
            what = "its bucket is read with s3fs, which is not here; pip install 'leadline[s3]'"
            raise FeedError(f"{feed}: {what}") from error
        self.address = place.address
        self._place, self._refused = place, told.ClientError
        self._lost = (
            HttpError, OSError, told.HTTPClientError, told.ConnectionError, told.IncompleteReadError
        )  # fmt: skip
        try:
            system = s3fs.S3FileSystem(
                key=place.key_id,
                secret=place.secret,
                endpoint_url=place.endpoint,
                client_kwargs={"region_name": region(place.host)},
                config_kwargs={
                    "s3": {"addressing_style": "path"},
                    "request_checksum_calculation": "when_required",  # not all take the others
                    "response_checksum_validation": "when_required",
                    "retries": {"total_max_attempts": 1},  # ours know what has come already
                    "connect_timeout": 10,
                    "read_timeout": 60,
                },
                skip_instance_cache=True,
            )
            # It closes its client when nobody holds it any more.
            self._system, self._client = system, system.s3
        except (told.BotoCoreError, ValueError) as error:
            raise ConfigError(f"{feed}: {place.address} can't be opened; {error}") from error
        self._run: Callable[..., Any] = partial(sync, system.loop)
        self._open.callback(self._run, self._client.close)

    def list(self, prefix: str, *, after: str = "") -> Iterator[Found]:
        """Yield what lies under a prefix behind a key, in the order of the keys, page by page."""
        bounds = {"Prefix": prefix} | ({"StartAfter": after} if after else {})
        while True:
            ask = partial(self._asked, "list_objects_v2", prefix, **bounds)
            page = self._again(self._place.host, ask)
            if "IsTruncated" not in page:
                raise FeedError(f"{self._feed}: {self.address} answers, but with no listing")
            for said in page.get("Contents", ()):
                if said["Key"] > after:  # a service may begin before where it was told to
                    after, at = said["Key"], said["LastModified"].astimezone(UTC)
                    yield Found(after, said["Size"], said["ETag"].strip('"'), at)
            if not page["IsTruncated"]:
                return
            bounds["ContinuationToken"] = page["NextContinuationToken"]

    @contextmanager
    def fetched(self, found: Found) -> Iterator[tuple[Found, Download]]:
        """Hold an object's file while something is done with it; it goes when that went well.

        What broke off before goes on, and what was held in vain is not fetched again. With it
        comes what the object is by now, for its version may be another than the listed one.
        """
        address, name = f"{self.address}/{found.key}", PurePosixPath(found.key).name
        with self._holding(address, f"{self._place.host}/{found.key}") as part:
            path = part.path(_named(found.etag, name))
            if not path.exists():
                ask = partial(self._fetch, found.key, part)
                self._grown(part, partial(self._again, self._place.host, ask))
                etag, modified = part.marks()
                at = clock.of_header(modified) or found.modified_at
                found = Found(found.key, part.size(), etag.strip('"'), at)
                path = part.finish(_named(found.etag, name))
            yield found, Download(path, address, found.modified_at)
            part.clear()

    def _fetch(self, key: str, part: Part) -> None:
        """Ask for an object once, from where its part ends."""
        etag, _ = part.marks()
        is_begun = bool(etag) and part.size() > 0
        bounds = {"Range": f"bytes={part.size()}-", "IfMatch": etag} if is_begun else {}
        try:
            answer = self._asked("get_object", key, Key=key, **bounds)
        except _Other as error:
            part.drop()
            raise Later(str(error), timedelta(0)) from error
        body = answer["Body"]
        try:
            span = _SPAN.fullmatch(answer.get("ContentRange", ""))
            start, total = (int(span[1]), int(span[2])) if span else (0, answer["ContentLength"])
            modified = answer["ResponseMetadata"]["HTTPHeaders"].get("last-modified", "")
            part.keep(Piece(self._chunks(body), answer["ETag"], modified, start, total))
        finally:
            self._run(body.aclose)

    def _chunks(self, body: Any) -> Iterator[bytes]:
        try:
            while chunk := self._run(body.read, _CHUNK):
                self.bytes += len(chunk)
                yield chunk
        except self._lost as error:
            raise Broken("the connection broke") from error

    def _asked(self, method: str, what: str, **given: Any) -> Any:
        """Ask once; tell who is busy from who refuses."""
        self.requests += 1
        try:
            return self._run(getattr(self._client, method), Bucket=self._place.bucket, **given)
        except self._lost as error:
            inner = getattr(error, "kwargs", {}).get("error", error)  # botocore's say but where
            raise Later(f"no answer, {' '.join(str(inner).split())[:100]}") from error
        except self._refused as error:
            said = error.response["Error"]
            status = int(error.response["ResponseMetadata"]["HTTPStatusCode"])
            code = said.get("Code", "").replace(str(status), "")  # which stands in for none
            if status in _BUSY or code in ("SlowDown", "RequestTimeout"):
                raise Later(f"{status} {code}".strip()) from error
            if status in (412, 416):
                raise _Other(f"{status} {code}") from error
            now = self._what_now(status, code, what, said.get("Message", ""))
            is_gone = status == 404 and code != "NoSuchBucket"
            raise FeedError(f"{self._feed}: {now}", try_again=is_gone) from error

    def _what_now(self, status: int, code: str, what: str, text: str) -> str:
        """Say what a refusal means, and what to do."""
        host, said = self._place.host, f"{status} {code}".strip()
        if code in _UNKNOWN_KEYS:
            names = " and ".join(variables(self._place.source, "key_id", "secret"))
            return f"{host} does not know these keys, {said}; look at {names}"
        if code == "RequestTimeTooSkewed":
            return f"{host} finds the clock of this machine wrong, {said}; set it"
        if code == "NoSuchBucket":
            return f"{host} has no bucket '{self._place.bucket}'; look at buckets in leadline.toml"
        if status == 404:
            return f"{host} has no {what} any more; run this again"
        if status == 403:
            return f"{host} refuses {what}, {said}; these keys may not read it"
        for secret in (self._place.key_id, self._place.secret):
            text = text.replace(secret, "…")
        return f"{said} from {host} for {what}, which says '{' '.join(text.split())[:80]}'"


def region(host: str) -> str:
    """Return the region that a request to a host is signed for; one that names none takes any."""
    found = _REGION.search(host)
    return found[1] if found else "us-east-1"


def _named(etag: str, name: str) -> str:
    """Return the name of one version of a file."""
    return f"{sha256(etag.encode()).hexdigest()[:16]}-{name}"
