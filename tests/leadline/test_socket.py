"""What is pushed is told with its moment, and a connection that is lost is made again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus
from itertools import pairwise, repeat
from time import monotonic
from types import SimpleNamespace
from typing import Any, cast

import pytest
from websockets.asyncio.server import ServerConnection, serve

from leadline import clock
from leadline.allowance import Allowance
from leadline.errors import FeedError
from leadline.http import Http
from leadline.socket import Socket

Handler = Callable[[ServerConnection], Awaitable[None]]


def at_once() -> Iterator[float]:
    return repeat(0.0)


@asynccontextmanager
async def talking_to(
    handler: Handler, http: Any = None, silence_s: float | None = None, **given: Any
) -> AsyncIterator[Socket]:
    async with serve(handler, "127.0.0.1", 0, **given) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        address = f"ws://127.0.0.1:{port}/stream?key=k"
        yield Socket("a_feed", address, cast(Http, http), silence_s=silence_s, waits=at_once)


async def echo(connection: ServerConnection) -> None:
    async for message in connection:
        await connection.send(message)


def test_what_is_sent_arrives_and_answers_come_with_their_moment() -> None:
    heard = []

    async def talk() -> None:
        before = clock.now()
        async with talking_to(echo) as socket:
            async for connection in socket:
                await connection.send({"method": "SUBSCRIBE"})
                async for at, text in connection:
                    heard.append(text)
                    assert before <= at <= clock.now()
                    await socket.stop()
                assert connection.lost_at is None

    asyncio.run(talk())

    assert heard == ['{"method": "SUBSCRIBE"}']


def test_a_connection_says_what_it_was_asked_for_and_which_stocks_the_settings_name() -> None:
    told = []

    async def talk() -> None:
        async with talking_to(echo, SimpleNamespace(symbols=("AAPL",))) as socket:
            async for connection in socket:
                told.append((connection.path, connection.symbols))
                await socket.stop()

    asyncio.run(talk())

    assert told == [("/stream", ("AAPL",))]


def test_a_connection_that_is_lost_is_made_again(caplog: pytest.LogCaptureFixture) -> None:
    async def close(connection: ServerConnection) -> None:
        await connection.send("last")
        await connection.close(1001, "maintenance")

    heard = []

    async def talk() -> None:
        async with talking_to(close) as socket:
            async for connection in socket:
                async for at, text in connection:
                    heard.append((at, text))
                assert connection.lost_at
                assert heard[-1][0] <= connection.lost_at <= clock.now()
                if len(heard) == 2:
                    await socket.stop()

    with caplog.at_level(logging.WARNING, "leadline"):
        asyncio.run(talk())

    assert [text for _, text in heard] == ["last", "last"]
    assert [record.getMessage() for record in caplog.records] == [
        "listening again feed=a_feed "
        "reason=the source closed the connection, which says 'maintenance' in_s=0.0"
    ]


def test_waits_grow_until_a_source_is_there(caplog: pytest.LogCaptureFixture) -> None:
    waited: list[float] = []

    async def talk() -> None:
        socket = Socket("a_feed", "ws://127.0.0.1:1/stream?key=k", cast(Http, None), waits=waits)

        async def stop() -> None:
            while len(waited) < 3:
                await asyncio.sleep(0.01)
            await socket.stop()

        stopping = asyncio.create_task(stop())
        async for _ in socket:
            pytest.fail("nobody is there")
        await stopping

    def waits() -> Iterator[float]:
        for wait in (0.01, 0.02, 600):
            waited.append(wait)
            yield wait

    with caplog.at_level(logging.WARNING, "leadline"):
        asyncio.run(talk())

    assert waited == [0.01, 0.02, 600]
    told = caplog.records[0].getMessage()
    assert "feed=a_feed reason=no connection to ws://127.0.0.1:1/stream: " in told


def test_a_refusal_is_one_sentence() -> None:
    def refuse(connection: ServerConnection, _: Any) -> Any:
        return connection.respond(HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS, "not here")

    async def talk() -> None:
        async with talking_to(echo, process_request=refuse) as socket:
            async for _ in socket:
                pytest.fail("it refused")

    with pytest.raises(FeedError, match=r"^a_feed: no connection to ws://.*/stream: .*451"):
        asyncio.run(talk())


class Answers:
    """Says each answer in turn, or raises it."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    def json(self, url: str, **query: object) -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, FeedError):
            raise answer
        return answer


