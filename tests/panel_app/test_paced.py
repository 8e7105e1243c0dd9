"""What takes long is asked seldom, and once for all who look at it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pyarrow as pa
import pytest

from leadline.errors import LeadlineError, QueryError, StoreError
from panel_app import paced
from panel_app.answers import Answers, Query
from panel_app.paced import Answer, Paced
from tests.dashboards import NOON

KEYS = Query("select alert_key from reports.overview")


class Slow(Paced):
    """Takes as long as it is told to, by a clock of its own."""

    def __init__(self, answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(answers)
        self.clock, self.takes, self.n_asked = 1_000.0, 0.0, 0
        self.wrong: QueryError | None = None
        monkeypatch.setattr(paced, "monotonic", lambda: self.clock)
        monkeypatch.setattr(answers, "ask", self._counted)
        self.now = NOON
        monkeypatch.setattr(answers, "_now", lambda: self.now)

    def _counted(self, query: Query, tick: Any) -> pa.Table:
        self.n_asked += 1
        self.clock += self.takes
        if self.wrong:
            raise self.wrong
        return pa.table({"n": [self.n_asked]})

    def pass_by(self, seconds: float) -> None:
        """Let time pass, on every clock."""
        self.clock += seconds
        self.now += timedelta(seconds=seconds)


def said(answer: Answer) -> list[dict[str, Any]]:
    assert isinstance(answer.rows, pa.Table)
    rows: list[dict[str, Any]] = answer.rows.to_pylist()
    return rows


@pytest.fixture
def slow(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> Slow:
    return Slow(answers, monkeypatch)


def test_what_took_a_second_is_asked_again_after_half_a_minute(slow: Slow) -> None:
    slow.takes = 1.0
    slow.ask(KEYS)
    slow.pass_by(29)
    early = slow.ask(KEYS)
    slow.pass_by(2)
    late = slow.ask(KEYS)

    assert (said(early), said(late)) == ([{"n": 1}], [{"n": 2}])
    assert (early.until, late.until) == (NOON, NOON + timedelta(seconds=31))
    assert early.took_s == 1.0


def test_what_was_loaded_is_shown_sooner(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    slow.takes = 1.0
    slow.ask(KEYS)
    monkeypatch.setattr(slow.answers, "state", lambda query: 7)
    slow.pass_by(4)
    early = slow.ask(KEYS)
    slow.pass_by(2)

    assert (said(early), said(slow.ask(KEYS))) == ([{"n": 1}], [{"n": 2}])


def test_what_a_hand_has_changed_is_asked_at_once_until_it_shows(slow: Slow) -> None:
    slow.takes = 1.0
    slow.ask(KEYS)
    other = slow.ask(Query("select 1 as n"))
    slow.pass_by(2)
    slow.told("reports.overview", slow.now)
    same = slow.ask(KEYS)  # at the moment itself it is not to be seen yet
    slow.pass_by(1)
    after = slow.ask(KEYS)
    slow.pass_by(1)

    assert (said(same), said(after)) == ([{"n": 3}], [{"n": 4}])
    assert said(slow.ask(KEYS)) == said(after)
    assert said(slow.ask(Query("select 1 as n"))) == said(other)


def test_what_is_quick_is_asked_at_each_tick(slow: Slow) -> None:
    for _ in range(3):
        slow.ask(KEYS)
        slow.pass_by(1)

    assert slow.n_asked == 3


def test_a_moment_of_the_past_is_asked_once_while_nothing_is_loaded(slow: Slow) -> None:
    at = NOON - timedelta(hours=1)
    first = slow.ask(KEYS, at)
    slow.pass_by(3_600)

    assert slow.ask(KEYS, at) is first
    assert first.until == at


def test_an_error_is_told_to_all_and_tried_again_soon(slow: Slow) -> None:
    slow.wrong = QueryError("query: no")
    told = slow.ask(KEYS)
    slow.pass_by(1)
    again = slow.ask(KEYS)
    slow.wrong = None
    slow.pass_by(5)

    assert str(told.rows) == "query: no"
    assert again is told
    assert said(slow.ask(KEYS)) == [{"n": 2}]


def test_a_store_that_is_away_is_an_answer(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> Any:
        raise StoreError("store: it is gone; bring it back")

    monkeypatch.setattr(answers, "tick", gone)

    assert str(Paced(answers).ask(KEYS).rows) == "store: it is gone; bring it back"


def test_what_was_answered_last_is_there_until_it_is_answered_anew(slow: Slow) -> None:
    never = slow.last(KEYS)
    slow.ask(KEYS)
    slow.pass_by(40)
    late = slow.last(KEYS)
    slow.wrong = QueryError("query: no")
    slow.ask(KEYS)
    failed = slow.last(KEYS)
    slow.wrong = None
    slow.pass_by(6)
    slow.ask(KEYS)
    slow.pass_by(3_601)

    assert never is None
    assert late is not None
    assert said(late) == [{"n": 1}]
    assert failed is None
    assert slow.last(KEYS) is None


def test_some_are_asked_before_anybody_does_and_none_after_the_end(slow: Slow) -> None:
    slow.warm([KEYS, Query("select 1")])
    for _ in range(200):
        if slow.n_asked == 2 and not slow._running:
            break
        Event().wait(0.01)
    slow.close()

    assert slow.n_asked == 2
    assert slow.last(KEYS) is not None
    with pytest.raises(RuntimeError):
        slow.warm([KEYS])


def test_many_who_look_ask_once(answers: Answers) -> None:
    asking = Paced(answers)

    with ThreadPoolExecutor(8) as viewers:
        found = list(viewers.map(lambda _: asking.ask(KEYS), range(40)))

    assert len({id(answer) for answer in found}) == 1


def test_no_more_than_so_many_answers_are_kept(answers: Answers) -> None:
    asking = Paced(answers, most=2)
    for n in range(5):
        asking.ask(Query("select $n as n", {"n": n}))

    assert len(asking._kept) == 2


def test_nothing_beyond_now_is_shown(answers: Answers) -> None:
    far: datetime = NOON + timedelta(days=1)

    assert Paced(answers).tick(far).until == NOON


@pytest.mark.parametrize("read", ["", ", scores.smart_money_index"])
def test_at_the_end_what_is_asked_is_stopped_and_nothing_new_begun(
    answers: Answers, read: str
) -> None:
    asking = Paced(answers)
    long = Query(
        f"select count(*) as n from range(100_000_000) as a, range(100_000) as b{read}",
        last=timedelta(days=31),
    )

    async def looked() -> Answer:
        begun = asyncio.create_task(asking.later(asking.ask, long))
        while not asking._running:
            await asyncio.sleep(0.01)
        await asyncio.to_thread(asking.close)
        return await begun

    assert isinstance(asyncio.run(looked()).rows, LeadlineError)
    with pytest.raises(RuntimeError):
        asyncio.run(asking.later(asking.ask, KEYS))


def test_the_time_waits_for_nothing_that_is_asked(answers: Answers) -> None:
    asking, gate = Paced(answers), Event()

    async def looked() -> datetime:
        waiting = [asyncio.create_task(asking.later(gate.wait)) for _ in range(paced.AT_ONCE + 1)]
        try:
            return (await asyncio.wait_for(asking.ticked(), 20)).until
        finally:
            gate.set()
            await asyncio.gather(*waiting)

    assert asyncio.run(looked()) == NOON
