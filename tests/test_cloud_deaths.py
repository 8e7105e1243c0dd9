"""Work on a bucket is cut at its requests and run again; the store ends as if undisturbed."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from leadline import upkeep
from leadline.clock import BEGINNING, FOREVER
from leadline.errors import StoreError
from leadline.refresh import refresh
from leadline.verify import verify
from tests import clouds
from tests.clouds import FarDesk, Fault, Service, Start, cut, lost, refusal
from tests.desks import SUMMED, at, load_into, small_desk
from tests.doors import ROOT, rows
from tests.soaks import SOAK, commit_of, write_page

SEED = 20240301
POINTS = 2  # of all places before and after a request
MORE = 40  # of them, each time that `make soak` runs
NAME = "bucket"
PASSING = {
    "slow": (refusal(503, "SlowDown"), ""),
    "broken": (refusal(500, "InternalError"), ""),
    "lost": (lost, "PUT"),
    "cut": (cut, "GET"),
}


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with clouds.running() as running:
        yield running


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own"))


@dataclass
class Death:
    """From one request on nothing is done any more; that one may be done and not answered."""

    nth: int
    is_done: bool
    n_asked: int = 0

    def __call__(
        self, service: Service, environ: Mapping[str, Any], start: Start
    ) -> Iterable[bytes]:
        self.n_asked += 1
        if self.n_asked < self.nth:
            return service.passed(environ, start)
        if self.n_asked == self.nth and self.is_done:
            list(service.passed(environ, lambda *_: None))
            environ = {**environ, "CONTENT_LENGTH": 0}
        return list(refusal(403, "AccessDenied")(service, environ, start))


def joined(desk: FarDesk) -> None:
    with desk.store() as store:
        list(upkeep.compact(store))
        upkeep.vacuum(store)


def kept(desk: FarDesk) -> None:
    with desk.warehouse() as house:
        list(refresh(house, at("08 00:00")))


def loaded(desk: FarDesk, *prints: tuple[str, int, str]) -> None:
    with desk.store() as store:
        given = [{"print_id": n, "price": p, "known_at": at(when)} for n, p, when in prints]
        load_into(store, "prints", given, "a")


STEPS: tuple[Callable[[FarDesk], None], ...] = (
    lambda desk: loaded(desk, ("a", 10, "05 14:59"), ("b", 200, "06 15:00")),
    lambda desk: loaded(desk, ("a", 10, "05 14:59"), ("b", 201, "06 15:00"), ("c", 3, "06 15:01")),
    joined,
    kept,
)


def content(desk: FarDesk) -> dict[str, Any]:
    """Return what must be the same, but for the store's own clock."""
    with desk.warehouse() as house:
        clocks = {"recorded_at", "known_at", "known_date"}  # a change is known when it is loaded
        found = {
            view: [
                {name: value for name, value in row.items() if name not in clocks}
                for row in rows(house.ask(view, BEGINNING, FOREVER).order("all"))
            ]
            for view in ("raw.prints", "features.summed")
        }
    with desk.store() as store:
        lines = [(line["load_id"], line["n_rows"]) for line in upkeep.history(store)]
        wrong = [finding for finding in verify(store) if finding.is_error]
    return {**found, "lines": lines, "wrong": wrong}


def told(desk: FarDesk, disturb: Callable[[], None], settle: Callable[[], None]) -> int:
    """Go through the steps, each again until it is done; return how often one broke off."""
    desk.service.clear()
    n_broken = 0
    disturb()
    for step in STEPS:
        for attempt in count(1):
            try:
                step(desk)
                break
            except StoreError:
                assert attempt < 5
                n_broken += 1
                settle()
    desk.service.faults = []
    return n_broken


@dataclass
class Undisturbed:
    """What the steps leave where nothing goes wrong, and how many requests they send."""

    desk: FarDesk
    content: dict[str, Any]
    n_requests: int


