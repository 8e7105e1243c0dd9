"""Writes the answer to a question; rows stream through, and nothing is cut silently."""

import errno
import io
import json
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from leadline import whole
from leadline.act import exported
from leadline.digest import Digest
from leadline.errors import QueryError, nearest
from leadline.provenance import KEY, Provenance, beside
from leadline.sheet import Sheet, as_objects, as_text, far, is_number

ELSEWHERE = "choose another path with -o"
FULL = (errno.ENOSPC, errno.EDQUOT)


class _Sink:
    """The one way out; once shut, nothing leaves: Parquet ends its file even when thrown away."""

    closed = is_shut = False

    def __init__(self, out: BinaryIO) -> None:
        self._out, self.n_bytes = out, 0
        self.isatty = out.isatty

    def write(self, piece: Any) -> int:
        rest = memoryview(piece).cast("B")
        n_bytes = len(rest)
        while rest and not self.is_shut:
            rest = rest[self._out.write(rest) :]  # an unbuffered stdout may take a part
        self.n_bytes += n_bytes
        return n_bytes

    def flush(self) -> None: ...


class _Form:
    """What most forms share: nothing to say when cut, nothing to drop."""

    step = 16_384  # rows that are rendered at once, for the memory's sake

    def __init__(self, schema: pa.Schema, sink: _Sink) -> None:
        self._schema, self._sink = schema, sink

    def tell(self, said: str) -> None: ...
    def close(self) -> None: ...
    def cut(self, says: str) -> None: ...
    def drop(self) -> None: ...


class _Csv(_Form):
    """Text is quoted, so that `""` is empty and nothing is null; see `as_text` for the rest."""

    def __init__(self, schema: pa.Schema, sink: _Sink) -> None:
        super().__init__(schema, sink)
        self._put([pa.array([], pa.string())] * len(schema), include_header=True)

    def add(self, batch: pa.RecordBatch) -> None:
        self._put([_flat(cells) for cells in batch.columns], include_header=False)

    def cut(self, says: str) -> None:
        self._sink.write(f"# cut {says}\n".encode())

    def _put(self, columns: list[pa.Array], include_header: bool) -> None:
        out = pa.BufferOutputStream()
        batch = pa.record_batch(columns, names=self._schema.names)
        csv.write_csv(batch, out, csv.WriteOptions(include_header=include_header))
        self._sink.write(out.getvalue())


class _Json(_Form):
    step = 2_048
    before, between, after, empty = "[\n", ",\n", "\n]\n", "[]\n"
    _n_rows = 0

    def add(self, batch: pa.RecordBatch) -> None:
        self._put(as_objects(self._schema.names, batch.columns).to_pylist())

    def close(self) -> None:
        self._sink.write((self.after if self._n_rows else self.empty).encode())

    def cut(self, says: str) -> None:
        self._put([json.dumps({"leadline_cut": says}, ensure_ascii=False)])
        self.close()

    def _put(self, rows: list[str]) -> None:
        before = self.between if self._n_rows else self.before
        self._sink.write((before + self.between.join(rows)).encode())
        self._n_rows += len(rows)


class _JsonLines(_Json):
    before, between, after, empty = "", "\n", "\n", ""


class _Paged(_Form):
    """Collects small batches into full pages."""

    def __init__(self, schema: pa.Schema, sink: _Sink) -> None:
        super().__init__(schema, sink)
        self._page: list[pa.RecordBatch] = []
        self._room = self.step

    def add(self, batch: pa.RecordBatch) -> None:
        while batch.num_rows:
            self._page.append(batch.slice(0, self._room))
            self._room -= self._page[-1].num_rows
            batch = batch.slice(self._page[-1].num_rows)
            if not self._room:
                self._turn()

    def _turn(self) -> None:
        self._put(pa.Table.from_batches(self._page, self._schema))
        self._page, self._room = [], self.step

    def _put(self, page: pa.Table) -> None:
        raise NotImplementedError


