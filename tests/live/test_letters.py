"""A notice that is not taken is tried again, later and later, and given up with its reason."""

from datetime import timedelta
from typing import Any

from leadline.errors import NoticeError
from live.letters import Letter, Letters
from tests.acts import channel
from tests.desks import at


def queued(notice_id: str = "n", when: str = "05 15:00", name: str = "desk", **given: Any) -> Any:
    return {
        "notice_id": notice_id, "channel": name, "attempt": 0, "outcome": "queued",
        "tried_at": at(when), "due_at": at(when), "action_ids": ["a"], "subject": "s",
        "rule": None, **given,
    }  # fmt: skip


def letters(*rows: Any) -> Letters:
    found = Letters({"desk": channel(), "home": channel("home")})
    for row in rows:
        found.hear(row)
    return found


def only(found: Letters) -> Letter:
    (letter,) = found
    return letter


def test_it_is_tried_again_later_and_later_and_then_given_up() -> None:
    found, now, waits = letters(queued()), at("05 15:00"), []

    while True:
        step = only(found).missed(now, 5, NoticeError("desk: no"), tries=8)
        found.hear({"due_at": None, **step})
        if step["outcome"] == "dead":
            break
        waits.append((step["due_at"] - now).total_seconds())
        now = step["due_at"]

    base = [5, 30, 120, 600, 1_800, 3_600, 10_800]
    assert all(b <= wait <= 1.1 * b for wait, b in zip(waits, base, strict=True))
    assert (step["attempt"], step["reason"], list(found)) == (8, "desk: no", [])


def test_a_receiver_that_asks_for_time_is_given_it() -> None:
    error = NoticeError("desk: it answers 429", wait=timedelta(minutes=10))

    step = only(letters(queued())).missed(at("05 15:00"), 5, error, tries=8)

    assert step["due_at"] == at("05 15:10")


def test_what_is_final_is_not_tried_again() -> None:
    error = NoticeError("desk: it answers 410", is_final=True)

    step = only(letters(queued())).missed(at("05 15:00"), 5, error, tries=8)

    assert (step["outcome"], step.get("due_at")) == ("dead", None)


def test_after_a_failure_a_channel_rests_a_while_and_others_do_not() -> None:
    found = letters(queued("a"), queued("b"), queued("c", name="home"))

    failed = {"outcome": "failed", "attempt": 1, "due_at": at("05 16:00")}
    found.hear(queued("a") | failed)

    assert [*found.due(at("05 15:00"))] == ["home"]
    assert [each.notice_id for each in found.due(at("05 15:01"))["desk"]] == ["b"]
    assert [each.notice_id for each in found.due(at("05 16:00"))["desk"]] == ["a", "b"]


def test_one_that_is_taken_ends_the_rest() -> None:
    found = letters(queued("a"), queued("b"))
    found.hear(queued("a") | {"outcome": "failed", "attempt": 1, "due_at": at("05 16:00")})

    ended = found.hear(queued("b") | {"outcome": "sent", "attempt": 1})

    assert ended is not None
    assert ended.notice_id == "b"
    found.rest("desk", at("05 17:00"))
    assert found.due(at("05 16:30")) == {}
    assert [each.notice_id for each in found.due(at("05 17:00"))["desk"]] == ["a"]


def test_a_dead_one_that_is_asked_for_keeps_when_it_was_composed() -> None:
    found = letters(queued())
    found.hear(queued() | {"outcome": "dead", "attempt": 8})

    found.hear(queued(when="06 09:00") | {"attempt": 8})

    assert only(found).queued_at == at("05 15:00")
    assert only(found).sent(at("06 09:01"), 5, None)["attempt"] == 9
