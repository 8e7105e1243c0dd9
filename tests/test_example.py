"""The committed example: a file of the sample week that any DuckDB opens."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.doors import ROOT, catalog, door

CATALOG = catalog()
COMMITTED = ROOT / "warehouse.duckdb.example"
MOST = 16_000_000  # bytes, a quarter of them packed; most of them say what the views are
SOME = (
    "crypto.imbalance", "filings.holder_change", "off_exchange.short_share", "options.oi_change",
    "options.block", "prices.volume_spike",
)  # fmt: skip
# What compares with a quarter of an hour ago lacks the minutes before the file's first.
LIVE = [view.id for view in CATALOG.all_live() if view.id != "prices.watch_move"]
HALF_HOUR = datetime(2024, 2, 16, 15, tzinfo=UTC), datetime(2024, 2, 16, 15, 30, tzinfo=UTC)
LEVELS_END = datetime(2024, 2, 16, 15, 1, tzinfo=UTC)  # single levels are there for a minute
ASK = """
import duckdb, json, re, sys
con = duckdb.connect(sys.argv[1], read_only=True)
con.execute("set enable_progress_bar = false")
rows, among = {"whole": "", "none": "limit 0"}.get(sys.argv[2]), sys.argv[3:]
names = con.execute(
    "select schema_name || '.' || view_name from duckdb_views() "
    "where not internal and schema_name <> 'engine'"
).fetchall()
for (name,) in names:
    if rows is not None and not re.search(r"_v[0-9]+$", name):  # those read the others
        con.execute(f"create temp table answer as select * from {name} {rows}; drop table answer")
con.execute("set disabled_optimizers = 'projection_pullup'")  # as docs/operating.md says
said = "alert_key, epoch_us(fired_at) from detectors"
alerts = f"select detector, {said}.all_live" if not among else " union all ".join(
    f"select '{each}', {said}.{each.replace('.', '_')}" for each in among
)
print(json.dumps({
    "views": [name for (name,) in names],
    "alerts": con.execute(f"{alerts} order by all").fetchall(),
    "prints": con.execute("select view, version, fingerprint from ops.views").fetchall(),
    "ours": [name for name in sys.modules if name.startswith("leadline")],
}))
"""


def answered(path: Path, folder: Path, rows: str, among: Sequence[str] = ()) -> dict[str, Any]:
    """Ask every view of a file, whole or none of its rows, and alerts, where we are not.

    Without rows only the alerts are asked, of some detectors or of all.
    """
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    ended = subprocess.run(
        [sys.executable, "-c", ASK, path, rows, *among],
        cwd=folder, env=env, capture_output=True, text=True,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def fingerprints() -> list[list[Any]]:
    """Return what `ops.views` of the house holds."""
    return [[each.view.id, each.view.version, each.fingerprint] for each in CATALOG.bind()]


@pytest.fixture(scope="module")
def fresh(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the example as `make example` does, of the sample week that the tests share."""
    path = tmp_path_factory.mktemp("example") / "warehouse.duckdb.example"
    given = (f"BIN={Path(sys.executable).parent}", f"WEEK={sample}", f"EXAMPLE={path}")
    subprocess.run(["make", "-s", "example-of-week", *given], cwd=ROOT, check=True)
    return path


@pytest.fixture(scope="module", params=[SOME, pytest.param(LIVE, marks=pytest.mark.soak)])
def detectors(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Return the detectors that are asked."""
    return tuple(request.param)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory, detectors: tuple[str, ...]) -> dict[str, Any]:
    """Ask the committed file for alerts."""
    return answered(COMMITTED, tmp_path_factory.mktemp("asked"), "", detectors)


def test_it_answers_without_us(said: dict[str, Any]) -> None:
    assert COMMITTED.stat().st_size <= MOST
    assert said["ours"] == []
    assert sorted(said["prints"]) == sorted(fingerprints()), "it is old: run make example"
    assert {detector for detector, _, _ in said["alerts"]} >= {*SOME}


@pytest.mark.soak
def test_a_fresh_one_answers_alike(
    said: dict[str, Any], detectors: tuple[str, ...], fresh: Path, tmp_path: Path
) -> None:
    assert fresh.stat().st_size <= MOST
    assert answered(fresh, tmp_path, "none", detectors) == said


def test_its_alerts_are_those_of_the_store(
    said: dict[str, Any], detectors: tuple[str, ...], sample: Path
) -> None:
    since, of_levels = datetime(2024, 1, 22, tzinfo=UTC), set[str]()
    with door(sample) as house:
        wanted = []
        inputs = {each.view.stable: each.inputs for each in house.bound}
        for view in CATALOG.all_live():
            if view.id not in detectors:
                continue
            if "features.option_half_hours" in inputs[view.stable]:
                continue  # the month that they compare with is left out of the file
            until = HALF_HOUR[1]
            begin = HALF_HOUR[0] if view.id.startswith("crypto.") else since
            if "raw.option_trades" in house.datasets(view.stable):
                begin = datetime(2024, 2, 15, tzinfo=UTC)  # before it their prints are left out
            if view.id == "prices.rapid_move":
                begin = datetime(2024, 2, 16, tzinfo=UTC)  # minutes are of the last day alone
            of_one = "entity = 'KILO'" if view.id.startswith("options.") else "true"
            if "raw.book_updates" in house.datasets(view.stable):
                until = LEVELS_END
                of_levels.add(view.id)
            rows = house.ask(view.stable, begin, until).filter(of_one)
            named = rows.project(f"'{view.id}', alert_key, epoch_us(fired_at)")
            wanted += [list(row) for row in named.fetchall()]

    last = LEVELS_END.timestamp() * 1_000_000
    found = [row for row in said["alerts"] if row[0] not in of_levels or row[2] < last]
    assert found == sorted(wanted)
