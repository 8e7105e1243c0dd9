"""However many listen, the store is asked once; who was away hears what he missed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any

import pytest

from leadline.question import Questions
from panel_app import tail as tails
from panel_app.tail import Place, Tail
from tests.acts import act
from tests.dashboards import NOON, alert
from tests.desks import SmallDesk, telling_desk
from tests.doors import ROOT, alone, door

N_BEFORE = 1_200


def everything(row: object) -> bool:
    return True


class Counting(Questions):
    """Questions that remember what was asked."""

    asked: list[str]

    def answer(self, sql: str, *given: Any, **more: Any) -> Any:
        self.asked.append(sql)
        return super().answer(sql, *given, **more)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """A project whose store heard of many alerts at once, and then of two steps of one."""
    desk = telling_desk(tmp_path_factory.mktemp("told"))
    path = "sql/views/reports/alert_events.v1.sql"
    desk.write(path, (ROOT / path).read_text())
    desk.load("alerts", [alert(f"{n:05}", NOON) for n in range(N_BEFORE)])
    key = alert("00007", NOON)["alert_key"]
    steps = [act("resolved", when="05 15:09", step=3), act("raised", when="05 15:07", step=2)]
    desk.load(
        "alert_actions",
        [
            {k: v for k, v in each.items() if k != "recorded_at"}
            | {"alert_key": key, "known_at": each["acted_at"]}
            for each in steps
        ],
    )
    return desk


@pytest.fixture(scope="module")
def questions(desk: SmallDesk) -> Iterator[Counting]:
    with alone(1) as engine, door(desk.root / "store", desk.catalog(), engine) as house:
        yield Counting(house)


def listening(
    questions: Counting, told: Callable[[Tail], Coroutine[Any, Any, Any]], beat_s: float = 60
) -> Any:
    """Let a test listen; what was asked before it is forgotten."""
    questions.asked = []
    return asyncio.run(told(Tail(questions, 0.01, beat_s)))


async def first(n: int, stream: AsyncIterator[Any]) -> list[Any]:
    """Return the first events that something happened in."""
    events: list[Any] = []
    async for each in stream:
        events += [each] if each.raw_data else []
        if len(events) == n:
            break
    return events


def test_who_begins_at_the_beginning_hears_everything_in_order(questions: Counting) -> None:
    async def told(tail: Tail) -> list[Any]:
        await tail.begin()
        return await first(N_BEFORE + 2, tail.heard(Place(), everything))

    events = listening(questions, told)

    ids = [Place.of(each.id) for each in events]
    assert ids == sorted(set(ids))
    assert [each.event for each in events[-3:]] == ["alert", "raised", "resolved"]
    assert '"entity":"SPX"' in events[-1].raw_data  # of the alert that it is a step of
    assert sum(sql == tails._AFTER for sql in questions.asked) >= N_BEFORE // tails.PIECE


def test_twenty_who_listen_cost_one_question_a_load(questions: Counting, desk: SmallDesk) -> None:
    async def told(tail: Tail) -> list[list[Any]]:
        place = await tail.begin()
        streams = [tail.heard(place, everything) for _ in range(20)]
        each = [asyncio.create_task(first(1, stream)) for stream in streams]
        await asyncio.sleep(0)
        await asyncio.to_thread(desk.load, "alerts", [alert("shared", NOON)], "shared")
        return await asyncio.gather(*each)

    found = listening(questions, told)

    assert [len(events) for events in found] == [1] * 20
    assert len({events[0].id for events in found}) == 1
    assert questions.asked == [tails._LAST, tails._AFTER]


def test_what_nobody_listens_to_is_not_looked_at(questions: Counting) -> None:
    async def told(tail: Tail) -> Any:
        stream = tail.heard(await tail.begin(), everything)
        await anext(stream)
        while_listening = tail._looking
        await stream.aclose()  # type: ignore[attr-defined]
        return while_listening, tail._looking

    while_listening, after = listening(questions, told)

    assert while_listening.cancelling()
    assert after is None


def test_silence_is_broken_by_a_beat_that_says_how_far_it_is(questions: Counting) -> None:
    async def told(tail: Tail) -> list[Any]:
        stream = tail.heard(await tail.begin(), everything)
        return [await anext(stream) for _ in range(3)]

    opening, *beats = listening(questions, told, beat_s=0.02)

    assert opening.comment == "listening"
    assert {each.comment for each in beats} == {"nothing new"}
    assert {each.id for each in beats} == {opening.id}


def test_who_is_far_behind_is_answered_from_the_store(
    questions: Counting, desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_loaded = tails.HELD + 30

    async def told(tail: Tail) -> tuple[int, list[Any]]:
        place = await tail.begin()
        slow = tail.heard(place, everything)
        await anext(slow)
        await asyncio.to_thread(
            desk.load, "alerts", [alert(f"many {n:05}", NOON) for n in range(n_loaded)], "many"
        )
        while tail.reached.number < n_loaded:
            await asyncio.sleep(0.01)
        return len(tail._held), await first(n_loaded, slow)

    n_held, events = listening(questions, told)

    assert n_held == tails.HELD
    assert [Place.of(each.id).number for each in events] == [*range(1, n_loaded + 1)]


def test_an_id_is_read_back_and_nothing_else_is() -> None:
    assert Place.of(str(Place(1_732_300_000_000_000, 7))) == Place(1_732_300_000_000_000, 7)
    for text in ("", "7", "1-", "-1-2", "1-2\n", "1" * 30 + "-1", "٣-٣"):
        with pytest.raises(ValueError, match=text or "^$"):
            Place.of(text)
