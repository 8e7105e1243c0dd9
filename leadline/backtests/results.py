"""What the sets of one detector came to, as rows of backtest_results and backtest_returns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadline.backtests import chance
from leadline.backtests.bench import Told
from leadline.backtests.chance import Matrix
from leadline.backtests.folds import Walk, days_of
from leadline.backtests.grid import Trial
from leadline.backtests.judge import Judged, judged, traded
from leadline.backtests.rule import Tried, figures, sharpe_day
from leadline.backtests.series import COUNTS, RULE, Base, counts
from leadline.errors import QueryError

Row = dict[str, Any]
Cells: TypeAlias = dict[tuple[str, str], dict[str, dict[str, Any]]]
SLICES = ("regime", "time_of_day")
_EVERY = "all"
_LEAST_BLOCK = 5  # days: markets stay as they are for about a week


@dataclass(frozen=True)
class Measured:
    """The sets of one version of a detector, each with what it told, and the days of the bars."""

    trials: Sequence[Trial]
    told: Sequence[Told]
    bases: Sequence[Base]
    base_days: pa.Table
    walk: Walk | None  # None where nothing is walked forward
    best_by: str
    seed: int
    n_tried: int  # sets of this detector, in this run and all before it
    before: Mapping[str, Mapping[str, float]]  # Sharpe ratios a day of earlier ones, by horizon

    def results(self) -> Iterator[Row]:
        """Yield every row of backtest_results, but for those of events."""
        for base in self.bases:
            found = counts(
                [told.days for told in self.told], base.days, COUNTS,
                label=base.label, horizon=base.horizon,
            )  # fmt: skip
            drawn = self._drawn(base)
            lifts: Sequence[chance.Lift] = []
            if drawn is not None:
                signals, hits = found["n_signals"].T, found["n_hits"].T
                lifts = chance.lifts(drawn, base.n_bars, base.n_moves, signals, hits)
            for place, trial in enumerate(self.trials):
                own = {name: found[name][place].sum() for name in COUNTS}
                row = self._row(trial, base, own, base.n_bars.sum(), base.n_moves.sum())
                row |= _chance(lifts[place] if lifts else None, own["n_signals"], len(base.days))
                row["median_delay_s"] = _delay(self.told[place].days, base)
                yield row
                yield from self._slices(place, base)
            yield from self._forward(base, found)

    def returns(self) -> Iterator[Row]:
        """Yield every row of backtest_returns."""
        own = {base.horizon: base for base in self.bases}  # the labels of a horizon share its days
        for base in own.values():
            found = counts([told.rule for told in self.told], base.days, RULE, horizon=base.horizon)
            for place, (trial, told) in enumerate(zip(self.trials, self.told, strict=True)):
                for row in told.returns.to_pylist():
                    if row["horizon"] != base.horizon:
                        continue
                    row = {**row, **self._of(trial), **_mean(row)}
                    if row["slice_kind"] == _EVERY:
                        row |= self._rule(base, {name: found[name][place] for name in RULE})
                    yield row
            if self.walk:
                yield self._traded(base, found)

    def _tried(self, horizon: str) -> Tried:
        """Return how many sets were tried, and the Sharpe ratios that are known of them."""
        known = {**self.before.get(horizon, {}), **self._sharpes[horizon]}
        return Tried(self.n_tried, [known[name] for name in sorted(known)])

    @cached_property
    def _sharpes(self) -> dict[str, dict[str, float]]:
        """The Sharpe ratio a day of each set that has one, by horizon and fingerprint."""
        told: dict[str, dict[str, float]] = {}
        for base in {base.horizon: base for base in self.bases}.values():
            tables = [each.rule for each in self.told]
            found = counts(tables, base.days, ("day_return",), horizon=base.horizon)["day_return"]
            told[base.horizon] = {
                trial.fingerprint: sharpe
                for trial, row in zip(self.trials, found, strict=True)
                if (sharpe := sharpe_day(row)) is not None
            }
        return told

    def _of(self, trial: Trial) -> Row:
        return {
            "detector": trial.view.id, "version": trial.view.version, "trial": trial.number,
            "fingerprint": trial.fingerprint, "params": trial.said,
        }  # fmt: skip

    def _chosen(self) -> Row:
        view = self.trials[0].view
        return {
            "detector": view.id, "version": view.version, "trial": 0, "fingerprint": None,
            "params": "{}",
        }  # fmt: skip

    def _row(
        self, trial: Trial | None, base: Base, own: Mapping[str, float], n_bars: float,
        n_moves: float,
    ) -> Row:  # fmt: skip
        return {
            **(self._of(trial) if trial else self._chosen()),
            "label": base.label, "horizon": base.horizon, "slice_kind": _EVERY, "slice": _EVERY,
            "n_bars": int(n_bars), "n_moves": int(n_moves), "n_days": len(base.days),
            **{name: int(value) for name, value in own.items()},
        }  # fmt: skip

    def _slices(self, place: int, base: Base) -> Iterator[Row]:
        """Yield the counts of a set by regime and by time of day.

        A regime has its own bars. A time of day is of the alert alone, so it is held against all.
        """
        cell, trial = (base.label, base.horizon), self.trials[place]
        mine = {kind: self._own[place][kind].get(cell, {}) for kind in SLICES}
        none = dict.fromkeys(COUNTS, 0)
        for regime, bars in sorted(self._regimes.get(cell, {}).items()):
            own = mine["regime"].get(regime, none)
            yield {
                **self._row(trial, base, own, bars["n_bars"], bars["n_moves"]),
                "slice_kind": "regime", "slice": regime, "n_days": bars["n_days"],
            }  # fmt: skip
        for time, own in sorted(mine["time_of_day"].items()):
            yield {
                **self._row(trial, base, own, base.n_bars.sum(), base.n_moves.sum()),
                "slice_kind": "time_of_day", "slice": time,
            }  # fmt: skip

    @cached_property
    def _own(self) -> list[dict[str, Cells]]:
        """The sums of each set by slice."""
        return [{kind: _summed(told.days, kind, COUNTS) for kind in SLICES} for told in self.told]

    @cached_property
    def _regimes(self) -> Cells:
        return _summed(self.base_days, "regime", ("n_bars", "n_moves"))

    def _forward(self, base: Base, found: Mapping[str, Matrix]) -> Iterator[Row]:
        """Yield what was chosen in training and counted in the tests: together, and by fold."""
        if self.walk is None:
            return
        told = judged(base, found, self.walk, self.best_by)
        place = {day: number for number, day in enumerate(base.days)}
        signals, hits = np.zeros((len(base.days), 1)), np.zeros((len(base.days), 1))
        tested = []
        for each in told:
            for day in each.fold.test:
                tested.append(place[day])
                if each.chosen is not None:
                    signals[place[day]] = found["n_signals"][each.chosen, place[day]]
                    hits[place[day]] = found["n_hits"][each.chosen, place[day]]
        own = {name: sum(each.counts[name] for each in told) for name in COUNTS}
        n_bars, n_moves = (
            sum(getattr(each, name) for each in told) for name in ("n_bars", "n_moves")
        )
        row = self._row(None, base, own, n_bars, n_moves)
        drawn = chance.draws(len(tested), self._block(base), self.seed)
        lift = None
        if drawn is not None:
            (lift,) = chance.lifts(
                drawn, base.n_bars[tested], base.n_moves[tested], signals[tested], hits[tested]
            )
        yield {
            **row, **_chance(lift, own["n_signals"], len(tested)), "n_days": len(tested),
            "n_folds": len(told),
        }  # fmt: skip
        for each in told:
            yield {**self._row(None, base, each.counts, each.n_bars, each.n_moves),
                   **self._fold(each)}  # fmt: skip

    def _fold(self, each: Judged) -> Row:
        said: Row = {
            "slice_kind": "fold", "slice": str(each.fold.number), "n_folds": 1,
            "n_days": len(each.fold.test),
        }  # fmt: skip
        if each.chosen is None:
            return {**said, "reason": "no set has a figure in training to be chosen by"}
        trial = self.trials[each.chosen]
        return {**said, "fingerprint": trial.fingerprint, "params": trial.said}

    def _rule(self, base: Base, own: Mapping[str, Matrix]) -> Row:
        """Return the figures of the rule's days."""
        low = high = None
        drawn = self._drawn(base)
        if drawn is not None and own["n_trades"].any():
            low, high = chance.mean_ends(drawn, own["sum_return"], own["n_trades"])
        is_session = "session" in base.horizon
        told = figures(
            own["day_return"],
            own["turnover"],
            base.days,
            self._tried(base.horizon),
            is_session=is_session,
        )
        if not own["n_trades"].any():
            told["reason"] = "no trade: no signal says bull or bear with a bar to enter at"
        return {**told, "mean_low_frac": low, "mean_high_frac": high}

    def _traded(self, base: Base, found: Mapping[str, Matrix]) -> Row:
        """Return what the sets that were best in training earned in the tests."""
        assert self.walk is not None
        place = {day: number for number, day in enumerate(base.days)}
        at: list[int] = []
        own = {name: np.zeros(0) for name in RULE}
        for fold, chosen in traded(base, found["day_return"], self.walk):
            tested = [place[day] for day in fold.test]
            at += tested
            for name in RULE:
                part = np.zeros(len(tested)) if chosen is None else found[name][chosen, tested]
                own[name] = np.concatenate((own[name], part))
        days = [base.days[number] for number in at]
        total = {name: float(values.sum()) for name, values in own.items()}
        n_trades = int(total["n_trades"])
        row = {
            **self._chosen(), "horizon": base.horizon, "slice_kind": _EVERY, "slice": _EVERY,
            "n_signals": n_trades, "n_trades": n_trades, "n_losers": int(total["n_losers"]),
        }  # fmt: skip
        if n_trades:
            row |= {
                f"mean_{name}_frac": chance.rounded(total[f"sum_{name}"] / n_trades)
                for name in ("return", "excess", "net")
            }
            row |= _mean(row)
        is_session = "session" in base.horizon
        # Of what was chosen before it was seen nothing is left to deflate.
        alone = Tried(1, ())
        return {
            **row,
            **figures(own["day_return"], own["turnover"], days, alone, is_session=is_session),
        }

    def _block(self, base: Base) -> int:
        return max(_LEAST_BLOCK, days_of(base.horizon))

    def _drawn(self, base: Base) -> Matrix | None:
        return chance.draws(len(base.days), self._block(base), self.seed)


