"""EDGAR at its worst: nothing is lost or told twice, and all of us together keep to its limit."""

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
import stamina

from leadline.clock import Span
from leadline.errors import FeedError, StoreError
from leadline.http import Http
from leadline.load import over_network
from leadline.store import Store
from loaders import _edgar, sec_13f
from tests.desks import house_copy, start
from tests.edgar import DENIED, TOO_FAST, Edgar
from tests.forks import FORKS
from tests.sites import Answer, Asked, answering
from tests.stores import opened
from tests.submissions import PAGE, filings, holdings

DAY = Span(datetime(2023, 11, 14, tzinfo=UTC), datetime(2023, 11, 15, tzinfo=UTC))
LIMIT = 10  # questions in any second, by EDGAR's own rule
FAULTS = {
    "busy": Answer(503, PAGE.format("Busy").encode()),
    "waits": Answer(429, b"", {"Retry-After": "0"}),
    "page": Answer(200, PAGE.format("Maintenance").encode()),
    "denied": Answer(403, DENIED),
    "absent": Answer(404, b"<Error><Code>NoSuchKey</Code></Error>"),
}


class Rough(Edgar):
    """Now and then it is busy, breaks off, or says that nothing is there; it counts as EDGAR does.

    Whoever asks too fast is shut out for good, and so is everybody else.
    """

    def __init__(self, n_filings: int, seed: int | None = None) -> None:
        super().__init__()
        self.numbers = [f"0001234567-23-{n:06}" for n in range(n_filings)]
        self.lists(*map(self.files_it, self.numbers))
        self.chance, self.seed = Random(seed), seed
        self.faults: Counter[str] = Counter()
        self.is_shut = False

    def answer(self, asked: Asked) -> Answer:
        self.is_shut |= self.most_in_a_second() > LIMIT
        if self.is_shut:
            return Answer(403, TOO_FAST)
        if self.seed is None or self.chance.random() > 0.5:
            return super().answer(asked)
        kind = self.chance.choice(("cut", *FAULTS))
        self.faults[kind] += 1
        if kind != "cut":
            return FAULTS[kind]
        whole = super().answer(asked)
        whole.breaks_after = len(whole.body) // 2
        return whole

    def most_in_a_second(self) -> int:
        times = [each.at_s for each in self.asked]
        return max(sum(at <= other < at + 1 for other in times) for at in times)


class Patient(Rough):
    """Its faults are those of a rough one; only its pace is nobody's business."""

    def most_in_a_second(self) -> int:
        return 0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "store") as store:
        yield store


def pulled_till_whole(site: Rough, store: Store, folder: Path) -> int:
    """Run the feed again and again until the store has all; return how often."""
    for n in range(1, 10 * len(site.numbers)):
        with Http("sec_13f", contact="me@example.org", folder=folder, per_second=1_000) as http:
            try:
                list(over_network("sec_13f", sec_13f, store, DAY, http))
            except FeedError:
                continue
            if len(filings(store)) == len(site.numbers):
                return n
    raise AssertionError("it never became whole")


@pytest.mark.parametrize(
    ("n_filings", "seed"),
    [(6, 1), *[pytest.param(40, seed, marks=pytest.mark.soak) for seed in range(2, 12)]],
)
def test_an_edgar_that_fails_every_second_time_loses_and_doubles_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_filings: int, seed: int
) -> None:
    with answering(Patient(n_filings, seed)) as site, stamina.set_testing(True, attempts=4):
        monkeypatch.setattr(_edgar, "ARCHIVES", f"{site.url}/Archives")
        pulled_till_whole(site, store, tmp_path / "http")

    assert sorted(row["accession_no"] for row in filings(store)) == site.numbers
    assert sorted(row["accession_no"] for row in holdings(store)) == site.numbers
    assert len(site.faults) > 3


def work(archives: str, place: Path, folder: Path) -> None:
    """Load the day as a process of its own; another that was faster with a filing is no end."""
    _edgar.ARCHIVES = archives
    card = sec_13f.FEED
    with (
        opened(place) as store,
        Http(
            "sec_13f", contact="me@example.org", folder=folder, per_second=card.per_second,
            source=card.source,
        ) as http,
    ):  # fmt: skip
        while True:
            try:
                list(over_network("sec_13f", sec_13f, store, DAY, http))
            except FeedError as error:
                sys.exit(error.exit_code)
            except StoreError:
                continue
            break


def in_processes(n: int, site: Rough, folder: Path) -> list[int | None]:
    """Let so many processes load the day at once; return their exit codes."""
    args = (f"{site.url}/Archives", folder / "store", folder / "http")
    processes = [FORKS.Process(target=work, args=args) for _ in range(n)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


@pytest.mark.parametrize("n_filings", [4, pytest.param(100, marks=pytest.mark.soak)])
def test_three_processes_at_once_keep_to_the_limit_and_double_nothing(
    store: Store, tmp_path: Path, n_filings: int
) -> None:
    with answering(Rough(n_filings)) as site:
        codes = in_processes(3, site, tmp_path)

    assert codes == [0, 0, 0]
    assert sorted(row["accession_no"] for row in filings(store)) == site.numbers
    assert sorted(row["accession_no"] for row in holdings(store)) == site.numbers
    assert not site.is_shut
    assert site.most_in_a_second() <= 6  # five a second, and a late one at either end


@pytest.mark.soak
def test_when_one_is_shut_out_the_others_do_not_even_ask(store: Store, tmp_path: Path) -> None:
    with answering(Rough(4)) as site:
        site.is_shut = True
        codes = [*in_processes(1, site, tmp_path), *in_processes(2, site, tmp_path)]

    assert codes == [3, 3, 3]
    assert len(site.asked) == 1
    assert filings(store) == []


@pytest.mark.soak
def test_commands_at_once_keep_to_the_limit_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "downloads").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "downloads"))
    desk = house_copy(tmp_path / "desk")
    with answering(Rough(20)) as site:
        (desk.root / "leadline.toml").write_text(
            'contact = "Somebody me@example.org"\n[addresses]\n'
            f'"https://www.sec.gov" = "{site.url}"\n'
        )
        words = ("load", "sec_13f", "--since", "2023-11-14", "--until", "2023-11-15")
        for run in [start(desk.root, *words) for _ in range(3)]:
            run.communicate()
        whole = start(desk.root, *words)
        _, said = whole.communicate()

    assert whole.returncode == 0, said
    with desk.store() as store:
        assert sorted(row["accession_no"] for row in filings(store)) == site.numbers
    assert not site.is_shut
    assert site.most_in_a_second() <= 6
