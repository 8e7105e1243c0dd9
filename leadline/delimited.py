"""Delimited files as rows that DuckDB streams, held against the columns that they should have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import duckdb

from leadline.engine import scratch
from leadline.errors import FeedError
from leadline.quote import quoted

if TYPE_CHECKING:  # a file makes its rows, and they keep it
    from leadline.file import File


@dataclass(frozen=True)
class Csv:
    """A delimited file, still unread."""

    file: "File"
    columns: str
    delimiter: str
    footer: int
    header: bool = True
    quote: str = '"'

    def __post_init__(self) -> None:
        try:
            if self.header:
                self._compare()
            if self.footer:
                self._count()
        except FeedError:
            self.file.close()
            raise

    def _compare(self) -> None:
        """Raise a FeedError unless the header names these columns."""
        names = self.names
        first = self.file.first_line()
        header = [name.strip().strip('"') for name in first.split(self.delimiter)]
        if [name.lower() for name in header] != [name.lower() for name in names]:
            missing = [name for name in names if name.lower() not in map(str.lower, header)]
            what = f"has no '{missing[0]}'" if missing else f"is '{first.strip()[:80]}'"
            raise FeedError(
                f"{self.file.origin}:1: the header {what}; "
                f"it should read {self.delimiter.join(names)}"
            )

    def _count(self) -> None:
        """Raise a FeedError unless the footer counts the rows above it."""
        body = self.file.body(footer=True)
        where, found = f"{self.file.origin}:{body.lines + 1}", body.lines - 1
        if not body.footer.isdecimal():
            raise FeedError(
                f"{where}: the last line is '{body.footer[:40]}', and no count of the rows; "
                f"fetch it again"
            )
        if int(body.footer) != found:
            raise FeedError(
                f"{where}: footer says {int(body.footer):,} rows, found {found:,}; fetch it again"
            )

    @property
    def types(self) -> Mapping[str, str]:
        """Each column's name and type, as DuckDB reads the declaration."""
        return _declared(self.columns)

    @property
    def names(self) -> list[str]:
        """The columns' names, in the file's order."""
        return list(self.types)

    def query(self, name: str, sql: str, **beside: "Csv") -> "Relation":
        """Return what the query says of these rows, which it reads under this name.

        Beside are other files that it reads, each under its name.
        """
        return Relation(self, name, sql, beside)

    def view(self, name: str, errors: str) -> str:
        """Return the statement that makes the rows readable under a name."""
        body = self.file.body(footer=bool(self.footer))
        columns = ", ".join(f"{quoted(n)}: {quoted(t)}" for n, t in self.types.items())
        packed = "gzip" if body.path.suffix == ".gz" else "none"
        return (
            f"create or replace temporary view {name} as select * from read_csv("
            f"{quoted(str(body.path))}, columns = {{{columns}}}, "
            f"delim = {quoted(self.delimiter)}, header = {str(self.header).lower()}, "
            f"auto_detect = false, quote = {quoted(self.quote)}, escape = {quoted(self.quote)}, "
            f"nullstr = '', compression = '{packed}', {errors})"
        )


@cache
def _declared(columns: str) -> Mapping[str, str]:
    with scratch() as con:
        con.execute(f"create table declared ({columns})")
        described = con.execute("describe declared").fetchall()
    return {name: kind for name, kind, *_ in described}


@dataclass(frozen=True)
class Relation:
    """Bulk text and the query that names and casts it; DuckDB streams it."""

    csv: Csv
    name: str
    sql: str
    beside: Mapping[str, Csv] = field(default_factory=dict)

    @property
    def file(self) -> "File":
        """The file that the rows come from."""
        return self.csv.file

    def open(self, con: duckdb.DuckDBPyConnection, rejects: str) -> str:
        """Make the rows readable on a connection and return the query over them.

        Lines that do not fit the declared columns land in the temporary table `rejects`; those of
        files beside are passed over.
        """
        for name, csv in self.beside.items():
            con.execute(csv.view(name, "ignore_errors = true"))
        told = f"store_rejects = true, rejects_limit = 0, rejects_table = '{rejects}', "
        con.execute(self.csv.view(self.name, f"{told}rejects_scan = '{rejects}_scan'"))
        return self.sql
