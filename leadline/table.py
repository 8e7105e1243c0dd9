"""One dataset on disk: a Delta table whose Parquet files DuckDB writes and the log names."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import InitVar, dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import duckdb
import pyarrow as pa
import stamina
from deltalake import DeltaTable, Schema
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import (
    CommitProperties,
    PostCommitHookProperties,
    RemoveAction,
    Transaction,
)

from leadline import first, homes, shape, writing
from leadline.contract import Contract
from leadline.errors import StoreError, inner
from leadline.home import Home
from leadline.older import Older
from leadline.part import Part, entry

_LOOK_AGAIN_S = 3_600  # a log is cleaned of its oldest versions after a month at the earliest
_CLEANED_EVERY = 20  # commits; each time the whole log is listed
TRIES = 20  # of a commit that others overtake; each takes tens of milliseconds
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NESTED = re.compile(r'"exception_message":"((?:[^"\\]|\\.)*)"')


@dataclass
class Table:
    """A dataset's files and their log."""

    contract: Contract
    at: InitVar[Path | Home]
    conflicts: int = 0
    place: Home = field(init=False)
    _handle: DeltaTable | None = field(default=None, repr=False)
    _looked_at: float = field(default=0.0, repr=False)  # when all of the log was
    _agreed: str | None = field(default=None, repr=False)  # what the log said when it did
    _holds: tuple[int, str, bool] = field(default=(-1, "", False), repr=False)  # as asked last
    _paths: tuple[int, list[str]] = field(default=(-2, []), repr=False)  # of which version
    _files: tuple[int, list[dict[str, Any]]] = field(default=(-2, []), repr=False)  # likewise

    def __post_init__(self, at: Path | Home) -> None:
        self.place = homes.at(at)

    @property
    def exists(self) -> bool:
        """Say whether anything was ever committed."""
        return self._open() is not None

    @property
    def version(self) -> int:
        """The log's newest version that this handle has seen; -1 before the first."""
        handle = self._open()
        return handle.version() if handle else -1

    def refresh(self) -> None:
        """Look for commits of others; the log's next version is one file, there or not."""
        if self._handle is None:
            self._open()
        elif self._is_behind(self._handle.version()):
            with self._reading():
                self._handle.update_incremental()
            self._looked_at = monotonic()

    def reread(self) -> None:
        """Read the log anew, for somebody has mended it."""
        self._handle, self._holds = None, (-1, "", False)
        self._paths, self._files = (-2, []), (-2, [])

    def _is_behind(self, version: int) -> bool:
        follows = f"_delta_log/{version + 1:020}.json"
        return self.place.has_file(follows) or monotonic() - self._looked_at > _LOOK_AGAIN_S

    def files(self) -> list[dict[str, Any]]:
        """Return the live files: path, size, rows, partition and bounds as the log has them.

        They are listed once for each version of the log; nobody changes what is told of one.
        """
        handle = self._open()
        if handle is None:
            return []
        if self._files[0] != (version := handle.version()):
            with self._reading():
                told = pa.table(handle.get_add_actions()).to_pylist()
            self._files = version, [entry(row) for row in told]
        return list(self._files[1])

    def paths(self) -> list[str]:
        """Return the live files' whole paths, in a stable order."""
        if self._paths[0] != (version := self.version):
            self.agree()
            files = self.files()
            self.place.note({file["path"]: file["size"] for file in files})
            added = self._added()
            self._paths = version, sorted(self._path(file, added) for file in files)
        return list(self._paths[1])

    def path(self, file: Mapping[str, Any]) -> str:
        """Return the whole path of a live file, which knows what columns the file lacks."""
        return self._path(file, self._added())

    def _path(self, file: Mapping[str, Any], added: Sequence[str]) -> str:
        path = str(self.place / file["path"])
        lacks = frozenset(name for name in added if file["nulls"].get(name) is None)
        return Older(path, lacks) if lacks else path

    def said(self) -> Mapping[str, str]:
        """Return what the log says of the table, by name."""
        handle = self._open()
        return handle.metadata().configuration if handle else {}

    def schema(self) -> Schema | None:
        """Return the columns as the log names them; None before the first commit."""
        handle = self._open()
        return handle.schema() if handle else None

    def agree(self) -> None:
        """Raise a StoreError if the log's rows are not what the contract says of them."""
        handle = self._open()
        if handle is None or (said := self.said()).get(shape.CONTRACT, "") == self._agreed:
            return
        if odd := shape.differences(said, handle.schema(), self.contract):
            where = f"{self.place}: {self.contract.path} {', '.join(odd)}"
            if version := shape.later(said):
                raise StoreError(f"{where}; leadline {version} shaped the store, update leadline")
            raise StoreError(f"{where}; run leadline store upgrade")
        self._agreed = said.get(shape.CONTRACT, "")

    def _added(self) -> list[str]:
        found: list[str] = json.loads(self.said().get(shape.ADDED, "[]"))
        return found

    def holds(self, load_id: str) -> bool:
        """Say whether a load's rows are already committed here."""
        handle = self._open()
        if handle is None:
            return False
        if self._holds[:2] != (asked := (handle.version(), load_id)):
            self._holds = (*asked, handle.transaction_version(load_id) is not None)
        return self._holds[2]

    def write(self, con: duckdb.DuckDBPyConnection, sql: str) -> list[Part]:
        """Write a query's rows into files of this table; the log does not know them yet."""
        with self._writing():
            return writing.write(con, sql, self.contract, self.place.desk())

    def rewrite(
        self, con: duckdb.DuckDBPyConnection, sql: str, partition: dict[str, str | None]
    ) -> Part:
        """Write a query's rows, in its order, into one file of one partition."""
        with self._writing():
            return writing.rewrite(con, sql, self.contract, self.place.desk(), partition)

    def written(self, part: Part) -> str:
        """Return where a part can be read that no log names yet."""
        return str(self.place.desk() / part.path)

    def drop(self, part: Part) -> None:
        """Delete a part that no log names; where that is refused it stays for vacuum."""
        with suppress(OSError, StoreError):
            self.place.drop(part.path)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (duckdb.IOException, OSError) as error:
            raise self._unwritable(error) from error

    def append(self, parts: Sequence[Part], load_id: str, *, only_at: int | None = None) -> None:
        """Commit files in one step, tagged with their load.

        Overtaken by another writer it tries again, counted and bounded. With only_at it commits
        as the version after that one or raises CommitFailedError. After an error the files may be
        in the log all the same: never delete them.
        """
        self.publish(parts)
        tag = [Transaction(load_id, 1)]
        actions = [part.add() for part in parts]
        if only_at is not None:
            if self.version != only_at:
                raise CommitFailedError("the log has moved on")
            properties = CommitProperties(app_transactions=tag, max_commit_retries=0)
            with self._committing(lambda: self.holds(load_id)):
                self._commit(actions, properties)
            return
        try:
            for attempt in self._attempts():
                with attempt, self._committing(lambda: self.holds(load_id)):
                    if self.holds(load_id):
                        return
                    self._commit(actions, CommitProperties(app_transactions=tag))
        except CommitFailedError as error:
            raise StoreError(
                f"{self.place}: {TRIES} commits were overtaken by other writers; run this again",
                try_again=True,
            ) from error

    def publish(self, parts: Sequence[Part]) -> None:
        """Lay files into their places, which no log names yet."""
        try:
            self.place.each([part.path for part in parts], self.place.publish)
        except OSError as error:
            raise self._unwritable(error) from error

    def replace(
        self, old: Sequence[dict[str, Any]], new: Sequence[Part], *, is_change: bool = False
    ) -> None:
        """Exchange live files for others that hold the same rows, or, as a change, fewer."""
        self.publish(new)
        gone = int(time.time() * 1_000)
        removes = [
            RemoveAction(file["path"], is_change, gone, file["size"], file["partition"])
            for file in old
        ]
        adds = [part.add(is_change=is_change) for part in new]
        paths, left = {part.path for part in new}, {file["path"] for file in old}

        def is_there() -> bool:
            live = {file["path"] for file in self.files()}
            return paths <= live and left.isdisjoint(live)

        with self._committing(is_there):
            self._commit([*removes, *adds], CommitProperties(max_commit_retries=0))

    def reshape(self, old: Sequence[dict[str, Any]], new: Sequence[Part]) -> None:
        """Exchange files and take the contract of today for the log's own, in one commit.

        All files are exchanged, or none: what columns they lack is null in them. A
        CommitFailedError says that the log has moved on; nothing was changed then.
        """
        handle = self._open()
        assert handle is not None
        said = {**self.said(), **shape.properties(self.contract)}
        is_mixed = not old and bool(self.files())
        said |= shape.mixed(said, handle.schema(), self.contract) if is_mixed else shape.EVEN
        removes = [first.remove(file) for file in old]
        lines = [first.shape(handle, self.contract.arrow, self.contract.partition, said), *removes]
        lines += [first.add(part) for part in new]
        try:
            next_one = f"_delta_log/{handle.version() + 1:020}.json"
            is_done = self.place.first(next_one, first.follows(lines))
        except OSError as error:
            raise self._unwritable(error) from error
        self._handle = None
        if not is_done:
            raise CommitFailedError("the log has moved on")

    def vacuum(self, hours: int) -> list[str]:
        """Delete files that went out of use so long ago, and what no log has ever named."""
        handle = self._open()
        if handle is None:
            return []
        with self._reading():
            return handle.vacuum(hours, dry_run=False, full=True)

    def create(self) -> None:
        """Make the table, unless it is there; others may do the same at once.

        Its log is made aside and moved to its place, whole: that of one writer comes first.
        """
        if self.exists:
            self.agree()
            return
        try:
            own = self.contract
            text = first.text(own.arrow, own.partition, shape.properties(own))
            self.place.begin(f"_delta_log/{0:020}.json", text)
        except (DeltaError, OSError) as error:
            if self._open() is None:
                raise self._unwritable(error) from error

    def _open(self) -> DeltaTable | None:
        if self._handle is None:
            with self._reading():
                if self.place.has_folder("_delta_log"):
                    try:
                        handle = DeltaTable(str(self.place), storage_options=self.place.options)
                        shape.not_newer(self.place, handle.metadata().configuration)
                        self._handle, self._looked_at = handle, monotonic()
                    except TableNotFoundError:
                        return None  # a writer has just begun, or was killed as it began
        return self._handle

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (DeltaError, OSError) as error:
            raise self.place.refused(error) or StoreError(
                f"{self.place}: its log can't be read, {reason(error)}; run leadline store verify"
            ) from error

    @contextmanager
    def readable(self) -> Iterator[None]:
        """Raise a StoreError for what DuckDB says of rows that it can't read."""
        try:
            yield
        except (duckdb.Error, OSError) as error:
            raise inner(error) or StoreError(
                f"{self.place}: can't be read, {reason(error)}; run leadline store verify"
            ) from error

    @contextmanager
    def _committing(self, is_there: Callable[[], bool]) -> Iterator[None]:
        """Let an error pass only if the commit is not there; its checkpoint may lack room alone."""
        try:
            yield
        except CommitFailedError:
            raise
        except (DeltaError, OSError) as error:
            self._handle = None
            if not is_there():
                raise self._unwritable(error) from error

    def _unwritable(self, error: BaseException) -> StoreError:
        return self.place.refused(error) or StoreError(
            f"{self.place}: can't be written, {reason(error)}; check its rights and its room, "
            f"then run this again, or name another store with LEADLINE_STORE"
        )

    def _commit(self, actions: list[Any], properties: CommitProperties) -> None:
        self.agree()
        handle = self._open()
        assert handle is not None
        partition = [self.contract.partition] if self.contract.partition else None
        after = PostCommitHookProperties(
            cleanup_expired_logs=(handle.version() + 1) % _CLEANED_EVERY == 0
        )
        handle.create_write_transaction(
            actions, "append", handle.schema(), partition,
            commit_properties=properties, post_commithook_properties=after,
        )  # fmt: skip
        with self._reading():
            handle.update_incremental()
        self._looked_at = monotonic()

    def _attempts(self) -> Iterator[Any]:
        for attempt in stamina.retry_context(
            on=CommitFailedError, attempts=TRIES, timeout=60, wait_initial=0.02, wait_max=0.5
        ):
            if attempt.num > 1:
                self.conflicts += 1
                self.refresh()
            yield attempt


def reason(error: BaseException) -> str:
    """Return what an error of DuckDB or Delta says, as a part of one sentence."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if told := inner(error):
        return str(told)
    text = str(error)
    if nested := _NESTED.search(text):  # DuckDB's background writers report in JSON
        text = nested[1].replace('\\"', '"')
    pieces = [piece.strip(" ↳") for piece in _COLOUR.sub("", text).splitlines()]
    return ": ".join(filter(None, pieces)).removeprefix("IO Error: ")[:240]
