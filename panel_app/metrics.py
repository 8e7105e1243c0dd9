"""What Prometheus reads: numbers of the store's own views, and of this process."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from fastapi import FastAPI, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)  # fmt: skip
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from leadline.clock import BEGINNING
from leadline.errors import StoreError
from leadline.question import Questions

HELD_S = 15.0  # a scraper asks that often
LIMIT_S = 5.0  # and gives up after ten
BOUNDS_S = (.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60)  # fmt: skip
STATES = ("LIVE", "PARTIAL", "STALE", "DRIFT", "WARMING")
_JUST_AFTER = timedelta(microseconds=1)
_HOUR = timedelta(hours=1)

FEEDS = """
select feed, dataset, state, (epoch_us(clock.until) - epoch_us(newest_at)) / 1e6 as age_s
from ops.feeds cross join ops.clock as clock
"""
ROWS = "select dataset, n_rows from reports.freshness"
CHECKS = "select check_id, severity, state, n_bad from ops.checks"
ALERTS = """
select severity, count(*) as n
from curated.alerts cross join ops.clock as clock
where withdrawn_at is null and fired_at >= clock.until - interval 1 day
group by severity
"""
DELIVERIES = "select outcome, count(*) as n from raw.deliveries where not is_gone group by outcome"
LATENCY = "select stage, n, sum_ms, counts from ops.latency"

Row = Mapping[str, Any]


@dataclass(eq=False)
class Held(Collector):
    """What the store said last; a store that can't be asked is told by leadline_up alone."""

    questions: Questions
    now: Callable[[], datetime]
    _families: list[Metric] = field(default_factory=list)

    def ask(self) -> None:
        """Ask the store anew, and hold its answers."""
        try:
            if not self.questions.warehouse.store.place.is_there():
                raise StoreError("the store is not there")
            found = [*self._of_data(), *self._of_alerts(), *self._of_stages(), _up(1)]
        except Exception:  # whatever keeps the store from being asked, it is not up
            found = [_up(0)]
        self._families = found

    def fail(self) -> None:
        """Hold that the store can't be asked."""
        self._families = [_up(0)]

    def collect(self) -> Iterator[Metric]:
        """Yield what is held."""
        yield from self._families

    def _rows(self, sql: str, last: timedelta | None = None) -> list[Row]:
        recorded = self.questions.warehouse.refresh().recorded_until
        until = max(self.now(), recorded) + _JUST_AFTER
        answer = self.questions.answer(sql, until - last if last else BEGINNING, until)
        return list(answer.read_all().to_pylist())

    def _of_data(self) -> Iterator[Metric]:
        names = ["feed", "dataset"]
        state = _gauge(
            "leadline_feed_state", "1 for the state that a feed is in", [*names, "state"]
        )
        age = _gauge("leadline_feed_age_seconds", "since its newest row became known", names)
        for row in self._rows(FEEDS):
            for each in STATES:
                state.add_metric([row["feed"], row["dataset"], each], float(row["state"] == each))
            age.add_metric([row["feed"], row["dataset"]], row["age_s"])
        yield from (state, age)
        rows = _gauge("leadline_dataset_rows", "rows of loads in force", ["dataset"])
        for row in self._rows(ROWS):
            rows.add_metric([row["dataset"]], row["n_rows"])
        yield rows
        bad = _gauge("leadline_check_bad_rows", "rows that its last look called bad; NaN where it "
                     "could not be asked", ["check", "severity"])  # fmt: skip
        for row in self._rows(CHECKS):
            if row["state"] != "never":
                n_bad = float("nan") if row["n_bad"] is None else row["n_bad"]
                bad.add_metric([row["check_id"], row["severity"]], n_bad)
        yield bad

    def _of_alerts(self) -> Iterator[Metric]:
        alerts = _gauge("leadline_alerts", "that fired in the last day", ["severity"])
        for row in self._rows(ALERTS):
            alerts.add_metric([row["severity"]], row["n"])
        yield alerts
        if "raw.deliveries" in self.questions.warehouse.names():
            told = _gauge("leadline_deliveries", "steps of notices, by outcome", ["outcome"])
            for row in self._rows(DELIVERIES):
                told.add_metric([row["outcome"]], row["n"])
            yield told

    def _of_stages(self) -> Iterator[Metric]:
        name, what = "leadline_stage_seconds", "what a stage took, in the last hour"
        stages = HistogramMetricFamily(name, what, labels=["stage"])
        for row in self._rows(LATENCY, _HOUR):
            counts = map(float, row["counts"])
            buckets = [(str(b), n) for b, n in zip(BOUNDS_S, counts, strict=True)]
            stages.add_metric([row["stage"]], [*buckets, ("+Inf", row["n"])], row["sum_ms"] / 1e3)
        yield stages


def add(app: FastAPI, questions: Questions, now: Callable[[], datetime]) -> None:
    """Add /metrics to an app; however many scrape it, the store is asked once in a while."""
    held, registry = Held(questions, now), CollectorRegistry(auto_describe=False)
    registry.register(held)
    for own in (ProcessCollector, PlatformCollector, GCCollector):
        own(registry=registry)
    asking = ThreadPoolExecutor(1, "metrics")
    lock, asked_at = asyncio.Lock(), [-HELD_S]

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        async with lock:
            if monotonic() - asked_at[0] >= HELD_S:
                loop = asyncio.get_running_loop()
                try:
                    await asyncio.wait_for(loop.run_in_executor(asking, held.ask), LIMIT_S)
                except TimeoutError:
                    held.fail()
                asked_at[0] = monotonic()
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _gauge(name: str, what: str, labels: list[str]) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, labels=labels)


def _up(value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily("leadline_up", "1 while the store can be asked", value=value)
