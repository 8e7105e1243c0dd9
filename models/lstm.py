"""Anomalies by what thirty sessions did not foretell: a network (LSTM) forecasts the next one.

Each feature's squared miss is taken in its trailing variance: that of its own thirty sessions,
drawn to what the network usually misses by where few of them are told. The score is the mean over
the features that are told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
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

LENGTH = 30  # sessions, rule book F4
FITTED = Fitted(
    reads="features.anomaly_inputs",
    measure="anomaly",
    learns="252 sessions",
    least_sessions=60,
    before=f"{LENGTH} sessions",
    library=("jax", "equinox", "optax"),
    extra="deep",
    settings={
        "hidden": 16, "most_rows": 8_000, "batch": 256, "rounds": 20, "patience": 3, "rate": 5e-3,
    },
    seed=20_240_301,
)  # fmt: skip
LEAST_BEFORE = 10  # sessions of the thirty: fewer foretell nothing; a guess
LEAST_ROWS = 500  # likewise
DRAWN = 10.0  # sessions that the usual variance counts for
MOST_QUANTILES = 12_000  # rows whose scores tell how scores lie; 99.95 % needs 10,000


class Grid(NamedTuple):
    """Entities by sessions, each cell the features in scales, 0 where nothing is told."""

    entities: dict[str, int]
    sessions: dict[Any, int]
    scaled: npt.NDArray[np.float32]
    is_told: Marks

    @classmethod
    def of(cls, given: pa.Table, scale: Scale) -> "Grid":
        """Lay rows out."""
        entities, sessions = given["entity"].to_pylist(), given["session_date"].to_pylist()
        rows = {each: n for n, each in enumerate(sorted(set(entities)))}
        columns = {each: n for n, each in enumerate(sorted(set(sessions)))}
        scaled, is_told = scale.of_rows(given)
        shape = len(rows), len(columns), len(scale.names)
        found = cls(rows, columns, np.zeros(shape, np.float32), np.zeros(shape, bool))
        at = [rows[each] for each in entities], [columns[each] for each in sessions]
        found.scaled[at], found.is_told[at] = scaled, is_told
        return found

    def before(self, cells: npt.NDArray[np.int64]) -> tuple[Numbers, Marks]:
        """Return the thirty sessions before each cell (entity, session), and what they tell."""
        place = cells[:, 1:] + np.arange(-LENGTH, 0)
        rows = cells[:, :1], np.maximum(place, 0)
        is_told = self.is_told[rows] & (place >= 0)[:, :, None]
        return np.clip(self.scaled[rows], -FAR, FAR) * is_told, is_told

    def cells(self, first: int) -> npt.NDArray[np.int64]:
        """Return the cells from a session on that tell something, with enough before them."""
        is_there = self.is_told.any(axis=2)
        sums = np.cumsum(np.pad(is_there, ((0, 0), (LENGTH, 0))), axis=1)
        n_before: npt.NDArray[np.int64] = (
            sums[:, LENGTH:] - is_there - np.pad(sums, ((0, 0), (1, 0)))[:, : -LENGTH - 1]
        )
        found = np.argwhere(is_there & (n_before >= LEAST_BEFORE))
        return found[found[:, 1] >= first]


@dataclass(frozen=True)
class Forecast:
    """The network as plain arrays, the scale of what goes in, and its usual squared miss."""

    scale: Scale
    into: Numbers
    again: Numbers
    bias: Numbers
    out: Numbers
    out_bias: Numbers
    variance: Numbers
    note: str

    def shares(self, grid: Grid, cells: npt.NDArray[np.int64]) -> tuple[Numbers, Marks]:
        """Return each feature's squared miss in its trailing variance, 0 where nothing is told."""
        past, was_told = grid.before(cells)
        at = cells[:, 0], cells[:, 1]
        is_told, actual = grid.is_told[at], grid.scaled[at].astype(float)
        off = np.where(is_told, actual - self.foretold(past, was_told), 0.0)
        n = was_told.sum(axis=1)
        variance = ((past.astype(float) ** 2).sum(axis=1) + DRAWN * self.variance) / (n + DRAWN)
        return off**2 / variance, is_told

    def foretold(self, past: Numbers, was_told: Marks) -> Numbers:
        """Return the forecast of the session after each sequence."""
        hidden = memory = np.zeros((len(past), self.again.shape[1]))
        for turn in range(LENGTH):
            seen = np.concatenate([past[:, turn], was_told[:, turn]], axis=1)
            gates = seen @ self.into.T + hidden @ self.again.T + self.bias
            let_in, keep, new, show = np.split(gates, 4, axis=1)
            memory = _sigmoid(keep) * memory + _sigmoid(let_in) * np.tanh(new)
            hidden = _sigmoid(show) * np.tanh(memory)
        return np.asarray(hidden @ self.out.T + self.out_bias)


