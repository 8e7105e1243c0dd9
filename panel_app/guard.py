"""Stands before pages, sockets and API: who may ask, how often, and nobody from elsewhere."""

import json
import logging
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from typing import Any

from starlette.datastructures import Headers, MutableHeaders

from leadline.errors import LeadlineError, QueryError
from leadline.serving import Rate, Serving
from leadline.trail import Trail
from panel_app import login
from panel_app.entrance import ANYBODY, GUEST, Entrance, Guest
from panel_app.noting import Noting
from panel_app.turns import Turns

_LOG = logging.getLogger("leadline")
# Bokeh writes its documents as inline scripts, and compiles callbacks from text.
_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
_SAYS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
}
_ALIVE = ("/health", "/health/live")  # all that is told to everybody
_LONGEST = 65_536  # bytes of an address; a filter of a thousand values takes a tenth
_TRIES = (5, 60.0)  # of secrets: five at once, then one in twelve seconds
_NOBODY = "authorization: this needs a token; send Authorization: Bearer TOKEN"


class Guard:
    """Refuses foreign hosts and origins, and who has no secret, over http and websocket alike.

    A page elsewhere can make a browser send requests here. By an address that is no name of ours
    it would read the answers, too, once its name points here; an IP address can't be pointed.
    """

    def __init__(
        self,
        app: Any,
        names: Iterable[str] = (),
        entrance: Entrance | None = None,
        rate: Rate | None = None,
        trail: Trail | None = None,
    ) -> None:
        self._app = app
        self._names = {name.lower() for name in names} | {"localhost"}
        self._entrance = entrance or Entrance(Serving())
        self._rate, self._turns = rate, Turns(rate.n, rate.seconds) if rate else None
        self._tries = Turns(*_TRIES)
        self._noting = Noting(trail)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass on what may be asked."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        is_socket = scope["type"] == "websocket"
        if sentence := self._foreign(Headers(scope=scope), is_socket):
            await _refuse(send, is_socket, 403, sentence)
            return
        if len(scope.get("query_string", b"")) + len(scope["path"]) > _LONGEST:
            said = f"address: it is longer than {_LONGEST:,} bytes; ask for less at once"
            await _refuse(send, is_socket, 414, said)
            return
        guest, who = self._entrance.guest(scope), _address(scope)
        name = f"token {guest.name}" if guest and guest is not ANYBODY else who
        wait = self._turns.take(name) if self._turns is not None else 0
        if wait:
            said = f"rate: more than {self._rate}; try again in {wait} s"
            await _refuse(send, is_socket, 429, said, wait)
        elif scope["path"] in login.PATHS and not is_socket and not self._entrance.is_open:
            told = await login.answered(
                scope, receive, self._entrance, guest, self._tries, who, self._noting.login
            )
            await _say(send, told[0], told[1].encode(), "text/html; charset=utf-8", told[2])
        elif guest is not None:
            await self._pass(scope | {"guest": guest.name}, receive, send, guest, who)
        elif scope["path"] in _ALIVE and not is_socket:
            await self._pass(scope, receive, send, ANYBODY, who)
        else:
            await self._turn_away(scope, send, is_socket, who)

    async def _turn_away(self, scope: Any, send: Any, is_socket: bool, who: str) -> None:
        headers = Headers(scope=scope)
        if "authorization" in headers:
            self._noting.refused(who, "token", "it is nobody's")
            if wait := self._tries.take(who):
                said = f"authorization: too many tries; try again in {wait} s"
                await _refuse(send, is_socket, 429, said, wait)
                return
            _LOG.warning(
                "authorization: a token of nobody was shown at=%s", who.removeprefix("from ")
            )
        elif (
            not is_socket and "text/html" in headers.get("accept", "") and scope["method"] == "GET"
        ):
            await _say(send, 303, b"", "text/html", [("location", login.address(scope))])
            return
        await _refuse(send, is_socket, 401, _NOBODY)

    async def _pass(self, scope: Any, receive: Any, send: Any, guest: Guest, who: str) -> None:
        GUEST.set(guest.name)
        seat = self._noting.seat(guest, who)
        if scope["type"] != "http":
            await self._let(scope, receive, send, guest)
            return
        with self._noting.request(scope, seat) as heard:

            async def say(message: Any) -> None:
                await send(message)
                if heard is not None:
                    heard.hear(message)

            await self._let(scope, receive, say, guest)

    async def _let(self, scope: Any, receive: Any, send: Any, guest: Guest) -> None:
        is_over = False  # a socket, by us

        async def say(message: Any) -> None:
            nonlocal is_over
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_SAYS)
                if guest is not ANYBODY and "cache-control" not in headers:
                    headers["cache-control"] = "private"
            elif message["type"] == "http.response.body":
                if not self._entrance.stands(guest):
                    raise QueryError("authorization: it ended meanwhile")
            elif message["type"] == "websocket.send" and not self._entrance.stands(guest):
                await close()
            if not is_over:
                await send(message)

        async def hear() -> Any:
            message = await receive()
            if message["type"] == "websocket.receive" and not self._entrance.stands(guest):
                await close()
                return {"type": "websocket.disconnect", "code": 1008}
            return message

        async def close() -> None:
            nonlocal is_over
            if not is_over:
                is_over = True
                await send({"type": "websocket.close", "code": 1008, "reason": "it ended"})

        try:
            await self._app(scope, hear, say)
        except (LeadlineError, RuntimeError) as error:
            # Starlette says that it was too late to refuse.
            said = error.__cause__ if isinstance(error, RuntimeError) else error
            if not isinstance(said, LeadlineError):
                raise
            # It was told in the body as well; the connection breaks, so that nothing seems whole.
            _LOG.warning("%s: %s", scope["path"], said)

    def _foreign(self, headers: Headers, is_socket: bool) -> str | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._is_ours(host):
            return f"host: '{host}' is no name of this server"
        if origin is not None and origin.partition("://")[2].lower() != host.lower():
            return f"origin: '{origin}' may not ask here"
        if is_socket and origin is None:
            return "origin: a browser says which; none is here"
        return None

    def _is_ours(self, host: str) -> bool:
        name = host.lower()
        name = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
        if name in self._names:
            return True
        try:
            return bool(ip_address(name))
        except ValueError:
            return False


def _address(scope: Any) -> str:
    """Return where a request comes from; of IPv6 the network, for a house has all its addresses."""
    host = (scope.get("client") or ("",))[0]
    try:
        found = ip_address(host)
    except ValueError:
        return f"from {host or 'nowhere'}"
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return f"from {IPv6Address(int(found) >> 64 << 64)}/64"
    return f"from {host}"


async def _refuse(
    send: Any, is_socket: bool, status: int, sentence: str, wait: int = 0
) -> None:  # fmt: skip
    if is_socket:
        await send({"type": "websocket.close", "code": 1008, "reason": sentence[:120]})
        return
    headers = [("retry-after", str(wait))] if wait else []
    if status == 401:
        headers = [("www-authenticate", 'Bearer realm="leadline"')]
    body = json.dumps({"error": sentence}).encode()
    await _say(send, status, body, "application/json", headers)


async def _say(
    send: Any, status: int, body: bytes, kind: str, headers: list[tuple[str, str]]
) -> None:
    said = {"content-type": kind, "content-length": str(len(body)), "cache-control": "no-store"}
    raw = [*(said | _SAYS).items(), *headers]
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in raw]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
