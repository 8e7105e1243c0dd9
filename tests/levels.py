"""Venues whose streams bring snapshots: recorded captures, and a server that talks as they do."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from time import monotonic
from types import ModuleType
from typing import Any, cast

from websockets.asyncio.server import ServerConnection, serve

from leadline.errors import FeedError
from leadline.feed import Http, Socket, files
from tests.pushes import LOST

MESSAGES = Path(__file__).parent / "loaders" / "messages" / "level_books"
SILENT = "(nothing more is said over this connection)"
Rows = dict[str, list[dict[str, Any]]]


def captured(module: ModuleType, *paths: Path) -> Rows:
    """Return what captures hold, by dataset, as one run reads them."""
    found, _ = files(list(paths), module.FEED.knows, module.FEED.parts)
    told: Rows = {}
    for dataset, extract in module.read(found):
        told.setdefault(dataset, []).extend(cast(Any, extract).rows.to_pylist())
    return told


def written(folder: Path, name: str, *lines: str) -> Path:
    """Write a capture."""
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


def of(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """Return some columns of rows."""
    return [tuple(row[name] for name in names) for row in rows]


def gaps(told: Rows) -> list[tuple[Any, ...]]:
    """Return what is told of gaps but their moments."""
    names = ("pair", "channel", "reason", "expected_id", "found_id", "n_dropped")
    return of(told.get("feed_gaps", []), *names)


@dataclass
class Listened:
    """What listening brought, what the venue was told, and the error that it ended with."""

    rows: Rows = field(default_factory=dict)
    sent: list[Any] = field(default_factory=list)
    error: FeedError | None = None
    n_connections: int = 0

    def has_heard(self, times: int, *words: str) -> Callable[[], bool]:
        """Return what says whether the venue was told all these words in so many messages."""
        return lambda: (
            sum(all(word in json.dumps(each) for word in words) for each in self.sent) >= times
        )


def time_passes(seconds: float) -> Callable[[], bool]:
    """Return what says whether so much time has passed since it was asked first."""
    began: list[float] = []

    def is_over() -> bool:
        began.append(monotonic())
        return began[-1] - began[0] > seconds

    return is_over


def listened(
    module: ModuleType,
    *frames: Any,
    told: Listened | None = None,
    silence_s: float | None = None,
    patience_s: float = 10,
    asks: int = 2,
) -> Listened:
    """Send frames once a connection was greeted with so many questions, and stop after the last.

    A frame that can be called is waited for, LOST closes the connection, SILENT leaves it to the
    client to do so, and a text goes as it is.
    """
    heard, left = told or Listened(), list(frames)

    async def collect(connection: ServerConnection) -> None:
        async for text in connection:
            heard.sent.append(json.loads(text))

    async def talk(connection: ServerConnection) -> None:
        heard.n_connections += 1
        before = len(heard.sent)
        collecting = asyncio.create_task(collect(connection))
        while len(heard.sent) < before + asks and left and left[0] is not LOST:
            await asyncio.sleep(0.005)
        while left and connection.close_code is None:
            frame = left.pop(0)
            if frame is LOST:
                await connection.close(1001, "")
            elif frame is SILENT:
                await connection.wait_closed()
            elif callable(frame):
                while not frame():
                    await asyncio.sleep(0.005)
            else:
                await connection.send(frame if isinstance(frame, str) else json.dumps(frame))
        await connection.wait_closed()
        await collecting

    async def until_the_end(socket: Socket) -> None:
        async for dataset, rows in module.listen(socket, patience_s=patience_s):
            heard.rows.setdefault(dataset, []).extend(rows.to_pylist())

    async def listen() -> None:
        async with serve(talk, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            socket = Socket(
                module.NAME, f"ws://127.0.0.1:{port}", cast(Http, None),
                silence_s=silence_s, waits=lambda: repeat(0.0),
            )  # fmt: skip
            listening = asyncio.create_task(until_the_end(socket))
            while left and not listening.done():
                await asyncio.sleep(0.005)
            await asyncio.sleep(0.05)  # the last frame is on its way
            await socket.stop()
            await listening

    try:
        asyncio.run(listen())
    except FeedError as error:
        heard.error = error
    return heard
