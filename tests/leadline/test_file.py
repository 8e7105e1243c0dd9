"""Files are whole or refused, and lines that can't be read are set aside by number."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from leadline.delimited import Csv
from leadline.errors import FeedError
from leadline.feed import File, files
from leadline.http import Download

COLUMNS = "symbol text, volume bigint"
BODY = b"symbol,volume\r\nA,1\r\nBRK/B,2\r\n"
One = Callable[[Path], File]
LONG = b"symbol,volume\n" + b"".join(b"S%d,%d\n" % (n, n * n * 7_919) for n in range(50_000))


def anything(name: str) -> bool:
    return not name.startswith("README")


@pytest.fixture
def one() -> Iterator[One]:
    """Open the only file of a path; it is closed at the end."""
    with ExitStack() as ends:

        def opened(path: Path) -> File:
            ((file,), _) = files([path], anything)
            assert isinstance(file, File)
            ends.callback(file.close)
            return file

        yield opened


def plain(folder: Path, body: bytes = BODY, name: str = "day.csv") -> Path:
    (folder / name).write_bytes(body)
    return folder / name


def gzipped(folder: Path, body: bytes = BODY) -> Path:
    return plain(folder, gzip.compress(body, mtime=0), "day.csv.gz")


def zipped(folder: Path, body: bytes = BODY) -> Path:
    with zipfile.ZipFile(folder / "day.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2024/day.csv", body)
    return folder / "day.zip"


def tarred(folder: Path, body: bytes = BODY) -> Path:
    with tarfile.open(folder / "day.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("2024/day.csv")
        entry.size = len(body)
        archive.addfile(entry, io.BytesIO(body))
    return folder / "day.tar.gz"


def rows_of(csv: Csv) -> list[tuple[object, ...]]:
    """Return what DuckDB reads."""
    with duckdb.connect() as con:
        sql = csv.query("lines", "select * from lines").open(con, "unread")
        return con.execute(sql).fetchall()


def unread_of(csv: Csv) -> list[tuple[object, ...]]:
    """Return number and kind of the lines that DuckDB could not read."""
    with duckdb.connect() as con:
        con.execute(csv.query("lines", "select * from lines").open(con, "unread")).fetchall()
        return con.execute(
            "select distinct line, error_type::text from unread order by line"
        ).fetchall()


@pytest.mark.parametrize("packed", [plain, gzipped, zipped, tarred])
def test_a_file_reads_alike_however_it_is_packed(
    packed: Callable[[Path], Path], tmp_path: Path, one: One
) -> None:
    file = one(packed(tmp_path))

    rows = rows_of(file.csv(COLUMNS))

    assert rows == [("A", 1), ("BRK/B", 2)]


@pytest.mark.parametrize("packed", [plain, gzipped, zipped, tarred])
def test_the_name_and_the_digest_are_those_of_the_unpacked_file(
    packed: Callable[[Path], Path], tmp_path: Path, one: One
) -> None:
    file = one(packed(tmp_path))

    assert (file.name, file.digest) == ("day.csv", sha256(BODY).hexdigest())


def test_what_was_unpacked_is_deleted_at_the_end(tmp_path: Path, one: One) -> None:
    file = one(zipped(tmp_path))
    path = file.body().path

    file.close()

    assert not path.exists()


def test_the_file_itself_is_never_deleted(tmp_path: Path, one: One) -> None:
    file = one(plain(tmp_path))
    file.body()

    file.close()

    assert (tmp_path / "day.csv").exists()


def test_a_download_brings_its_address_and_its_moment(tmp_path: Path) -> None:
    modified_at = datetime(2024, 3, 1, 15, tzinfo=UTC)

    file = File.of(Download(gzipped(tmp_path), "https://example.org/day.csv.gz", modified_at))

    assert (file.name, file.origin) == ("day.csv", "https://example.org/day.csv.gz")
    assert file.modified_at == modified_at
    assert file.bytes() == BODY


def test_numbers_with_a_fraction_are_decimals_in_json(tmp_path: Path, one: One) -> None:
    file = one(plain(tmp_path, b'{"price": 0.1, "size": 3}', "a.json"))

    assert file.json() == {"price": Decimal("0.1"), "size": 3}


def test_what_is_no_json_is_told_with_its_line(tmp_path: Path, one: One) -> None:
    path = plain(tmp_path, b'{"price": 1,\n}', "a.json")

    with pytest.raises(FeedError) as told:
        one(path).json()

    assert str(told.value).startswith(f"{path}:2: no JSON; ")


def test_what_is_no_text_is_told_with_its_byte(tmp_path: Path, one: One) -> None:
    path = plain(tmp_path, b"abc\xff")

    with pytest.raises(FeedError) as told:
        one(path).text()

    assert str(told.value) == f"{path}: byte 3 is no UTF-8 text"


def test_a_gzip_that_was_cut_is_refused(tmp_path: Path, one: One) -> None:
    path = plain(tmp_path, gzip.compress(LONG)[:-200], "day.csv.gz")

    with pytest.raises(FeedError, match="cut short or damaged; fetch it again"):
        one(path).body()


def test_a_gzip_with_a_flipped_byte_is_refused(tmp_path: Path, one: One) -> None:
    packed = bytearray(gzip.compress(LONG))
    packed[len(packed) // 2] ^= 0xFF
    path = plain(tmp_path, bytes(packed), "day.csv.gz")

    with pytest.raises(FeedError, match="cut short or damaged"):
        one(path).body()


def test_a_gzip_by_name_only_is_refused(tmp_path: Path, one: One) -> None:
    path = plain(tmp_path, BODY, "day.csv.gz")

    with pytest.raises(FeedError) as told:
        one(path).body()

    assert str(told.value) == f"{path}: cut short or damaged; fetch it again"


def test_a_damaged_member_of_a_zip_is_refused(tmp_path: Path, one: One) -> None:
    path = zipped(tmp_path, LONG)
    packed = bytearray(path.read_bytes())
    packed[len(packed) // 2] ^= 0xFF
    path.write_bytes(packed)

    with pytest.raises(FeedError) as told:
        one(path).body()

    where = f"{path}::2024/day.csv"
    assert str(told.value) == f"{where}: cut short or damaged; fetch it again"


def test_a_member_that_needs_a_password_is_refused(tmp_path: Path, one: One) -> None:
    path = zipped(tmp_path)
    packed = bytearray(path.read_bytes())
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(start) + flags] |= 1  # encrypted, as its headers say
    path.write_bytes(packed)

    with pytest.raises(FeedError, match=r"is encrypted, password required .*; unpack it first"):
        one(path).body()


@pytest.mark.parametrize("packed", [zipped, tarred])
def test_an_archive_that_was_cut_is_refused(
    packed: Callable[[Path, bytes], Path], tmp_path: Path, one: One
) -> None:
    path = packed(tmp_path, LONG)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    with pytest.raises(FeedError, match="cut short or damaged") as told:
        one(path).body()

    assert str(told.value).startswith(str(path))


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (b"symbol,size", "has no 'volume'"),
        (b"volume,symbol", "is 'volume,symbol'"),
        (b"symbol,volume,venue", "is 'symbol,volume,venue'"),
        (b"<!doctype html>", "has no 'symbol'"),
        (b"", "has no 'symbol'"),
    ],
)
def test_a_file_of_another_source_is_told_by_its_header(
    header: bytes, said: str, tmp_path: Path, one: One
) -> None:
    path = plain(tmp_path, header + b"\nA,1\n")

    with pytest.raises(FeedError) as told:
        one(path).csv(COLUMNS)

    assert str(told.value) == f"{path}:1: the header {said}; it should read symbol,volume"


@pytest.mark.parametrize("body", [b"1,2\r\n3,4\n", b"1,2", b"1,2\n"])
def test_the_first_line_is_read_without_its_end(body: bytes, tmp_path: Path, one: One) -> None:
    assert one(plain(tmp_path, body)).first_line() == "1,2"


def test_quotes_and_upper_case_in_a_header_are_let_through(tmp_path: Path, one: One) -> None:
    file = one(plain(tmp_path, b'"Symbol", VOLUME\nA,1\n'))

    assert rows_of(file.csv(COLUMNS)) == [("A", 1)]


@pytest.mark.parametrize(
    "body",
    [b"symbol,volume\nA,1\nB,2\n2\n", b"symbol,volume\r\nA,1\r\nB,2\r\n2",
     b"symbol,volume\nA,1\nB,2\n2\n\n\n"],
)  # fmt: skip
def test_a_true_footer_is_taken_away(body: bytes, tmp_path: Path, one: One) -> None:
    file = one(plain(tmp_path, body))

    assert rows_of(file.csv(COLUMNS, footer=1)) == [("A", 1), ("B", 2)]


def test_a_footer_of_0_leaves_no_rows(tmp_path: Path, one: One) -> None:
    file = one(plain(tmp_path, b"symbol,volume\r\n0\r\n"))

    assert rows_of(file.csv(COLUMNS, footer=1)) == []


def test_a_footer_leaves_the_digest_as_it_is(tmp_path: Path, one: One) -> None:
    body = b"symbol,volume\nA,1\n1\n"
    file = one(plain(tmp_path, body))

    file.csv(COLUMNS, footer=1)

    assert file.digest == sha256(body).hexdigest()


def test_a_footer_that_counts_other_rows_is_told_with_its_line(tmp_path: Path, one: One) -> None:
    path = plain(tmp_path, b"symbol,volume\r\nA,1\r\nB,2\r\n1234\r\n")

    with pytest.raises(FeedError) as told:
        one(path).csv(COLUMNS, footer=1)

    assert str(told.value) == f"{path}:4: footer says 1,234 rows, found 2; fetch it again"


def test_a_file_cut_before_its_footer_is_told_with_its_last_line(tmp_path: Path, one: One) -> None:
    path = plain(tmp_path, b"symbol,volume\nA,1\nB,")

    with pytest.raises(FeedError) as told:
        one(path).csv(COLUMNS, footer=1)

    said = f"{path}:3: the last line is 'B,', and no count of the rows; fetch it again"
    assert str(told.value) == said


def test_a_file_of_another_source_is_told_before_its_footer_is_read(
    tmp_path: Path, one: One
) -> None:
    path = plain(tmp_path, b"<html>\n<p>gone</p>\n</html>\n")

    with pytest.raises(FeedError, match=":1: the header has no 'symbol'"):
        one(path).csv(COLUMNS, footer=1)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b"B", "MISSING COLUMNS"),
        (b"B,2,3", "TOO MANY COLUMNS"),
        (b"B,many", "CAST"),
        (b"B,2.5.1", "CAST"),
        (b"\xff\xfe,2", "INVALID ENCODING"),
    ],
)
@pytest.mark.parametrize("packed", [plain, gzipped])
def test_a_line_that_cannot_be_read_is_set_aside_by_its_number(
    line: bytes, kind: str, packed: Callable[[Path, bytes], Path], tmp_path: Path, one: One
) -> None:
    file = one(packed(tmp_path, b"symbol,volume\r\nA,1\r\n" + line + b"\r\nC,3\r\n"))

    assert unread_of(file.csv(COLUMNS)) == [(3, kind)]


def test_the_lines_around_one_that_cannot_be_read_are_read(tmp_path: Path, one: One) -> None:
    file = one(plain(tmp_path, b"symbol,volume\nA,1\nB,many\nC\nD,4\n"))

    assert rows_of(file.csv(COLUMNS)) == [("A", 1), ("D", 4)]


def test_a_quoted_field_may_hold_the_delimiter_and_a_quote(tmp_path: Path, one: One) -> None:
    file = one(plain(tmp_path, b'symbol,volume\n"A, ""the"" first",1\n'))

    assert rows_of(file.csv(COLUMNS)) == [('A, "the" first', 1)]


def test_an_empty_field_is_null(tmp_path: Path, one: One) -> None:
    file = one(plain(tmp_path, b"symbol,volume\nA,\n"))

    assert rows_of(file.csv(COLUMNS)) == [("A", None)]