def fit(given: pa.Table, settings: Mapping[str, Any], seed: int) -> Forecast:
    """Return the network that was best for the last tenth of the sessions."""
    scale = Scale.of(given)
    grid = Grid.of(given, scale)
    cells = grid.cells(0)
    if len(cells) < LEAST_ROWS:
        said = f"{len(cells):,} of the {LEAST_ROWS:,} rows that it needs"
        raise Unfit(f"{said} have {LEAST_BEFORE} sessions before them")
    chance = np.random.default_rng(seed)
    is_held = last_sessions(cells[:, 1])
    most = settings["most_rows"]
    own = cells[a_few(np.flatnonzero(~is_held), most, chance)]
    proof = cells[a_few(np.flatnonzero(is_held), most // 4, chance)]
    if not len(own):
        raise Unfit("all of its rows are of one session")
    model = _network(len(scale.names), settings["hidden"], seed)
    found, note = settled(
        model, _loss, _rows(grid, own), _rows(grid, proof), batch=settings["batch"],
        rounds=settings["rounds"], patience=settings["patience"], rate=settings["rate"],
        chance=chance,
    )  # fmt: skip
    cell, out = found
    forecast = _plain(scale, cell, out, np.ones(len(scale.names)), note)
    at = own[:, 0], own[:, 1]
    is_told = grid.is_told[at]
    actual = np.clip(grid.scaled[at].astype(float), -FAR, FAR)
    off = np.where(is_told, actual - forecast.foretold(*grid.before(own)), 0.0)
    variance = (off**2).sum(axis=0) / np.maximum(is_told.sum(axis=0), 1)
    return _plain(scale, cell, out, np.maximum(variance, 1e-6), note)


def score(fitted: Forecast, given: pa.Table) -> Iterator[Row]:
    """Yield how far each row of the last session is from what its past foretold."""
    grid = Grid.of(given, fitted.scale)
    newest = max(grid.sessions.values())
    cells = grid.cells(newest)
    shares, is_told = fitted.shares(grid, cells)
    found = {
        int(cell[0]): (share, told)
        for cell, share, told in zip(cells, shares, is_told, strict=True)
    }
    for line in given.select(["entity", "session_date", "known_at"]).to_pylist():
        if grid.sessions[line["session_date"]] != newest:
            continue
        row = grid.entities[line["entity"]]
        if row in found:
            share, told = found[row]
            said = parts(fitted.scale.names, share / told.sum(), told)
            yield of_anomaly(line, score=float(share.sum() / told.sum()), parts=said)
        elif grid.is_told[row, newest].any():
            why = f"fewer than {LEAST_BEFORE} of the {LENGTH} sessions before it are told"
            yield of_anomaly(line, reason=why)
        else:
            yield of_anomaly(line, reason="none of the features that it knows is told")


def learned(fitted: Forecast, given: pa.Table) -> Numbers:
    """Return the scores of what was learned from, of some of them where there are many."""
    grid = Grid.of(given, fitted.scale)
    cells = grid.cells(0)
    cells = cells[a_few(np.arange(len(cells)), MOST_QUANTILES, np.random.default_rng(0))]
    shares, is_told = fitted.shares(grid, cells)
    return np.asarray(shares.sum(axis=1) / is_told.sum(axis=1))


def _plain(scale: Scale, cell: Any, out: Any, variance: Numbers, note: str) -> Forecast:
    """Return the network as plain arrays."""
    into, again, bias, weights, out_bias = (
        np.asarray(each, float)
        for each in (cell.weight_ih, cell.weight_hh, cell.bias, out.weight, out.bias)
    )
    return Forecast(scale, into, again, bias, weights, out_bias, variance, note)


def _sigmoid(value: Numbers) -> Numbers:
    return np.asarray((1 + np.tanh(value / 2)) / 2)


def _rows(grid: Grid, cells: npt.NDArray[np.int64]) -> list[npt.NDArray[Any]]:
    """Return what goes in, what should come out, and where that is told."""
    past, was_told = grid.before(cells)
    at = cells[:, 0], cells[:, 1]
    seen = np.concatenate([past, was_told], axis=2).astype(np.float32)
    actual = np.clip(grid.scaled[at], -FAR, FAR).astype(np.float32)
    return [seen, actual, grid.is_told[at].astype(np.float32)]


def _network(n: int, hidden: int, seed: int) -> tuple[Any, Any]:
    jax = jax_alone()
    import equinox as eqx

    one, other = jax.random.split(jax.random.key(seed))
    return eqx.nn.LSTMCell(2 * n, hidden, key=one), eqx.nn.Linear(hidden, n, key=other)


def _loss(network: Any, seen: Any, actual: Any, is_told: Any) -> Any:
    """Return the mean miss; a large one counts by its size and not its square."""
    jax = jax_alone()
    cell, out = network

    def last(sequence: Any) -> Any:
        start = jax.numpy.zeros(cell.hidden_size), jax.numpy.zeros(cell.hidden_size)
        (hidden, _), _ = jax.lax.scan(lambda state, row: (cell(row, state), None), start, sequence)
        return out(hidden)

    off = jax.numpy.abs(jax.vmap(last)(seen) - actual) * is_told
    huber = jax.numpy.where(off < 1, off * off / 2, off - 0.5)
    return huber.sum() / jax.numpy.maximum(is_told.sum(), 1)
