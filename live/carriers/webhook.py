"""Posts a notice as JSON, signed as Standard Webhooks says: id, moment and body, HMAC-SHA256."""

import base64
import binascii
import hmac
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

import httpx
import msgspec

from leadline import clock
from leadline.errors import NoticeError
from live.notice import Notice
from live.settings import Settings, secret_keys

KEYS = (*secret_keys("url"), *secret_keys("secret"), "plain", "timeout")
_GONE = 410  # the receiver wants no more of them
_BUSY = (429, 503)
_LONGEST = timedelta(hours=6)  # that a receiver may ask for


@dataclass(frozen=True)
class Webhook:
    """A receiver's address and the secret that both know."""

    name: str
    url: str = field(repr=False)
    secret: bytes = field(repr=False)
    client: httpx.Client = field(repr=False)
    now: Callable[[], datetime] = clock.now

    def whither(self) -> str:
        """Say the host: a path may be a secret."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")

    def carry(self, notice: Notice) -> None:
        """Post it once, and follow no redirect: that would tell another what this one may know."""
        body = msgspec.json.encode(notice.payload())
        at = str(int(self.now().timestamp()))
        headers = {
            "content-type": "application/json",
            "webhook-id": notice.notice_id,
            "webhook-timestamp": at,
            "webhook-signature": signature(self.secret, notice.notice_id, at, body),
        }
        try:
            with self.client.stream("POST", self.url, content=body, headers=headers) as answer:
                status, after = answer.status_code, answer.headers.get("retry-after")
        except (httpx.HTTPError, OSError) as error:
            raise NoticeError(f"{self.name}: {type(error).__name__} at {self.whither()}") from None
        if not 200 <= status < 300:
            raise NoticeError(
                f"{self.name}: {self.whither()} answers {status}",
                wait=self._wait(after) if status in _BUSY else None,
                is_final=status == _GONE,
            )

    def _wait(self, after: str | None) -> timedelta | None:
        """Return how long the receiver asks to be left alone: seconds, or a moment."""
        if after is None:
            return None
        if after.strip().isdecimal():
            seconds = min(int(after), int(_LONGEST.total_seconds()))
            return timedelta(seconds=seconds)
        moment = clock.of_header(after)
        return min(max(moment - self.now(), timedelta()), _LONGEST) if moment else None


def carrier(settings: Settings) -> Webhook:
    """Read a receiver's address and secret."""
    url = settings.text("url", '"https://…"') if "url" in settings.values else ""
    url = url or settings.secret("url")
    parts = urlsplit(url)
    if "url" in settings.values and (parts.username or parts.query):
        settings.secret("url")  # which says that it is one
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise settings.refused("has a url that is no address; write https://host/path")
    if parts.scheme == "http" and not (settings.flag("plain") or _is_near(parts.hostname)):
        raise settings.refused(
            "has a url without https, which anybody on the way may read; say plain = true to allow"
        )
    timeout = settings.stretch("timeout", "10s").total_seconds()
    client = httpx.Client(
        timeout=timeout, follow_redirects=False, headers={"user-agent": "leadline"}
    )
    return Webhook(settings.name, url, _key(settings), client)


def signature(secret: bytes, notice_id: str, at: str, body: bytes) -> str:
    """Return what proves that a body is ours, under this id, of this moment."""
    signed = hmac.digest(secret, f"{notice_id}.{at}.".encode() + body, sha256)
    return f"v1,{base64.b64encode(signed).decode()}"


def _key(settings: Settings) -> bytes:
    said = settings.secret("secret").removeprefix("whsec_")
    try:
        key = base64.b64decode(said, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not 24 <= len(key) <= 64:
        raise settings.refused(
            "has a secret of another form; it takes whsec_ and then 24 to 64 bytes in base64"
        )
    return key


def _is_near(host: str) -> bool:
    """Say whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
