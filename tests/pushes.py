"""A source that pushes, on this machine: it sends frames, and breaks its connections."""

import asyncio
import json
from itertools import repeat
from threading import Event, Thread
from typing import Any, cast

from websockets.asyncio.server import ServerConnection, serve

from leadline.feed import Http, Socket

LOST = None  # a frame that closes the connection


class Source:
    """Sends frames over as many connections as it breaks; a frame that can be called is waited for.

    Frames may be added while it runs.
    """

    def __init__(self, *frames: Any) -> None:
        self.left = list(frames)
        self.n_connections, self.port = 0, 0
        self._up, self._down = Event(), asyncio.Event()
        self._thread = Thread(target=lambda: asyncio.run(self._serve()))

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with serve(self._talk, "127.0.0.1", 0) as server:
            self.port = next(iter(server.sockets)).getsockname()[1]
            self._up.set()
            await self._down.wait()

    async def _talk(self, connection: ServerConnection) -> None:
        self.n_connections += 1
        while connection.close_code is None:
            if not self.left:
                await asyncio.sleep(0.01)
                continue
            if (frame := self.left.pop(0)) is LOST:
                return await connection.close(1001, "")
            if isinstance(frame, Event):
                await (await connection.ping())
                frame.set()
            elif callable(frame):
                while not frame():
                    await asyncio.sleep(0.01)
                await asyncio.sleep(0.1)
            else:
                await connection.send(json.dumps(frame))

    def wait_until_heard(self) -> None:
        """Wait until who listens has all frames, for it answers a ping that follows them."""
        heard = Event()
        self.left.append(heard)
        assert heard.wait(30)

    def __enter__(self) -> "Source":
        self._thread.start()
        self._up.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._down.set)
        self._thread.join()

    def socket(self, name: str, http: Any = None) -> Socket:
        address = f"ws://127.0.0.1:{self.port}"
        return Socket(name, address, cast(Http, http), waits=lambda: repeat(0.05))
