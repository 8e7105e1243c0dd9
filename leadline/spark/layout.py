"""Lays out in Spark what a question reads: the store's files, and the views above them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from re import findall
from typing import TYPE_CHECKING, Any

from leadline import raw, schema
from leadline.catalog import ALL_LIVE
from leadline.clock import BEGINNING
from leadline.contract import Contract
from leadline.errors import QueryError
from leadline.quote import literal
from leadline.spark import kinds
from leadline.spark.kinds import Columns
from leadline.spark.rewrite import rewritten, table_name
from leadline.warehouse import Warehouse

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

PROMISED = ("curated", "features", "scores", "detectors")
_BELOW = ("ops.clock", "ops.feed_gaps")  # of ops, what promised views read
_STAMPS = {"load_id": "text", "recorded_at": "timestamptz", "forgotten_at": "timestamptz"}


class Layout:
    """The views of a warehouse in one session of Spark, for the questions of one span.

    What several views read is computed once and kept by Spark's workers until it is let go.
    """

    def __init__(
        self,
        session: "SparkSession",
        warehouse: Warehouse,
        since: datetime,
        until: datetime,
        recorded_until: datetime,
    ) -> None:
        self._session, self._warehouse = session, warehouse
        self._since, self._until, self._recorded = since, until, recorded_until
        self.columns = columns_of(warehouse)
        self._laid: set[str] = set()
        self._kept: list[DataFrame] = []

    def lay_out(self, names: Iterable[str]) -> None:
        """Make these views, and all that is below them, ready to be read.

        A QueryError names what only DuckDB answers.
        """
        asked = sorted(set(names))
        for name in asked:
            check_promised(name)
        begins: Mapping[str, datetime] = {}
        if self._since > BEGINNING:
            begins = self._warehouse.begins(dict.fromkeys(asked, self._since))
        below = self._warehouse.below(asked) - self._laid
        for name in sorted(each for each in below if each.startswith("raw.")):
            self._lay_raw(name, begins.get(name, min(begins.values(), default=self._since)))
        texts = self._texts(below)
        uses = Counter(read for _, text in texts for read in findall(r"\b[a-z]+__\w+", text))
        for name, text in texts:
            self._put(name, text, is_shared=uses[table_name(name)] > 1)

    def sql(self, where: str, text: str) -> "DataFrame":
        """Return what a text of DuckDB answers over the views that are laid out."""
        return self._session.sql(rewritten(where, text, self.columns))

    def close(self) -> None:
        """Let go of what the workers keep."""
        for name in self._laid:
            self._session.catalog.dropTempView(table_name(name))
        for frame in self._kept:
            _release(frame)
        self._laid, self._kept = set(), []

    def _texts(self, below: set[str]) -> list[tuple[str, str]]:
        """Return name and text in Spark of each view, after those that it reads."""
        warehouse, columns = self._warehouse, self.columns
        found = []
        if "ops.clock" in below:
            clock = schema.clock(self._bounds(self._since)).partition(" as ")[2]
            found.append(("ops.clock", rewritten("ops.clock", clock, columns)))
        for each in warehouse.bound:
            for name in {each.view.pinned, each.view.stable} & below:
                if name == each.view.pinned or warehouse.fingerprint(name) is each:
                    path = str(each.view.path)
                    own = rewritten(path, each.sql, columns)
                    found.append((name, self._typed(name, own)))
        if ALL_LIVE in below:
            union = schema.all_live(warehouse.catalog, warehouse.bound, warehouse.pins)
            found.append((ALL_LIVE, self._typed(ALL_LIVE, rewritten(ALL_LIVE, union, columns))))
        return found

    def _typed(self, name: str, text: str) -> str:
        """Give a view's columns the types that they have in DuckDB."""
        said = (
            f"`{column}`" if kind.family in ("interval", "unknown")
            else f"cast(`{column}` as {kind.spark}) as `{column}`"
            for column, kind in self.columns[name].items()
        )  # fmt: skip
        return f"select {', '.join(said)} from ({text})"

    def _put(self, name: str, text: str, *, is_shared: bool = False) -> None:
        frame = self._session.sql(text)
        if is_shared:
            frame = frame.localCheckpoint()
            self._kept.append(frame)
        frame.createOrReplaceTempView(table_name(name))
        self._laid.add(name)

    def _lay_raw(self, name: str, since: datetime) -> None:
        catalog = self._warehouse.catalog
        contract = catalog.contracts[name.removeprefix("raw.")]
        if "engine.stamps" not in self._laid:
            self._lay_files(catalog.contracts["loads"])
            lines = raw.stamps("contract.loads").partition(" as ")[2]
            self._put("engine.stamps", rewritten("loads", lines, self.columns), is_shared=True)
        self._lay_files(contract)
        text = raw.view(contract, (), self._bounds(since)).partition(" as ")[2]
        self._put(name, rewritten(name, text, self.columns))

    def _lay_files(self, contract: Contract) -> None:
        name = f"contract.{contract.name}"
        if name in self._laid:
            return
        assert self._warehouse.snapshot
        files = [for_hadoop(each) for each in self._warehouse.snapshot.files[contract.name]]
        shape = ", ".join(f"`{own}` {kind.spark}" for own, kind in self.columns[name].items())
        reader = self._session.read.schema(shape)
        if files and contract.partition:
            reader = reader.option("basePath", str(_parent(_parent(files[0]))))
        empty: list[Any] = []
        frame = reader.parquet(*files) if files else self._session.createDataFrame(empty, shape)
        frame.createOrReplaceTempView(table_name(name))
        self._laid.add(name)

    def _bounds(self, since: datetime) -> raw.Bounds:
        return raw.Bounds(literal(since), literal(self._until), literal(self._recorded))


def check_promised(name: str) -> None:
    """Raise a QueryError for a view that stays on DuckDB."""
    own = name.partition(".")[0]
    if own not in (*PROMISED, "raw") and name not in _BELOW:
        raise QueryError(
            f"query: {name} stays on DuckDB, for Spark answers {', '.join(PROMISED)} and raw; "
            f"ask without --engine spark"
        )


def columns_of(warehouse: Warehouse) -> dict[str, Columns]:
    """Return what the columns are of all that a text in Spark may name."""
    found: dict[str, Columns] = {}
    for name in warehouse.names():
        found[name] = {own: kinds.read(kind) for own, kind in warehouse.types(name).items()}
    for contract in warehouse.catalog.contracts.values():
        own = dict(contract.stored)
        if contract.partition:
            own[contract.partition] = "date"
        found[f"contract.{contract.name}"] = {each: kinds.read(kind) for each, kind in own.items()}
    found["engine.stamps"] = {own: kinds.read(kind) for own, kind in _STAMPS.items()}
    return found


def for_hadoop(path: str) -> str:
    """Return a path as Spark's file systems name it."""
    return f"s3a://{path.removeprefix('s3://')}" if path.startswith("s3://") else path


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _release(frame: "DataFrame") -> None:
    frame._jdf.queryExecution().toRdd().unpersist(False)
