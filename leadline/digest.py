"""A digest of rows in their order, the same however they are cut into batches."""

from collections.abc import Iterator
from hashlib import blake2b

import pyarrow as pa
import pyarrow.compute as pc

from leadline.sheet import as_text

_SIZE = 16  # bytes; nobody attacks it
_WIDE = (pa.types.is_integer, pa.types.is_floating, pa.types.is_date, pa.types.is_timestamp,
         pa.types.is_decimal128)  # fmt: skip


class Digest:
    """Adds up what every cell of every column holds, and which are null."""

    def __init__(self, schema: pa.Schema) -> None:
        self._said = "; ".join(f"{field.name} {field.type}" for field in schema)
        self._sums = [[blake2b(digest_size=_SIZE) for _ in range(3)] for _ in schema]

    def add(self, batch: pa.RecordBatch) -> None:
        """Add rows behind those before."""
        for sums, cells in zip(self._sums, batch.columns, strict=True):
            for each, piece in zip(sums, _pieces(cells), strict=False):
                each.update(piece)

    @property
    def text(self) -> str:
        """The digest so far."""
        whole = blake2b(self._said.encode(), digest_size=_SIZE)
        for sums in self._sums:
            for each in sums:
                whole.update(each.digest())
        return whole.hexdigest()


def _pieces(cells: pa.Array) -> Iterator[memoryview]:
    """Yield which cells there are, what they hold and, of text, how long each is."""
    yield _bytes(cells.is_valid().cast(pa.uint8()))
    if pa.types.is_boolean(cells.type):
        cells = cells.cast(pa.uint8())
    if any(is_wide(cells.type) for is_wide in _WIDE):
        kind = cells.type
        if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            cells = cells.view(pa.int32() if kind.bit_width == 32 else pa.int64())
        # What lies under a null is anything.
        yield _bytes(cells.fill_null(pa.scalar(0, cells.type)))
        return
    text = cells if pa.types.is_string(cells.type) else as_text(cells).cast(pa.string())
    text = text.fill_null("")
    yield _bytes(pc.binary_length(text))
    first, last = (text.buffers()[1][4 * at : 4 * at + 4] for at in
                   (text.offset, text.offset + len(text)))  # fmt: skip
    begin, end = (int.from_bytes(memoryview(each), "little") for each in (first, last))
    if end > begin:
        yield memoryview(text.buffers()[2])[begin:end]


def _bytes(cells: pa.Array) -> memoryview:
    """Return the bytes of cells of one width."""
    if not len(cells):
        return memoryview(b"")
    width = cells.type.bit_width // 8
    begin = cells.offset * width
    return memoryview(cells.buffers()[1])[begin : begin + len(cells) * width]
