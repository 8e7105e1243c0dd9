"""Asks promised views on both engines over the same inputs, and says in what their rows differ."""

import json
import math
import os
import socket
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import duckdb
import pyarrow as pa
from pyspark.find_spark_home import _find_spark_home
from pyspark.sql import SparkSession

from leadline.catalog import ALL_LIVE
from leadline.spark.answer import arrow
from leadline.spark.layout import PROMISED, Layout
from leadline.spark.rewrite import table_name
from leadline.warehouse import Warehouse

CLOSE = 1e-9  # of doubles, which the engines add up in other orders
# Small data, many plans: what would pay for itself over millions of rows is left out.
SMALL = {
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.memory": "2g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


def promised(warehouse: Warehouse) -> list[str]:
    """Return every live view that Spark answers, each after those that it reads."""
    catalog = warehouse.catalog
    found = [
        each.view.stable
        for each in warehouse.bound
        if each.view.schema in PROMISED
        and each.view.status == "live"
        and each.view is catalog.in_force(each.view.stable)
    ]
    return [*found, ALL_LIVE]


class Both:
    """One span, asked of a warehouse's DuckDB and of Spark."""

    def __init__(
        self,
        session: SparkSession,
        warehouse: Warehouse,
        names: Iterable[str],
        since: datetime,
        until: datetime,
    ) -> None:
        self._session, self._warehouse = session, warehouse
        self._names, self._since = list(names), since
        recorded = warehouse.refresh().recorded_until
        self.layout = Layout(session, warehouse, since, until, recorded)
        self._cursor = warehouse.cursor(self._names, since, until)

    def lay_out(self) -> None:
        """Make every view ready in Spark, as one question over all of them would."""
        self.layout.lay_out(self._names)

    def rows(self, name: str) -> tuple[pa.Table, pa.Table]:
        """Return a view's rows, from Spark and from DuckDB."""
        house, since = self._warehouse, self._since
        own = self._cursor.sql(f"select * from {house.cut(name, since)}").to_arrow_table()
        text = f"select * from {house.cut(name, since, name)}"
        return arrow(self.layout.sql(table_name(name), text), own.schema), own

    def differ(self, name: str) -> tuple[int, list[str]]:
        """Return how many rows DuckDB has, and what of Spark's differs."""
        kinds = self._warehouse.types(name)
        ours, own = self.rows(name)
        return own.num_rows, differ(ours, own, [each for each in kinds if kinds[each] == "json"])


def differ(one: pa.Table, other: pa.Table, jsons: Iterable[str] = ()) -> list[str]:
    """Return what differs between two sets of rows: doubles by more than CLOSE, all else at all.

    Columns of JSON are compared as what they say.
    """
    if one.schema.names != other.schema.names:
        return [f"columns {one.schema.names} and {other.schema.names}"]
    left, right = _apart(one, other), _apart(other, one)
    for rows in (left, right):
        for row in rows:
            row.update({name: json.loads(row[name]) for name in jsons if row[name] is not None})
        rows.sort(key=_place)
    if len(left) != len(right):
        few, many = sorted((left, right), key=len)
        return [f"{one.num_rows} and {other.num_rows} rows; {len(few)} like {many[:2]}"]
    pairs = [pair for pair in zip(left, right, strict=True) if not close(*pair)]
    return [
        str({name: (mine[name], own[name]) for name in mine if not close(mine[name], own[name])})
        for mine, own in pairs
    ]


def close(one: Any, other: Any) -> bool:
    """Say whether two values are the same, or doubles beside one another."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(close(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(close, one, other))
    if isinstance(one, float) or isinstance(other, float):
        if not all(isinstance(each, float | int | Decimal) for each in (one, other)):
            return bool(one == other)
        return bool(math.isclose(one, other, rel_tol=CLOSE, abs_tol=1e-12) or (one != one != other))
    return bool(one == other)


def _apart(one: pa.Table, other: pa.Table) -> list[dict[str, Any]]:
    """Return the rows of one that are not to the bit in the other."""
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'; set threads = 1")
        con.register("one", one)
        con.register("other", other)
        found = con.sql("select * from one except all select * from other").to_arrow_table()
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def _place(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return where a row stands among the others: doubles that are close stand close."""
    plain = [value for value in row.values() if not isinstance(value, float | dict | list)]
    near = [f"{value:.6g}" for value in row.values() if isinstance(value, float)]
    return ([(value is not None, str(value)) for value in plain], near, str(sorted(row.items())))


@contextmanager
def cluster(folder: Path, workers: int = 2, memory: str = "1g") -> Iterator[str]:
    """Start a master and its workers on this machine; return the master's address."""
    spark = Path(_find_spark_home(), "bin", "spark-class")
    port = _free_port()
    env = {
        **os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_NO_DAEMONIZE": "1",
        "SPARK_LOCAL_DIRS": str(folder / "local"), "SPARK_WORKER_DIR": str(folder / "work"),
    }  # fmt: skip
    address = f"spark://127.0.0.1:{port}"
    deploy = "org.apache.spark.deploy"
    commands = [
        ["master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"],
        *[["worker.Worker", "--cores", "1", "--memory", memory, "--webui-port", "0", address]]
        * workers,
    ]
    started: list[subprocess.Popen[bytes]] = []
    try:
        for name, *rest in commands:
            with (folder / f"{len(started)}.log").open("wb") as log:
                started.append(
                    subprocess.Popen(
                        [spark, f"{deploy}.{name}", *rest], env=env, stdout=log, stderr=log
                    )
                )
            if name == "master.Master":
                _wait_for(port)
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(timeout=60)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int, limit_s: float = 120) -> None:
    end = monotonic() + limit_s
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if monotonic() > end:
                raise
            sleep(0.2)
