"""Anomalies by what a narrow network can't tell again: it has learned how features go together.

Three layers squeeze a session's features through fewer numbers than there are features. Each
feature's miss is taken in its usual misses, so that no loud one drowns the others; the score is the
mean of their squares over the features that are told. What is not told is neither guessed nor held
against anybody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from leadline.feed import Row
from leadline.fitted import Fitted, Unfit
from models._deep import (
    FAR,
    Marks,
    Numbers,
    Scale,
    a_few,
    jax_alone,
    last_sessions,
    of_anomaly,
    parts,
    settled,
)

FITTED = Fitted(
    reads="features.anomaly_inputs",
    measure="anomaly",
    learns="252 sessions",
    least_sessions=60,
    library=("jax", "equinox", "optax"),
    extra="deep",
    settings={
        "hidden": 32, "narrow_frac": 0.34, "most_rows": 20_000, "batch": 256, "rounds": 60,
        "patience": 5, "rate": 3e-3,
    },
    seed=20_240_301,
)  # fmt: skip
LEAST_ROWS = 500  # a network of a thousand numbers learns nothing from fewer; a guess


@dataclass(frozen=True)
class Network:
    """The layers as plain arrays, the scale of what goes in, and how far it usually misses."""

    scale: Scale
    layers: list[tuple[Numbers, Numbers]]
    miss: Numbers
    note: str

    def shares(self, given: pa.Table) -> tuple[Numbers, Marks]:
        """Return each feature's squared miss in its usual ones, 0 where nothing is told."""
        scaled, is_told = self.scale.of_rows(given)
        return (self.misses(scaled, is_told) / self.miss) ** 2, is_told

    def misses(self, scaled: Numbers, is_told: Marks) -> Numbers:
        """Return how far each feature is from what the network makes of all."""
        told = np.clip(scaled, -FAR, FAR)
        found = np.concatenate([told, is_told], axis=1)
        *first, last = self.layers
        for weights, bias in first:
            found = np.tanh(found @ weights.T + bias)
        weights, bias = last
        return np.where(is_told, scaled - (found @ weights.T + bias), 0.0)


def fit(given: pa.Table, settings: Mapping[str, Any], seed: int) -> Network:
    """Return the network that was best for the last tenth of the sessions."""
    if len(given) < LEAST_ROWS:
        raise Unfit(f"{len(given):,} of the {LEAST_ROWS:,} rows that it needs are there")
    scale = Scale.of(given)
    scaled, is_told = scale.of_rows(given)
    chance = np.random.default_rng(seed)
    sessions = given["session_date"].to_numpy()
    is_held = last_sessions(sessions)
    most = settings["most_rows"]
    learned = a_few(np.flatnonzero(~is_held), most, chance)
    held = a_few(np.flatnonzero(is_held), most // 4, chance)
    if not len(learned):
        raise Unfit("all of its rows are of one session")
    rows = [np.clip(scaled, -FAR, FAR).astype(np.float32), is_told.astype(np.float32)]
    n = len(scale.names)
    model = _network(n, settings["hidden"], max(1, round(settings["narrow_frac"] * n)), seed)
    found, note = settled(
        model, _loss, [each[learned] for each in rows], [each[held] for each in rows],
        batch=settings["batch"], rounds=settings["rounds"], patience=settings["patience"],
        rate=settings["rate"], chance=chance,
    )  # fmt: skip
    layers = [(np.asarray(w, float), np.asarray(b, float)) for w, b in found]
    plain = Network(scale, layers, np.ones(n), note)
    own = plain.misses(scaled[learned], is_told[learned])
    miss = [
        np.quantile(np.abs(column[told]), 0.6827) for column, told in _told(own, is_told[learned])
    ]
    return Network(scale, layers, np.maximum(miss, 1e-3), note)


def score(fitted: Network, given: pa.Table) -> Iterator[Row]:
    """Yield how oddly each row's features go together."""
    shares, is_told = fitted.shares(given)
    own = given.select(["entity", "session_date", "known_at"]).to_pylist()
    for line, share, told in zip(own, shares, is_told, strict=True):
        if told.any():
            said = parts(fitted.scale.names, share / told.sum(), told)
            yield of_anomaly(line, score=float(share.sum() / told.sum()), parts=said)
        else:
            yield of_anomaly(line, reason="none of the features that it knows is told")


def learned(fitted: Network, given: pa.Table) -> Numbers:
    """Return the scores of what was learned from."""
    shares, is_told = fitted.shares(given)
    n = is_told.sum(axis=1)
    return np.asarray(shares.sum(axis=1)[n > 0] / n[n > 0])


def _told(values: Numbers, is_told: Marks) -> Iterator[tuple[Numbers, Marks]]:
    """Yield each feature with the rows that tell it; one that none of these tells stands whole."""
    for column, told in zip(values.T, is_told.T, strict=True):
        yield column, told if told.any() else np.ones_like(told)


def _network(n: int, hidden: int, narrow: int, seed: int) -> list[tuple[Any, Any]]:
    """Return the layers before they have learned: features and marks, hidden, narrow, features."""
    jax = jax_alone()
    sizes = [2 * n, hidden, narrow, n]
    keys = jax.random.split(jax.random.key(seed), 3)
    return [
        (jax.random.normal(key, (out, into)) / into**0.5, jax.numpy.zeros(out))
        for key, into, out in zip(keys, sizes, sizes[1:], strict=False)
    ]


def _loss(layers: Any, scaled: Any, is_told: Any) -> Any:
    """Return the mean miss; a large one counts by its size and not its square."""
    jax = jax_alone()
    found = jax.numpy.concatenate([scaled, is_told], axis=1)
    for weights, bias in layers[:-1]:
        found = jax.numpy.tanh(found @ weights.T + bias)
    weights, bias = layers[-1]
    off = jax.numpy.abs(found @ weights.T + bias - scaled) * is_told
    huber = jax.numpy.where(off < 1, off * off / 2, off - 0.5)
    return huber.sum() / jax.numpy.maximum(is_told.sum(), 1)
