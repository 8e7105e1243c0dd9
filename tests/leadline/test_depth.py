"""What a book says that lies near its mid is what adding up all its levels says."""

import re
from fractions import Fraction
from math import inf, isnan, nan
from random import Random
from typing import Any

import numba
import pytest
from hypothesis import example, given, seed, settings
from hypothesis import strategies as st

from leadline.depth import BANDS, UNITS, Depth, _compiled

TICKS = 100
BEST = {1: 9_999, -1: 10_001}  # of a book whose mid is 100
Levels = dict[tuple[int, int], int]  # units by side and price in ticks
Step = tuple[str, int, int, int]

# A price is near the mid, at an edge of a band, or anywhere.
SIGNS = st.sampled_from((1, -1))
PRICES = st.one_of(
    st.integers(9_800, 10_200),
    st.sampled_from([10_000 + sign * bps for bps in BANDS for sign in (1, -1)]),
    st.integers(1, 100_000),
)
STEPS = st.one_of(
    st.tuples(st.just("set"), SIGNS, PRICES, st.integers(0, 3 * UNITS)),
    st.tuples(st.just("set"), SIGNS, PRICES, st.sampled_from([0, 1, 10**15 + 1])),
    st.tuples(st.just("cut"), st.just(0), st.integers(1, 12), st.just(0)),
)


def filled(levels: Levels, ticks: int = TICKS) -> Depth:
    """Return a book that holds levels."""
    depth = Depth(ticks)
    depth.take([(sign, tick / ticks, units / UNITS) for (sign, tick), units in levels.items()])
    return depth


def best_of(levels: Levels, sign: int) -> list[int]:
    """Return the prices of a side, the best one first."""
    return sorted((tick for each, tick in levels if each == sign), key=lambda tick: -sign * tick)


