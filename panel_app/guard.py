"""Stands before pages, sockets and API: only our own pages may ask, and they ask nobody else."""

import json
import logging
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any

from starlette.datastructures import Headers, MutableHeaders

from leadline.errors import LeadlineError

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


class Guard:
    """Refuses foreign hosts and origins, over http and websocket alike.

    A page elsewhere can make a browser send requests here. By an address that is no name of ours
    it would read the answers, too, once its name points here; an IP address can't be pointed.
    """

    def __init__(self, app: Any, names: Iterable[str] = ()) -> None:
        self._app = app
        self._names = {name.lower() for name in names} | {"localhost"}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass on what may be asked."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        is_socket = scope["type"] == "websocket"
        if not self._is_ours(host):
            await self._refuse(is_socket, f"host: '{host}' is no name of this server", send)
        elif origin is not None and origin.partition("://")[2].lower() != host.lower():
            await self._refuse(is_socket, f"origin: '{origin}' may not ask here", send)
        elif is_socket and origin is None:
            await self._refuse(is_socket, "origin: a browser says which; none is here", send)
        else:
            await self._pass(scope, receive, send)

    async def _pass(self, scope: Any, receive: Any, send: Any) -> None:
        async def say(message: Any) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_SAYS)
            await send(message)

        try:
            await self._app(scope, receive, say)
        except LeadlineError as error:
            # It was told in the body as well; the connection breaks, so that nothing seems whole.
            _LOG.warning("%s: %s", scope["path"], error)

    def _is_ours(self, host: str) -> bool:
        name = host.lower()
        name = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
        if name in self._names:
            return True
        try:
            return bool(ip_address(name))
        except ValueError:
            return False

    async def _refuse(self, is_socket: bool, sentence: str, send: Any) -> None:
        if is_socket:
            await send({"type": "websocket.close", "code": 1008, "reason": sentence[:120]})
            return
        body = json.dumps({"error": sentence}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 403, "headers": headers})
        await send({"type": "http.response.body", "body": body})