def test_a_question_is_asked_again_where_that_may_help() -> None:
    busy, no = FeedError("a_feed: busy", try_again=True), FeedError("a_feed: no")
    answers = Answers(busy, busy, {"id": 1}, no)

    async def talk() -> None:
        async with talking_to(echo, answers) as socket:
            async for connection in socket:
                assert await connection.ask("https://there") == {"id": 1}
                await connection.ask("https://there")

    with pytest.raises(FeedError, match="a_feed: no"):
        asyncio.run(talk())

    assert answers.answers == []


def test_a_source_that_is_silent_for_too_long_is_given_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A first word is said at once; the second connection ends itself."""
    ends: list[tuple[str, datetime | None]] = []

    async def say_one_word(connection: ServerConnection) -> None:
        await connection.send("word")
        if ends:
            await connection.close(1001, "")
        await connection.wait_closed()

    async def talk() -> None:
        async with talking_to(say_one_word, silence_s=0.05) as socket:
            async for connection in socket:
                async for _, _ in connection:
                    began = clock.now()
                ends.append((connection.reason, connection.lost_at))
                assert connection.lost_at
                if len(ends) == 1:
                    assert (connection.lost_at - began).total_seconds() >= 0.05
                else:
                    await socket.stop()

    with caplog.at_level(logging.WARNING, "leadline"):
        asyncio.run(talk())

    assert [reason for reason, _ in ends] == ["silence", "disconnect"]
    assert "reason=nothing was said for 0.05 s" in caplog.records[0].getMessage()


def test_time_that_the_caller_takes_is_no_silence() -> None:
    heard = []

    async def talk() -> None:
        async with talking_to(echo, silence_s=0.05) as socket:
            async for connection in socket:
                await connection.send("one")
                async for _, text in connection:
                    heard.append(text)
                    await asyncio.sleep(0.15)
                    if len(heard) == 3:
                        await socket.stop()
                    await connection.send("next")
                assert connection.lost_at is None

    asyncio.run(talk())

    assert len(heard) == 3


def test_a_connection_gives_way_to_the_next_without_a_loss(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both say the same for a while; what comes twice is the loader's to know."""
    monkeypatch.setattr("leadline.socket._OVERLAP_S", 0.2)
    said, heard = [0], list[int]()

    async def count(connection: ServerConnection) -> None:
        while connection.close_code is None:
            await connection.send(str(said[0]))
            await asyncio.sleep(0.01)

    async def tick() -> None:
        while True:
            said[0] += 1
            await asyncio.sleep(0.01)

    async def talk() -> int:
        ticking, n_connections = asyncio.create_task(tick()), 0
        async with serve(count, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            socket = Socket(
                "a_feed", f"ws://127.0.0.1:{port}", cast(Http, None), lifetime_s=0.3, waits=at_once
            )
            async for connection in socket:
                n_connections += 1
                async for _, text in connection:
                    heard.append(int(text))
                    if said[0] > 120:
                        await socket.stop()
                assert connection.number == len(heard)
        ticking.cancel()
        return n_connections

    assert asyncio.run(asyncio.wait_for(talk(), 10)) == 1
    again = [late for early, late in pairwise(heard) if late < early - 5]
    assert len(again) >= 1
    assert set(range(heard[0], heard[-1] + 1)) - set(heard) == set()


def test_a_feed_connects_no_more_often_than_it_may() -> None:
    made: list[float] = []

    async def talk() -> None:
        async with serve(lambda each: each.close(), "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            allowance = Allowance(600, 2)
            socket = Socket(
                "a_feed", f"ws://127.0.0.1:{port}", cast(Http, None),
                allowance=allowance, waits=at_once,
            )  # fmt: skip
            async for connection in socket:
                made.append(monotonic())
                async for _ in connection:
                    pass
                if len(made) == 5:
                    await socket.stop()

    asyncio.run(asyncio.wait_for(talk(), 10))

    assert 0.25 < made[-1] - made[0] < 2
