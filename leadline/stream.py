"""Rows of a delimited file, batch after batch, for a loader that has to look at them itself."""

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from leadline.delimited import Relation
from leadline.engine import scratch
from leadline.errors import FeedError, first_line

ROWS = 250_000


def streamed(rows: Relation, *, size: int = ROWS) -> Iterator[pa.RecordBatch]:
    """Yield rows in the order of their query, so many at a time.

    A line that does not fit the columns is a FeedError, after the rows before it at the earliest.
    """
    with scratch() as con:
        try:
            sql = rows.open(con, "unread")
            yield from con.sql(sql).to_arrow_reader(size)
        except duckdb.Error as error:
            what = first_line(error)[:200]
            raise FeedError(f"{rows.file.origin}: {what}; mend the loader") from error
        _refuse(rows, con)


def _refuse(rows: Relation, con: duckdb.DuckDBPyConnection) -> None:
    """Raise a FeedError where a line could not be read."""
    try:
        found = con.execute("select line, error_message from unread order by line limit 1")
    except duckdb.CatalogException:  # nothing was unread
        return
    for line, message in found.fetchall():
        raise FeedError(f"{rows.file.origin}:{line}: {message.splitlines()[0]}; fetch it again")
