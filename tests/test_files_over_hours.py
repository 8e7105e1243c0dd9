"""A feed is appended every 2 s for hours; files stay few, and readers see whole flushes only."""

import os
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from leadline.clock import BEGINNING, FOREVER
from leadline.publication import Publication
from leadline.store import Store
from leadline.upkeep import join
from leadline.verify import verify
from tests.desks import SmallDesk, small_desk
from tests.doors import ROOT
from tests.forks import together
from tests.soaks import SOAK, commit_of, write_figures

FLUSH = timedelta(seconds=2)
ROWS = 40  # of a flush
BEGIN = datetime(2024, 3, 5, tzinfo=UTC)
STEPS = 5  # of sizes, with that of files which are left as they are


@contextmanager
def opened(root: Path) -> Iterator[Store]:
    with SmallDesk(root).store() as store:
        yield store


def append(store: Store, n: int) -> None:
    """Append the nth flush, as a listener does."""
    at = BEGIN + n * FLUSH
    rows = [{"print_id": f"{n}-{i}", "price": i, "known_at": at} for i in range(ROWS)]
    told = Publication("live", f"run {n}", ("prints",), [("prints", rows)], "live")
    store.load(told)


def many(store: Store) -> int:
    """Return how many files the fullest partition of any dataset has."""
    counts = Counter(
        (name, str(file["partition"])) for name, table in store.tables.items()
        for file in table.files()
    )  # fmt: skip
    return max(counts.values())


def appending(root: Path, flushes: range, every: int, most: int) -> int:
    """Append flush after flush, and join now and then; return how many files there ever were."""
    fullest = 0
    try:
        with opened(root) as store:
            for n in flushes:
                append(store, n)
                fullest = max(fullest, many(store))
                if n % every == every - 1:
                    list(join(store, most))
    finally:
        (root / "done").touch()
    return fullest


def reading(root: Path) -> int:
    """Ask until all is appended; return how often. Half a flush or a lost one is an error."""
    newest, n_asked = 0, 0
    with SmallDesk(root).warehouse() as house:
        while not (root / "done").exists() or not n_asked:
            rows = house.ask("raw.prints", BEGINNING, FOREVER)
            ((n, keys),) = rows.aggregate("count(*), count(distinct print_id)").fetchall()
            assert n % ROWS == 0, f"{n} rows: a flush was torn"
            assert n == keys, f"{n} rows of {keys} keys: some are double"
            assert n >= newest, f"{n} rows after {newest}"
            newest, n_asked = n, n_asked + 1
            time.sleep(0.05)
    return n_asked


def passed(root: Path, flushes: range, every: int, most: int) -> tuple[int, int]:
    """Let time pass; return how many files the fullest partition had, and how often one asked."""
    (root / "done").unlink(missing_ok=True)
    said = together(partial(appending, root, flushes, every, most), partial(reading, root))
    assert not [each for each in said if isinstance(each, BaseException)], said
    fullest, n_asked = said
    return fullest, n_asked


def test_files_stay_few_while_a_feed_is_appended_and_read(tmp_path: Path) -> None:
    root = small_desk(tmp_path / "desk").root
    n_flushes, every, most = 90, 5, 4

    fullest, n_asked = passed(root, range(n_flushes), every, most)

    assert n_asked >= 1
    assert fullest <= (most - 1) * STEPS + every < n_flushes / 4
    with opened(root) as store:
        assert [each for each in verify(store) if each.is_error] == []
        assert many(store) < n_flushes / 4


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_files_stay_few_for_half_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.forks.PATIENCE_S", 3_600)
    hours = int(os.environ.get("LEADLINE_SOAK_HOURS", "12"))
    commit = commit_of(ROOT)
    folder = SOAK / f"hours-{commit[:12]}"
    memory, root = folder / "done.txt", folder / "desk"
    if not root.exists():
        small_desk(root)
    done = [line.split() for line in memory.read_text().splitlines()] if memory.exists() else []
    a_piece = 300  # flushes: ten minutes

    for piece in range(len(done), hours * 6):
        fullest, n_asked = passed(root, range(piece * a_piece, (piece + 1) * a_piece), 30, 32)
        done.append([str(fullest), str(n_asked)])
        with memory.open("a") as file:
            file.write(" ".join(done[-1]) + "\n")
        assert fullest <= 31 * STEPS + 30
    with opened(root) as store:
        store.snapshot()
        last = many(store)
        assert [each for each in verify(store) if each.is_error] == []
    flushes, asked = len(done) * a_piece, sum(int(n) for _, n in done)
    write_figures(
        "Files over hours",
        f"| {len(done) / 6:.0f} simulated hours of one feed, {flushes:,} flushes of {ROWS} rows "
        f"every 2 s, joined every minute, {asked:,} questions beside | - | `{commit[:12]}` "
        f"| at most {max(int(n) for n, _ in done)} files in a partition, {last} at the end; "
        "no wrong count |",
    )
    shutil.rmtree(folder)
