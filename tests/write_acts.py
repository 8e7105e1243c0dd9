"""What leadline writes, act by act, each on a small project of its own and by fixed clocks.

An act opens what a command opens and closes it again. It may be broken off anywhere and run again.
"""

import asyncio
import io
import os
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pyarrow as pa

from leadline import (
    actions,
    build,
    draft,
    export,
    lock,
    planted,
    queries,
    retention,
    reviews,
    rule_file,
    template,
    tokens,
    upkeep,
)
from leadline.alerts import Alerts
from leadline.artefact import Artefacts
from leadline.backtests import grid
from leadline.backtests.bench import Told
from leadline.backtests.past import Book
from leadline.backtests.saved import Saved
from leadline.clock import BEGINNING, Span
from leadline.due import clock_times
from leadline.errors import ConfigError, FeedError
from leadline.feed import Feed
from leadline.mend import Mending
from leadline.refresh import refresh
from leadline.resume import Part, Piece
from leadline.rules import Rules
from leadline.runs import Runs
from leadline.schedule import Job, Owed
from leadline.watch import Line, Watchlists
from live.listen import Listener
from tests.desks import SmallDesk, at, small_desk
from tests.doors import ROOT
from tests.fits import distant, walk
from tests.stores import finra, load_files, opened

LATER = at("20 00:00")
N_HEARD, N_BATCHES = 3, 4


def short_files(root: Path) -> None:
    """Write FINRA's files of two days, with rows that break the contract, and changed ones."""
    for n in (4, 5):
        text = [f"S{i}|{i}|0|{i + n}" for i in range(30)]
        finra(root / "short", date(2024, 3, n), [*text, "BAD|9|0|1", "WORSE|x|0|1"])
        changed = [f"S{i}|{i + i % 7}|0|{i + n + 6}" for i in range(25)]
        finra(root / "short-again", date(2024, 3, n), [*changed, "BAD|9|0|1"])


def load_short(root: Path) -> None:
    with opened(root / "store") as store:
        load_files(store, "finra_short_volume", root / "short")


def load_short_again(root: Path) -> None:
    with opened(root / "store") as store:
        load_files(store, "finra_short_volume", root / "short-again", known_at=at("28 00:00"))


def mend(root: Path) -> None:
    """Set aside what is damaged, and load again."""
    with opened(root / "store") as store:
        list(Mending(store).run())
    load_short(root)


def load_chains(root: Path) -> None:
    with opened(root / "store") as store:
        load_files(store, "cboe_chains", root / "chains")


def load_chains_again(root: Path) -> None:
    with opened(root / "store") as store:
        load_files(store, "cboe_chains", root / "chains-again", known_at=at("28 00:00"))


class _Quiet:
    """A connection of nobody."""

    async def stop(self) -> None:
        """There is nothing to end."""


async def _heard(socket: Any) -> AsyncIterator[tuple[str, Sequence[dict[str, Any]]]]:
    for n in range(N_BATCHES):
        yield (
            "prints",
            [
                {"print_id": f"{n}-{i}", "price": i, "known_at": at(f"05 15:{n:02}")}
                for i in range(N_HEARD)
            ],
        )
        await asyncio.sleep(0.11)


def hear(root: Path) -> None:
    """Listen to a feed that says a few batches and ends."""
    module = cast(ModuleType, SimpleNamespace(FEED=Feed(writes=("prints",)), listen=_heard))
    ended = Event()
    with SmallDesk(root).store() as store:
        feeds: Any = {"told": (module, lambda: [(_Quiet(), {})])}
        with Listener(feeds, store, ended, every_s=0.05):
            ended.wait()


def tick(root: Path) -> None:
    desk = SmallDesk(root)
    with desk.warehouse() as house, desk.store() as store:
        alerts = Alerts(house, store)
        alerts.tick(at("06 00:00"))
        rules = Rules(alerts, root)
        rules.tick(at("06 00:00"), at("06 00:00"))
        rules.close()


ALERT = {
    "id": "a1", "alert_id": "a1", "state": "firing", "rule": "high", "key": "T",
    "alert_key": "prices.high|a", "severity": "high", "headline": "a print",
}  # fmt: skip


def acknowledge(root: Path) -> None:
    with SmallDesk(root).store() as store:
        actions.act(store, ALERT, "acknowledged", "ann", at=at("06 10:00"))


def run_job(root: Path) -> None:
    desk, due = SmallDesk(root), at("04 23:30")
    job = Job(name="short", feed="short", where="x", times=clock_times("x", "30 18 * * *"))
    with desk.warehouse() as house, desk.store() as store:
        runs = Runs(house, store, runner="1 here")
        began = runs.began(Owed(job, due, 1, 1, Span(at("03 00:00"), due)), due)
        runs.ended(began, "done", at("04 23:31"), n_rows=7)


def compact(root: Path) -> None:
    with SmallDesk(root).store() as store:
        list(upkeep.compact(store))


def retain(root: Path) -> None:
    """Take out two days of three."""
    with SmallDesk(root).store() as store:
        list(retention.drop(store, {"prints": timedelta(days=13)}, LATER))


def vacuum(root: Path) -> None:
    with SmallDesk(root).store() as store:
        upkeep.vacuum(store)


def keep(root: Path) -> None:
    with SmallDesk(root).warehouse() as house:
        list(refresh(house, LATER))


def forget(root: Path) -> None:
    with SmallDesk(root).store() as store:
        store.ledger.refresh()
        standing = {line["load_id"] for line in store.ledger.lines if line["feed"] == "wrong"}
        for load in standing & set(store.ledger.standing()):
            store.forget(load)


