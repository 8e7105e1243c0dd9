"""The hidden chain finds known switches by what came before alone."""

import pickle
from typing import Any

import numpy as np
import pytest

from leadline.fitted import Unfit
from models import regime_hmm
from models.regime_hmm import Chain
from tests.regimes import table, told, two_states

SETTINGS = regime_hmm.FITTED.settings
TWO = {**SETTINGS, "n_states": 2}
N, LEARNED = 1_500, 1_000
STATES, RETURNS = two_states(N, 3, 7)
ROWS = table(RETURNS)


@pytest.fixture(scope="module")
def chain() -> Chain:
    return regime_hmm.fit(ROWS.slice(0, LEARNED), TWO, 1)


def scores(chain: Chain, rows: Any = ROWS) -> list[Any]:
    return list(regime_hmm.score(chain, rows))


def test_nine_of_ten_sessions_of_a_market_thrice_as_wild_are_told_rightly(chain: Chain) -> None:
    said = scores(chain)

    right = np.mean([row["score"] / 2 for row in said] == STATES[LEARNED:])
    assert right >= 0.9
    assert chain.variance[1] / chain.variance[0] == pytest.approx(9, rel=0.25)


def test_a_session_says_the_same_whatever_comes_after_it(chain: Chain) -> None:
    whole = scores(chain)
    until = LEARNED + 200

    cut = scores(chain, ROWS.slice(0, until))
    alone = list(told(regime_hmm, chain, ROWS.slice(0, LEARNED + 20), LEARNED, 60))

    assert cut == whole[:200]
    assert alone == whole[:20]


def test_the_chain_goes_on_from_where_the_fit_left_it(chain: Chain) -> None:
    whole = np.full(2, 0.5)
    for value in RETURNS[: LEARNED + 30]:
        whole = chain.filtered(whole, 100 * value)

    last = scores(chain, ROWS.slice(0, LEARNED + 30))[-1]

    assert last["parts"]["p_stressed"] == pytest.approx(whole[1], abs=1e-6)


def test_states_stand_in_the_order_of_their_volatility_after_every_refit() -> None:
    fits = [regime_hmm.fit(ROWS.slice(0, n), SETTINGS, 1) for n in (800, 1_100, 1_400)]

    assert all((np.diff(each.variance) > 0).all() for each in fits)


def test_quiet_days_here_and_there_are_no_state() -> None:
    chance = np.random.default_rng(3)
    quiet = np.where(chance.random(N) < 0.1, 0.05, 1)  # a tenth of all days hardly moves

    found = regime_hmm.fit(table(RETURNS * quiet), SETTINGS, 1)

    assert np.diag(found.steps).min() > 0.9


def test_the_same_rows_give_the_same_bits() -> None:
    one, other = (regime_hmm.fit(ROWS.slice(0, 600), SETTINGS, 1) for _ in range(2))

    assert pickle.dumps(one) == pickle.dumps(other)


def test_a_session_without_a_return_says_so_and_the_chain_goes_on(chain: Chain) -> None:
    holed = RETURNS[: LEARNED + 3].copy()
    holed[LEARNED + 1] = np.nan
    rows = table(holed)
    rows = rows.set_column(
        rows.column_names.index("return_log"), "return_log",
        [[None if np.isnan(each) else each for each in holed]],
    )  # fmt: skip

    before, without, after = scores(chain, rows)

    assert without["reason"] == "no return_log"
    assert before["score"] in (0, 2)
    assert after["probability"] > 0.5


@pytest.mark.parametrize(
    ("returns", "settings", "why"),
    [
        (RETURNS[:503], SETTINGS, "503 of the 504 returns that it needs are there"),
        (np.zeros(600), SETTINGS, "return_log is the same in every session"),
        (RETURNS[:1], SETTINGS, "1 of the 504 returns that it needs are there"),
        (RETURNS[:600], {**SETTINGS, "n_states": 5}, "n_states is 5; it can be 2 or 3"),
        (RETURNS[:600], {**SETTINGS, "n_iter": 2}, "its states were not settled after 2 rounds"),
    ],
)
def test_what_cannot_be_fitted_says_why(returns: Any, settings: Any, why: str) -> None:
    with pytest.raises(Unfit) as caught:
        regime_hmm.fit(table(returns), settings, 1)

    assert str(caught.value) == why
