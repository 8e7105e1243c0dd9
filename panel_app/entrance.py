"""Who may come in: a token in a header, or a session that a password or a token has opened."""

import hmac
import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from math import inf
from time import time
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from starlette.datastructures import Headers

from leadline.errors import ConfigError
from leadline.serving import Serving

_LOG = logging.getLogger("leadline")
_BEARER = re.compile(r"bearer +(?P<token>\S+)", re.IGNORECASE)
_PASSWORD = "a password"  # noqa: S105 - a name; a token's has no space
_MOST = 10_000  # sessions that were left before their end


@dataclass(frozen=True)
class Guest:
    """Who asks: the name of his token, the mark of what he showed, and his session if he has one.

    The mark tells his secret from any other, and can't be made without the server's own key.
    """

    name: str
    mark: str = ""
    session: str = ""
    until: float = inf


ANYBODY = Guest("anybody")  # where there is nothing to show
GUEST: ContextVar[str] = ContextVar("guest", default=ANYBODY.name)  # of the request in hand


class Entrance:
    """Lets in who shows a secret that is in force; all it gives away ends with that secret."""

    def __init__(self, serving: Serving, now: Callable[[], float] = time) -> None:
        self._tokens, self._password, self._now = serving.tokens, serving.password, now
        self.lasts = serving.session
        # Of this process alone: who holds a cookie can't try passwords against it elsewhere.
        self._key = secrets.token_bytes(32)
        self._signer = URLSafeSerializer(self._key, salt="leadline session")
        self._left: dict[str, float] = {}
        self.is_open = not serving.is_guarded

    def guest(self, scope: Any) -> Guest | None:
        """Return who asks; None where he shows nothing, or nothing that is in force."""
        if self.is_open:
            return ANYBODY
        headers = Headers(scope=scope)
        if said := headers.get("authorization"):
            found = _BEARER.fullmatch(said.strip())
            return self._of_token(found["token"]) if found else None
        return self._of_session(headers.get("cookie", ""), cookie_name(scope))

    def admit(self, secret: str) -> Guest | None:
        """Return the guest whose password or token it is."""
        own = self._own_password()
        # Both are compared, so that the time does not tell which it is not.
        is_own = own is not None and hmac.compare_digest(_digest(own), _digest(secret))
        by_token = self._of_token(secret)
        return Guest(_PASSWORD, self._mark(_PASSWORD) or "") if is_own else by_token

    def stands(self, guest: Guest) -> bool:
        """Say whether what a guest has shown is still in force."""
        if guest is ANYBODY:
            return True
        if guest.until <= self._now() or guest.session in self._left:
            return False
        mark = self._mark(guest.name)
        return mark is not None and hmac.compare_digest(mark, guest.mark)

    def session(self, guest: Guest) -> str:
        """Return what a browser keeps of a guest."""
        until = self._now() + self.lasts.total_seconds()
        held = [guest.name, guest.mark, secrets.token_urlsafe(12), until]
        return str(self._signer.dumps(held))

    def leave(self, guest: Guest) -> None:
        """End a session, also for who has kept a copy of its cookie."""
        now = self._now()
        self._left = {name: until for name, until in self._left.items() if until > now}
        if guest.session and len(self._left) < _MOST:
            self._left[guest.session] = guest.until

    def _of_token(self, secret: str) -> Guest | None:
        try:
            found = self._tokens.holder(secret)
        except ConfigError as error:  # nobody comes in by it while it can't be read
            _LOG.warning("%s", error)
            return None
        return Guest(found.name, self._mark(found.name) or "") if found else None

    def _of_session(self, cookies: str, cookie: str) -> Guest | None:
        try:
            held = SimpleCookie(cookies).get(cookie)
        except CookieError:
            return None
        if held is None:
            return None
        try:
            name, mark, session, until = self._signer.loads(held.value)
        except BadData:
            return None
        guest = Guest(name, mark, session, until)
        return guest if self.stands(guest) else None

    def _own_password(self) -> str | None:
        try:
            return self._password()
        except ConfigError as error:
            _LOG.warning("%s", error)
            return None

    def _mark(self, name: str) -> str | None:
        """Return the mark of who holds this name now; None if nobody does any more."""
        if name == _PASSWORD:
            secret = self._own_password()
        else:
            try:
                tokens = {token.name: token.digest for token in self._tokens.all()}
            except ConfigError as error:
                _LOG.warning("%s", error)
                tokens = {}
            secret = tokens.get(name)
        if secret is None:
            return None
        return hmac.new(self._key, f"{name} {secret}".encode(), sha256).hexdigest()


def cookie_name(scope: Any) -> str:
    """Return the name of our cookie; browsers share cookies among the ports of a host."""
    return f"leadline_{(scope.get('server') or ('', 0))[1] or 0}"


def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()
