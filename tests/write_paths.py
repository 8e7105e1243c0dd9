"""Every way in which leadline writes files, what it starts from, and what must come of it."""

import shutil
import tempfile
from atexit import register
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from leadline import dropped
from leadline.clock import BEGINNING, FOREVER
from leadline.quote import quoted
from leadline.tokens import Tokens
from leadline.verify import verify
from tests import fits, write_acts
from tests.chains import chain
from tests.desks import SmallDesk
from tests.leadline.test_kept import DAYS, HOURS, PLAIN
from tests.moving_desk import moving_desk
from tests.reviewing import reviewing_desk
from tests.schedules import scheduled_desk
from tests.stores import door as narrow_door
from tests.stores import load_sessions, opened
from tests.watching import watching_desk
from tests.write_acts import RULE, lay_small

ASIDE = ("recorded_at", "started_at", "duration_ms", "n_conflicts", "origin")  # of a line
Told = Callable[[Path], Any]


@dataclass(frozen=True)
class WritePath:
    """One way of writing: the modules whose calls it makes, how it is laid out, and its outcome."""

    name: str
    covers: tuple[str, ...]
    lay: Callable[[Path], Any]
    act: Callable[[Path], None]
    told: Told
    folder: str = "."  # under which its steps are counted
    is_long: bool = False  # too dear for each run of the tests


def content(place: Path) -> dict[str, Any]:
    """Return all that two stores must have in common: rows, rows as asked, and lines."""
    found: dict[str, Any] = {}
    with narrow_door(place) as warehouse, duckdb.connect() as con:
        for dataset, files in warehouse.refresh().files.items():
            if dataset == "loads" or not files:
                continue
            listed = ", ".join(map(quoted, files))
            where = "exclude (origin)" if dataset == "rejected" else ""  # it names the folder
            rows = con.sql(f"select * {where} from read_parquet([{listed}]) order by all")
            found[dataset] = rows.to_arrow_table()
            # What is set aside is known when it is recorded, which differs from run to run.
            clocks = (
                "recorded_at, known_at, known_date, origin"
                if dataset == "rejected"
                else "recorded_at"
            )
            asked = warehouse.ask(f"raw.{dataset}", BEGINNING, FOREVER)
            rows = asked.project(f"* exclude ({clocks})").order("all")
            found[f"raw.{dataset}"] = rows.to_arrow_table()
        found["lines"] = [
            {name: value for name, value in line.items() if name not in ASIDE}
            for line in warehouse.store.ledger.lines
        ]
    return found


def standing_shorts(root: Path) -> Any:
    """Return the rows of short volume that stand."""
    columns = "facility, source_symbol, session_date, short_volume, total_volume"
    with narrow_door(root / "store", dataset="short_volume") as house:
        rows = house.ask("curated.short_volume", BEGINNING, FOREVER)
        standing = rows.filter("withdrawn_at is null").project(columns)
        return standing.order("all").to_arrow_table().to_pylist()


def of_store(root: Path) -> Any:
    """Return a store's rows and lines."""
    return content(root / "store")


def asked(view: str, only: str, where: str = "true", *, is_once: bool = False) -> Told:
    """Return what tells the rows of a view, which a desk of its own binds; once, or all."""

    def told(root: Path) -> Any:
        desk = SmallDesk(root)
        with desk.warehouse() as house:
            rows = house.ask(view, BEGINNING, FOREVER).filter(where).project(only)
            found = rows.distinct() if is_once else rows
            return found.order("all").to_arrow_table().to_pylist()

    return told


told_alerts = asked("raw.alerts", only="alert_key, fired_at, score")


def rows_as_asked(root: Path) -> Any:
    """Return the rows of prints, whatever files they lie in."""
    rows = "print_id, price, known_at, load_id, is_gone"
    return asked("raw.prints", only=rows)(root)


