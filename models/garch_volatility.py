"""The volatility of the next session by GARCH(1,1): what a day adds to it fades.

A row says, once its session's return is known, how volatile the next session will be. Each entity
has a fit of its own on all of its returns; the variance goes on from where the fit left it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from leadline.feed import Row
from leadline.fitted import Fitted, Unfit
from models._regimes import LEAST_SESSIONS, Numbers, numbers, ordered

FITTED = Fitted(
    reads="features.regime_inputs",
    measure="volatility",
    learns="all",
    least_sessions=LEAST_SESSIONS,
    before="60 sessions",
    library=("arch",),
    extra="models",
)
ENDLESS = 0.9999  # of alpha + beta: from here on a variance has no mean to draw back to


class Garch(NamedTuple):
    """One entity's fit, of returns in percent, and its variance for the session after the last."""

    mu: float
    omega: float
    alpha: float
    beta: float
    last: date
    variance: float

    def following(self, variance: float, value: float) -> float:
        """Return the variance of the session after one."""
        return self.omega + self.alpha * (value - self.mu) ** 2 + self.beta * variance


@dataclass(frozen=True)
class Fits:
    """What was fitted to each entity, or why nothing was."""

    found: dict[str, Garch]
    reasons: dict[str, str]
    note: str


def fit(given: pa.Table, settings: Mapping[str, Any], seed: int) -> Fits:
    """Return a fit of each entity; the likelihood is climbed from a fixed start, without chance."""
    rows = ordered(given)
    entities = np.asarray(rows["entity"].to_pylist(), dtype=object)
    values = 100 * numbers(rows, ["return_log"])[:, 0]
    days = np.asarray(rows["session_date"].to_pylist(), dtype=object)
    found, reasons = dict[str, Garch](), dict[str, str]()
    for entity in sorted(set(entities)):
        own = (entities == entity) & np.isfinite(values)
        try:
            found[entity] = _fit(values[own], days[own])
        except Unfit as error:
            reasons[entity] = str(error)
    if not found:
        several = sorted(set(reasons.values()))
        raise Unfit("; ".join(several[:2]) or "there is no return")
    note = f"{len(found):,} of {len(found) + len(reasons):,} entities have a fit"
    return Fits(found, reasons, note)


def score(fitted: Fits, given: pa.Table) -> Iterator[Row]:
    """Yield each entity's volatility of the next session, a fraction a day."""
    standing = {entity: garch.variance for entity, garch in fitted.found.items()}
    for line in ordered(given).to_pylist():
        entity, value = line["entity"], line["return_log"]
        own = {name: line[name] for name in ("entity", "session_date", "known_at")}
        said = {**own, "measure": "volatility"}
        garch = fitted.found.get(entity)
        if garch is None:
            why = fitted.reasons.get(entity, "it was not there when the model was fitted")
            yield {**said, "reason": why}
            continue
        if line["session_date"] <= garch.last:
            continue
        if value is None:
            yield {**said, "reason": "no return_log"}
            continue
        standing[entity] = garch.following(standing[entity], 100 * value)
        parts = {name: round(getattr(garch, name), 9) for name in ("omega", "alpha", "beta")}
        yield {**said, "score": standing[entity] ** 0.5 / 100, "parts": parts}


def _fit(values: Numbers, days: Any) -> Garch:
    if len(values) < LEAST_SESSIONS:
        raise Unfit(f"{len(values):,} of the {LEAST_SESSIONS:,} returns that it needs are there")
    if np.ptp(values) == 0:
        raise Unfit("return_log is the same in every session")
    from arch import arch_model

    found = arch_model(values, mean="Constant", vol="GARCH", p=1, q=1, rescale=False).fit(
        disp="off", show_warning=False
    )
    mu, omega, alpha, beta = (float(each) for each in found.params)
    if found.convergence_flag != 0 or not np.isfinite(found.params).all():
        raise Unfit("the likelihood's climb did not end")
    if alpha + beta >= ENDLESS:
        raise Unfit("alpha and beta add up to 1: the variance has no mean")
    last = float(np.asarray(found.conditional_volatility)[-1]) ** 2
    garch = Garch(mu, omega, alpha, beta, days[-1], 0.0)
    return garch._replace(variance=garch.following(last, float(values[-1])))
