"""Scores are asked of all stocks at once, and again only when that may tell something new."""

from datetime import timedelta

import pytest

from leadline.errors import StoreError
from leadline.question import Questions
from panel_app.answers import Tick
from panel_app.founding.scores import NEUTRAL, Scores, Told
from tests.founding import NOON

TICK = Tick(NOON, 1, NOON)


@pytest.mark.parametrize(
    ("symbol", "version", "minutes", "is_stale"),
    [("AAPL", 1, 60, False), ("AAPL", 2, 9, False), ("AAPL", 2, 10, True), ("NEW", 2, 0, False),
     ("NEW", 2, 1, True), ("NEW", 1, 60, False)],
)  # fmt: skip
def test_only_loads_that_came_since_make_an_answer_old(
    symbol: str, version: int, minutes: int, is_stale: bool
) -> None:
    told = Told(TICK)
    told.rows.set_result({"AAPL": {}})

    later = Tick(NOON + timedelta(minutes=minutes), version, NOON)
    assert told.is_stale(symbol, later) is is_stale


def test_who_waits_for_an_answer_asks_no_second_one() -> None:
    assert not Told(TICK).is_stale("AAPL", Tick(NOON + timedelta(hours=1), 2, NOON))


@pytest.mark.soak
def test_a_store_without_calendars_says_what_to_load_and_can_be_asked_again(
    questions: Questions,
) -> None:
    scores = Scores(questions.warehouse)

    for _ in range(2):
        with pytest.raises(StoreError, match="run leadline load sessions"):
            scores.of("AAPL", NOON, None, TICK)


def test_neutral_is_neither_bull_nor_bear() -> None:
    said = [each for name, each in NEUTRAL.items() if not name.endswith("_legacy")]

    assert {each for each in said if isinstance(each, str)} == {"neutral"}
    assert (NEUTRAL["smart_money_index"], NEUTRAL["accumulation_score"]) == (50.0, 0.0)
