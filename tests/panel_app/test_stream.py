"""An answer is poured as it is read, and whoever leaves stops it."""

import asyncio
import threading
from collections.abc import Iterator

import pyarrow as pa
import pytest

from leadline.errors import QueryError
from panel_app.stream import begun, poured

SCHEMA = pa.schema({"n": pa.int64()})


def rows(n_batches: int, made: list[int], broken_at: int | None = None) -> pa.RecordBatchReader:
    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(n_batches):
            if number == broken_at:
                raise QueryError("query: it broke")
            made.append(number)
            yield pa.record_batch([pa.array(range(20_000))], schema=SCHEMA)

    return pa.RecordBatchReader.from_batches(SCHEMA, batches())


async def all_of(reader: pa.RecordBatchReader, form: str) -> list[bytes]:
    return [piece async for piece in poured(reader, form)]


def test_all_of_it_arrives_in_pieces() -> None:
    pieces = asyncio.run(all_of(rows(30, []), "arrow"))

    assert len(pieces) > 10
    assert pa.ipc.open_stream(b"".join(pieces)).read_all().num_rows == 600_000


def test_no_more_is_made_than_is_read_and_who_leaves_stops_it() -> None:
    made: list[int] = []

    async def leave() -> int:
        answer = poured(rows(10_000, made), "arrow")
        await anext(answer)
        await asyncio.sleep(0.05)
        n_made = len(made)
        await answer.aclose()
        return n_made

    n_made = asyncio.run(leave())
    for thread in threading.enumerate():
        if "pour" in thread.name:
            thread.join(5)

    assert n_made < 20
    assert len(made) <= n_made + 3
    assert [thread for thread in threading.enumerate() if "pour" in thread.name] == []


def test_what_breaks_it_off_is_in_the_text_and_raised() -> None:
    pieces: list[bytes] = []

    async def read() -> None:
        async for piece in poured(rows(9, [], broken_at=2), "csv"):
            pieces.append(piece)

    with pytest.raises(QueryError, match="it broke"):
        asyncio.run(read())
    assert b"".join(pieces).splitlines()[-1].startswith(b"# cut after 40,000 rows: ")


def test_what_breaks_it_off_before_its_first_piece_is_raised_before_anything_is_sent() -> None:
    async def begin(broken_at: int) -> bytes:
        pieces = await begun(rows(2, [], broken_at), "xlsx")
        return b"".join([piece async for piece in pieces])

    with pytest.raises(QueryError, match="it broke"):
        asyncio.run(begin(broken_at=1))
    assert asyncio.run(begin(broken_at=9)).startswith(b"PK")


def test_an_empty_answer_begins_and_ends() -> None:
    async def read() -> bytes:
        return b"".join([piece async for piece in await begun(rows(0, []), "jsonl")])

    assert asyncio.run(read()) == b""
