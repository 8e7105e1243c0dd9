"""Tells MLflow of each fit and each backtest, where it is wanted: once each, never in the way.

What was told is noted in the store's folder `_models`, and by a tag at the tracker: the note may be
deleted. A tracker that is down is a sentence, and hears the rest the next time.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from leadline import whole
from leadline.clock import BEGINNING, FOREVER
from leadline.errors import MissingError, first_line
from leadline.model import FOLDER
from leadline.warehouse import Warehouse

EXPERIMENT = "leadline"
VARIABLE = "MLFLOW_TRACKING_URI"
TAG = "leadline_id"
_NOTE = "tracked.json"
_PAGE = 1_000
_KEYS = re.compile(r"(?<=://)[^/@\s]*@")
_LONGEST = 6_000  # signs of a parameter, which is as many as MLflow takes
# A tracker that is away must not hold up a fit: MLflow itself would wait four minutes.
_PATIENCE = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1", "MLFLOW_HTTP_REQUEST_TIMEOUT": "10"}


@dataclass(frozen=True)
class Told:
    """One run as a tracker takes it; its id says what it is of, however often it is told."""

    id: str
    name: str
    at: datetime
    params: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


def address(settings: Mapping[str, Any]) -> str | None:
    """Return where the tracker is, by the environment or by [tracking]; None is nowhere."""
    return os.environ.get(VARIABLE) or settings.get("mlflow") or None


def track(warehouse: Warehouse, tracker: str, tell: Callable[[str], None]) -> int:
    """Tell the tracker of all fits and backtests that it has not heard of; return how many.

    A MissingError says that its library is not here; what else goes wrong is told, and no error.
    """
    note = _Note(warehouse.store.place.own / FOLDER / _NOTE, tracker)
    runs = (*fits(warehouse), *backtests(warehouse))
    new = [run for run in runs if run.id not in note.ids]
    n_told = 0
    try:
        for run in _heard(tracker, new) if new else ():
            note.ids.add(run.id)
            n_told += 1
    except MissingError:
        raise
    except Exception as error:  # whatever a server, a disk or MLflow itself says
        tell(
            f"tracking: {n_told:,} of {len(new):,} runs were told to {_shown(tracker)}, then it "
            f"said: {_shown(first_line(error))[:200]}; the rest is told the next time"
        )
    if n_told:
        note.keep(tell)
    return n_told


def fits(warehouse: Warehouse) -> Iterator[Told]:
    """Yield each fit that was made, with the digest of what is kept of it."""
    rows = warehouse.ask("raw.model_fits", BEGINNING, FOREVER).filter("not is_gone")
    for row in rows.order("fitted_for, model, fit_id").to_arrow_table().to_pylist():
        quantiles = row["score_quantiles"]
        metrics = {"n_rows": float(row["n_rows"])}
        if quantiles:
            last = len(quantiles) - 1
            metrics |= {
                f"score_p{percent}": float(quantiles[round(last * percent / 100)])
                for percent in (50, 95, 99)
            }
        names = ("fitted_for", "feature_view", "feature_fingerprint", "library", "seed")
        tags = {"kind": "fit", "model": row["model"], "fit_id": row["fit_id"]}
        if digest := _digest(warehouse.store.place.own / FOLDER / row["model"] / row["fit_id"]):
            tags["artefact_sha256"] = digest
        if row["note"]:
            tags["mlflow.note.content"] = row["note"]
        yield Told(
            f"fit {row['model']} {row['fit_id']}", f"{row['model']} {row['fitted_for']:%Y-%m}",
            row["trained_until"], {name: row[name] for name in names} | _flat(row["settings"]),
            metrics, tags,
        )  # fmt: skip


def backtests(warehouse: Warehouse) -> Iterator[Told]:
    """Yield each backtest that has ended, with its scorecard where there is one."""
    if "raw.backtest_runs" not in warehouse.names():
        return
    rows = warehouse.ask("raw.backtest_runs", BEGINNING, FOREVER)
    ended = rows.filter("not is_gone and outcome <> 'running'")
    for row in ended.order("run_id, detector, version").to_arrow_table().to_pylist():
        said = f"{row['detector']} v{row['version']}"
        names = ("since_at", "until_at", "recorded_until", "grid", "n_trials")
        tags = {
            "kind": "backtest", "detector": row["detector"], "version": str(row["version"]),
            "run_id": row["run_id"], "outcome": row["outcome"],
        }  # fmt: skip
        if row["reason"]:
            tags["mlflow.note.content"] = row["reason"]
        yield Told(
            f"backtest {row['run_id']} {said}", said, row["ended_at"] or row["started_at"],
            {name: row[name] for name in names} | _flat(row["settings"]),
            {"n_trials": float(row["n_trials"])}, tags,
        )  # fmt: skip


class _Note:
    """What a tracker was told, so that nothing is asked of it where there is nothing new."""

    def __init__(self, path: Path, tracker: str) -> None:
        self._path, self._tracker = path, hashlib.sha256(tracker.encode()).hexdigest()[:16]
        try:
            self._said: dict[str, list[str]] = json.loads(path.read_text())
        except (OSError, ValueError):
            self._said = {}
        self.ids = set(self._said.get(self._tracker, ()))

    def keep(self, tell: Callable[[str], None]) -> None:
        """Remember it; the file is whole or as it was."""
        self._said[self._tracker] = sorted(self.ids)
        try:
            whole.write(self._path, json.dumps(self._said).encode())
        except OSError as error:
            tell(f"{self._path}: {error.strerror or error}; the tracker is asked again next time")


def _heard(tracker: str, runs: Sequence[Told]) -> Iterator[Told]:
    """Tell runs that the tracker does not hold; yield each as soon as it holds it."""
    for name, value in _PATIENCE.items():
        os.environ.setdefault(name, value)
    if "://" not in tracker or tracker.startswith("file:"):
        os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")  # whoever names a folder means it
    try:
        from mlflow.entities import Metric, Param
        from mlflow.tracking import MlflowClient
    except ImportError as error:
        raise MissingError(
            "tracking: it needs mlflow, which is missing; pip install 'leadline[mlflow]'"
        ) from error

    client = MlflowClient(tracking_uri=tracker)
    found = client.get_experiment_by_name(EXPERIMENT)
    experiment = found.experiment_id if found else client.create_experiment(EXPERIMENT)
    held, token = dict[str, str](), None
    while True:
        page = client.search_runs([experiment], max_results=_PAGE, page_token=token)
        held |= {run.data.tags.get(TAG, ""): run.info.status for run in page}
        if not (token := page.token):
            break
    for run in runs:
        if held.get(run.id) != "FINISHED":  # one that broke off is told anew
            at = int(run.at.timestamp() * 1_000)
            made = client.create_run(experiment, at, {TAG: run.id, **run.tags}, run.name)
            client.log_batch(
                made.info.run_id,
                metrics=[Metric(name, value, at, 0) for name, value in run.metrics.items()],
                params=[Param(name, str(value)[:_LONGEST]) for name, value in run.params.items()],
            )
            client.set_terminated(made.info.run_id, "FINISHED", at)
        yield run


def _flat(settings: str) -> dict[str, Any]:
    """Return settings as parameters, each by its name."""
    said = json.loads(settings)
    return {f"settings.{name}": value for name, value in said.items()}


def _digest(artefact: Path) -> str | None:
    """Return the digest that the first line of what is kept of a fit says."""
    try:
        with artefact.open("rb") as file:
            return str(json.loads(file.readline(4_096))["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _shown(text: str) -> str:
    """Return an address, or what names one, without the keys that may stand in it."""
    return _KEYS.sub("…@", text)
