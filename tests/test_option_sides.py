"""Who began a print: our views and a published reference library agree on 10,000 of them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pytest

from leadline.engine import scratch
from tests.doors import ROOT

if TYPE_CHECKING:
    import pandas as pd

SEED, N, N_CONTRACTS = 11, 10_000, 20
RULES = {
    "side_quote": [("quote", "best")],
    "side_tick": [("tick", "all")],
    "side_lee_ready": [("lr", "best")],
    "side_emo": [("emo", "best")],
    "side_clnv": [("clnv", "best")],
    "side_size": [("trade_size", "best")],
    "side_depth": [("depth", "best")],
    "stack": [("trade_size", "best"), ("quote", "best"), ("depth", "best"), ("tick", "all")],
}
STACK = "coalesce(side_size, side_quote, side_depth, side_tick) as stack"


@pytest.fixture(scope="module")
def prints() -> "pd.DataFrame":
    """Prints around a spread, in cents; a tenth without a quote, and some at equal prices."""
    chance = np.random.default_rng(SEED)
    bid = chance.integers(90, 110, N)
    ask = bid + chance.integers(1, 12, N)
    price = chance.integers(bid - 2, ask + 3)
    import pandas as pd

    made = pd.DataFrame(
        {
            "contract": chance.integers(0, N_CONTRACTS, N),
            "trade_price": price.astype(float),
            "bid_best": bid.astype(float),
            "ask_best": ask.astype(float),
            "trade_size": chance.integers(1, 6, N).astype(float),
            "bid_size_best": chance.integers(1, 6, N).astype(float),
            "ask_size_best": chance.integers(1, 6, N).astype(float),
        }
    )
    made.loc[chance.random(N) < 0.1, ["bid_best", "ask_best"]] = np.nan
    # The library is told the last other price; ours finds it.
    last: dict[int, float] = {}
    other: dict[int, float] = {}
    lags = []
    for contract, own in zip(made["contract"], made["trade_price"], strict=True):
        if contract in last and last[contract] != own:
            other[contract] = last[contract]
        last[contract] = own
        lags.append(other.get(contract, np.nan))
    return made.assign(price_all_lag=lags, price_best_lag=lags)


@pytest.fixture(scope="module")
def ours(prints: "pd.DataFrame") -> "pd.DataFrame":
    """What the view makes of them, ten a second."""
    given = prints.rename(
        columns={"trade_price": "price", "bid_best": "bid", "ask_best": "ask"}
    ).assign(place=range(N))
    with scratch() as con:
        con.execute("set timezone = 'UTC'; create schema curated")
        con.register("given", given)
        missing = {
            name: "null"
            for name in (
                "session_date", "underlying", "root", "expiration", "strike", "put_call",
                "premium_usd", "is_iso", "is_floor", "multiplier", "is_adjusted", "iv", "delta",
                "underlying_price", "block_id", "usd_rate", "withdrawn_at", "condition", "source",
                "side_told",
            )
        }  # fmt: skip
        cents = {name: f"cast(nullif({name}, 'nan') / 100 as decimal(18, 8))"
                 for name in ("price", "bid", "ask")}  # fmt: skip
        said: Mapping[str, str] = {
            **missing, **cents,
            "contract": "cast(contract as text)", "venue": "'CBOE'",
            "trade_id": "cast(place as text)", "sequence": "place", "size": "trade_size",
            "bid_size": "bid_size_best", "ask_size": "ask_size_best",
            "opt_trade_class": "'regular'",
            "known_at": "timestamptz '2024-03-01 15:00Z' + place * interval 100 milliseconds",
            "traded_at": "known_at",
        }  # fmt: skip
        columns = ", ".join(f"{sql} as {name}" for name, sql in said.items())
        con.execute(f"create table curated.option_prints as select {columns} from given")
        con.execute(
            "create table curated.option_quotes as select contract, known_at as stood_at, bid, "
            "ask, bid_size, ask_size from curated.option_prints limit 0"
        )
        for name in ("option_ticks", "option_sides"):
            text = (ROOT / f"sql/views/curated/{name}.v1.sql").read_text()
            con.execute(f"create view curated.{name} as {text}")
        sides = f"select *, {STACK} from curated.option_sides order by sequence"
        rows = con.sql(sides).to_arrow_table()
    return rows.to_pandas()


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_says_what_the_reference_says(
    rule: str, prints: "pd.DataFrame", ours: "pd.DataFrame"
) -> None:
    from tclf.classical_classifier import ClassicalClassifier  # with sklearn it takes long

    reference = ClassicalClassifier()
    reference.X_ = prints  # its fit() asks scikit-learn in a way that is gone; its rules need none
    wanted = np.zeros(N)
    for name, subset in RULES[rule]:
        said = getattr(reference, f"_{name}")(subset)
        wanted = np.where(wanted == 0, np.nan_to_num(said), wanted)

    found = ours[rule].fillna(0).to_numpy()

    is_edge = np.zeros(N, dtype=bool)
    if rule == "side_clnv":  # seven tenths of a spread are no double: its edges are chance there
        width = prints["ask_best"] - prints["bid_best"]
        for side in ("ask_best", "bid_best"):
            is_edge |= 10 * (prints["trade_price"] - prints[side]).abs() == 3 * width
    assert list(found[~is_edge]) == list(wanted[~is_edge])
    assert is_edge.sum() < N / 10
    assert len(set(wanted)) > 1


def test_no_price_was_lost_on_the_way(prints: "pd.DataFrame", ours: "pd.DataFrame") -> None:
    cents = [Decimal(int(price)) / 100 for price in prints["trade_price"]]

    assert list(ours["price"]) == cents
