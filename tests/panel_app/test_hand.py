"""A hand acts on the store that is served, under the name and at the moment of who acts."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from leadline.clock import BEGINNING
from leadline.errors import ConfigError, QueryError
from panel_app.answers import Answers, Query
from panel_app.hand import Hand
from tests.dashboards import NOON, alert, answering, load

LATER = timedelta(seconds=1)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    place = tmp_path_factory.mktemp("hand") / "store"
    fired_at = NOON - timedelta(minutes=1)
    rows = [alert(name, fired_at + timedelta(seconds=n)) for n, name in enumerate("abcd")]
    load(place, "alerts", [*rows, alert("over", NOON - timedelta(days=3))], "loop")
    sessions = [
        {
            "calendar": "XNYS", "session_date": NOON.date() + timedelta(days=n),
            "opens_at": NOON.replace(hour=14) + timedelta(days=n),
            "closes_at": NOON.replace(hour=21) + timedelta(days=n), "is_half_session": False,
            "sequence": n + 9, "known_at": BEGINNING,
        }
        for n in (-1, 0)
    ]  # fmt: skip
    load(place, "sessions", sessions, "sessions")
    with answering(place, NOON + LATER) as found:
        yield found


@pytest.fixture
def hand(answers: Answers) -> Hand:
    return Hand(answers.warehouse, lambda: NOON, "ann")


def asked(answers: Answers, sql: str, **binds: str) -> list[dict[str, Any]]:
    return list(answers.ask(Query(sql, binds), answers.tick()).to_pylist())


def state(answers: Answers, key: str) -> tuple[str, str | None, str | None]:
    sql = "select state, actor, note from reports.alerts where alert_key like $key"
    (row,) = asked(answers, sql, key=f"%|{key}|%")
    return row["state"], row["actor"], row["note"]


def said_of(answers: Answers, key: str) -> tuple[Any, ...]:
    sql = """
    select verdict, reviewer, review_note, is_disputed
    from reports.alert_evidence where alert_key like $key
    """
    (row,) = asked(answers, sql, key=f"%|{key}|%")
    return tuple(row.values())


def key_of(name: str) -> str:
    return f"options.oi_change|SPX|{name}|2024-03-04"


def test_who_acknowledges_stands_by_it(answers: Answers, hand: Hand) -> None:
    told, at = hand.act(key_of("a"), "acknowledged", note=" on it ")

    assert (told[8:32], at) == (" acknowledged: a: +1600 ", NOON)
    assert state(answers, "a") == ("acknowledged", "ann", "on it")


def test_who_snoozes_can_wake(answers: Answers, hand: Hand) -> None:
    told, _ = hand.act(key_of("b"), "snoozed", "15m")
    before = state(answers, "b")
    hand.act(key_of("b"), "woken")

    assert "snoozed until 2024-03-05 12:15:00Z" in told
    assert (before[0], state(answers, "b")[0]) == ("snoozed", "firing")


def test_what_can_not_be_done_changes_nothing(answers: Answers, hand: Hand) -> None:
    for alert_key, action, span, said in (
        (key_of("c"), "woken", "", "nothing to wake"),
        (key_of("c"), "snoozed", "soon", "'soon' is no stretch of time"),
        (key_of("over"), "acknowledged", "", "it is resolved already"),
        ("zzz", "acknowledged", "", "zzz: no alert has this id"),
    ):
        with pytest.raises(QueryError, match=said):
            hand.act(alert_key, action, span)

    assert state(answers, "c") == ("firing", None, None)


def test_a_snooze_lasts_up_to_the_next_open_of_the_calendar(answers: Answers, hand: Hand) -> None:
    told, _ = hand.act(key_of("d"), "snoozed", "open")
    later = Hand(answers.warehouse, lambda: NOON.replace(hour=15), "ann")

    assert "snoozed until 2024-03-05 14:00:00Z" in told
    with pytest.raises(QueryError, match="the calendar ends before the next open"):
        later.act(key_of("d"), "snoozed", "open")


def test_a_later_verdict_replaces_the_one_before_and_both_are_noted(
    answers: Answers, hand: Hand
) -> None:
    hand.review(key_of("over"), "real", " the filing says so ")
    later = Hand(answers.warehouse, lambda: NOON + LATER / 2, "bob")
    told, at = later.review(key_of("over"), "False")
    sql = "select actor, act, reason from ops.audit where via = 'reviews' order by began_at"

    assert (told[:19], at) == ("false by bob: over:", NOON + LATER / 2)
    assert said_of(answers, "over") == ("false", "bob", None, True)
    assert [tuple(row.values()) for row in asked(answers, sql)] == [
        ("ann", "reviewed real", "the filing says so"), ("bob", "reviewed false", None),
    ]  # fmt: skip


def test_what_is_no_verdict_and_what_is_no_alert_is_not_reviewed(
    answers: Answers, hand: Hand
) -> None:
    for alert_key, verdict, said in (
        (key_of("b"), "", "verdict: '' is none; say real, false or unsure"),
        (key_of("b"), "reel", "did you mean 'real'"),
        ("zzz", "real", "zzz: no alert has this id"),
    ):
        with pytest.raises(QueryError, match=said):
            hand.review(alert_key, verdict)

    assert said_of(answers, "b") == (None, None, None, None)


def test_what_does_not_fire_again_is_told(hand: Hand) -> None:
    found = hand.replay(key_of("c"))

    assert (found.again, found.is_same_text) == (None, False)
    with pytest.raises(QueryError, match="no alert has this key"):
        hand.replay("zzz")


def test_a_rule_is_checked_and_tried_before_it_is_saved(answers: Answers, hand: Hand) -> None:
    text = 'of = "detectors.all_live"\nwhere = "score > 60"\n'
    assert hand.mistakes("big", text) == []
    (wrong,) = hand.mistakes("Big", text)
    assert "is no name of a rule" in wrong
    with pytest.raises(ConfigError, match="which is no view"):
        hand.preview("big", 'of = "options.swep"', 7)

    rule, found = hand.preview("big", 'of = "options.sweep"', 7)
    assert (rule.name, found.n_fired) == ("big", 0)
    assert found.since >= BEGINNING
