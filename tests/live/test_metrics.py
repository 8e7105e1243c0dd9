"""What is counted in memory is in ops.latency once its minute is over."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from leadline import clock
from leadline.errors import StoreError
from leadline.publication import Loaded, Publication
from leadline.store import Store
from live.metrics import Latency
from tests.doors import door, one_core, opened, rows

NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)


class Moving:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


def test_minutes_that_are_over_are_appended_and_the_open_one_waits(tmp_path: Path) -> None:
    now = Moving()
    latency = Latency(now)

    def pass_by() -> None:
        for _ in range(50):
            latency.observe("stored", 0.03)

    threads = [Thread(target=pass_by) for _ in "ab"]
    with opened(tmp_path / "store", engine=one_core()) as store:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        latency.observe("notified", 120)
        latency.flush(store)
        before = store.snapshot().files["latencies"]
        now.at = NOON + timedelta(minutes=1)
        latency.observe("stored", 9.0)
        latency.flush(store)
        latency.flush(store)
        now.at = NOON + timedelta(minutes=2)
        latency.flush(store, is_last=True)
    with door(tmp_path / "store", engine=one_core()) as house:
        found = {r["stage"]: r for r in rows(house.ask("ops.latency", NOON, clock.FOREVER))}

    assert before == []
    stored, notified = found["stored"], found["notified"]
    assert (stored["n"], stored["p50_ms"], stored["p99_ms"], stored["max_ms"]) == (101, 50, 50, 9e3)
    assert (notified["n"], notified["p50_ms"], notified["counts"][-1]) == (1, 120_000, 0)


def test_a_store_that_cannot_be_written_to_loses_nothing(tmp_path: Path) -> None:
    class Full(Store):
        is_full = True

        def load(self, publication: Publication, *, dry_run: bool = False) -> Loaded:
            if self.is_full:
                raise StoreError("store: no space left")
            return super().load(publication, dry_run=dry_run)

    with opened(tmp_path / "store", engine=one_core()) as made:
        store = Full(str(made.place), made.contracts, one_core())
        now = Moving()
        latency = Latency(now)
        latency.observe("ruled", 0.5)
        now.at = NOON + timedelta(minutes=1)
        latency.flush(store)
        store.is_full = False
        latency.flush(store)
        store.close()
    with door(tmp_path / "store", engine=one_core()) as house:
        (found,) = rows(house.ask("ops.latency", NOON, clock.FOREVER))

    assert (found["stage"], found["n"], found["p50_ms"]) == ("ruled", 1, 500)


def test_a_stage_that_is_none_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="none of received"):
        Latency().observe("lost", 1)
