"""Numbers that rise by one have no holes; what is left out is one until it comes."""

from datetime import UTC, datetime, timedelta

from loaders._holes import Counted

BEGIN = datetime(2026, 8, 1, 1, tzinfo=UTC)
ONE, TWO, THREE = (BEGIN + timedelta(seconds=n) for n in (1, 2, 3))


def counted(*came: tuple[datetime, str, int]) -> Counted:
    """Count numbers of contracts, each as it came."""
    found = Counted()
    for at, contract, number in came:
        found.take([{"contract": contract, "sequence": number}], at, "BTC", "gap")
    return found


def test_numbers_begin_anywhere_and_rise_by_one_for_each_contract() -> None:
    found = counted((ONE, "a", 7), (ONE, "b", 3), (TWO, "a", 8), (TWO, "b", 4))

    assert found.holes == []


def test_what_is_left_out_is_a_hole_between_what_came() -> None:
    (hole,) = counted((ONE, "a", 7), (TWO, "b", 3), (THREE, "a", 10)).holes

    assert hole.gap("deribit", THREE) == {
        "venue": "deribit", "pair": "a", "channel": "trades", "began_at": ONE, "ended_at": THREE,
        "reason": "gap", "expected_id": 8, "found_id": 10, "n_dropped": 0, "known_at": THREE,
    }  # fmt: skip


def test_what_comes_late_fills_its_hole() -> None:
    found = counted((ONE, "a", 7), (TWO, "a", 10), (THREE, "a", 8))
    (hole,) = found.holes
    found.take([{"contract": "a", "sequence": 9}], THREE, "BTC", "gap")

    assert hole.left == set()
    assert found.holes == []


def test_what_comes_again_opens_nothing() -> None:
    found = counted((ONE, "a", 7), (TWO, "a", 8), (TWO, "a", 7), (THREE, "a", 8), (THREE, "a", 9))

    assert found.holes == []


def test_a_hole_that_is_closed_is_waited_for_no_longer() -> None:
    found = counted((ONE, "a", 7), (TWO, "a", 9), (TWO, "b", 1), (THREE, "b", 3))
    first, second = found.holes

    found.close(first)

    assert found.holes == [second]