class _Table(_Paged):
    """Pages for people; as wide as the terminal, elsewhere as wide as needed."""

    step = 1_000
    _n_rows = -1  # no page yet, so no header

    def close(self) -> None:
        self._end()
        self._sink.write(f"{counted(self._n_rows)}\n".encode())

    def cut(self, says: str) -> None:
        self._end()
        self._sink.write(f"# cut {says}\n".encode())

    def _end(self) -> None:
        if self._page or self._n_rows < 0:
            self._turn()

    def _put(self, page: pa.Table) -> None:
        self._n_rows = max(self._n_rows, 0) + page.num_rows
        table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False)
        for field in page.schema:
            justify: Any = "right" if is_number(field.type) else "left"
            table.add_column(Text(_safe(field.name)), justify=justify, overflow="fold")
        columns = [[Text(text) for text in _shown(cells)] for cells in page.columns]
        for row in zip(*columns, strict=True):
            table.add_row(*row)
        width = 1_000_000
        if is_terminal := self._sink.isatty():  # 8 letters a column at least, else they vanish
            width = max(shutil.get_terminal_size().columns, 11 * page.num_columns)
        text = io.StringIO()
        Console(file=text, width=width, force_terminal=is_terminal).print(table, crop=False)
        self._sink.write(text.getvalue().encode())


class _Parquet(_Paged):
    step = 122_880  # DuckDB's own row group

    def __init__(self, schema: pa.Schema, sink: _Sink) -> None:
        super().__init__(schema, sink)
        try:
            self._writer = pq.ParquetWriter(sink, schema, compression="zstd")
        except pa.ArrowNotImplementedError as error:
            raise QueryError(f"parquet: {_safe(str(error))}; cast that column to text") from error

    def tell(self, said: str) -> None:
        self._writer.add_key_value_metadata({KEY: said})

    def close(self) -> None:
        if self._page:
            self._turn()
        self._writer.close()

    def _put(self, page: pa.Table) -> None:
        self._writer.write_table(page, row_group_size=self.step)


