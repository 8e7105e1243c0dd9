"""HTTP as we speak it: sent at once, and refused in the API's shape where it is no request."""

import json
import socket
import sys
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

LINGER_S = 5.0  # a client that is still writing reads no answer, and loses it if we hang up first
_STATUS = 431  # what h11 hints at for a request line or headers over its 64 KiB
_LONG = (414, "the address and its headers are over 64 KiB; ask for less at a time")
_GARBLED = (400, "it is no HTTP that can be read; look at how it was sent")


class Protocol(H11Protocol):
    """Speaks HTTP/1.1 as uvicorn does, but for the answer to what it can't read."""

    _is_refused = False

    def connection_made(self, transport: Any) -> None:
        """Send what is written at once; asyncio sees to it for sockets that it makes itself."""
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Read on, or drop what still comes of a request that was refused."""
        if not self._is_refused:
            super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Say in one sentence what can't be read; hang up when the client does, or a bit later."""
        hint = getattr(sys.exception(), "error_status_hint", 400)
        status, what = _LONG if hint == _STATUS else _GARBLED
        body = json.dumps({"error": f"request: {what}"}).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
        ]
        said: list[Any] = [
            h11.Response(
                status_code=status, headers=headers, reason=HTTPStatus(status).phrase.encode()
            ),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ]
        self.transport.write(b"".join(self.conn.send(each) or b"" for each in said))
        self._is_refused = True
        self.loop.call_later(LINGER_S, self.transport.close)
