"""The adaptive whale score fires for large and tiny coins alike, which a sum of dollars can't.

CI asks three pairs for an hour; make soak asks fifty for a day.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from tests.whales import detector, whales

SEED = 37
BEGIN = int(datetime(2024, 8, 8, tzinfo=UTC).timestamp())
MICRO, HOUR = 1_000_000, 3_600
LARGEST_USD, SMALLEST_USD = 50_000, 2  # of the median order
FIXED_USD = 1_000_000  # one rule of dollars for all pairs


@dataclass(frozen=True)
class Told:
    """How often a pair with such a median order fired in the hours after the first ones."""

    median_usd: float
    adaptive: int
    fixed: int


def invented(median_usd: float, n_adds: int, hours: int, seed: int) -> pa.Table:
    """Invent a book whose orders have fat tails, the farther the larger, and rest in proportion."""
    chance = np.random.default_rng([SEED, seed])
    at = np.sort(chance.integers(0, hours * HOUR * MICRO, n_adds)) + BEGIN * MICRO
    far = chance.choice([1.0, 5.0, 20.0, 100.0, 300.0], n_adds, p=[0.35, 0.25, 0.2, 0.15, 0.05])
    side = chance.choice([1, -1], n_adds)
    mid = 100 * np.exp(np.cumsum(chance.normal(0, 1e-5, n_adds)))
    usual = median_usd / 100
    size = np.round(usual * np.exp(chance.normal(0.2 * np.log(far), 1.2)), 8)
    moments = pa.array(at).cast(pa.timestamp("us", "UTC"))
    place = np.arange(n_adds)
    columns = {
        "venue": ["made"] * n_adds, "pair": [f"C{seed}-USDT"] * n_adds, "known_at": moments,
        "exchange_at": moments, "epoch": ["1"] * n_adds, "update_id": place, "sequence": place,
        "order_id": place, "is_snapshot": [False] * n_adds, "book_side": side,
        "price": np.round(mid * (1 - side * far / 10_000), 4), "size": size,
        "prev_size": np.zeros(n_adds), "mid": mid, "best_bid": 0.9999 * mid,
        "best_ask": 1.0001 * mid,
    }  # fmt: skip
    for far_off, times in (("50bps", 60), ("500bps", 600), ("all", 2_000)):
        for name in ("bid", "ask"):
            depth = times * usual * np.exp(chance.normal(0, 0.3, n_adds)) + size
            columns[f"{name}_size_{far_off}"] = depth
    return pa.table(columns)


def told(n_pairs: int, hours: int, after: int, largest_rate: float) -> list[Told]:
    """Return what each of so many pairs fired, of ever smaller orders that come ever seldomer."""
    found = []
    for n in range(n_pairs):
        share = n / (n_pairs - 1)
        median_usd = LARGEST_USD * (SMALLEST_USD / LARGEST_USD) ** share
        n_adds = int(hours * HOUR * largest_rate * 0.2**share)
        begin = f"make_timestamptz({(BEGIN + after * HOUR) * MICRO})"
        with whales(invented(median_usd, n_adds, hours, n)) as con:
            counts = con.execute(
                "select count(*), (select count(*) from features.whale_adds "
                f"where notional_usd >= {FIXED_USD} and known_at >= {begin}) "
                f"from ({detector(2)}) where score >= 20 and fired_at >= {begin}"
            ).fetchall()
        found.append(Told(median_usd, *counts[0]))
    return found


def test_a_tiny_coin_fires_as_a_large_one_does_and_dollars_see_large_ones_only() -> None:
    found = told(3, hours=3, after=2, largest_rate=2.5)

    assert all(4 <= each.adaptive <= 100 for each in found), found
    assert found[0].fixed > 100
    assert found[-1].fixed == 0


@pytest.mark.soak
@pytest.mark.timeout(0)  # a pair takes ten seconds
def test_fifty_pairs_stay_within_a_band_where_a_sum_of_dollars_does_not() -> None:
    found = told(50, hours=48, after=24, largest_rate=0.25)

    print(*found, sep="\n")
    assert all(25 <= each.adaptive <= 400 for each in found), found
    assert sum(not 25 <= each.fixed <= 400 for each in found) > 40
