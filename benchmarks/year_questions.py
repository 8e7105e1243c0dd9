"""Forty questions of a generated year, of our views and of other engines over the same files.

python -m benchmarks.year_questions STORE ROWS SESSIONS ROUNDS

makes the store as far as it is missing, asks every question of every engine in rounds, a process
each, and writes docs/benchmark-year.md. What was asked is kept beside the store, so that a run that
breaks off goes on where it was.
"""

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.asked.question import Question, Setting
from benchmarks.asked.questions import QUESTIONS
from benchmarks.figures import CACHE, COMPILED, ROOT, Section
from benchmarks.year.__main__ import make, opened, sessions
from benchmarks.year.world import N_SESSIONS, World
from leadline.store import Store

ROWS, ROUNDS = 500_000_000, 3
MOST_MB, LONGEST_S = 4_600, 900  # 4 GB and what a process is without data
ENGINES = ("ours", "polars", "chdb", "pandas")
_LOOK_S = 0.3
Said = dict[str, Any]


def measure(rows: int | None = None) -> Section:
    """Ask all of a year; a small form has three sessions of so many rows each, and asks once."""
    from benchmarks.asked import page

    own = (rows * N_SESSIONS, 3, 1) if rows else (ROWS, N_SESSIONS, ROUNDS)
    place = Path(os.environ.get("LEADLINE_YEAR", CACHE / f"year-{own[0]}"))
    return page.section(asked(place, *own), *own[:2])


def asked(
    place: Path,
    rows: int,
    n_sessions: int,
    rounds: int,
    *,
    engines: Sequence[str] = ENGINES,
    only: Sequence[Question] = QUESTIONS,
) -> list[Said]:
    """Ask every question as often as there are rounds; return what each process said."""
    folder = place.with_name(f"{place.name}.asked")
    folder.mkdir(exist_ok=True)
    kept, where = folder / "said.jsonl", folder / "setting.json"
    said = [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []
    done = {(each["name"], each["engine"], each["round"]) for each in said}
    with opened(place) as store:
        make(store, rows, n_sessions)
        told = setting(store, World(rows), n_sessions)
    where.write_text(json.dumps(vars(told), default=str))
    for nth, question in itertools.product(range(rounds), only):
        number = QUESTIONS.index(question)
        for engine in question.engines():
            if engine not in engines or (question.name, engine, nth) in done:
                continue
            answer, own = (folder / f"{number}-{who}-{nth}" for who in (engine, "ours"))
            found = once(engine, number, place, where, answer)
            if "s" in found and engine != "ours":
                found["differs"] = differ(own, answer) if own.exists() else "ours has no answer"
                found["is_equal"] = found["differs"] == ""
            said.append({"name": question.name, "engine": engine, "round": nth} | found)
            with kept.open("a") as file:
                file.write(json.dumps(said[-1]) + "\n")
            print(json.dumps(said[-1]), file=sys.stderr, flush=True)
    return said


def setting(store: Store, world: World, n_sessions: int) -> Setting:
    """Return the store's span, the session before its last one, and who is asked about."""
    calendar = sessions(store)[:n_sessions]
    day, last = calendar[-2 if n_sessions > 1 else -1], calendar[-1]
    names = [world.names[int(place)].as_py() for place in np.argsort(world.rank)]
    files = {name: list(_files(store, name)) for name in store.tables}
    listed = [path for path, value in files["option_trades"] if value == f"{day.day}"]
    ((contract,),) = store.con.execute(
        f"select contract from read_parquet({listed}) where root = '{names[0]}' "
        "group by contract order by count(*) desc, contract limit 1"
    ).fetchall()
    quiet = names[len(names) // 3]
    return Setting(
        calendar[0].day, last.day + timedelta(days=1), day.day, names[0], quiet, contract, files
    )


def _files(store: Store, name: str) -> Iterator[tuple[str, str | None]]:
    table = store.tables[name]
    table.refresh()
    for file in table.files():
        value = next(iter(file["partition"].values()), None)
        yield str((table.place / file["path"]).absolute()), value


def once(engine: str, number: int, store: Path, where: Path, answer: Path) -> Said:
    """Ask one question in a process of its own; one that takes too much is ended, and told."""
    command = [sys.executable, "-m", "benchmarks.asked.work", engine, str(number)]
    own = {**os.environ, **COMPILED, "POLARS_MAX_THREADS": "2", "OMP_NUM_THREADS": "2"}
    process = subprocess.Popen(
        [*command, str(store), str(where), str(answer)],
        cwd=ROOT, env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    started = time.perf_counter()
    while True:
        try:
            out, err = process.communicate(timeout=_LOOK_S)
            break
        except subprocess.TimeoutExpired:
            held = _held_mb(process.pid)
            if held > MOST_MB or time.perf_counter() - started > LONGEST_S:
                process.kill()
                process.communicate()
                why = "out of memory" if held > MOST_MB else "too long"
                return {"ended": why, "peak_mb": held}
    if process.returncode:
        is_full = "memory" in err.lower()
        return {"ended": "out of memory" if is_full else err.strip().splitlines()[-1][:300]}
    found: Said = json.loads(out.strip().splitlines()[-1])
    return found


def _held_mb(pid: int) -> float:
    """Return what a process holds of its own: files that are mapped can be given back."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        return next(
            int(line.split()[1]) / 1e3
            for line in status.splitlines()
            if line.startswith("RssAnon:")
        )
    except (OSError, StopIteration):  # it has just ended
        return 0.0


def differ(one: Path, other: Path) -> str:
    """Return in what two answers differ, whatever the order of their rows; '' if in nothing."""
    ours, theirs = (_rows(path) for path in (one, other))
    if len(ours) != len(theirs):
        return f"{len(ours)} rows and {len(theirs)}"
    for own, its in zip(ours, theirs, strict=True):
        for a, b in zip(own, its, strict=True):
            is_number = isinstance(a, float) and isinstance(b, float)
            if a != b and not (is_number and abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1)):
                return f"{own} and {its}"
    return ""


def _rows(path: Path) -> list[tuple[Any, ...]]:
    with pa.memory_map(str(path)) as source:
        rows = pa.ipc.open_file(source).read_all()
        columns = [[_plain(value) for value in column.to_pylist()] for column in rows.columns]
    return sorted(zip(*columns, strict=True), key=_sorting)


def _sorting(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Order by what is exact first: doubles that differ in the last digit change nothing."""
    exact = [f"{value}" for value in row if not _is_broken(value)]
    return (exact, [float(f"{value:.7g}") for value in row if _is_broken(value)])


def _is_broken(value: Any) -> bool:
    return isinstance(value, float) and not value.is_integer()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, bool | str) or value is None:
        return value
    return float(value) if hasattr(value, "__float__") else f"{value}"[:10]


if __name__ == "__main__":
    from benchmarks.asked import page

    given = Path(sys.argv[1]), *map(int, sys.argv[2:5])
    page.write(asked(*given), *given[1:3])  # type: ignore[arg-type]
