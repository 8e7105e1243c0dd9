"""Everybody has a pace of his own, and only so many are remembered."""

from panel_app.turns import Turns


def test_who_has_taken_his_turns_waits_and_nobody_else_does() -> None:
    now = 1_000_000
    turns = Turns(3, 60, now_ms=lambda: now)

    first = [turns.take("a") for _ in range(4)]
    other = turns.take("b")
    now += 20_000
    later = [turns.take("a"), turns.take("a")]

    assert first == [0, 0, 0, 20]
    assert other == 0
    assert later == [0, 20]


def test_who_was_quiet_for_longest_is_forgotten_first() -> None:
    turns = Turns(1, 60, most=100)

    for n in range(1_000):
        turns.take(f"address {n}")

    assert len(turns) == 100
    assert turns.take("address 999") == 60
    turns.forget("address 999")
    assert turns.take("address 999") == 0
