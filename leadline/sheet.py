"""Cells as text, as JSON and in an XLSX sheet; what a form can't hold is said or refused."""

import json
import math
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from leadline.errors import QueryError
from leadline.spill import Spill

MAX_ROWS, MAX_COLUMNS, MAX_LETTERS = 1_048_575, 16_384, 32_767  # the format's; header not counted
INSTEAD = "use --format csv or parquet"
_MADE = {"created": datetime(2000, 1, 1)}  # always then, so that equal answers are equal files
FIRST, LAST = datetime(1900, 1, 1), datetime(9999, 12, 31)  # the sheet's calendar
# Arrow's calendar ends in the year 32767 and starts over without a word; this is 1,600 years less.
FAR_S = 920_000_000_000
PER_S = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def as_text(cells: pa.Array) -> pa.Array:
    """Return each cell as people read it; nulls stay null.

    Moments with a zone are UTC, `2024-03-01 15:00:00.000001Z`, with the digits of their type;
    decimals have no exponent, bytes are hex, intervals are what DuckDB reads, nested ones JSON.
    """
    cells = _plain(cells)
    kind = cells.type
    if pa.types.is_nested(kind):
        return pc.if_else(cells.is_valid(), as_json(cells), pa.scalar(None, pa.string()))
    if pa.types.is_decimal(kind):
        return mend(cells.cast(pa.string()), "E", lambda text: f"{Decimal(text):f}")
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return _moments(cells)
    if "binary" in str(kind):  # of any size and layout
        return _each(cells, lambda piece: piece.hex())
    if kind == pa.month_day_nano_interval():
        return _each(cells, _interval)
    return cells.cast(pa.string())


def as_json(cells: pa.Array) -> pa.Array:
    """Return each cell as JSON; null, nan and the infinities are `null`, as JSON has no others.

    Numbers keep every digit, moments are ISO in UTC, `arrow.json` cells stay what they are.
    """
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    if getattr(cells.type, "extension_name", "") == "arrow.json":
        return _each(cells.storage, _one_line).fill_null("null")
    cells = _plain(cells)
    kind = cells.type
    if pa.types.is_map(kind):
        fields = [("key", kind.key_type), ("value", kind.item_type)]
        pairs = cells.cast(pa.list_(pa.struct(fields)))
        keys, values = pairs.flatten().flatten()
        inner = pc.binary_join_element_wise(_quoted(as_text(keys)), as_json(values), ":")
        text = _bracketed("{", pairs, inner, "}")
    elif pa.types.is_struct(kind):
        text = as_objects([field.name for field in kind], cells.flatten())
    elif pa.types.is_union(kind):
        return pc.choose(cells.type_codes, *map(as_json, map(cells.field, range(kind.num_fields))))
    elif pa.types.is_nested(kind):
        text = _bracketed("[", cells, as_json(cells.flatten()), "]")
    elif pa.types.is_floating(kind):
        text = pc.if_else(pc.is_finite(cells), as_text(cells), pa.scalar(None, pa.string()))
    elif pa.types.is_boolean(kind) or is_number(kind):
        text = as_text(cells)
    elif pa.types.is_timestamp(kind):
        text = _quoted(pc.replace_substring_regex(as_text(cells), r"(-\d\d) ", r"\1T"))
    else:
        text = _quoted(as_text(cells))
    return pc.if_else(cells.is_valid(), text, "null").fill_null("null")


def as_objects(names: Iterable[str], columns: Iterable[pa.Array]) -> pa.Array:
    """Return one JSON object a row."""
    pieces: list[Any] = []
    for name, cells in zip(names, columns, strict=True):
        pieces += [f"{',' if pieces else '{'}{encode_basestring(name)}:", as_json(cells)]
    return pc.binary_join_element_wise(*pieces, "}", "")


def is_number(kind: pa.DataType) -> bool:
    """Say whether people want the column's cells on the right."""
    types = pa.types
    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind))


