"""A dataset's contract: its file under sql/tables, read by DuckDB itself."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from leadline.engine import reader
from leadline.errors import ViewError, first_line, nearest
from leadline.header import Header, digest_of, text_of
from leadline.quote import quoted
from leadline.texts import TEXTS

KEYS = ("kind", "partition", "calendar", "row_group", "what", "grain", "key")
ROW_GROUP = 122_880  # DuckDB's own unit of parallel reading
PARTITIONS = {"day": "known_date", "month": "known_month", "none": None}
# What the store adds to the rows of every dataset; raw.* adds recorded_at and known_date.
ADDED = {
    "known_at": ("timestamptz", "when the world could know this row"),
    "source": ("text", "the feed that brought it"),
    "load_id": ("text", "the load that brought it; its line is in ops.loads"),
    "is_gone": ("boolean", "true: a newer publication no longer holds this key"),
    "sequence": ("bigint", "the source's order, else the row's place in its file"),
}
SEEN = {
    "recorded_at": ("timestamptz", "when this store knew it"),
    "known_date": ("date", "the UTC day of known_at"),
}


@dataclass(frozen=True)
class Column:
    """One column of a dataset, with its type as DuckDB writes it."""

    name: str
    type: str
    is_required: bool
    comment: str


@dataclass(frozen=True)
class Contract:
    """What the rows of one dataset must be."""

    name: str
    path: Path
    header: Header
    columns: tuple[Column, ...]
    checks: tuple[str, ...]

    @property
    def is_event(self) -> bool:
        """Events are bounded below and above by a question's span, state above only."""
        return self.header["kind"] == "event"

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name one row of one publication."""
        return tuple(part.strip() for part in self.header["key"].split(","))

    @property
    def partition(self) -> str | None:
        """The column whose values are the folders, or None."""
        return PARTITIONS[self.header["partition"]]

    @property
    def calendar(self) -> str | None:
        """SQL for the calendar that a row's session_date is of: a column of it, or a name."""
        said = self.header.get("calendar")
        return said if said is None or said in self.names else quoted(said)

    @property
    def row_group(self) -> int:
        """How many rows a file keeps together; fewer where rows are large."""
        return int(self.header.get("row_group") or ROW_GROUP)

    @property
    def is_ledger(self) -> bool:
        """The loads themselves: their stamp is a column of theirs."""
        return any(column.name == "recorded_at" for column in self.columns)

    @cached_property
    def digest(self) -> str:
        """The digest of the contract's tokens."""
        return digest_of(text_of(self.path))

    @property
    def added(self) -> dict[str, str]:
        """Name and type of the columns that the store adds to each file."""
        return {
            name: kind
            for name, (kind, _) in ADDED.items()
            if (name != "sequence" or self.is_event) and name not in self.names
        }

    @property
    def names(self) -> list[str]:
        """The names of the contract's own columns, in order."""
        return [column.name for column in self.columns]

    @property
    def stored(self) -> dict[str, str]:
        """Name and type of every column that a file holds."""
        return {column.name: column.type for column in self.columns} | self.added

    def folder(self, moment: str) -> str:
        """Return SQL for the partition's value of a moment, itself SQL."""
        day = f"cast(timezone('UTC', {moment}) as date)"
        is_month = self.partition == "known_month"
        return f"cast(date_trunc('month', {day}) as date)" if is_month else day

    @property
    def comments(self) -> dict[str, str]:
        """What each column of raw.<dataset> means."""
        engine = {name: comment for name, (_, comment) in (ADDED | SEEN).items()}
        return engine | {column.name: column.comment for column in self.columns}

    def table(self, name: str) -> str:
        """Return the statement that makes an empty table of the stored columns."""
        own = ", ".join(f"{column} {kind}" for column, kind in self.stored.items())
        return f"create or replace table {name} ({own})"

    @cached_property
    def arrow(self) -> pa.Schema:
        """The Arrow schema of the stored columns, the partition's last."""
        empty = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in self.stored.items())
        schema = _arrow(empty)
        if self.partition:
            schema = schema.append(pa.field(self.partition, pa.date32()))
        return schema