def watch(root: Path) -> None:
    desk = SmallDesk(root)
    with desk.warehouse() as house, desk.store() as store:
        lists = Watchlists(house, store)
        lists.put("mine", map(Line, ("AAPL", "BRK.B", "MSFT")), "here", at("07 00:00"))
        lists.remove("mine", ["MSFT"], at("08 00:00"))


def review(root: Path) -> None:
    desk = SmallDesk(root)
    with desk.warehouse() as house, desk.store() as store:
        reviews.mark(house, store, "prices.high|a", "real", "ann")


def fit(root: Path) -> None:
    desk = SmallDesk(root)
    walk(desk, distant(desk))


def keep_fit(root: Path) -> None:
    Artefacts(root / "store/_fits", print).write("a" * 32, {"weights": list(range(500))})


def backtest(root: Path) -> None:
    desk = SmallDesk(root)
    with desk.warehouse() as house, desk.store() as store:
        views = grid.versions(house.catalog, "prices.mark")
        tried = grid.trials(house.catalog, views, {"min_weight": ["1", "2"]}, {})
        span = Span(at("01 00:00"), at("20 00:00"))
        book = Book(store, span, BEGINNING, {"min_weight": ["1", "2"]}, {"seed": 1}, tried)
        saved = Saved(root / "store", "key")
        if not saved.find(tried[0]):
            book.begin()
        for n, trial in enumerate(tried):
            told = Told(n, pa.table({"a": [n]}), pa.table({"b": [0.5]}), pa.table({"c": ["x"]}))
            if saved.find(trial) != told:
                saved.keep(trial, told)
        book.end([], [])
        saved.drop()


TABLE = pa.table({"n": list(range(2_000)), "word": [f"w{n % 7}" for n in range(2_000)]})


def write_export(root: Path) -> None:
    for form in ("csv", "parquet"):
        reader = pa.RecordBatchReader.from_batches(TABLE.schema, TABLE.to_batches())
        export.write(reader, form, root / f"out.{form}", io.BytesIO())


def publish(root: Path) -> None:
    with SmallDesk(root).warehouse() as house:
        build.build(house, root / "warehouse.duckdb", Span(at("05 00:00"), at("07 00:00")))


def freeze(root: Path) -> None:
    lock.freeze(SmallDesk(root).catalog())


def give_token(root: Path) -> None:
    """Make two tokens; what a broken run has made is taken back first, for nobody saw it."""
    path = root / "tokens"
    for name in ("ann", "bob"):
        with suppress(ConfigError):
            tokens.revoke(path, name)
        tokens.new(path, name)


RULE = 'of = "prices.high"\nwhere = "score >= 20"\nkeep = "5m"\n'


def save_rule(root: Path) -> None:
    known = rule_file.all_of(root, {})
    rule_file.save(root, "big", RULE, known["big"].mark if "big" in known else "")


def save_query(root: Path) -> None:
    saved = queries.Saved("newest", "select * from reports.alerts", "What is new.")
    queries.write(root, saved, is_known=True)


def make_detector(root: Path) -> None:
    """Make one of the template, and a draft of a query; what is whole is there already."""
    for kind in ("low", "drafted"):
        with suppress(ConfigError):
            if kind == "low":
                template.make("detector", "prices.low", root)
            else:
                columns = {"symbol": "VARCHAR", "known_at": "TIMESTAMP WITH TIME ZONE"}
                sql = "select symbol, known_at from curated.followed"
                texts = draft.draft(root, "prices.drafted", "What.", sql, {}, columns)
                draft.write(texts)


def make_desk(root: Path) -> None:
    with suppress(ConfigError):
        template.make_desk(root / "own")


def draw_weeks(root: Path) -> None:
    def made(seed: int) -> Iterator[tuple[str, pa.Table]]:
        yield "prints", pa.table({"print_id": ["a", "b"], "price": [seed, 2]})
        events = {
            "detector": ["d"], "entity": ["T"], "subject": ["T"], "starts_at": [at("05 15:00")],
            "ends_at": [at("05 16:00")], "size": [1.5], "direction": ["bull"],
        }  # fmt: skip
        yield "events", pa.table(events)

    span = (at("04 00:00"), at("09 00:00"))
    module = cast(ModuleType, SimpleNamespace(made=made, SPAN=span))
    list(planted.make(module, (1, 2), root / "weeks"))


def download(root: Path) -> None:
    """Fetch a file, or the rest of it; whoever fetches says in a sentence what the disk refuses."""
    body = b"0123456789" * 2_000
    try:
        with Part(root / "file", 1) as part:
            size = part.size()
            rest = [body[size:9_000], body[max(size, 9_000) :]]
            part.keep(Piece(rest, '"e"', "", size, len(body)))
            part.finish("whole.txt")
    except OSError as error:
        raise FeedError(f"file: {error}") from error


def lay_small(root: Path) -> SmallDesk:
    """Lay out the small project with prints of three days in six files, and what may go."""
    desk = small_desk(root)
    for n in range(6):
        day = 5 + n % 3
        rows = [(f"{n}-{i}", 60 + 77 * i, f"{day:02} 15:{i:02}") for i in range(8)]
        desk.prints(*rows, feed=f"feed{n}")
    desk.prints(("wrong", 1, "05 15:30"), feed="wrong")
    return desk


def lay_retaining(root: Path) -> SmallDesk:
    """Lay out the small project with a place for what goes."""
    desk = lay_small(root)
    desk.write("sql/tables/drops.sql", (ROOT / "sql/tables/drops.sql").read_text())
    return desk


def stray(root: Path) -> None:
    """Lay files that no log names beside the others, as a writer that was killed long ago left."""
    for n in range(3):
        path = root / "store/prints/known_date=2024-03-05" / f"part-stray{n}.parquet"
        shutil.copyfile(next(path.parent.glob("part-*.parquet")), path)
        os.utime(path, (1_600_000_000, 1_600_000_000))
