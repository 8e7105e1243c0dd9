"""Models of anomalies: how many planted ones each finds, and how long a month's fit takes.

Features of 500 stocks and 252 sessions are made up: three things behind all of them that go on from
day to day, and noise. Each model learns from them, and is shown the next sessions twice: as they
are, and with an anomaly in every row. A hundredth of the former may alarm.
"""

import importlib
import json
import sys

import numpy as np

from benchmarks.figures import COMPILED, SEED, Section, python, table
from leadline.fitted import one_thread
from tests.anomalies import planted, usual
from tests.anomalies import table as rows_of

MODELS = ("isolation_forest", "local_outlier_factor", "autoencoder", "lstm")
PLANTED = ((1, 5.0), (3, 3.0), (1, 8.0))  # rule book F4, and a larger one
STOCKS, SESSIONS, FEATURES, FRESH = 500, 252, 12, 4
KEEPS = 0.8  # of what is behind the features, from one session to the next
TOLD = 0.9  # of the features


def measure(rows: int | None = None) -> Section:
    """Fit each model in a process of its own; rows make it a short form."""
    stocks, sessions = (max(10, rows // 25), 100) if rows else (STOCKS, SESSIONS)
    lines = []
    for name in MODELS:
        done = python("benchmarks.anomalies", name, stocks, sessions, env=COMPILED)
        said = json.loads(done.stdout)
        found = [f"{said[f'{n_loud} {size}']:.2f}" for n_loud, size in PLANTED]
        lines.append([f"`{name}`", f"{said['fit_s']:.1f}", f"{done.peak_mb:,.0f}", *found])
    heads = [f"{n} at {size:g}" for n, size in PLANTED]
    intro = (
        f"{stocks:,} stocks, {sessions} sessions, {FEATURES} features, a tenth not told, "
        f"seed {SEED}. Recall of rows with so many features moved by so many robust deviations, "
        "where a hundredth of the rows that nothing was done to alarms. Fit is CPU seconds of a "
        "month."
    )
    head = ["model", "fit, CPU s", "peak, MB", *heads]
    return Section("Models of anomalies", [intro, "", *table(head, lines)])


def told(name: str, stocks: int, sessions: int) -> dict[str, float]:
    """Return what one model finds."""
    import time

    module = importlib.import_module(f"models.{name}")
    card = module.FITTED
    values = usual(stocks, sessions + FRESH, FEATURES, SEED, keeps=KEEPS)
    with one_thread():
        started = time.process_time()
        known = rows_of(values[:sessions], TOLD, SEED)
        fitted = module.fit(known, card.settings, card.seed)
        found = {"fit_s": time.process_time() - started}

        def scores(n_loud: int, size: float) -> list[float]:
            said = []
            for turn in range(FRESH):
                last = values[turn : sessions + 1 + turn]
                shown = planted(last, range(stocks if n_loud else 0), n_loud, size, SEED + turn)
                rows = rows_of(shown[-31:] if card.before else shown[-1:], TOLD, SEED + turn)
                day = max(rows["session_date"].to_pylist())
                told = module.score(fitted, rows)
                said += [row["score"] for row in told if row["session_date"] == day]
            return [score for score in said if score is not None]

        cut = np.quantile(scores(0, 0), 0.99)
        for n_loud, size in PLANTED:
            found[f"{n_loud} {size}"] = float((np.array(scores(n_loud, size)) > cut).mean())
    return found


if __name__ == "__main__":
    print(json.dumps(told(sys.argv[1], *map(int, sys.argv[2:4]))))
