"""Rows to export, and what comes out: of a stream, a terminal, a sheet."""

import contextlib
import io
import os
import pty
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa

from leadline.export import write

NUMBERS = pa.schema([("n", pa.int64())])


def ask(query: str) -> pa.RecordBatchReader:
    """Ask a DuckDB in memory whose session isn't in UTC."""
    con = duckdb.connect()
    con.execute("set timezone = 'America/New_York'")
    return con.sql(query).to_arrow_reader(1_000)


def numbers(count: int, error: BaseException | None = None) -> pa.RecordBatchReader:
    """Read 1, 2, … in batches of one row; then the error is raised."""

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(1, count + 1):
            yield pa.record_batch([pa.array([number])], schema=NUMBERS)
        if error is not None:
            raise error

    return pa.RecordBatchReader.from_batches(NUMBERS, batches())


def text_of(rows: pa.RecordBatchReader, form: str) -> str:
    """Return what the stream gets."""
    stream = io.BytesIO()
    write(rows, form, None, stream)
    return stream.getvalue().decode()


def on_terminal(rows: pa.RecordBatchReader, form: str) -> str:
    """Return what a terminal gets, without its colours."""
    keyboard, screen = pty.openpty()
    with os.fdopen(keyboard, "rb", buffering=0) as reading:
        with os.fdopen(screen, "wb", buffering=0) as stream:
            write(rows, form, None, stream)
        pieces = []
        with contextlib.suppress(OSError):  # how a closed terminal ends
            while piece := reading.read(65_536):
                pieces.append(piece)
    return re.sub(r"\x1b\[[0-9;]*m", "", b"".join(pieces).decode()).replace("\r\n", "\n")


def cells_of(path: Path) -> list[tuple[Any, ...]]:
    """Return the values of a sheet, its header first."""
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    return list(book.worksheets[0].iter_rows(values_only=True))


class FullDisk(type(Path())):  # type: ignore[misc]
    """A path on a disk that is full after the first hundred bytes."""

    def open(self, *args: Any, **options: Any) -> Any:
        """Open a file that has little room."""

        class Full(io.FileIO):
            def write(self, piece: Any, /) -> int:
                if self.tell() > 100:
                    raise OSError(28, "No space left on device")
                return super().write(piece)

        return Full(self, "xb")