@pytest.fixture
def undisturbed(service: Service, tmp_path: Path) -> Undisturbed:
    desk = FarDesk(small_desk(tmp_path / "desk").root, service)
    desk.write("sql/views/features/summed.v1.sql", SUMMED)
    told(desk, lambda: None, lambda: None)
    n_requests = len(service.asked)
    found = content(desk)
    assert found["wrong"] == []
    assert len(found["lines"]) == 2
    return Undisturbed(desk, found, n_requests)


def died(at_work: Undisturbed, nth: int, *, is_done: bool) -> int:
    """Cut the work at one request, go on, and compare."""
    desk = at_work.desk

    def disturb() -> None:
        desk.service.faults = [Fault(Death(nth, is_done), times=1_000_000)]

    def settle() -> None:
        desk.service.faults = []

    n_broken = told(desk, disturb, settle)
    assert content(desk) == at_work.content, (nth, is_done)
    return n_broken


def troubled(at_work: Undisturbed, seed: int, every: int) -> tuple[int, int]:
    """Let requests go wrong by chance, go on, and compare; return breaks and faults."""
    desk, chance = at_work.desk, random.Random(seed)

    def act(service: Service, environ: Mapping[str, Any], start: Start) -> Iterable[bytes]:
        found, method = chance.choice(list(PASSING.values()))
        is_due = chance.randrange(every) == 0 and method in ("", environ["REQUEST_METHOD"])
        if not is_due:
            return service.passed(environ, start)
        faults.append(method)
        body: Iterable[bytes] = found(service, environ, start)
        return body

    faults: list[str] = []

    def disturb() -> None:
        desk.service.faults = [Fault(act, times=1_000_000)]

    n_broken = told(desk, disturb, lambda: None)
    assert content(desk) == at_work.content, seed
    return n_broken, len(faults)


def test_work_that_is_cut_anywhere_goes_on_where_it_was(undisturbed: Undisturbed) -> None:
    chance = random.Random(SEED)

    n_broken = [
        died(undisturbed, chance.randint(1, undisturbed.n_requests), is_done=bool(n % 2))
        for n in range(POINTS)
    ]

    assert sum(n_broken) > 0


@pytest.mark.soak
def test_work_goes_on_while_requests_go_wrong(undisturbed: Undisturbed) -> None:
    _, n_faults = troubled(undisturbed, SEED, every=10)

    assert n_faults > 0


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_work_that_is_cut_at_more_and_more_requests_goes_on(undisturbed: Undisturbed) -> None:
    began, page = time.monotonic(), SOAK / NAME
    points = [
        (n, is_done) for n in range(1, undisturbed.n_requests + 1) for is_done in (False, True)
    ]
    random.Random(SEED).shuffle(points)
    done = json.loads(page.read_text()) if page.exists() else {}
    so_far = Counter[str]({name: int(n) for name, n in done.items()})
    first = so_far["points"] % len(points)
    for nth, is_done in points[first : first + MORE]:
        so_far["broken"] += died(undisturbed, nth, is_done=is_done)
        so_far["points"] += 1
    for seed in range(SEED + so_far["runs"], SEED + so_far["runs"] + MORE // 8):
        broken, faults = troubled(undisturbed, seed, every=12)
        so_far.update(broken=broken, faults=faults, runs=1)

    so_far["seconds"] += round(time.monotonic() - began)
    SOAK.mkdir(exist_ok=True)
    page.write_text(json.dumps(so_far))
    what = (
        f"two loads, compaction, vacuum and refresh on a bucket, cut at {so_far['points']:,} of "
        f"the {len(points):,} places before and after its requests, and {so_far['faults']:,} "
        f"passing faults in {so_far['runs']:,} more runs"
    )
    broke = f"work broke off {so_far['broken']:,} times"
    result = f"rows, ledger and kept days equal an undisturbed run's; {broke}"
    write_page(
        f"| {NAME} | {what} | {SEED} to {SEED + so_far['runs'] - 1} | `{commit_of(ROOT)[:12]}` "
        f"| {so_far['seconds']:,} | {result} |"
    )
