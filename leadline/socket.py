"""One connection to a source that pushes: what it says, when that came, and answers beside it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from leadline import clock
from leadline.errors import FeedError
from leadline.http import Http, Json

_LARGEST = 1 << 24  # a message; a whole book is far below


class Socket:
    """An open connection of one feed, and its way to ask the same source over HTTP."""

    def __init__(self, feed: str, connection: ClientConnection, http: Http) -> None:
        self._feed, self._connection, self._http = feed, connection, http

    async def __aiter__(self) -> AsyncIterator[tuple[datetime, str]]:
        """Yield each message with the moment at which it came; a close is a FeedError.

        Pings are answered by themselves as long as the caller does not block the loop.
        """
        try:
            while True:
                text = await self._connection.recv(decode=True)
                yield clock.now(), text
        except ConnectionClosed as error:
            why = error.rcvd.reason if error.rcvd else ""
            said = f"the source closed the connection{f', which says {why!r}' if why else ''}"
            raise FeedError(f"{self._feed}: {said}; listen again", try_again=True) from error

    async def send(self, message: Json) -> None:
        """Send one message as JSON."""
        await self._connection.send(json.dumps(message))

    async def ask(self, url: str, **query: object) -> Json:
        """Return what the source answers over HTTP, while messages go on being received."""
        return await asyncio.to_thread(self._http.json, url, **query)


@asynccontextmanager
async def opened(feed: str, address: str, http: Http) -> AsyncIterator[Socket]:
    """Connect to an address; close when done."""
    try:
        connection = await connect(address, max_size=_LARGEST, max_queue=None)
    except (OSError, TimeoutError, InvalidHandshake) as error:
        what = f"no connection to {address.partition('?')[0]}: {error}"
        raise FeedError(f"{feed}: {what}; try again later", try_again=True) from error
    async with connection:
        yield Socket(feed, connection, http)
