"""A source that is talked to before it pushes, on this machine, and what a feed hears of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sized
from itertools import repeat
from types import SimpleNamespace
from typing import Any, Protocol, cast

from websockets.asyncio.server import ServerConnection, serve

from leadline.errors import FeedError
from leadline.feed import Http, Socket
from tests.pushes import LOST


class Greeter:
    """Greets in its own words, then sends each frame in turn, of which LOST closes the connection.

    `said` is what it was told.
    """

    def __init__(self, *frames: Any) -> None:
        self.left = list(frames)
        self.said: list[Any] = []

    async def talk(self, connection: ServerConnection) -> None:
        """Speak over one connection, until it closes."""
        raise NotImplementedError

    async def hear(self, connection: ServerConnection) -> Any:
        """Return what it is told, and note it."""
        self.said.append(json.loads(await connection.recv()))
        return self.said[-1]

    async def send(self, connection: ServerConnection, frame: Any) -> None:
        """Say something; what is a text already is said as it is."""
        await connection.send(frame if isinstance(frame, str) else json.dumps(frame))

    async def push(self, connection: ServerConnection) -> None:
        """Send what is left, one after the other."""
        while self.left:
            if (frame := self.left.pop(0)) is LOST:
                return await connection.close(1001, "")
            await self.send(connection, frame)
        await connection.wait_closed()


class Source(Protocol):
    """Something that sends until nothing is left."""

    @property
    def left(self) -> Sized:
        """What it has not sent yet."""

    async def talk(self, connection: ServerConnection) -> None:
        """Serve one connection."""


def listened_to(
    source: Source,
    name: str,
    listen: Callable[[Socket], AsyncIterator[Any]],
    path: str = "",
    http: Mapping[str, Any] | None = None,
    *,
    silence_s: float | None = None,
    wait_s: float = 0.0,
) -> tuple[list[tuple[str, dict[str, Any]]], FeedError | None]:
    """Listen until all is sent; return the rows, and the error that it ended with."""
    batches: list[Any] = []

    async def until_the_end(socket: Socket) -> None:
        async for batch in listen(socket):
            batches.append(batch)

    async def run() -> None:
        async with serve(source.talk, "127.0.0.1", 0) as server:
            address = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}{path}"
            given = cast(Http, SimpleNamespace(**http) if http else None)
            socket = Socket(name, address, given, silence_s=silence_s, waits=lambda: repeat(wait_s))
            listening = asyncio.create_task(until_the_end(socket))
            while source.left and not listening.done():
                await asyncio.sleep(0.005)
            await asyncio.sleep(0.1)  # the last frame is on its way
            await socket.stop()
            await listening

    told = None
    try:
        asyncio.run(asyncio.wait_for(run(), 30))
    except FeedError as error:
        told = error
    rows = [
        (dataset, row)
        for dataset, table in batches
        for row in (table if isinstance(table, list) else table.to_pylist())
    ]
    return rows, told
