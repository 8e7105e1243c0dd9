"""What a side says that lies near a mid is what adding up all its levels says."""

from math import inf
from random import Random

import pytest
from hypothesis import example, given, seed, settings
from hypothesis import strategies as st

from leadline.side import BANDS, UNITS, Side

TICKS = 100
Step = tuple[str, int, int]

# A mid of 100 is 20,000 here. A price is near it, at an edge, or anywhere; a step may be a jump.
PRICES = st.one_of(
    st.integers(9_800, 10_200),
    st.sampled_from([10_000 + sign * 10_000 * bps // 10_000 for bps in BANDS for sign in (1, -1)]),
    st.integers(1, 100_000),
)
STEPS = st.one_of(
    st.tuples(st.just("set"), PRICES, st.integers(0, 3 * UNITS)),
    st.tuples(st.just("set"), PRICES, st.sampled_from([0, 1, 10**15 + 1])),
    st.tuples(st.just("mid"), st.integers(19_995, 20_005), st.just(0)),
    st.tuples(st.just("mid"), st.integers(2, 200_000), st.just(0)),
    st.tuples(st.just("cut"), st.integers(1, 12), st.just(0)),
)


def summed_anew(side: Side, twice_mid: int) -> tuple[float | None, ...]:
    """Add up every level that no band excludes, in units; what a band lacks is unknown."""
    found: list[float | None] = []
    for bps in BANDS:
        # key >= mid less the band, for a bid; the same mirrored for an ask. All in whole numbers.
        least = side.sign * twice_mid * 10_000 - twice_mid * bps
        inside = [key for key in side.keys if key * 20_000 >= least]
        is_known = -(-least // 20_000) >= side.reach
        total = sum(round(side.levels[key][1] * UNITS) for key in inside)
        found.append(total / UNITS if is_known else None)
    return tuple(found)


@seed(20_240_301)
@settings(max_examples=200)
@given(st.sampled_from((1, -1)), st.lists(STEPS, max_size=60))
@example(1, [("set", 9_999, 1), ("set", 9_500, 2), ("mid", 20_000, 0), ("set", 9_500, 0)])
@example(-1, [("set", 10_500, 2), ("mid", 20_000, 0), ("mid", 200_000, 0), ("mid", 20_000, 0)])
def test_running_sums_are_those_of_all_levels(sign: int, steps: list[Step]) -> None:
    side, naive, twice_mid = Side(sign, TICKS), dict[int, int](), 20_000

    for what, value, size in steps:
        if what == "mid":
            twice_mid = value
        elif what == "cut":
            side.cut(value, [])
            best = sorted(naive, key=lambda tick: -sign * tick)[:value]
            naive = {tick: naive[tick] for tick in best}
            side.fill(len(side.keys), value)
        else:
            before = side.set(value / TICKS, size / UNITS)
            assert before == naive.pop(value, 0) / UNITS
            naive |= {value: size} if size else {}

        assert side.sizes(twice_mid) == summed_anew(side, twice_mid)
        assert side.size() == sum(naive.values()) / UNITS
        best = sorted(naive, key=lambda tick: -sign * tick)
        assert side.best(9) == [(tick / TICKS, naive[tick] / UNITS) for tick in best[:9]]
        assert side.size_of_best(5) == sum(naive[tick] for tick in best[:5]) / UNITS


@pytest.mark.parametrize("sign", [1, -1])
def test_no_step_of_a_mid_is_too_small_or_too_wide(sign: int) -> None:
    side, chance, twice_mid = Side(sign, TICKS), Random(7), 20_000
    for tick in range(9_400, 10_600):
        side.set(tick / TICKS, 0.1 + tick)

    for _ in range(60):
        twice_mid += chance.choice((-1, 1, 1, -2, 5, -40, 300, -300))
        side.set(chance.randint(9_400, 10_600) / TICKS, float(chance.randint(0, 3)))

        assert side.sizes(twice_mid) == summed_anew(side, twice_mid)


@seed(20_240_301)
@settings(max_examples=50)
@given(st.permutations([(9_990 + n, 0.1 * n + 1e-8) for n in range(1, 9)]))
def test_sums_do_not_depend_on_the_order_of_what_came(levels: list[tuple[int, float]]) -> None:
    side = Side(1, TICKS)
    for tick, size in levels:
        side.set(tick / TICKS, 7.7)
        side.set(tick / TICKS, size)

    assert side.size() == 3.60000008
    assert side.sizes(20_000) == (3.60000008,) * 4


def test_a_band_takes_the_level_at_its_edge_and_none_behind_it() -> None:
    bids, asks = Side(1, TICKS), Side(-1, TICKS)
    for nth, bps in enumerate((10, 11, 50, 51, 200, 201, 500, 501)):
        bids.set((10_000 - bps) / TICKS, 10.0**nth)
        asks.set((10_000 + bps) / TICKS, 10.0**nth)

    for side in (bids, asks):
        assert side.sizes(20_000) == (1.0, 111.0, 11_111.0, 1_111_111.0)
        assert side.size() == 11_111_111.0


@pytest.mark.parametrize("sign", [1, -1])
def test_what_lies_behind_the_reach_is_unknown_but_for_the_sum_of_all(sign: int) -> None:
    side = Side(sign, TICKS)
    for bps in (5, 50):
        side.set((10_000 - sign * bps) / TICKS, 1.0)

    side.reach = side.keys[0]

    assert side.sizes(20_000) == (1.0, 2.0, None, None)
    assert side.size() == 2.0
    side.reach = inf
    assert side.sizes(20_000) == (None,) * 4


class Seen(dict[int, tuple[float, float, int]]):
    """Levels that remember which of them were asked for."""

    def __init__(self, levels: dict[int, tuple[float, float, int]]) -> None:
        super().__init__(levels)
        self.asked: list[int] = []

    def __getitem__(self, key: int) -> tuple[float, float, int]:
        self.asked.append(key)
        return super().__getitem__(key)


def test_a_mid_that_moves_looks_at_no_level_but_those_that_an_edge_passes() -> None:
    side = Side(1, TICKS)
    for tick in range(5_000, 10_000):
        side.set(tick / TICKS, 1.0)
    side.sizes(20_000)
    side.levels = seen = Seen(side.levels)

    sizes = side.sizes(20_020)

    passed = [*range(9_500, 9_510), *range(9_800, 9_810), *range(9_950, 9_960)]
    assert sorted(seen.asked) == [*passed, *range(9_990, 10_000)]
    assert sizes == summed_anew(side, 20_020)