def told_anew(levels: Levels, reach: dict[int, float]) -> list[float] | None:
    """Add up every level that no band excludes; what a band lacks is unknown."""
    sides = {sign: best_of(levels, sign) for sign in (1, -1)}
    sums = [sum(levels[sign, tick] for tick in ticks) / UNITS for sign, ticks in sides.items()]
    if not all(sides.values()):
        return [nan] * 14 + sums
    bid, ask = (ticks[0] for ticks in sides.values())
    if bid >= ask:
        return None
    found = [bid / TICKS, ask / TICKS, levels[1, bid] / UNITS, levels[-1, ask] / UNITS]
    found += [sum(levels[sign, tick] for tick in sides[sign][:5]) / UNITS for sign in sides]
    for bps in BANDS:
        for sign, ticks in sides.items():
            edge = Fraction(bid + ask, 2) * (10_000 - sign * bps) / 10_000
            inside = [tick for tick in ticks if sign * tick >= sign * edge]
            is_known = -(-sign * edge // 1) >= reach[sign]  # the last whole tick of the band
            total = sum(levels[sign, tick] for tick in inside) / UNITS
            found.append(total if is_known else nan)
    return found + sums


def said(depth: Depth) -> list[float] | None:
    """Return what a book measures."""
    told = depth.measure()
    return None if told is None else told.tolist()


def same(found: list[float] | None, wanted: list[float] | None) -> bool:
    """Say whether two are one, and unknown where the other is."""
    if found is None or wanted is None:
        return found is wanted
    pairs = zip(found, wanted, strict=True)
    return all(a == b or (isnan(a) and isnan(b)) for a, b in pairs)


@seed(20_240_301)
@settings(max_examples=200, deadline=None)
@given(st.lists(STEPS, max_size=60))
@example([("set", 1, 9_999, 1), ("set", -1, 10_001, 1), ("set", 1, 9_500, 2), ("set", 1, 9_500, 0)])
@example([("set", 1, 9_999, 1), ("set", -1, 10_500, 2), ("set", -1, 100_000, 1)])
def test_what_is_kept_is_what_all_levels_say(steps: list[Step]) -> None:
    depth, naive = Depth(TICKS), Levels()
    reach = {1: -inf, -1: -inf}
    was_full = {1: False, -1: False}

    for what, sign, value, size in steps:
        if what == "cut":
            cut = depth.cut(value, depth.take([]))
            gone = [(each, tick) for each in (1, -1) for tick in best_of(naive, each)[value:]]
            assert sorted(cut.tolist()) == sorted(
                [each, tick / TICKS, 0.0, naive.pop((each, tick)) / UNITS] for each, tick in gone
            )
            for nth, each in enumerate((1, -1)):
                depth.fill(nth, depth.n(nth), value)
                ticks = best_of(naive, each)
                was_full[each] |= len(ticks) >= value
                if was_full[each] and ticks:
                    reach[each] = each * ticks[-1]
        else:
            before = naive.pop((sign, value), 0)
            changed = depth.take([(sign, value / TICKS, size / UNITS)]).tolist()
            row = [sign, value / TICKS, size / UNITS, before / UNITS]
            assert changed == ([row] if size != before else [])
            naive |= {(sign, value): size} if size else {}

        assert same(said(depth), told_anew(naive, reach))
        for nth, each in enumerate((1, -1)):
            best = [(tick / TICKS, naive[each, tick] / UNITS) for tick in best_of(naive, each)]
            assert depth.best(nth, 9) == best[:9]
            assert depth.n(nth) == len(best)


def test_no_step_of_a_mid_is_too_small_or_too_wide() -> None:
    naive = {(1, tick): tick for tick in range(9_400, 10_000)}
    naive |= {(-1, tick): tick for tick in range(10_001, 10_600)}
    depth, chance = filled(naive), Random(7)

    for _ in range(200):
        # The best levels of one side go, and the other side follows.
        sign, n = chance.choice((1, -1)), chance.choice((1, 1, 2, 5, 40))
        gone = best_of(naive, sign)[:n]
        came = [each for each in gone[:-1] if chance.random() < 0.9]
        for each in gone:
            del naive[sign, each]
        naive |= {(-sign, each): chance.randint(1, 3 * UNITS) for each in came}
        depth.take([(sign, each / TICKS, 0.0) for each in gone])
        depth.take([(-sign, each / TICKS, naive[-sign, each] / UNITS) for each in came])

        assert same(said(depth), told_anew(naive, {1: -inf, -1: -inf}))


@seed(20_240_301)
@settings(max_examples=50, deadline=None)
@given(st.permutations([(9_990 + n, 0.1 * n + 1e-8) for n in range(1, 9)]))
def test_sums_do_not_depend_on_the_order_of_what_came(levels: list[tuple[int, float]]) -> None:
    depth = Depth(TICKS)
    depth.take([(-1, 100.01, 1.0)])
    for tick, size in levels:
        depth.take([(1, tick / TICKS, 7.7)])
        depth.take([(1, tick / TICKS, size)])

    told = said(depth) or []
    assert told[6::2] == [3.60000008] * 5


def test_a_message_that_says_a_level_twice_means_the_last() -> None:
    depth = filled({(1, 9_999): UNITS})

    changed = depth.take([(1, 99.99, 2.0), (1, 99.99, 0.0), (1, 99.99, 3.0)])

    assert changed[:, 2:].tolist() == [[2.0, 1.0], [0.0, 2.0], [3.0, 0.0]]
    assert depth.best(0, 2) == [(99.99, 3.0)]


def test_a_band_takes_the_level_at_its_edge_and_none_behind_it() -> None:
    behind = enumerate((10, 11, 50, 51, 200, 201, 500, 501))
    levels = {(s, 10_000 - s * bps): 10**nth * UNITS for nth, bps in behind for s in (1, -1)}

    told = said(filled({(1, 9_999): 0, **levels})) or []

    assert told[6:14:2] == told[7:14:2] == [1.0, 111.0, 11_111.0, 1_111_111.0]
    assert told[14:] == [11_111_111.0] * 2


@pytest.mark.parametrize("price", [1e-11, 1e-3, 62_000.0, 9e7, 1.6e9])
@pytest.mark.parametrize("ticks", [100, 10**8, 10**15])
def test_a_price_has_its_bands_however_many_digits_it_might_have(price: float, ticks: int) -> None:
    if price * ticks < 1:
        return  # a price that no tick makes
    depth = Depth(ticks)
    for nth, bps in enumerate((4, 40, 190, 490, 510)):
        depth.take([(s, price * (1 - s * bps / 10_000), 10.0**nth) for s in (1, -1)])

    told = said(depth) or []

    assert told[6:14:2] == told[7:14:2] == [1.0, 11.0, 111.0, 1_111.0]


def test_a_sum_of_many_tokens_is_told_to_the_last_digit_that_a_number_has() -> None:
    depth = Depth(TICKS)
    depth.take([(1, 0.5 + n / 1_000, 123_456_789_012_345.25) for n in range(400)])

    told = said(depth) or []

    assert told[14] == float(Fraction(123_456_789_012_345.25) * 400)


def test_what_lies_behind_the_reach_is_unknown_but_for_the_sum_of_all() -> None:
    levels = {(s, 10_000 - s * bps): UNITS for bps in (5, 50) for s in (1, -1)}
    depth = filled(levels)

    depth.limit()

    told = said(depth) or []
    assert told[6:10] == [1.0, 1.0, 2.0, 2.0]
    assert all(map(isnan, told[10:14]))
    assert told[14:] == [2.0, 2.0]


def test_a_side_that_is_empty_when_it_is_limited_is_known_nowhere() -> None:
    depth = filled({(1, 9_990): UNITS, (1, 9_999): UNITS})

    depth.limit()
    depth.take([(-1, 100.01, 1.0)])

    told = said(depth) or []
    assert told[6] == 2.0
    assert all(map(isnan, told[7:14:2]))


def test_a_window_may_hold_its_farthest_price_in_part() -> None:
    whole, part = (filled({(1, 9_990): UNITS, (1, 9_999): UNITS, (-1, 10_001): 1}) for _ in "ab")

    whole.fill(0, 2, 2)
    part.fill(0, 2, 2, is_cut_inside=True)

    assert [(said(each) or [])[6] for each in (whole, part)] == [
        2.0,
        pytest.approx(nan, nan_ok=True),
    ]


@pytest.mark.parametrize("level", [(1, nan, 1.0), (1, inf, 1.0), (1, 1.0, nan), (1, 1.0, 1e15)])
def test_a_level_that_no_book_can_hold_is_named(level: tuple[float, ...]) -> None:
    with pytest.raises(OverflowError, match=f"^no book holds the level {re.escape(str(level))}$"):
        filled({(1, 9_999): UNITS}).take([(1, 99.98, 1.0), level])


def test_a_book_has_room_for_more_levels_than_it_began_with() -> None:
    naive = {(1, tick): tick for tick in range(1, 9_999)} | {(-1, 10_001): 1}

    depth = filled({})
    for (sign, tick), units in naive.items():
        depth.take([(sign, tick / TICKS, units / UNITS)])

    assert same(said(depth), told_anew(naive, {1: -inf, -1: -inf}))


def test_where_nothing_can_be_written_it_is_compiled_each_time() -> None:
    names: dict[str, Any] = {}
    exec("def twice(n):\n    return 2 * n", names)  # of no file, so nothing is kept
    with pytest.raises(RuntimeError, match="no locator available"):
        numba.njit(cache=True)(names["twice"])

    assert _compiled(names["twice"])(21) == 42