def far(cells: pa.Array) -> pa.Array:
    """Say of each date or timestamp whether Arrow can't write it: infinity is one of them."""
    if pa.types.is_date32(cells.type):
        return pc.greater(pc.abs(cells.view(pa.int32())), FAR_S // 86_400)
    limit = min(FAR_S * PER_S[getattr(cells.type, "unit", "ms")], 2**63 - 2)
    return pc.greater(pc.abs(cells.view(pa.int64())), limit)


def mend(text: pa.Array, pattern: str, repair: Callable[[str], str]) -> pa.Array:
    """Repair the cells that match; each different one once."""
    mask = pc.match_substring_regex(text, pattern).fill_null(False)
    found = text.filter(mask).dictionary_encode()
    return pc.replace_with_mask(text, mask, _each(found.dictionary, repair).take(found.indices))


class Sheet:
    """One sheet: moments are UTC date cells, text is never a formula, a link or a number."""

    step = 16_384

    def __init__(self, schema: pa.Schema, sink: Any) -> None:
        """Open an empty sheet, its header bold and frozen."""
        if len(schema) > MAX_COLUMNS:
            raise QueryError(
                f"xlsx: {len(schema):,} columns do not fit a sheet of {MAX_COLUMNS:,}; {INSTEAD}"
            )
        self._names = schema.names
        for at, name in enumerate(self._names):
            self._fitting(at, name)
        self._n_rows = 0
        self._folder = Spill()  # the rows' place until the end
        options = {"constant_memory": True, "tmpdir": self._folder.name}
        self._book = xlsxwriter.Workbook(sink, options)
        self._book.set_properties(_MADE)
        self._page = self._book.add_worksheet()
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        bold = self._book.add_format({"bold": True})
        self._page.freeze_panes(1, 0)
        for at, field in enumerate(schema):
            self._page.set_column(at, at, 24 if pa.types.is_timestamp(field.type) else 12)
            self._page.write_string(0, at, field.name, bold)

    def add(self, batch: pa.RecordBatch) -> None:
        """Add the batch below, or refuse it if the sheet would be too long."""
        if self._n_rows + batch.num_rows > MAX_ROWS:
            raise QueryError(
                f"xlsx: more than {MAX_ROWS:,} rows do not fit a sheet of {MAX_ROWS:,}; {INSTEAD}"
            )
        for cells in zip(*map(_values, batch.columns), strict=True):
            self._n_rows += 1
            for at, cell in enumerate(cells):
                self._put(self._n_rows, at, cell)

    def close(self) -> None:
        """Write the book; until here nothing of it has left."""
        try:
            self._book.close()
        except FileCreateError as error:
            raise error.args[0] from error

    def tell(self, said: str) -> None:
        """Say how it was made, among the properties of the book."""
        self._book.set_properties(_MADE | {"comments": said})

    def cut(self, says: str) -> None:
        """Leave nothing: half a book can't be opened."""

    def drop(self) -> None:
        """Remove what lay aside."""
        with suppress(OSError):  # a full disk is told already
            self._page.row_data_fh.close()
        self._folder.cleanup()

    def _put(self, row: int, at: int, cell: Any) -> None:
        if cell is None:
            return
        if isinstance(cell, str):
            self._page.write_string(row, at, self._fitting(at, cell))
        elif isinstance(cell, bool):
            self._page.write_boolean(row, at, cell)
        elif isinstance(cell, date):
            shape = self._moment if isinstance(cell, datetime) else self._day
            self._page.write_datetime(row, at, cell, shape)
        else:
            self._page.write_number(row, at, cell)

    def _fitting(self, at: int, text: str) -> str:
        n_letters = len(text.encode("utf-16-le")) // 2  # as the format counts
        if n_letters <= MAX_LETTERS:
            return text
        raise QueryError(
            f"xlsx: {n_letters:,} letters in column '{self._names[at]}' do not fit a cell of "
            f"{MAX_LETTERS:,}; {INSTEAD}"
        )


def _values(cells: pa.Array) -> list[Any]:
    cells = _plain(cells)
    kind = cells.type
    if pa.types.is_boolean(kind):
        return list(cells.to_pylist())
    texts = as_text(cells).to_pylist()
    if is_number(kind):
        held = [number if _is_held(number) else None for number in cells.to_pylist()]
    elif pa.types.is_date32(kind) or (pa.types.is_timestamp(kind) and kind.unit != "ns"):
        kind = kind if pa.types.is_date32(kind) else pa.timestamp(kind.unit)
        cells = cells.view(kind)
        first, last = (pa.scalar(bound).cast(kind) for bound in (FIRST, LAST))
        inside = pc.and_(pc.greater_equal(cells, first), pc.less_equal(cells, last))
        held = pc.if_else(inside, cells, pa.scalar(None, kind)).to_pylist()
    else:
        return list(texts)
    return [text if cell is None else cell for cell, text in zip(held, texts, strict=True)]


def _is_held(number: Any) -> bool:
    """Say whether the sheet shows every digit: it has 15; a double is one already."""
    if number is None or isinstance(number, float):
        return number is not None and math.isfinite(number)
    return bool(abs(number) < 10**15 and Decimal(f"{float(number):.15g}") == number)


def _plain(cells: pa.Array) -> pa.Array:
    """Take off a dictionary or an extension type."""
    if pa.types.is_dictionary(cells.type):
        return _plain(cells.dictionary_decode())
    if not isinstance(cells, pa.ExtensionArray):
        return cells
    match cells.type.extension_name, getattr(cells.type, "type_name", ""):
        case "arrow.uuid", _:
            return _each(cells, str)
        case "arrow.bool8", _:
            return cells.storage.cast(pa.bool_())
        case "arrow.opaque", "hugeint" | "uhugeint" as name:
            numbers = [
                None if piece is None else int.from_bytes(piece, "little", signed=name == "hugeint")
                for piece in cells.storage.to_pylist()
            ]
            return pa.array(numbers, pa.decimal256(39, 0))
    return _plain(cells.storage)


def _each(cells: pa.Array, change: Callable[[Any], str]) -> pa.Array:
    changed = [None if cell is None else change(cell) for cell in cells.to_pylist()]
    return pa.array(changed, pa.string())


def _interval(interval: Any) -> str:
    seconds = Decimal(interval.nanoseconds).scaleb(-9).normalize()
    return f"{interval.months} months {interval.days} days {seconds:f} seconds"


def _moments(cells: pa.Array) -> pa.Array:
    kind = cells.type
    if getattr(kind, "tz", None):  # Arrow takes thirty times as long where there is a zone
        text = cells.view(pa.timestamp(kind.unit)).cast(pa.string())
        text = pc.binary_join_element_wise(text, "Z", "")
    else:
        text = cells.cast(pa.string())
    is_far = far(cells)
    if not pc.any(is_far).as_py():
        return text
    count = cells.view(pa.int32() if pa.types.is_date32(kind) else pa.int64())
    infinity = 2**31 - 1 if pa.types.is_date32(kind) else 2**63 - 1  # as DuckDB hands it over
    told = pc.binary_join_element_wise("<value out of range: ", count.cast(pa.string()), ">", "")
    told = pc.if_else(pc.equal(count, infinity), "infinity", told)
    told = pc.if_else(pc.equal(count, -infinity), "-infinity", told)
    return pc.if_else(is_far, told, text)


def _quoted(text: pa.Array) -> pa.Array:
    escaped = mend(text, r'["\\\x00-\x1f]', lambda cell: encode_basestring(cell)[1:-1])
    return pc.binary_join_element_wise('"', escaped, '"', "")


def _bracketed(opening: str, lists: pa.Array, items: pa.Array, closing: str) -> pa.Array:
    lengths = pc.list_value_length(lists).fill_null(0).cast(pa.int32())
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths)])
    inner = pc.binary_join(pa.ListArray.from_arrays(offsets, items), ",")
    return pc.binary_join_element_wise(opening, inner, closing, "")


def _one_line(text: str) -> str:
    """Return the JSON as it is, or quoted: DuckDB lets nan and trailing commas pass."""
    try:
        json.loads(text, parse_constant=_refuse)
    except ValueError:
        return encode_basestring(text)
    return text.replace("\r", " ").replace("\n", " ")


def _refuse(constant: str) -> None:
    raise ValueError(constant)
