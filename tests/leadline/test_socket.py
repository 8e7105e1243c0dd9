"""What is pushed is told with its moment, and a connection that ends says so."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest
from websockets.asyncio.server import ServerConnection, serve

from leadline import clock
from leadline.errors import FeedError
from leadline.http import Http
from leadline.socket import Socket, opened

Handler = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def talking_to(handler: Handler) -> AsyncIterator[Socket]:
    async with serve(handler, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with opened("a_feed", f"ws://127.0.0.1:{port}/stream", cast(Http, None)) as socket:
            yield socket


def test_what_is_sent_arrives_and_answers_come_with_their_moment() -> None:
    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    async def talk() -> None:
        before = clock.now()
        async with talking_to(echo) as socket:
            await socket.send({"method": "SUBSCRIBE"})
            async for at, text in socket:
                assert text == '{"method": "SUBSCRIBE"}'
                assert before <= at <= clock.now()
                return

    asyncio.run(talk())


def test_a_connection_that_the_source_closes_is_worth_trying_again() -> None:
    async def close(connection: ServerConnection) -> None:
        await connection.send("last")
        await connection.close(1001, "maintenance")

    heard = []

    async def talk() -> None:
        async with talking_to(close) as socket:
            async for _, text in socket:
                heard.append(text)

    with pytest.raises(FeedError) as told:
        asyncio.run(talk())

    assert (heard, told.value.exit_code) == (["last"], 3)
    assert str(told.value) == (
        "a_feed: the source closed the connection, which says 'maintenance'; listen again"
    )


def test_nobody_listening_is_one_sentence(tmp_path: Path) -> None:
    async def talk() -> None:
        async with opened("a_feed", "ws://127.0.0.1:1/stream?key=k", cast(Http, None)):
            pass

    with pytest.raises(FeedError, match=r"^a_feed: no connection to ws://127.0.0.1:1/stream: "):
        asyncio.run(talk())