def needed(bases: Sequence[Base], told: Sequence[Told], detector: str) -> list[Base]:
    """Return the labels and horizons at which a detector's signals stand.

    Raises a QueryError where there are none: no prices, no alerts, or none where prices are.
    """
    n_alerts = max((each.n_alerts for each in told), default=0)
    if not n_alerts:
        raise QueryError(f"{detector}: it fires no alert in this span; widen --since and --until")
    horizons = {name for each in told for name in each.days["horizon"].unique().to_pylist()}
    found = [base for base in bases if base.horizon in horizons]
    if not found:
        raise QueryError(
            f"{detector}: none of its {n_alerts:,} alerts stands at an entity whose price is known "
            f"then and at the horizon's end; load its prices, or widen --until"
        )
    return found


def _summed(table: pa.Table, kind: str, names: Sequence[str]) -> Cells:
    """Return sums of columns by label and horizon, and in each by what a column says."""
    sums = [(name, "sum") for name in names]
    days = [("session_date", "count_distinct")]
    grouped = table.group_by(["label", "horizon", kind]).aggregate(sums + days)
    found: Cells = {}
    for row in grouped.to_pylist():
        own = found.setdefault((row["label"], row["horizon"]), {})
        own[row[kind] or "unknown"] = {
            **{name: row[f"{name}_sum"] for name in names},
            "n_days": row["session_date_count_distinct"],
        }
    return found


def _mean(row: Mapping[str, Any]) -> Row:
    mean = row["mean_return_frac"]
    return {"break_even_bps": None if mean is None else chance.rounded(mean * 10_000, 6)}


def _chance(lift: chance.Lift | None, n_signals: float, n_days: int) -> Row:
    if not n_signals:
        return {"reason": "no alert stands at a bar with this label"}
    if lift is None:
        return {"reason": f"{n_days} days are too few to draw blocks of"}
    return {"lift_low": lift.low, "lift_high": lift.high, "p_value": lift.p_value}


def _delay(days: pa.Table, base: Base) -> float | None:
    """Return the median over days of the median from an alert to the next bar."""
    is_own = pc.and_(pc.equal(days["label"], base.label), pc.equal(days["horizon"], base.horizon))
    known = days.filter(is_own)["median_delay_s"].drop_null().to_pylist()
    return chance.rounded(float(np.median(known)), 6) if known else None