def files_of(root: Path) -> Any:
    """Return the rows of prints, and how many files of each day lie there that time may take."""
    days = {
        each.name: len([p for p in each.glob("part-stray*")])
        for each in sorted((root / "store/prints").glob("known_date=*"))
    }
    return rows_as_asked(root), days


def joined(root: Path) -> Any:
    """Return the rows of prints, and in how many files of each day they are."""
    with SmallDesk(root).store() as store:
        table = store.tables["prints"]
        days = [file["partition"]["known_date"] for file in table.files()]
        lines = len(store.tables["loads"].paths())
    return rows_as_asked(root), sorted(days), lines


def retained(root: Path) -> Any:
    """Return the rows of prints, what is told of those that went, and what verifying finds."""
    with SmallDesk(root).store() as store:
        told, amiss = dropped.known(store), [each for each in verify(store) if each.is_error]
    return rows_as_asked(root), told.floors, sorted(told.left.values()), amiss


def heard(root: Path) -> Any:
    """Return the prints that were heard, and the counts of loads that are not whole."""
    with SmallDesk(root).warehouse() as house:
        rows = house.ask("raw.prints", BEGINNING, FOREVER)
        prints = rows.project("print_id").distinct().order("all").fetchall()
        ((n,),) = rows.aggregate("count(*)").fetchall()
        n_said = sum(line["n_rows"] for line in house.store.ledger.lines)
    return prints, n - n_said, n % write_acts.N_HEARD


def kept(root: Path) -> Any:
    """Return what a kept view says, by files and computed, and the rows of each file."""
    desk = SmallDesk(root)
    with desk.warehouse() as house:
        rows = house.ask("features.hours", BEGINNING, FOREVER).order("all")
        said = rows.to_arrow_table().to_pylist()
        house.refresh()
        files = {
            str(day): _parquet(path.own) for day, path in house.kept["features.hours"].files.items()
        }
    return said, files


def _parquet(path: Path) -> Any:
    return pq.ParquetFile(path).read().to_pylist()


def texts(*paths: str) -> Told:
    """Return what tells what stands in files, and that nothing else of them is left."""
    return lambda root: {path: _text(root / path) for path in paths}


def _text(path: Path) -> Any:
    if path.is_dir():
        return {str(each.relative_to(path)): _text(each) for each in _files(path)}
    return path.read_bytes() if path.exists() else None


def _files(path: Path) -> list[Path]:
    """Return the files under a folder, but for what a broken run had not finished."""
    return [each for each in sorted(path.rglob("*")) if each.is_file() and each.suffix != ".part"]


def tokens_of(root: Path) -> Any:
    return [token.name for token in Tokens(root / "tokens", {}).all()]


def built(root: Path) -> Any:
    """Return what the published file answers."""
    with duckdb.connect(str(root / "warehouse.duckdb"), read_only=True) as con:
        return con.sql("select print_id, price from curated.followed order by all").fetchall()


def exported(root: Path) -> Any:
    return (root / "out.csv").read_bytes(), _parquet(root / "out.parquet")


def weeks(root: Path) -> Any:
    return {str(path.relative_to(root)): _parquet(path) for path in _files(root / "weeks")}


def fit_of(root: Path) -> Any:
    from leadline.artefact import Artefacts

    return Artefacts(root / "store/_fits", print).read("a" * 32)


def lay_short(root: Path) -> None:
    write_acts.short_files(root)
    for n in (4, 5):
        chain(root / "chains", date(2024, 3, n), 10)
        chain(root / "chains-again", date(2024, 3, n), 11, n_rows=35)
    with opened(root / "store") as store:
        load_sessions(store)


def lay_changed(root: Path) -> None:
    lay_short(root)
    write_acts.load_short(root)


def lay_damaged(root: Path) -> None:
    """Lose one of two files of short volume; its load and what came after it have to go."""
    lay_short(root)
    write_acts.load_short(root)
    with opened(root / "store") as store:
        Path(store.tables["short_volume"].paths()[0]).write_bytes(b"")


