"""The sample's options are priced as the books say."""

import numpy as np
import pytest

from loaders import _sample as sample
from loaders import _sample_chains as chains


def test_a_call_and_a_put_keep_parity() -> None:
    contracts = chains.listed()
    chain = chains.quotes(np.random.default_rng(1), contracts)
    years = np.array([(end - sample.LAST).days for end in contracts.expiration]) / 365
    calls = np.flatnonzero(contracts.is_call & (years > 0))
    held = contracts.strike * np.exp(-chains.RATE * years)

    # A put follows its call; volatility is the same for both.
    apart = chain.price[-1, calls] - chain.price[-1, calls + 1]

    assert apart == pytest.approx(chain.spot[-1, calls] - held[calls], abs=0.01)


def test_the_golden_price_of_the_rule_book_comes_out() -> None:
    # A4: S = K = 100, a quarter, 5 %, 20 %: delta of the call 0.569460.
    root = 0.2 * np.sqrt(0.25)
    d1 = (0.05 / 0.2**2 + 0.5) * root

    assert chains._normal(d1) == pytest.approx(0.569460, abs=1e-6)
