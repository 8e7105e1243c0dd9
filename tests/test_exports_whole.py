"""Rows by the million leave the API in each form, at constant memory, and are read back equal."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, time
from typing import Any

import duckdb
import httpx
import numpy as np
import pyarrow as pa
import pytest

from leadline.clock import BEGINNING, FOREVER
from leadline.question import Questions
from tests.dashboards import client
from tests.desks import SmallDesk, load_into, small_desk
from tests.doors import ROOT, alone
from tests.soaks import commit_of, write_page

SEED = 20_240_301
TICKS = """\
-- kind:       event
-- partition:  day
-- what:       Ticks of a test.
-- grain:      one row per tick
-- key:        tick_id

create table ticks (
    tick_id bigint not null,  -- its number
    name text,  -- whose it is
    price decimal(18, 8) not null,  -- USD
    change double not null  -- against the one before
);
"""
KINDS = {
    "tick_id": "bigint", "name": "varchar", "price": "decimal(18, 8)", "change": "double",
    "known_at": "timestamptz",
}  # fmt: skip
FORMS = ("csv", "json", "jsonl", "parquet", "arrow")
DIGEST = f"select count(*), sum(hash({', '.join(KINDS)})::hugeint) from "
PIECE = 500_000  # rows of a load
N_ROWS = 10_000_000
MOST_MB = 200  # that the server may grow by; DuckDB itself holds some batches ahead
ASKED = f"/api/raw.ticks?columns={','.join(KINDS)}&order=any"
SERVER = """
import sys, uvicorn
from pathlib import Path
from datetime import datetime, UTC
from leadline.catalog import Catalog
from leadline.config import Config
from leadline.engine import Engine
from leadline.store import Store
from leadline.warehouse import Warehouse
from panel_app.app import create
root = Path(sys.argv[1])
catalog, engine = Catalog(root), Engine(Config("", memory="2GB").engine())
house = Warehouse(catalog, Store(str(root / "store"), catalog.contracts, engine), engine)
app = create(house, lambda: datetime(2024, 3, 9, tzinfo=UTC), limit_s=3_600)
settings = uvicorn.Config(app, port=0, log_level="warning", access_log=False)
server = uvicorn.Server(settings)
config = settings.load()
import asyncio
async def serve():
    await server.startup()
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await server.main_loop()
server.lifespan = settings.lifespan_class(settings)
asyncio.run(serve())
"""


def ticks(first: int, n_rows: int) -> pa.Table:
    """Make up ticks; the same number is the same tick."""
    draw = np.random.default_rng([SEED, first])
    number = np.arange(first, first + n_rows)
    names = pa.array([None, "A", 'Bé "quoted", or not', "line\nbreak", ""])
    whole = pa.array(draw.integers(1, 10**9, n_rows))
    return pa.table(
        {
            "tick_id": number,
            "name": names.take(pa.array(draw.integers(0, len(names), n_rows))),
            "price": whole.cast(pa.decimal128(27, 8)).cast(pa.decimal128(18, 8)),
            "change": draw.normal(size=n_rows),
            "known_at": pa.array(1_709_640_000_000_000 + number * 7, pa.timestamp("us", tz="UTC")),
        }
    )


def ticking_desk(root: Path, n_rows: int) -> SmallDesk:
    desk = small_desk(root)
    desk.write("sql/tables/ticks.sql", TICKS)
    with desk.store() as store:
        for first in range(0, n_rows, PIECE):
            table = ticks(first, min(PIECE, n_rows - first)).combine_chunks()
            load_into(store, "ticks", table.to_batches()[0], f"ticks {first}")
    return desk


@dataclass
class Served:
    """A server in a process of its own, and how much memory it takes."""

    address: str
    pid: int

    def rss_mb(self, what: str) -> int:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(what)) // 1_024

    def forget_peak(self) -> None:
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")


@contextmanager
def served(desk: SmallDesk) -> Iterator[Served]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(desk.root)], stdout=subprocess.PIPE, text=True,
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    with process:
        try:
            assert process.stdout is not None
            yield Served(f"http://localhost:{int(process.stdout.readline())}", process.pid)
        finally:
            process.kill()


def fetched(address: str, path: Path) -> int:
    """Write an answer to a file as it comes; return how many bytes."""
    with httpx.stream("GET", address, timeout=None) as answer, path.open("wb") as file:
        assert answer.status_code == 200
        for piece in answer.iter_bytes():
            file.write(piece)
    return path.stat().st_size


def digest_of(path: Path, form: str) -> tuple[Any, ...]:
    """Read a file back by what is none of ours; return how many rows, and what they add up to."""
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in KINDS.items())
    source = {
        "csv": f"read_csv('{path}', columns = {{{columns}}}, header = true, nullstr = '', "
        f"allow_quoted_nulls = false, parallel = false)",
        "json": f"read_json('{path}', columns = {{{columns}}}, format = 'array', "
        f"maximum_object_size = 1000000000)",
        "jsonl": f"read_json('{path}', columns = {{{columns}}}, format = 'newline_delimited')",
        "parquet": f"read_parquet('{path}')",
        "arrow": "rows",
    }[form]
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        if form == "arrow":
            rows = pa.ipc.open_stream(path)
            con.register("rows", rows)
        ((n_rows, total),) = con.execute(DIGEST + source).fetchall()
    return n_rows, total


def truth_of(desk: SmallDesk) -> tuple[Any, ...]:
    with alone() as engine, desk.warehouse(engine=engine) as house:
        rows = Questions(house).answer(f"{DIGEST} raw.ticks", BEGINNING, FOREVER).read_all()
    (row,) = rows.to_pylist()
    n_rows, total = row.values()
    return n_rows, int(total)


def test_each_form_holds_every_row(tmp_path: Path) -> None:
    desk, found = ticking_desk(tmp_path / "desk", 20_000), []
    now = datetime(2024, 3, 9, tzinfo=UTC)

    with client(desk.root / "store", now, desk.root) as asking:
        for form in FORMS:
            path = tmp_path / f"out.{form}"
            path.write_bytes(asking.get(f"{ASKED}&format={form}").content)
            found.append(digest_of(path, form))

    assert set(found) == {truth_of(desk)}


@pytest.mark.soak
@pytest.mark.timeout(7_200)
def test_millions_of_rows_leave_at_constant_memory(tmp_path: Path) -> None:
    began = time()
    desk = ticking_desk(tmp_path / "desk", N_ROWS)
    truth, told = truth_of(desk), []

    with served(desk) as server:
        for form in FORMS:
            address, path = f"{server.address}{ASKED}&format={form}", tmp_path / f"out.{form}"
            fetched(f"{address}&limit=5000", path)
            server.forget_peak()
            base, start = server.rss_mb("VmRSS:"), monotonic()
            n_bytes = fetched(address, path)
            seconds, grown = monotonic() - start, server.rss_mb("VmHWM:") - base

            assert digest_of(path, form) == truth
            rate = N_ROWS / seconds
            told.append(f"{form} {rate:,.0f} rows/s, {n_bytes / 1e6:,.0f} MB, +{grown} MB")
            assert grown < MOST_MB
            path.unlink()
        sheet = httpx.get(f"{server.address}{ASKED}&format=xlsx", timeout=None)

    assert truth[0] == N_ROWS
    assert sheet.status_code == 422
    assert "rows do not fit a sheet of 1,048,575; use --format csv" in sheet.json()["error"]
    what = f"{N_ROWS:,} rows by the API in each form, read back equal by DuckDB"
    write_page(
        f"| exports | {what} | {SEED} | `{commit_of(ROOT)[:12]}` | {time() - began:,.0f} "
        f"| memory of the server and pace: {'; '.join(told)}; as xlsx refused |"
    )
