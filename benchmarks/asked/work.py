"""Answers one question with one engine, in this process alone, and says what it took.

python -m benchmarks.asked.work ENGINE NUMBER STORE SETTING ANSWER
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.asked.frames import THREADS, Frames
from benchmarks.asked.question import Question, Setting
from benchmarks.asked.questions import QUESTIONS

MEMORY = "4GB"
MIDST = timedelta(hours=20)  # an hour before the close in winter


def main(engine: str, number: str, store: str, setting: str, answer: str) -> None:
    """Ask twice: the first time is what counts, the second tells what planning and caches save."""
    question, where = QUESTIONS[int(number)], read(Path(setting))
    opened = time.perf_counter()
    ask = ENGINES[engine](question, where, store)
    said: dict[str, Any] = {"open_s": time.perf_counter() - opened}
    for nth in ("", "again_"):
        before = measured()
        rows = ask(f"{answer}.{question.form}" if question.form else "")
        after = measured()
        said |= {f"{nth}{name}": after[name] - before[name] for name in before}
    said["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    if question.form:
        rows = written(Path(f"{answer}.{question.form}"))
    import pyarrow as pa

    with pa.OSFile(answer, "wb") as sink, pa.ipc.new_file(sink, rows.schema) as file:
        file.write_table(rows)
    print(json.dumps(said | {"rows": len(rows)}))


def read(path: Path) -> Setting:
    """Return a setting as it was written down."""
    told: dict[str, Any] = json.loads(path.read_text())
    days = {name: date.fromisoformat(told[name]) for name in ("since", "until", "day")}
    return Setting(**{**told, **days})


def measured() -> dict[str, float]:
    """Return clock, CPU time of all threads, and bytes that were read from files."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    read = Path("/proc/self/io").read_text().split()[1]
    cpu_s = used.ru_utime + used.ru_stime
    return {"s": time.perf_counter(), "cpu_s": cpu_s, "mb_read": int(read) / 1e6}


def written(path: Path) -> Any:
    """Return what an export holds, in short: rows, and sums of price and size."""
    import duckdb

    con = duckdb.connect()
    return con.sql(
        "select count(*) as n, sum(cast(price as double)) as price, sum(cast(size as double)) "
        f"as size from '{path}'"
    ).to_arrow_table()


def ours(question: Question, setting: Setting, store: str) -> Callable[[str], Any]:
    """Open the views as `leadline sql` does."""
    from benchmarks.figures import ROOT
    from leadline import export
    from leadline.catalog import Catalog
    from leadline.config import Config
    from leadline.engine import Engine
    from leadline.question import Questions
    from leadline.store import Store
    from leadline.warehouse import Warehouse

    catalog = Catalog(ROOT)
    engine = Engine(Config(store=store, memory=MEMORY, threads=THREADS).engine())
    house = Warehouse(catalog, Store(store, catalog.contracts, engine), engine)
    known = house.refresh().recorded_until
    questions, (since, until) = Questions(house), setting.span(is_day=question.is_day)
    if question.since:
        until = since + MIDST
        since = until - question.since
    text = question.text("ours", setting)

    def ask(path: str) -> Any:
        rows = questions.answer(text, since, until, recorded_until=known)
        if path:
            return export.write(rows, question.form, Path(path), sys.stdout.buffer)
        return rows.read_all()

    return ask


def chdb(question: Question, setting: Setting, _: str) -> Callable[[str], Any]:
    """ClickHouse in process; its SQL over file(), and what it may take."""
    from chdb import session

    con: Any = session.Session()  # type: ignore[no-untyped-call]
    con.query(f"set max_threads = {THREADS}, max_memory_usage = 4000000000")
    con.query("set cast_keep_nullable = 1, join_use_nulls = 1")

    def table(dataset: str) -> str:
        files = setting.listed(dataset, is_day=question.is_day)
        if len(files) == 1:
            return f"file('{files[0]}', Parquet)"
        folder = os.path.commonpath(files)  # braces hold no whole paths
        names = ",".join(os.path.relpath(path, folder) for path in files)
        return f"file('{folder}/{{{names}}}', Parquet)"

    text = question.put(question.text("chdb", setting), table)

    def ask(path: str) -> Any:
        import pyarrow as pa

        if path:
            Path(path).unlink(missing_ok=True)
            form = {"csv": "CSVWithNames", "parquet": "Parquet"}[question.form]
            con.query(f"{text} into outfile '{path}' format {form}")
            return None
        buffer = con.query(text, "ArrowStream").bytes()
        return pa.ipc.open_stream(buffer).read_all()

    return ask


def polars(question: Question, setting: Setting, _: str) -> Callable[[str], Any]:
    """Polars, lazily and streaming; its SQL, or its own words where that lacks some."""
    import polars as pl

    frames = Frames(setting, is_day=question.is_day)

    def rows() -> Any:
        if question.polars:
            return question.polars(frames, setting)
        own = {name: frames.scan(name) for name in question.tables()}
        text = question.put(question.text("polars", setting), lambda name: name)
        return pl.SQLContext(own).execute(text)

    def ask(path: str) -> Any:
        if path:
            return getattr(rows(), f"sink_{question.form}")(path)
        return rows().collect(engine="streaming").to_arrow()

    return ask


def pandas(question: Question, setting: Setting, _: str) -> Callable[[str], Any]:
    """Pandas over what Arrow reads."""
    import pandas as pd  # noqa: F401  before the clock starts, as ours is
    import pyarrow as pa

    pa.set_cpu_count(THREADS)
    frames = Frames(setting, is_day=question.is_day)

    def ask(path: str) -> Any:
        assert question.pandas
        found = question.pandas(frames, setting)
        if path:
            return getattr(found, f"to_{question.form}")(path, index=False)
        return pa.Table.from_pandas(found, preserve_index=False)

    return ask


ENGINES: dict[str, Callable[[Question, Setting, str], Callable[[str], Any]]] = {
    "ours": ours,
    "polars": polars,
    "chdb": chdb,
    "pandas": pandas,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
