"""What each live detector is worth where real prices are: alerts against the moves that followed.

python -m studies scorecards [--data DIR] [--store DIR] [--label NAME] [--seed N]
"""

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isnan
from pathlib import Path

import polars as pl

from leadline import project
from leadline.errors import FeedError
from leadline.load import from_files, plan
from leadline.warehouse import Warehouse
from studies.figures import say, table
from studies.house import ROOT, frame, house
from studies.worth import Worth, with_q, worth

DATA = "LEADLINE_REAL_DATA"
LABELS = ("is_sigma_2", "is_sigma_3", "is_percentile_95", "is_percentile_99", "is_donoho_rise")
SEED = 2013


@dataclass(frozen=True)
class Set:
    """Files of real sources that belong together, and who can fire on what they tell."""

    name: str
    since: datetime
    until: datetime
    detectors: Sequence[str]
    files: Sequence[tuple[str, str]]  # feed, and what it reads below the data's folder


def _at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


LEAN = (
    ("lean_tickers", "equity_daily_lean/map_files"),
    ("lean_equity_factors", "equity_daily_lean/factor_files"),
    ("equity_bars_lean", "equity_daily_lean/daily"),
)
BARS, CHAINS = ("prices.volume_spike",), ("options.oi_change", "options.iv_jump")
FILINGS = (
    "filings.breadth", "filings.conviction", "filings.crowding", "filings.holder_change",
    "filings.institutional_flow",
)  # fmt: skip
SETS = (
    Set(
        "120 stocks 2013 to 2018", _at("2013-02-08"), _at("2018-03-01"), BARS,
        [("equity_bars_csv", "equity_daily_sp500_5yr")],
    ),
    Set(
        "12 stocks and funds 1998 to 2021, short volume from 2010", _at("1998-01-01"),
        _at("2021-04-15"), (*BARS, "off_exchange.short_share"),
        [
            *LEAN, ("short_volume_by_venue", "shortvol_gme_etfs_by_venue"),
            ("finra_short_volume", "finra_regsho_daily"),
        ],
    ),
    Set(
        "SPX chains 2019", _at("2019-04-20"), _at("2019-06-20"), CHAINS,
        [("cboe_chains", "options_eod_cboe_spx")],
    ),
    Set(
        "SPY and QQQ chains 2026", _at("2026-08-10"), _at("2026-09-10"), CHAINS,
        [("yahoo_chains", "options_chain_yahoo_2026")],
    ),
    Set(
        "AAPL and NWSA chains 2013 to 2014", _at("2013-06-01"), _at("2014-07-20"), CHAINS,
        [
            *LEAN, ("lean_option_chains", "options_eod_lean"),
            ("lean_option_chains", "options_daily_lean"),
        ],
    ),
    Set(
        "13F of 70 managers 2025", _at("2025-01-01"), _at("2026-03-31"), FILINGS,
        [("holdings_csv", "sec_13f_positions_by_manager")],
    ),
)  # fmt: skip


def main(words: Sequence[str]) -> Iterator[str]:
    """Yield the tables of all sets, one after another."""
    given = _arguments().parse_args(words)
    if not given.data or not Path(given.data).is_dir():
        raise FeedError(
            f"--data: '{given.data or ''}' is no folder; name the real files, or {DATA}"
        )
    found: list[Worth] = []
    notes: list[str] = []
    for each in (each for each in SETS if given.only in each.name):
        place = given.store / each.name.replace(" ", "-") if given.store else None
        whole = place.with_name(f"{place.name}.whole") if place else None
        with house(place=place, detectors=each.detectors) as warehouse:
            if not (whole and whole.exists()):
                fill(warehouse, each, Path(given.data))
                if whole:
                    whole.touch()
            say(f"scorecards: asking what came of the alerts of {each.name}")
            own, note = measured(warehouse, each, given.label, given.seed)
            found += own
            notes.append(f"- {each.name}: {note}.")
    yield from report(found)
    yield from notes


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m studies scorecards", description=__doc__)
    parser.add_argument("--data", default=os.environ.get(DATA), help=f"the real files; else {DATA}")
    parser.add_argument("--store", type=Path, help="keep what was loaded there, for the next time")
    parser.add_argument("--only", default="", help="sets whose name holds this")
    parser.add_argument("--label", choices=LABELS, default=LABELS[0], help="what a hit is")
    parser.add_argument("--seed", type=int, default=SEED)
    return parser


def fill(warehouse: Warehouse, each: Set, data: Path) -> None:
    """Load a set's files, by the same road as leadline load --from."""
    for feed, folder in each.files:
        say(f"scorecards: loading {feed} for {each.name}")
        module = project.feed(ROOT, feed)
        list(from_files(feed, module, warehouse.store, plan(feed, module, [data / folder]).files))


def measured(warehouse: Warehouse, each: Set, label: str, seed: int) -> tuple[list[Worth], str]:
    """Return what each detector is worth there, and how often each fired."""
    span = (each.since, each.until)
    outcomes = frame(warehouse, "backtest.outcomes", span, "from answer")
    moves = frame(warehouse, "backtest.moves", span, "from answer")
    closed = outcomes.filter(pl.col("status") == "closed")
    measured = []
    for (detector, horizon), own in closed.sort("detector", "horizon").group_by(
        "detector", "horizon", maintain_order=True
    ):
        universe = moves.filter(pl.col("horizon") == horizon)
        measured.append(worth(each.name, str(detector), str(horizon), own, universe, label, seed))
    return measured, _fired(each, outcomes, closed)


def _fired(each: Set, outcomes: pl.DataFrame, closed: pl.DataFrame) -> str:
    """Say of each detector how many alerts it had, and how many of them a price after it."""
    said = []
    for detector in each.detectors:
        n, priced = (
            rows.filter(pl.col("detector") == detector)["alert_key"].n_unique()
            for rows in (outcomes, closed)
        )
        said.append(f"`{detector}` {n:,} alerts, {priced:,} with a price after it" if n else "")
        said[-1] = said[-1] or f"`{detector}` never fired"
    return "; ".join(said)


def report(found: Sequence[Worth]) -> Iterator[str]:
    """Yield one row a set, detector and horizon; q is corrected over all of them together."""
    yield from table(
        (
            "data", "detector", "horizon", "signals", "base %", "precision %", "95 %", "recall %",
            "FPR %", "lift", "95 %", "q", "mean return, bp", "95 %", "q",
        ),
        [
            (
                each.data, f"`{each.detector}`", each.horizon, each.n, _said(100 * each.base, 1),
                _said(100 * each.precision, 1), _ends(each.precision_ends, 100, 1),
                _said(100 * each.recall, 1), _said(100 * each.fpr, 2), _said(each.lift, 2),
                _ends(each.lift_ends, 1, 2), _verdict(q), _said(1e4 * each.mean, 0),
                _ends(each.mean_ends, 1e4, 0), _verdict(q_mean),
            )
            for each, q, q_mean in with_q(found)
        ],
    )  # fmt: skip
    yield ""


def _said(value: float, digits: int) -> str:
    return "unknown" if isnan(value) else f"{value:.{digits}f}"


def _ends(ends: tuple[float, float], times: float, digits: int) -> str:
    low, high = (_said(times * end, digits) for end in ends)
    return "unknown" if isnan(ends[0]) else f"{low} to {high}"


def _verdict(q: float) -> str:
    return "too few" if isnan(q) else f"{q:.2g}"
