"""The market's regime by a hidden Markov chain: returns of each state are a bell of its own width.

Only filtered probabilities are told: of a session they know what came before it and itself. The
likeliest path (Viterbi) and smoothed probabilities know what came after, so nobody could have known
them. The chain goes on from where the fit left it.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from leadline.feed import Row
from leadline.fitted import Fitted, Unfit
from models._regimes import (
    LEAST_SESSIONS,
    Numbers,
    missing,
    numbers,
    of_regime,
    ordered,
    probable,
)

FITTED = Fitted(
    reads="features.market_regime_inputs",
    measure="regime",
    learns="all",
    least_sessions=LEAST_SESSIONS,
    before="60 sessions",
    library=("hmmlearn", "scikit-learn"),
    extra="models",
    settings={"n_states": 3, "n_iter": 500, "tol": 1e-3, "stay": 0.97, "sure_sessions": 250},
)
MONTH = 21  # sessions
PLACES = {2: (0, 2), 3: (0, 1, 2)}  # two states are calm and stressed


@dataclass(frozen=True)
class Chain:
    """States in the order of their volatility, and how likely each was after the last session."""

    mean: Numbers
    variance: Numbers
    steps: Numbers
    last: date
    after: Numbers
    note: str

    def filtered(self, before: Numbers, value: float | None) -> Numbers:
        """Return how likely each state is once a session's return, in percent, is known."""
        chances = before @ self.steps
        if value is None:
            return np.asarray(chances)
        off = (value - self.mean) ** 2 / self.variance
        told = chances * np.exp(-(off - off.min()) / 2) / np.sqrt(self.variance)
        return np.asarray(told / told.sum())


def fit(given: pa.Table, settings: Mapping[str, Any], seed: int) -> Chain:
    """Return the chain; it starts from calm and wild months, so it takes no chance."""
    from hmmlearn.hmm import GaussianHMM

    rows = ordered(given)
    values = 100 * numbers(rows, ["return_log"])
    told = values[np.isfinite(values)].reshape(-1, 1)
    if len(told) < LEAST_SESSIONS:
        raise Unfit(f"{len(told):,} of the {LEAST_SESSIONS:,} returns that it needs are there")
    if np.ptp(told) == 0:
        raise Unfit("return_log is the same in every session")
    n, stay = settings["n_states"], settings["stay"]
    if n not in PLACES:
        raise Unfit(f"n_states is {n}; it can be 2 or 3")
    logging.getLogger("hmmlearn").setLevel(logging.ERROR)  # what it warns of is looked at below
    steps = np.where(np.eye(n) == 1, stay, (1 - stay) / (n - 1))
    model = GaussianHMM(
        n, "diag", n_iter=settings["n_iter"], tol=settings["tol"], init_params="", min_covar=1e-6,
        # Else a state may be of quiet days here and there, and no stretch of time.
        transmat_prior=1 + settings["sure_sessions"] * steps,
    )  # fmt: skip
    model.startprob_ = np.full(n, 1 / n)
    model.transmat_ = steps
    model.means_ = np.full((n, 1), told.mean())
    model.covars_ = np.array([[max(each, 1e-6)] for each in _start(told[:, 0], n)])
    model.fit(told)
    history = list(model.monitor_.history)
    if len(history) < 2 or not history[-1] - history[-2] < settings["tol"]:
        raise Unfit(f"its states were not settled after {settings['n_iter']} rounds")
    variance = model.covars_.reshape(n)
    if not np.isfinite(variance).all() or not np.isfinite(model.transmat_).all():
        raise Unfit("one of its states has no session left")
    order = np.argsort(variance, kind="stable")
    steps = model.transmat_[order][:, order]
    chain = Chain(
        model.means_.reshape(n)[order], variance[order], steps, date.min, _long_run(steps), ""
    )
    after = chain.after
    for value in values[:, 0]:
        after = chain.filtered(after, float(value) if np.isfinite(value) else None)
    width = ", ".join(f"{each:.3f}" for each in np.sqrt(chain.variance))
    held = ", ".join(f"{each:.3f}" for each in np.diag(chain.steps))
    note = f"{len(told):,} returns in {len(history)} rounds; volatility in percent a day: {width}; "
    return Chain(
        chain.mean, chain.variance, chain.steps, rows["session_date"][-1].as_py(), after,
        f"{note}each goes on with {held}",
    )  # fmt: skip


def score(fitted: Chain, given: pa.Table) -> Iterator[Row]:
    """Yield how likely each state is at each session after the last that was learned from."""
    after = fitted.after
    for line in ordered(given).to_pylist():
        if line["session_date"] <= fitted.last:
            continue
        value = line["return_log"]
        after = fitted.filtered(after, None if value is None else 100 * value)
        yield missing(line, ["return_log"]) or of_regime(
            line, **probable(after, PLACES[len(fitted.mean)])
        )


def _start(values: Numbers, n: int) -> list[float]:
    """Return the variance of the calmest months, and so on to that of the wildest.

    From parts by the size of single days a state comes to be of quiet days here and there.
    """
    squares = (values - values.mean()) ** 2
    month = np.convolve(squares, np.ones(MONTH) / MONTH, mode="same")
    parts = np.array_split(np.argsort(month, kind="stable"), n)
    return [float(squares[part].mean()) for part in parts]


def _long_run(steps: Numbers) -> Numbers:
    """Return how likely each state is when nothing is known."""
    n = len(steps)
    found, *_ = np.linalg.lstsq(
        np.vstack([steps.T - np.eye(n), np.ones(n)]), np.append(np.zeros(n), 1), rcond=None
    )
    return np.asarray(np.clip(found, 0, None) / np.clip(found, 0, None).sum())
