"""Views that read much of what others read: asked as steps, and as views within views.

python -m benchmarks.shared STORE VIEW door|nested
"""

import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from typing import Any

from benchmarks.figures import CACHE, LEADLINE, Section, python, run, table
from benchmarks.options import opened

VIEWS = (
    "features.score_components",
    "features.holder_standing",
    "reports.institutional_best_ideas",
    "detectors.scores_index_band",
    "reports.indicators",
    "reports.dark_pool_daily",
    "features.order_flow",
)
WHOLE = ("detectors.all_live",)  # takes minutes where nothing is shared
SINCE, UNTIL = datetime(2024, 2, 12, tzinfo=UTC), datetime(2024, 2, 16, 15, tzinfo=UTC)
FORMS = ("door", "nested")
MEMORY = "16GB"  # as views within views some take more than 4


def measure(rows: int | None = None) -> Section:
    """Ask each view both ways over the sample week; rows only says that two views will do."""
    CACHE.mkdir(exist_ok=True)
    found = []
    with tempfile.TemporaryDirectory(prefix="run-", dir=CACHE) as store:
        run((*LEADLINE, "demo", "--no-serve", "--into", store))
        for view in VIEWS[:2] if rows else (*VIEWS, *WHOLE):
            ours, nested = (asked_apart(store, view, form) for form in FORMS)
            if ours["n"] != nested["n"]:
                raise RuntimeError(f"{view}: {ours['n']} rows, and {nested['n']} of nested views")
            told = (ours["cpu_s"], nested["cpu_s"], nested["cpu_s"] / ours["cpu_s"])
            found.append((f"`{view}`", ours["n"], *told, ours["peak_mb"], nested["peak_mb"]))
    return Section(
        "What a question shares",
        [
            "Each view over the sample week, in a process of its own: by the door, where what is "
            "below stands once as a step, and as DuckDB has it, views within views. CPU of the "
            "question alone.",
            "",
            *table(
                ("view", "rows", "CPU s", "nested CPU s", "nested / ours", "MB", "nested MB"),
                found,
            ),
        ],
    )


def asked_apart(store: str, view: str, form: str) -> dict[str, Any]:
    """Ask in a process of its own."""
    done = python("benchmarks.shared", store, view, form)
    return {**json.loads(done.stdout), "peak_mb": done.peak_mb}


def asked(store: str, view: str, form: str) -> dict[str, Any]:
    """Ask a view of a store, and say how many rows it has and what it took."""
    house = opened(store, MEMORY)
    cursor = house.cursor(view, SINCE, UNTIL)
    source = house.cut(view, SINCE, None if form == "door" else view)
    before = time.process_time()
    n = cursor.sql(f"select * from {source}").to_arrow_table().num_rows
    return {"n": n, "cpu_s": time.process_time() - before}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asked(*sys.argv[1:])))
