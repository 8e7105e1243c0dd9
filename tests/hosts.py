"""A host on this machine that talks over sockets, and answers over HTTP what is no socket."""

import json
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

Line = TypeVar("Line")  # one connection of a client, and what is known of it


class Host(Generic[Line]):
    """Who is connected, and what was asked."""

    def __init__(self, line: Callable[[ServerConnection], Line]) -> None:
        self._line = line
        self.lines: list[Line] = []
        self.n_connections = 0
        self.asked: list[str] = []
        self.answers: dict[str, tuple[int, str]] = {}  # said in place of the next answer to a path

    async def greet(self, line: Line, path: str) -> None:
        """Begin with a connection."""

    async def hear(self, line: Line, said: Any) -> None:
        """Take what a client says."""

    def page(self, path: str, query: dict[str, str]) -> tuple[int, str]:
        """Return what is answered over HTTP."""
        raise NotImplementedError

    async def talk(self, connection: ServerConnection) -> None:
        """Serve one connection for as long as it lasts."""
        self.n_connections += 1
        line = self._line(connection)
        assert connection.request is not None
        with suppress(ConnectionClosed):
            await self.greet(line, connection.request.path)
            self.lines.append(line)
            async for text in connection:
                await self.hear(line, json.loads(text))
        if line in self.lines:
            self.lines.remove(line)

    def answer(self, _: ServerConnection, request: Request) -> Response | None:
        """Answer over HTTP what is no connection."""
        if "websocket" in request.headers.get("Upgrade", "").lower():
            return None
        self.asked.append(request.path)
        parts = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        status, said = self.page(parts.path, query)
        if parts.path in self.answers:
            status, said = self.answers.pop(parts.path)
        body = said.encode()
        headers = Headers({"Content-Length": str(len(body)), "Connection": "close"})
        return Response(status, HTTPStatus(status).phrase, headers, body)
