"""A silence is told, and a loss is a row for each channel until messages can come again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from leadline.feed import Connection
from loaders._listening import Losses, heard

HEARD_AT = datetime(2024, 3, 1, 15, tzinfo=UTC)
LOST_AT, AGAIN_AT = HEARD_AT + timedelta(seconds=1), HEARD_AT + timedelta(seconds=9)


def listening() -> Losses:
    losses = Losses("sip", ["trades", "quotes"])
    losses.hear(HEARD_AT)
    return losses


def test_a_loss_is_told_for_each_channel_when_it_is_over() -> None:
    losses = listening()

    losses.lose(LOST_AT, "silence")
    rows = losses.resume(AGAIN_AT)

    assert [row["channel"] for row in rows] == ["trades", "quotes"]
    assert rows[0] == {
        "venue": "sip", "pair": "all", "channel": "trades", "began_at": HEARD_AT,
        "ended_at": AGAIN_AT, "reason": "silence", "n_dropped": 0, "known_at": AGAIN_AT,
    }  # fmt: skip
    assert losses.resume(AGAIN_AT) == losses.rest() == []


def test_a_second_loss_before_anything_came_is_the_first_one_still() -> None:
    losses = listening()

    losses.lose(LOST_AT)
    losses.lose(AGAIN_AT)

    assert [(row["began_at"], row["ended_at"], row["known_at"]) for row in losses.rest()] == [
        (HEARD_AT, None, LOST_AT)
    ] * 2


def test_where_nothing_was_heard_nothing_is_missed() -> None:
    losses = Losses("sip", ["trades"])

    losses.lose(LOST_AT)

    assert losses.resume(AGAIN_AT) == []


class Slow:
    """A connection that says one thing, is silent until it is let go on, and says another."""

    def __init__(self) -> None:
        self.may_go_on = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[tuple[datetime, str]]:
        yield HEARD_AT, "one"
        await self.may_go_on.wait()
        yield AGAIN_AT, "two"


def test_a_silence_is_told_again_and_again_and_nothing_is_lost_by_it() -> None:
    async def listen() -> list[Any]:
        slow, found = Slow(), []
        async with aclosing(heard(cast(Connection, slow), 0.001)) as messages:
            async for _, text in messages:
                found.append(text)
                if found.count("") == 2:
                    slow.may_go_on.set()
        return found

    found = asyncio.run(listen())

    assert (found[0], found[-1]) == ("one", "two")
    assert set(found[1:-1]) == {""}
