import io
import json
import zipfile
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import pytest

from leadline.errors import QueryError
from leadline.export import FORMATS, write
from leadline.provenance import Provenance, beside, read
from tests.exports import numbers

SAID = {
    "sql": "from raw.prints", "binds": {"n": "größer"}, "since": None,
    "until": "2024-03-06T00:00:00+00:00", "recorded_until": "2024-03-06T00:00:00+00:00",
    "store_version": 3, "zone": "UTC", "order": "total", "views": {}, "params": {},
}  # fmt: skip
MADE = Provenance(SAID)


@pytest.mark.parametrize("form", FORMATS)
def test_every_file_says_how_it_was_made_and_how_it_ended(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"answer.{form}"

    write(numbers(3), form, path, io.BytesIO(), MADE)

    said = read(path)
    assert {key: said[key] for key in SAID} == SAID
    assert (said["n_rows"], said["is_whole"], len(said["digest"])) == (3, True, 32)
    assert beside(path).exists() == (form not in ("parquet", "xlsx"))


def test_duckdb_reads_it_out_of_parquet(tmp_path: Path) -> None:
    path = tmp_path / "answer.parquet"
    write(numbers(3), "parquet", path, io.BytesIO(), MADE)

    with duckdb.connect() as con:
        query = "select decode(value) from parquet_kv_metadata(?) where decode(key) = 'leadline'"
        ((said,),) = con.execute(query, [str(path)]).fetchall()

    assert json.loads(said)["n_rows"] == 3


def test_a_stream_of_arrow_says_at_its_start_what_is_known_then(tmp_path: Path) -> None:
    path = tmp_path / "answer.arrow"
    stream = io.BytesIO()

    write(numbers(3), "arrow", None, stream, MADE)
    path.write_bytes(stream.getvalue())

    assert read(path) == SAID


@pytest.mark.parametrize("form", FORMATS)
def test_what_an_older_file_says_does_not_stay_beside_a_new_one(form: str, tmp_path: Path) -> None:
    path = tmp_path / "answer"
    write(numbers(3), "csv", path, io.BytesIO(), MADE)

    write(numbers(2), form, path, io.BytesIO())

    assert [each.name for each in tmp_path.iterdir()] == ["answer"]
    with pytest.raises(QueryError, match="it does not say how it was made, nor does answer"):
        read(path)


def test_the_rows_of_a_file_that_breaks_off_leave_what_is_beside_the_older_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "answer"
    write(numbers(3), "csv", path, io.BytesIO(), MADE)

    with pytest.raises(QueryError):
        write(numbers(2, duckdb.Error("out of luck")), "csv", path, io.BytesIO(), MADE)

    assert read(path)["n_rows"] == 3


class OneFile(type(Path())):  # type: ignore[misc]
    """A path on a disk that has room for one more file."""

    opened: ClassVar[list[str]] = []

    def open(self, *args: Any, **options: Any) -> Any:
        self.opened.append(self.name)
        if len(self.opened) > 1:
            raise OSError(28, "No space left on device")
        return super().open(*args, **options)


def test_a_disk_too_full_for_what_is_said_leaves_the_older_file(tmp_path: Path) -> None:
    older = tmp_path / "answer.csv"
    older.write_text("older")

    with pytest.raises(QueryError, match="no space left on the device; nothing was written"):
        write(numbers(1), "csv", OneFile(older), io.BytesIO(), MADE)

    assert older.read_text() == "older"
    assert [each.name for each in tmp_path.iterdir()] == ["answer.csv"]


def test_what_is_said_stands_beside_a_link_and_not_beside_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / "far" / "target.csv")

    write(numbers(1), "csv", tmp_path / "link.csv", io.BytesIO(), MADE)

    assert read(tmp_path / "link.csv")["n_rows"] == 1
    assert [each.name for each in (tmp_path / "far").iterdir()] == ["target.csv"]


@pytest.mark.parametrize(
    "data", [b"", b"PAR1 and no more", b"PK\x03\x04", b"\xff\xff\xff\xff\x10\0\0\0", b"a,b\n1,2\n"]
)
def test_what_is_no_export_is_one_sentence(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "answer"
    path.write_bytes(data)

    with pytest.raises(QueryError, match="write it again with leadline sql -o"):
        read(path)


def test_a_book_of_somebody_else_does_not_say_it(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("docProps/core.xml", "<core/>")

    with pytest.raises(QueryError, match="it does not say how it was made"):
        read(path)


@pytest.mark.parametrize(
    "core",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        b"<x>" + b" " * 5_000_000 + b"</x>",
    ],
    ids=["entities", "a bomb"],
)
def test_a_book_that_unfolds_in_memory_is_not_unfolded(core: bytes, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("docProps/core.xml", core)

    with pytest.raises(QueryError, match="it does not say how it was made"):
        read(path)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none", "there is no such file"), (tmp_path, "is a directory")):
        with pytest.raises(QueryError, match=said):
            read(path)


def test_headers_are_plain_text() -> None:
    assert MADE.headers() == {
        "leadline-store-version": "3",
        "leadline-zone": "UTC", "leadline-order": "total",
    }  # fmt: skip
