"""What networks share: features in one scale, training that ends early, and one thread.

A network is trained by JAX and kept as plain arrays, with which numpy scores: so a score takes no
compilation, and whoever only reads needs no library.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leadline.feed import Row
from leadline.fitted import Unfit

Numbers = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]
Arrays = Sequence[npt.NDArray[Any]]

LEAST_TOLD = 0.02  # of all rows; what is told more seldom has no scale
FAR = 8.0  # in scales: what is further is learned from as if it were here, and scored as it is
HELD = 0.1  # of the sessions, the last ones, are not learned from but say when to stop
PLAIN_IQR = 1.349  # the quartiles of a bell are so many standard deviations apart


@dataclass(frozen=True)
class Scale:
    """The middle and the usual distance of each feature, of what was learned from."""

    names: list[str]
    middle: Numbers
    width: Numbers

    @classmethod
    def of(cls, given: pa.Table) -> "Scale":
        """Return the scale of the features that can be learned from."""
        names = [
            field.name
            for field in given.schema
            if pa.types.is_floating(field.type) and field.name not in ("score", "probability")
        ]
        kept, middle, width = [], [], []
        for name in names:
            values = given[name].drop_null().to_numpy()
            if len(values) < max(2, LEAST_TOLD * len(given)):
                continue
            low, half, high = np.quantile(values, [0.25, 0.5, 0.75])
            if high > low:
                kept.append(name)
                middle.append(float(half))
                width.append(float(high - low) / PLAIN_IQR)
        if len(kept) < 2:
            raise Unfit(f"{len(kept)} of its {len(names)} features tell anything that changes")
        return cls(kept, np.array(middle), np.array(width))

    def of_rows(self, given: pa.Table) -> tuple[Numbers, Marks]:
        """Return rows in scales, 0 where nothing is told, and where something is."""
        columns = [given[name].cast(pa.float64()).to_numpy() for name in self.names]
        found = np.column_stack(columns)
        is_told = np.isfinite(found)
        scaled = (np.where(is_told, found, self.middle) - self.middle) / self.width
        return scaled, is_told


def of_anomaly(line: Row, **said: Any) -> Row:
    """Return what is said of an entity's session."""
    own = {name: line[name] for name in ("entity", "session_date", "known_at")}
    return {**own, "measure": "anomaly", **said}


def parts(names: Sequence[str], shares: Numbers, is_told: Marks) -> dict[str, float]:
    """Return what each feature that is told adds to a score, largest first."""
    found = [
        (name, round(float(share), 6))
        for name, share, told in zip(names, shares, is_told, strict=True)
        if told
    ]
    return dict(sorted(found, key=lambda each: (-each[1], each[0])))


def last_sessions(sessions: npt.NDArray[Any]) -> Marks:
    """Return which rows are of the last tenth of the sessions."""
    kinds = np.unique(sessions)
    first = kinds[-max(1, round(HELD * len(kinds)))]
    return np.asarray(sessions >= first)


def a_few(rows: npt.NDArray[np.int64], most: int, chance: np.random.Generator) -> Any:
    """Return at most so many of some rows, in their order."""
    if len(rows) <= most:
        return rows
    return np.sort(chance.choice(rows, most, replace=False))


def jax_alone() -> Any:
    """Import JAX on the processor, with one thread for what it sums up."""
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    flag = "--xla_cpu_multi_thread_eigen=false"
    if flag not in os.environ.get("XLA_FLAGS", ""):
        os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {flag}".strip()
    import jax

    return jax


def settled(
    model: Any,
    loss: Callable[..., Any],
    train: Arrays,
    held: Arrays,
    *,
    batch: int,
    rounds: int,
    patience: int,
    rate: float,
    chance: np.random.Generator,
) -> tuple[Any, str]:
    """Train a network until what is held back gets no better; return the best one, and a note.

    loss: of a network and arrays whose first axis is the row.
    """
    jax = jax_alone()
    import equinox as eqx
    import optax

    n = len(train[0])
    batch = min(batch, n)
    network, plan = eqx.partition(model, eqx.is_inexact_array)
    climb = optax.adam(rate)

    def of(network: Any, *rows: Any) -> Any:
        return loss(eqx.combine(network, plan), *rows)

    def step(state: Any, rows: Any) -> Any:
        network, memory = state
        value, slope = jax.value_and_grad(of)(network, *(array[rows] for array in taught))
        change, memory = climb.update(slope, memory)
        return (optax.apply_updates(network, change), memory), value

    taught = [jax.numpy.asarray(array) for array in train]
    proof = [jax.numpy.asarray(array) for array in held]
    one_round = jax.jit(lambda state, order: jax.lax.scan(step, state, order))
    proven = jax.jit(of)
    state = network, climb.init(network)
    best, best_loss, best_round = network, float(proven(network, *proof)), 0
    for turn in range(1, rounds + 1):
        order = chance.permutation(n)[: n // batch * batch].reshape(-1, batch)
        state, _ = one_round(state, order)
        value = float(proven(state[0], *proof))
        if not np.isfinite(value):
            raise Unfit(f"its loss was no number after {turn} rounds")
        if value < best_loss:
            best, best_loss, best_round = state[0], value, turn
        elif turn - best_round >= patience:
            break
    note = f"{n:,} rows, {turn} rounds, the best the {best_round}., loss {best_loss:.4f}"
    return jax.tree.map(np.asarray, eqx.combine(best, plan)), note
