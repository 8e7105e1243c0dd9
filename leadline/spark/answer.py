"""Foreign SQL, answered by Spark: the same words, spans, columns and types as from DuckDB."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread, Timer
from time import monotonic
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from leadline.errors import QueryError
from leadline.question import Questions, stopped
from leadline.spark.layout import Layout, check_promised, columns_of
from leadline.spark.rewrite import rewritten
from leadline.spark.session import said
from leadline.warehouse import Warehouse

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_ALONE_S = 60.0  # without a worker, before a question is given up
_LOOK_S = 1.0


class Asked:
    """One SELECT over promised views, understood before Spark is started.

    A QueryError or a ViewError names what Spark does not answer. The warehouse serves nobody else.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        sql: str,
        since: datetime,
        until: datetime,
        binds: Mapping[str, Any] | None = None,
        recorded_until: datetime | None = None,
        is_ordered: bool = False,
    ) -> None:
        self._warehouse = warehouse
        self._read = Questions(warehouse).read(sql, since, until, binds, recorded_until, is_ordered)
        for name in self._read.names:
            check_promised(name)
        assert warehouse.snapshot
        self._span = since, until, recorded_until or warehouse.snapshot.recorded_until
        n_ordered = len(self._read.schema) if is_ordered else 0
        columns = columns_of(warehouse)
        self._text = rewritten("query", self._read.text, columns, self._read.binds, n_ordered)

    def rows(self, session: "SparkSession", limit_s: float | None = None) -> pa.RecordBatchReader:
        """Return the rows with DuckDB's names and types; all of them are here by then.

        A QueryError says what became of the question; limit_s stops it.
        """
        layout = Layout(session, self._warehouse, *self._span)
        with watched(session, limit_s):
            try:
                layout.lay_out(self._read.names)
                return arrow(session.sql(self._text), self._read.schema).to_reader()
            finally:
                layout.close()


def arrow(frame: "DataFrame", schema: pa.Schema) -> pa.Table:
    """Return an answer of Spark in DuckDB's types."""
    rows = frame.toArrow()
    return pa.table(
        [column.cast(field.type) for column, field in zip(rows.columns, schema, strict=True)],
        schema=schema,
    )


@contextmanager
def watched(session: "SparkSession", limit_s: float | None = None) -> Iterator[None]:
    """Make one sentence of what stops a question: its limit, its workers, or Spark itself."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    over, lonely, late = Event(), Event(), Event()
    context = session.sparkContext

    def give_up(why: Event) -> None:
        why.set()
        context.cancelAllJobs()

    def watch() -> None:
        seen_at = monotonic()
        while not over.wait(_LOOK_S):
            if _has_worker(session):
                seen_at = monotonic()
            elif monotonic() - seen_at > _ALONE_S:
                give_up(lonely)
                return

    timer = Timer(limit_s or 0, give_up, [late])
    timer.daemon = True
    if limit_s:
        timer.start()
    Thread(target=watch, daemon=True).start()
    try:
        yield
    except (PySparkException, Py4JError, OSError) as error:
        if late.is_set():
            raise stopped(limit_s or 0) from error
        if lonely.is_set():
            raise QueryError(
                f"spark: no worker of {context.master} is left; start one and ask again",
                try_again=True,
            ) from error
        raise QueryError(f"query: {said(error)}; ask again, or without --engine spark") from error
    finally:
        over.set()
        timer.cancel()


def _has_worker(session: "SparkSession") -> bool:
    context = session.sparkContext
    if str(context.master).startswith("local"):
        return True
    try:
        return bool(context._jsc.sc().getExecutorMemoryStatus().size() > 1)  # the driver is one
    except Exception:  # its Java is gone, which the question finds out itself
        return True
