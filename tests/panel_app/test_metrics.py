"""/metrics is read back by Prometheus' own parser, and never waits for a store that is away."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from leadline.publication import Publication
from leadline.question import Questions
from live.metrics import Latency
from panel_app import metrics
from tests.dashboards import NOON, fill
from tests.doors import alone, catalog, door, one_core, opened


@contextmanager
def serving(place: Path) -> Iterator[TestClient]:
    """Serve the metrics of a store alone."""
    with alone(1) as engine, door(place, catalog(), engine) as warehouse:
        app = FastAPI()
        metrics.add(app, Questions(warehouse), lambda: NOON)
        yield TestClient(app)


def scraped(shown: TestClient) -> dict[tuple[str, str], float]:
    """Return every sample by its name and its labels' values."""
    answer = shown.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, " ".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_store_is_told_in_prometheus_form(tmp_path: Path) -> None:
    place = fill(tmp_path / "store")
    row = {
        "check_id": "book_tops.times", "dataset": "book_tops", "since": NOON, "until": NOON,
        "n_bad": 7, "n_looked_at": 25, "sample": "[]", "severity": "high", "fingerprint": "f",
        "checked_at": NOON - timedelta(hours=1), "duration_ms": 3,
        "known_at": NOON - timedelta(hours=1),
    }  # fmt: skip
    with opened(place, engine=one_core()) as store:
        said = [("check_results", [row])]
        store.load(Publication("checks", "1", ("check_results",), said, "checks"))
        latency = Latency()
        for took in (0.002, 0.04, 0.04, 90):
            latency.observe("stored", took)
        latency.flush(store, is_last=True)

    with serving(place) as shown:
        found = scraped(shown)

    assert found["leadline_up", ""] == 1
    assert found["leadline_feed_state", "book_tops books WARMING"] == 1
    assert found["leadline_feed_state", "book_tops books LIVE"] == 0
    assert found["leadline_feed_age_seconds", "book_tops books"] > 0
    assert found["leadline_dataset_rows", "book_tops"] == 25
    assert found["leadline_check_bad_rows", "book_tops.times high"] == 7
    assert found["leadline_stage_seconds_bucket", "0.05 stored"] == 3
    assert found["leadline_stage_seconds_bucket", "+Inf stored"] == 4
    assert found["leadline_stage_seconds_count", "stored"] == 4
    assert found["process_resident_memory_bytes", ""] > 0


def test_a_store_that_cannot_be_asked_is_down_and_the_process_still_tells_of_itself(
    tmp_path: Path,
) -> None:
    place = fill(tmp_path / "store")
    with serving(place) as shown:
        shutil.rmtree(place)
        place.write_text("gone")
        found = scraped(shown)

    assert found["leadline_up", ""] == 0
    assert not [name for name, _ in found if name.startswith("leadline_feed")]
    assert found["process_resident_memory_bytes", ""] > 0
