"""Hands a notice to a service that apprise knows: Telegram, Slack, Discord, the desktop, a mailbox.

Such an address is a secret as a whole, so nothing of it but the service's name is ever said.
"""

import logging
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from leadline.errors import NoticeError
from live.notice import Notice
from live.settings import Settings, secret_keys

if TYPE_CHECKING:
    from apprise import Apprise

KEYS = (*secret_keys("url"), "timeout")
_SHORTEST = 4  # of a part of an address that could be a secret
_log = logging.getLogger("apprise")


@dataclass(frozen=True)
class Service:
    """One address of one service."""

    name: str
    kind: str
    apprise: "Apprise" = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    timeout_s: float = 30

    def whither(self) -> str:
        """Say the service."""
        return self.kind

    def carry(self, notice: Notice) -> None:
        """Send it once; apprise says why not in its log, which nobody else is to see."""
        with self.apprise.notify(
            notice.text(), title=notice.subject, body_format="text", timeout=self.timeout_s
        ) as told:
            if not told:
                said = [entry.message for entry in told.logs()]
                reason = self._hidden(said[-1]) if said else "it does not say why"
                raise NoticeError(f"{self.name}: {self.kind} did not take it; {reason}")

    def _hidden(self, text: str) -> str:
        """Return what apprise says without any part of the address."""
        for secret in self.secrets:
            text = text.replace(secret, "…")
        return " ".join(text.split()).rstrip(".")[:200]


def carrier(settings: Settings) -> Service:
    """Read an address."""
    from apprise import Apprise, AppriseAsset

    # Its log names addresses in part.
    _log.propagate = False
    if not _log.handlers:
        _log.addHandler(logging.NullHandler())
    url = settings.secret("url")
    if "," in url or any(each.isspace() for each in url):
        raise settings.refused("has an address with a blank or a comma; write one, as tgram://…")
    asset = AppriseAsset(async_mode=False, http_redirects=False)
    found = Apprise.instantiate(url, asset=asset)
    if found is None:
        raise settings.refused(
            f"has an address that apprise can't read, of '{_scheme(url)}'; "
            f"write one as its documentation says"
        )
    apprise = Apprise(asset=asset)
    apprise.add(found)
    timeout = settings.stretch("timeout", "30s").total_seconds()
    return Service(settings.name, str(found.service_name), apprise, _parts(url), timeout)


def _scheme(url: str) -> str:
    found = re.match(r"[a-z0-9]{1,20}://", url, re.ASCII | re.IGNORECASE)
    return found[0] if found else "no scheme"


def _parts(url: str) -> tuple[str, ...]:
    """Return every part of an address that could be a secret, as written and as meant."""
    rest = url.partition("://")[2]
    parts = {part for part in re.split(r"[/@:?&=#,+]", rest) if len(part) >= _SHORTEST}
    return tuple(sorted({*parts, *map(unquote, parts), rest, url}, key=len, reverse=True))