class _Arrow(_Form):
    def __init__(self, schema: pa.Schema, sink: _Sink) -> None:
        super().__init__(schema, sink)
        self._writer = pa.ipc.new_stream(sink, schema)

    def add(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(batch)

    def close(self) -> None:
        self._writer.close()

    def cut(self, says: str) -> None:
        # A stream that just stops counts as ended, so it stops inside a message of 1,024 bytes.
        self._sink.write(b"\xff\xff\xff\xff\x00\x04\x00\x00")


_BODIES: dict[str, Callable[[pa.Schema, _Sink], Any]] = {
    "table": _Table,
    "csv": _Csv,
    "json": _Json,
    "jsonl": _JsonLines,
    "parquet": _Parquet,
    "arrow": _Arrow,
    "xlsx": Sheet,
}
FORMATS: tuple[str, ...] = tuple(_BODIES)
_HOLDING = ("parquet", "xlsx")  # forms that say how they were made themselves


def write(
    rows: pa.RecordBatchReader,
    form: str,
    path: Path | None,
    stream: BinaryIO,
    made: Provenance | None = None,
) -> int:
    """Write every row to the path, else to the stream; return how many there were.

    A file is whole or it stays what it was; how it was made is in it, or in a file beside it.
    Raises QueryError, also when the rows break off.
    """
    if form not in _BODIES:
        known = ", ".join(FORMATS)
        raise QueryError(f"--format: '{form}' is none of {known}{nearest(form, FORMATS)}")
    names = Counter(rows.schema.names)
    twice = [name for name in names if names[name] > 1]
    if twice and form in ("json", "jsonl", "parquet"):
        raise QueryError(f"{form}: two columns are named '{twice[0]}'; give one an alias with as")
    if path is None:
        if form in ("parquet", "arrow", "xlsx") and stream.isatty():
            raise QueryError(f"{form}: a terminal can't show it; name a file with -o")
        return _pour(rows, form, stream, None, made=made)[0]
    try:
        if path.exists() and not path.is_file():  # a device or a pipe is one more stream
            with path.open("wb", buffering=0) as device:
                return _pour(rows, form, device, str(path), made=made)[0]
        target = path.resolve()  # a link stays a link
        part, told = (place.with_name(f".leadline-{token_hex(8)}.part") for place in (target, path))
        try:
            with part.open("xb", buffering=0) as file:
                n_rows, end = _pour(rows, form, file, str(path), is_file=True, made=made)
            is_beside = made is not None and form not in _HOLDING
            if made and is_beside:
                told.write_bytes(made.page(**end))
            beside(path).unlink(missing_ok=True)  # what it says holds for the older file
            part.replace(target)
            if is_beside:
                told.replace(beside(path))
        finally:
            whole.drop(part, told)
    except BrokenPipeError:
        raise
    except OSError as error:
        folder = path.parent
        if isinstance(error, FileNotFoundError) and not folder.exists():
            raise QueryError(f"{path}: no folder '{folder}'; make it or {ELSEWHERE}") from error
        raise QueryError(f"{path}: {_reason(error)}; nothing was written, {ELSEWHERE}") from error
    return n_rows


def _pour(
    rows: pa.RecordBatchReader,
    form: str,
    out: BinaryIO,
    place: str | None,
    is_file: bool = False,
    made: Provenance | None = None,
) -> tuple[int, dict[str, Any]]:
    """Write every row; return how many, and what is known of them at the end."""
    sink, body, n_rows, end = _Sink(out), None, 0, dict[str, Any]()
    schema = rows.schema
    if made and form == "arrow":  # its end has no room for words
        schema = schema.with_metadata({**(schema.metadata or {}), KEY: made.text()})
    digest = Digest(schema) if made and (is_file or form in _HOLDING) else None
    try:
        body = _BODIES[form](schema, sink)
        for batch in rows:
            for start in range(0, batch.num_rows, body.step):
                piece = batch.slice(start, body.step)
                body.add(piece)
                n_rows += piece.num_rows
                if digest:
                    digest.add(piece)
        if made and digest:
            end = {"n_rows": n_rows, "digest": digest.text, "is_whole": True}
            body.tell(made.text(**end))
        body.close()
        out.flush()
    except BrokenPipeError:  # nobody is left to be told
        raise
    except BaseException as error:
        says = f"after {counted(n_rows)}: {_reason(error)}"
        if body is not None and not is_file:
            with suppress(OSError):  # the place itself may be what broke
                body.cut(says)
                out.flush()
        if not isinstance(error, duckdb.Error | pa.ArrowException | OSError):
            raise
        if not is_file:
            raise QueryError(f"{place or 'answer'}: cut {says}") from error
        if getattr(error, "errno", None) in FULL:
            raise QueryError(
                f"{place}: {_reason(error)} after {counted(n_rows)}; "
                f"nothing was written, free some space or {ELSEWHERE}"
            ) from error
        raise QueryError(f"{place}: cut {says}; nothing was written") from error
    finally:
        sink.is_shut = True
        if body is not None:
            body.drop()
        exported(form, place, n_rows, sink.n_bytes)
    return n_rows, end


def _reason(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    if isinstance(error, OSError) and error.errno:
        full = "no space left on the device"
        return full if error.errno in FULL else str(error.strerror).lower()
    lines = str(error).splitlines()
    return _safe(lines[0]) if lines else type(error).__name__


def counted(n_rows: int) -> str:
    """Return how many rows there are, as a sentence says it."""
    return f"{n_rows:,} row{'' if n_rows == 1 else 's'}"


def _safe(text: str) -> str:
    """Return the text with what a terminal would obey written out."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


def _shown(cells: pa.ChunkedArray) -> list[str]:
    """Return a column as a page shows it; moments without a row of zeros at the end."""
    texts: list[str] = []
    for chunk in cells.chunks:
        text = as_text(chunk)
        if pa.types.is_timestamp(chunk.type):
            text = pc.replace_substring_regex(text, r"\.0+(Z?)$", r"\1")
        texts += ["null" if cell is None else _safe(cell) for cell in text.to_pylist()]
    return texts


def _flat(cells: pa.Array) -> pa.Array:
    """Return the column as Arrow's CSV writer has it exactly, or else as text."""
    kind = cells.type
    if pa.types.is_date32(kind) or pa.types.is_timestamp(kind):
        is_plain = not getattr(kind, "tz", None) and not pc.any(far(cells)).as_py()
        return cells if is_plain else as_text(cells)
    if pa.types.is_decimal(kind):  # with over 6 places small ones would come as 1E-8
        return as_text(cells) if kind.scale > 6 else cells
    is_exact = pa.types.is_primitive(kind) and kind != pa.month_day_nano_interval()
    return cells if is_exact else as_text(cells)
