"""An answer is computed once a tick, and never goes beyond the shown moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from math import inf
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import QueryError
from leadline.question import Questions
from panel_app.answers import Answers, Query
from tests.dashboards import NOON, alert, answering, fill, load, tops

KEYS = Query("select alert_key from reports.overview order by fired_at")
SECONDS = Query("select bar_at from reports.book_pulse order by bar_at", last=timedelta(seconds=9))


def counted(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the questions that reach the warehouse from now on."""
    asked: list[str] = []
    answer = answers._questions.answer

    def count(sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return answer(sql, *rest)

    monkeypatch.setattr(answers._questions, "answer", count)
    return asked


def test_many_who_look_at_one_tick_ask_once(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, tick = counted(answers, monkeypatch), answers.tick()

    with ThreadPoolExecutor(8) as viewers:
        found = list(viewers.map(lambda _: answers.ask(KEYS, tick), range(40)))

    assert len(asked) == 1
    assert {table.num_rows for table in found} == {2}


def test_a_later_moment_is_asked_anew_and_a_past_span_is_not(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = timedelta(days=1)
    later = [NOON + 2 * day, NOON + 2 * day + timedelta(seconds=1)]
    monkeypatch.setattr(answers, "_now", lambda: later[0])
    first = answers.ask(SECONDS, answers.tick())
    asked = counted(answers, monkeypatch)
    later.pop(0)
    second = answers.ask(SECONDS, answers.tick())

    # The last nine seconds had no row, and no load has come since.
    assert asked == []
    assert first.num_rows == 25
    assert second.equals(first)


def test_what_had_no_rows_is_asked_again_once_something_was_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = NOON + timedelta(days=2)
    with answering(fill(tmp_path / "store"), later) as answers:
        spoken = tops(later - timedelta(seconds=8), 6, first=100)
        silent = answers.ask(SECONDS, answers.tick())
        load(tmp_path / "store", "book_tops", spoken, "others")
        monkeypatch.setattr(answers, "_looked_at", -inf)
        loaded = answers.ask(SECONDS, answers.tick())

    assert silent.num_rows == 25
    assert loaded.column(0)[-1].as_py() == later - timedelta(seconds=3)


def test_the_last_stretch_answers_while_there_is_something_in_it(answers: Answers) -> None:
    found = answers.ask(SECONDS, answers.tick()).column(0).to_pylist()

    assert found == [NOON - timedelta(seconds=n) for n in (9, 8, 7, 6)]


def test_nothing_is_known_beyond_the_moment(filled: Path) -> None:
    with answering(filled, NOON - timedelta(days=1)) as answers:
        keys = answers.ask(KEYS, answers.tick()).column(0).to_pylist()

    assert [key.split("|")[2] for key in keys] == ["old"]


def test_the_ledger_is_shown_by_the_clock_of_the_store(answers: Answers) -> None:
    tick = answers.tick()

    row = answers.ask(Query("from reports.store"), tick).to_pylist()[0]
    assert (row["n_loads"], row["n_rows"]) == (2, 27)
    assert answers.end(["reports.store", "ops.loads"], NOON) > tick.recorded_until > NOON
    assert answers.end(["reports.store", "curated.alerts"], NOON) == NOON


def test_a_load_is_seen_at_the_next_tick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("panel_app.answers._AGAIN_S", 0.0)  # or a quick load comes too soon
    place = fill(tmp_path / "store")
    with answering(place) as answers:
        before = answers.tick()
        n_before = answers.ask(KEYS, before).num_rows
        load(place, "alerts", [alert("fresh", NOON - timedelta(seconds=3))], "another")
        after = answers.tick()
        n_after = answers.ask(KEYS, after).num_rows

    assert (n_before, n_after) == (2, 3)
    assert before != after


def test_a_mistake_is_told_to_everybody_who_asks(answers: Answers) -> None:
    tick = answers.tick()

    for _ in range(2):
        with pytest.raises(QueryError, match=r"no view 'reports\.overvew'"):
            answers.ask(Query("from reports.overvew"), tick)


def test_so_many_answers_are_kept_and_the_oldest_goes(
    questions: Questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Answers(questions, lambda: NOON, most=2)
    tick = answers.tick()
    asked = counted(answers, monkeypatch)
    for n in (1, 2, 3, 3, 2, 1):
        answers.ask(Query("select $n as n", {"n": n}), tick)

    assert len(asked) == 4


def test_a_mistake_is_not_kept(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, tick = counted(answers, monkeypatch), answers.tick()
    for _ in range(2):
        with pytest.raises(QueryError):
            answers.ask(Query("select nothing from reports.overview"), tick)

    assert len(asked) == 2


def test_a_detector_is_found_by_its_version(answers: Answers) -> None:
    found = answers.detector("options.oi_change", 1)

    assert found is not None
    assert found.pinned == "detectors.options_oi_change_v1"
    assert answers.detector("options.oi_change", 99) is None


def test_the_state_of_a_question_is_that_of_the_files_it_reads(tmp_path: Path) -> None:
    with answering(fill(tmp_path / "store")) as answers:
        answers.tick()
        before = [answers.state(query) for query in (KEYS, SECONDS)]
        load(tmp_path / "store", "alerts", [alert("late", NOON)], "another loop")
        answers._looked_at = 0.0
        answers.tick()
        after = [answers.state(query) for query in (KEYS, SECONDS)]

    assert before[0] != after[0]
    assert before[1] == after[1]
