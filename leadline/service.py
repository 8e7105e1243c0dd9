"""One bucket of an S3-compatible service: each request is tried again, or ends in one sentence."""

import logging
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import stamina

from leadline.access import Access
from leadline.errors import MissingError, StoreError
from leadline.home import Found
from leadline.refusal import Refusals, is_busy

_log = logging.getLogger(__name__)

TRIES = 6
_WHOLE = 64 << 20  # bytes that are put at once; larger files go in parts
_TIMES = {"connect_timeout": 10, "read_timeout": 30}
# Delta's own requests are held to the same.
_PATIENCE = {
    "max_retries": "6", "retry_timeout": "60s", "timeout": "30s", "connect_timeout": "10s",
    "backoff_config.init_backoff": "100ms", "backoff_config.max_backoff": "5s",
}  # fmt: skip


class _Passing(OSError):
    """An answer for now, or none: the request is sent again."""


@cache
def service(bucket: str, access: Access) -> "Service":
    """Return the way to a bucket; those of one process that open the same share its connections."""
    return Service(bucket, access)


class Service:
    """Asks one bucket; counts requests and bytes of bodies, those of Delta left out."""

    def __init__(self, bucket: str, access: Access, *, tries: int = TRIES) -> None:
        """Open it; nothing is asked yet."""
        try:
            import s3fs
            from aiohttp import ClientError as HttpError
            from botocore import exceptions as told
            from fsspec.asyn import sync
        except ImportError as error:
            raise MissingError(
                "store: a bucket is read with s3fs, which is not here; pip install 'leadline[s3]'"
            ) from error
        self.bucket, self.access, self._tries = bucket, access, tries
        self.requests = self.received = self.sent = 0
        host = urlsplit(access.endpoint).netloc or "AWS"
        secrets = tuple(filter(None, (access.key_id, access.secret, access.token)))
        self.refusals = Refusals(f"s3://{bucket}", host, bucket, secrets)
        self._refused, self._no_keys = told.ClientError, told.NoCredentialsError
        self._lost = (
            HttpError, OSError, told.HTTPClientError, told.ConnectionError, told.IncompleteReadError
        )  # fmt: skip
        try:
            self._system = s3fs.S3FileSystem(
                key=access.key_id or None,
                secret=access.secret or None,
                token=access.token or None,
                endpoint_url=access.endpoint or None,
                client_kwargs={"region_name": access.region or None},
                config_kwargs={
                    "s3": {"addressing_style": "path" if access.endpoint else "auto"},
                    "request_checksum_calculation": "when_required",  # not all take the others
                    "response_checksum_validation": "when_required",
                    "retries": {"total_max_attempts": 1},
                    "max_pool_connections": 32,
                    **_TIMES,
                },
                skip_instance_cache=True,
            )
            self._client = self._system.s3
        except self._no_keys as error:
            raise self.refusals.no_keys() from error
        except (told.BotoCoreError, ValueError, OSError) as error:
            raise StoreError(f"s3://{bucket}: it can't be opened; {error}") from error
        self._run: Callable[..., Any] = partial(sync, self._system.loop)

    @property
    def options(self) -> dict[str, str]:
        """What Delta needs to ask for the same bucket."""
        own = self.access
        said = {
            "aws_endpoint": own.endpoint,
            "aws_region": own.region or ("us-east-1" if own.endpoint else ""),
            "aws_access_key_id": own.key_id,
            "aws_secret_access_key": own.secret,
            "aws_session_token": own.token,
            "aws_virtual_hosted_style_request": "false" if own.endpoint else "",
            "allow_http": "true" if own.endpoint.startswith("http:") else "",
            "aws_conditional_put": "etag",
        }
        return {name: value for name, value in said.items() if value} | _PATIENCE

    def get(self, key: str, start: int, end: int) -> bytes:
        """Return the bytes of an object from start to before end."""
        bounds = f"bytes={start}-{end - 1}"
        body: bytes = self._again(partial(self._body, key, bounds), key)
        if len(body) != end - start:
            raise self._gone(key, f"it is not of {end:,} bytes")
        return body

    def fetch(self, key: str) -> bytes:
        """Return all of an object, as it lies there now."""
        body: bytes = self._again(partial(self._body, key, None), key)
        return body

    def size(self, key: str) -> int | None:
        """Return how many bytes an object has; None where there is none."""
        try:
            said = self._asked("head_object", key, Key=key)
        except FileNotFoundError:
            return None
        return int(said["ContentLength"])

    def put(self, key: str, body: bytes, *, is_first: bool = False) -> None:
        """Put an object; a FileExistsError where it had to be the first and was not."""
        self.sent += len(body)
        only = {"IfNoneMatch": "*"} if is_first else {}
        self._asked("put_object", key, Key=key, Body=body, **only)

    def upload(self, key: str, path: Path) -> None:
        """Put a file, a large one in parts."""
        if path.stat().st_size <= _WHOLE:
            self.put(key, path.read_bytes())
            return
        self.sent += path.stat().st_size
        self.requests += 2 + path.stat().st_size // _WHOLE
        self._again(lambda: self._system.put_file(str(path), f"{self.bucket}/{key}"), key)

    def delete(self, key: str) -> None:
        """Delete an object, whether or not it is there."""
        self._asked("delete_object", key, Key=key)

    def list(self, prefix: str, *, most: int | None = None) -> Iterator[Found]:
        """Yield what lies under a prefix, each by its whole key."""
        bounds: dict[str, Any] = {"Prefix": prefix} | ({"MaxKeys": most} if most else {})
        while True:
            page = self._asked("list_objects_v2", prefix, **bounds)
            for said in page.get("Contents", ()):
                yield Found(said["Key"], said["Size"], said["LastModified"])
            if most or not page.get("IsTruncated"):
                return
            bounds["ContinuationToken"] = page["NextContinuationToken"]

    def close(self) -> None:
        """Give back its connections."""
        self._run(self._client.close)

    async def _read(self, key: str, bounds: str | None) -> bytes:
        only = {"Range": bounds} if bounds else {}
        answer = await self._client.get_object(Bucket=self.bucket, Key=key, **only)
        async with answer["Body"] as body:
            found: bytes = await body.read()
        if len(found) != answer["ContentLength"]:
            raise _Passing(f"{len(found):,} of {answer['ContentLength']:,} bytes came")
        return found

    def _body(self, key: str, bounds: str | None) -> bytes:
        found: bytes = self._run(self._read, key, bounds)
        self.received += len(found)
        return found

    def _asked(self, method: str, what: str, **given: Any) -> Any:
        ask = partial(self._run, getattr(self._client, method), Bucket=self.bucket, **given)
        return self._again(ask, what)

    def _again(self, ask: Callable[[], Any], what: str) -> Any:
        """Ask until there is an answer, a bounded number of times."""
        try:
            for attempt in stamina.retry_context(
                on=_Passing, attempts=self._tries, timeout=60, wait_initial=0.1, wait_max=5
            ):
                with attempt:
                    self.requests += 1
                    try:
                        return ask()
                    except self._refused as error:
                        self._refusal(error, what)
                    except self._no_keys as error:
                        raise self.refusals.no_keys() from error
                    except (FileNotFoundError, FileExistsError, PermissionError):
                        raise
                    except self._lost as error:
                        inner = getattr(error, "kwargs", {}).get("error", error)
                        said = " ".join(str(inner).split())[:100] or type(error).__name__
                        raise _Passing(f"{self.refusals.host}: no answer, {said}") from error
        except _Passing as error:
            why = str(error).removeprefix(f"{self.refusals.host}: ")
            raise self.refusals.away(why) from error

    def _refusal(self, error: Any, what: str) -> None:
        """Raise what a refusal means."""
        said = error.response.get("Error", {})
        status = int(error.response["ResponseMetadata"]["HTTPStatusCode"])
        code = str(said.get("Code", ""))
        if is_busy(status, code):
            raise _Passing(f"{self.refusals.host}: {status} {code}".strip()) from error
        if status == 412 or code in ("PreconditionFailed", "ConditionalRequestConflict"):
            raise FileExistsError(what) from error
        if status == 404 and code != "NoSuchBucket":
            raise FileNotFoundError(what) from error
        if status == 416:
            raise self._gone(what, "it is shorter than the log says") from error
        raise self.refusals.said(status, code, str(said.get("Message", ""))) from error

    def _gone(self, key: str, what: str) -> StoreError:
        return StoreError(f"s3://{self.bucket}/{key}: {what}; run leadline store verify")
