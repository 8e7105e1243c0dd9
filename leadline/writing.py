"""Writes a query's rows into Parquet files of a dataset, sealed, which no log names yet."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from leadline import seal, whole
from leadline.contract import Contract
from leadline.part import Part, copied
from leadline.quote import quoted

_COPIED = "format parquet, compression zstd, return_stats true"


def write(con: duckdb.DuckDBPyConnection, sql: str, contract: Contract, desk: Path) -> list[Part]:
    """Write rows into files below a folder, each in that of its partition.

    Most queries are of one day: they go into one file, which moves to its folder when its bounds
    are known. Only where they span several is it cut up; DuckDB's own partitioned copy takes a
    third longer and twice the memory. What breaks off leaves no file behind.
    """
    name = f"part-{uuid4()}"
    with _undone(desk, name):
        desk.mkdir(parents=True, exist_ok=True)
        path = desk / f"{name}.parquet"
        part = _copy(con, sql, contract, desk, path)
        if part.rows and contract.partition is None:
            return [_sealed(part, desk, name)]
        folders = {_folder(contract, moment) for moment in part.bounds.get("known_at", ())}
        if part.rows and len(folders) == 1:
            return [_sealed(_moved(part, contract, desk, *folders), desk, name)]
        parts = _cut(con, contract, desk, path, name) if part.rows else []
        path.unlink()
        return [_sealed(each, desk, name) for each in parts]


def rewrite(
    con: duckdb.DuckDBPyConnection,
    sql: str,
    contract: Contract,
    desk: Path,
    partition: Mapping[str, str | None],
) -> Part:
    """Write rows, in their order, into one file of one partition; broken off it leaves no file."""
    name = f"part-{uuid4()}"
    with _undone(desk, name):
        folder = desk.joinpath(*(f"{column}={value}" for column, value in partition.items()))
        folder.mkdir(parents=True, exist_ok=True)
        part = _copy(con, sql, contract, desk, folder / f"{name}.parquet")
        return replace(_sealed(part, desk, name), partition=dict(partition))


def _copy(
    con: duckdb.DuckDBPyConnection, sql: str, contract: Contract, desk: Path, path: Path
) -> Part:
    options = f"{_COPIED}, row_group_size {contract.row_group}"
    (written,) = con.execute(f"copy ({sql}) to {quoted(str(path))} ({options})").fetchall()
    return _part(contract, desk, written)


def _cut(
    con: duckdb.DuckDBPyConnection, contract: Contract, desk: Path, path: Path, name: str
) -> list[Part]:
    column, day = contract.partition, contract.folder("known_at")
    file = f"read_parquet({quoted(str(path))}, hive_partitioning = false)"
    rows = f"select *, {day} as {column} from {file}"
    options = f"{_COPIED}, row_group_size {contract.row_group}, partition_by ({column}), "
    options += f"overwrite_or_ignore true, filename_pattern '{name}-{{i}}'"
    written = con.execute(f"copy ({rows}) to {quoted(str(desk))} ({options})").fetchall()
    return [_part(contract, desk, row) for row in written]


def _part(contract: Contract, desk: Path, written: tuple[Any, ...]) -> Part:
    path, rows, size, _, stats, partition = written[:6]
    return copied(contract.stored, os.path.relpath(path, desk), rows, size, stats, partition)


def _folder(contract: Contract, moment: str) -> str:
    """Return the partition's value of a moment, both as the log writes them."""
    return f"{moment[:7]}-01" if contract.partition == "known_month" else moment[:10]


def _moved(part: Part, contract: Contract, desk: Path, value: str) -> Part:
    column = str(contract.partition)
    path = Path(f"{column}={value}", part.path)
    (desk / path).parent.mkdir(exist_ok=True)
    (desk / part.path).rename(desk / path)
    return replace(part, path=str(path), partition={column: value})


def _sealed(part: Part, desk: Path, name: str) -> Part:
    path = seal.sealed(desk / part.path, name)
    return replace(part, path=str(path.relative_to(desk)))


@contextmanager
def _undone(desk: Path, name: str) -> Iterator[None]:
    """Leave no file of this name behind where writing breaks off."""
    try:
        yield
    except BaseException:
        whole.drop(*desk.rglob(f"*{name}*"))
        raise