def lay_chains(root: Path) -> None:
    lay_short(root)
    write_acts.load_chains(root)


def lay_rules(root: Path) -> None:
    desk = lay_small(root)
    desk.write("rules/high.toml", RULE)
    desk.write("rules/.keep", "")


def lay_stray(root: Path) -> None:
    lay_small(root)
    write_acts.compact(root)
    write_acts.stray(root)


def lay_kept(root: Path) -> None:
    desk = lay_small(root)
    desk.write("sql/views/curated/plain.v1.sql", PLAIN)
    desk.write("sql/views/features/hours.v1.sql", HOURS)
    desk.write("sql/views/features/days.v1.sql", DAYS)


def lay_fits(root: Path) -> None:
    desk = fits.learning_desk(root)
    fits.prices(desk, date(2024, 4, 20), [100 + n % 9 for n in range(45)])


def lay_table(root: Path) -> None:
    lay_small(root)
    (root / "out.csv").write_text("n\n1\n")


_ACTED = "action_id, alert_id, action, acted_at"
STORE = "store"
PATHS = (
    WritePath("load", ("load", "staged", "table", "writing", "home"),
              lay_short, write_acts.load_short, of_store, STORE),
    WritePath("load of a changed publication", ("staged",),
              lay_changed, write_acts.load_short_again, of_store, STORE),
    WritePath("load of children and parents", ("staged",),
              lay_short, write_acts.load_chains, of_store, STORE),
    WritePath("load of changed children", ("staged",),
              lay_chains, write_acts.load_chains_again, of_store, STORE),
    WritePath("live appends", ("live.listen",), lay_small, write_acts.hear, heard, STORE),
    WritePath("alerts and rules", ("alerts", "actions"), lay_rules, write_acts.tick,
              told_alerts, STORE),
    WritePath("acts of persons", ("actions",), lay_small, write_acts.acknowledge,
              asked("raw.alert_actions", only=_ACTED), STORE),
    WritePath("runs of the schedule", ("runs",), scheduled_desk, write_acts.run_job,
              asked("ops.runs", only="job, outcome, n_rows, due_at, ended_at"), STORE),
    WritePath("compaction", ("upkeep", "table"), lay_small, write_acts.compact, joined, STORE),
    WritePath("retention", ("retention",), write_acts.lay_retaining, write_acts.retain,
              retained, STORE),
    WritePath("vacuum", ("upkeep", "table", "cli.store"), lay_stray, write_acts.vacuum,
              files_of, STORE),
    WritePath("kept partials", ("kept_day", "seal"), lay_kept, write_acts.keep, kept, STORE),
    WritePath("mending", ("home",), lay_damaged, write_acts.mend, standing_shorts, STORE),
    WritePath("forgetting", (), lay_small, write_acts.forget, rows_as_asked, STORE),
    WritePath("watch lists", ("watch",), watching_desk, write_acts.watch,
              asked("curated.watchlists", only="watchlist, symbol",
                    where="withdrawn_at is null"), STORE),
    WritePath("reviews", ("reviews",), reviewing_desk, write_acts.review,
              asked("curated.review_labels", only="alert_key, verdict, n_reviewers"), STORE),
    WritePath("fits and their scores", ("fitted",), lay_fits, write_acts.fit,
              asked("raw.model_scores", only="entity, session_date, score, is_gone"),
              STORE, is_long=True),
    WritePath("artefacts of fits", ("artefact", "whole"), lay_small, write_acts.keep_fit, fit_of),
    WritePath("backtests", ("backtests.past", "backtests.saved"), moving_desk, write_acts.backtest,
              asked("raw.backtest_runs", only="outcome, trials",
                    where="outcome = 'done'", is_once=True), STORE),
    WritePath("exports", ("export",), lay_table, write_acts.write_export, exported),
    WritePath("publishing", ("build",), lay_small, write_acts.publish, built),
    WritePath("the lock", ("lock",), lay_small, write_acts.freeze, texts("sql/versions.lock")),
    WritePath("tokens", ("tokens",), lay_small, write_acts.give_token, tokens_of),
    WritePath("rules' files", ("rule_file",), lay_rules, write_acts.save_rule,
              texts("rules/big.toml")),
    WritePath("saved queries", ("queries",), lay_small, write_acts.save_query,
              texts("queries/newest.sql")),
    WritePath("new content", ("template",), lay_small, write_acts.make_detector,
              texts("sql/detectors", "tests")),
    WritePath("a new desk", ("template",), lay_small, write_acts.make_desk, texts("own"),
              is_long=True),
    WritePath("drawn weeks", ("planted",), lay_small, write_acts.draw_weeks, weeks),
    WritePath("downloads", ("resume",), lay_small, write_acts.download, texts("file/whole.txt")),
)  # fmt: skip