def read_all(folder: Path) -> dict[str, Contract]:
    """Read every contract of a folder, by dataset."""
    return read(folder.glob("*.sql"))


def read(paths: Iterable[Path]) -> dict[str, Contract]:
    """Read contracts, by dataset."""
    return {path.stem: _read(path) for path in sorted(paths, key=lambda path: path.stem)}


def _read(path: Path) -> Contract:
    text = text_of(path)
    header = Header.of(path, text, known=KEYS, needed=("kind", "partition", "what", "grain", "key"))
    header.one_of("kind", ("event", "state"))
    header.one_of("partition", tuple(PARTITIONS))
    if not re.fullmatch("[1-9][0-9]*", n_rows := header.get("row_group") or "1"):
        raise ViewError(f"{path}: row_group is '{n_rows}', no number of rows")
    described = TEXTS.recall(f"contract {path.stem}", text, lambda: _described(path, text))
    said = _comments(text)
    columns = tuple(
        Column(name, kind, is_required, said.get(name, ""))
        for name, kind, is_required in described["columns"]
    )
    found = Contract(path.stem, path, header, columns, tuple(described["checks"]))
    _complete(found)
    return found


def _described(path: Path, text: str) -> dict[str, list[Any]]:
    """Make the table as DuckDB reads it; return its columns and checks."""
    with reader() as con:
        con.begin()  # and it is never committed
        try:
            con.execute(text)
        except duckdb.Error as error:
            said = str(error)
            # Only its parser counts lines from the top of the file.
            parsed = isinstance(error, duckdb.ParserException)
            line = re.search(r"^LINE (\d+): ", said, re.MULTILINE) if parsed else None
            where = f"{path}:{line[1]}" if line else f"{path}"
            what = first_line(error).rstrip("!")
            raise ViewError(f"{where}: {what}; mend the statement") from error
        columns = con.execute(
            "select column_name, lower(data_type), not is_nullable from duckdb_columns() "
            "where database_name = current_database() and table_name = ? order by column_index",
            [path.stem],
        ).fetchall()
        checks = con.execute(
            "select expression from duckdb_constraints() where database_name = current_database() "
            "and table_name = ? and constraint_type = 'CHECK' order by constraint_index",
            [path.stem],
        ).fetchall()
    return {"columns": columns, "checks": [check for (check,) in checks]}


@cache
def _arrow(columns: str) -> pa.Schema:
    with reader() as con:
        return con.sql(f"select {columns} limit 0").to_arrow_table().schema


def _complete(contract: Contract) -> None:
    """Raise a ViewError where something is left unsaid."""
    path = contract.path
    if not contract.columns:
        raise ViewError(f"{path}: it makes no table '{path.stem}'; name the table as the file")
    required = {column.name for column in contract.columns if column.is_required} | ADDED.keys()
    for name in contract.key:
        if name not in required:
            raise ViewError(
                f"{path}: key names '{name}', which is no column that is not null"
                f"{nearest(name, required)}"
            )
    if contract.header.get("calendar") and "session_date" not in contract.names:
        raise ViewError(f"{path}: it names a calendar and has no session_date; add the column")
    for column in contract.columns:
        if not column.comment:
            raise ViewError(f"{path}: {column.name} has no comment; say what it means")


def _comments(text: str) -> Mapping[str, str]:
    # A column may take several lines; its comment stands on the last.
    said = r"(?:[^\n-]|-(?!-))*"
    lines = rf"^ {{4}}(\w+) {said}(?:\n(?: {{5,}}| {{4}}\)){said})*--\s*(.+)$"
    return dict(re.findall(lines, text, re.MULTILINE))