# What writes files too, and the tests that break it off or show that nothing is lost with it.
ELSEWHERE = {
    "leadline.blocks": "tests/leadline/test_blocks.py",  # a cache
    "leadline.cli.filings": "tests/leadline/cli/test_filings.py",  # a folder of the user's own
    "leadline.cli.new": "tests/leadline/cli/test_new.py",  # a project of an empty folder
    "leadline.cloud": "tests/test_cloud_deaths.py",  # into a bucket
    "leadline.journal": "tests/leadline/test_journal.py",
    "leadline.project": "tests/leadline/test_project.py",  # as leadline.cli.new
    "leadline.spark.phrase": "tests/leadline/spark/test_phrase.py",  # it replaces nodes of a tree
    "leadline.spark.rewrite": "tests/leadline/spark/test_rewrite.py",  # as above
    "leadline.spark.session": "tests/leadline/spark/test_session.py",  # a folder that goes with it
    "leadline.trail": "tests/leadline/test_trail.py",
    "leadline.upgrade": "tests/leadline/test_upgrade.py",
    "leadline.cli.app": "tests/leadline/cli/test_load.py",  # a folder for what is fetched
    "leadline.file": "tests/leadline/test_file.py",  # a folder of its own, which goes with it
    "leadline.layout": "tests/leadline/test_layout.py",  # a cache
    "leadline.model": "tests/leadline/test_model.py",  # by leadline.whole
    "leadline.record": "tests/leadline/test_record.py",
    "leadline.source": "tests/leadline/test_http_download.py",  # a folder for what is fetched
    "leadline.spill": "tests/leadline/test_spill.py",  # what killed processes left
    "leadline.standing": "tests/test_exports_whole.py",  # it deletes old exports
    "leadline.texts": "tests/leadline/test_texts.py",  # a cache
    "leadline.tracking": "tests/leadline/test_tracking.py",  # by leadline.whole
    "live.carriers.file": "tests/test_notice_kills.py",
    "live.notify": "tests/test_notice_kills.py",
    "live.schedule": "tests/live/test_schedule.py",  # a folder of locks
    "loaders._edgar": "tests/test_edgar_rough.py",  # it deletes what was fetched
    "loaders.binance_dumps": "tests/loaders/test_binance_dumps.py",  # as above
    "loaders._databento": "tests/loaders/test_databento_options.py",  # beside a capture
}
# What commits loads and writes no file: every load is broken off as the first four ways are.
LOADS = {"leadline.checks", "leadline.demo", "live.metrics"}


@cache
def _templates() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="leadline-paths-"))
    register(shutil.rmtree, folder)
    return folder


@cache
def laid(name: str) -> Path:
    """Return what a path starts from, laid out once."""
    place = _templates() / name.replace(" ", "-")
    place.mkdir()
    _of(name).lay(place)
    return place


def _of(name: str) -> WritePath:
    return next(path for path in PATHS if path.name == name)


def copy_of(source: Path, target: Path) -> Path:
    """Copy a project with its store, files' times too: a vacuum looks at them."""
    return Path(shutil.copytree(source, target))
