"""What is packed is opened, and a zip may be read as one text."""

import gzip
import io
import tarfile
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from leadline import archive
from leadline.errors import FeedError


def zipped(folder: Path, members: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "day.zip"
    with zipfile.ZipFile(path, "w", how) as packed:
        for name, body in members.items():
            packed.writestr(name, body)
    return path


def joined(path: Path) -> bytes:
    with archive.joined(path) as text:
        return text.read()


def test_a_gzip_is_opened_by_its_name(tmp_path: Path) -> None:
    for name, body in (("a.csv", b"1\n"), ("a.csv.gz", gzip.compress(b"1\n"))):
        (tmp_path / name).write_bytes(body)

        with archive.plain(tmp_path / name) as source:
            assert source.read() == b"1\n"


def test_a_member_is_opened_by_its_name(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "day.tar", "w") as tar:
        entry = tarfile.TarInfo("b.csv")
        entry.size = 2
        tar.addfile(entry, io.BytesIO(b"2\n"))

    with archive.zipped(zipped(tmp_path, {"a.csv": b"1\n", "b.csv": b"2\n"}), "b.csv") as source:
        assert source.read() == b"2\n"
    with archive.tarred(tmp_path / "day.tar", "b.csv") as source:
        assert source.read() == b"2\n"


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_member_of_many_megabytes_is_never_in_memory_whole(tmp_path: Path, kind: str) -> None:
    body = bytes(32 << 20)
    path = zipped(tmp_path, {"a.csv": body})
    with tarfile.open(tmp_path / "day.tar", "w") as tar:
        entry = tarfile.TarInfo("a.csv")
        entry.size = len(body)
        tar.addfile(entry, io.BytesIO(body))
    del body

    tracemalloc.start()
    opened = archive.zipped if kind == "zip" else archive.tarred
    with opened(path.with_suffix(f".{kind}"), "a.csv") as source:
        size = sum(len(chunk) for chunk in iter(lambda: source.read(1 << 20), b""))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (size, peak < 8 << 20) == (32 << 20, True)


def test_each_line_of_a_joined_zip_begins_with_its_member(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"a.csv": b"1,2\n3,4\n", "b.csv": b"5,6\n"})

    assert joined(path) == b"a.csv,1,2\na.csv,3,4\nb.csv,5,6\n"


@pytest.mark.parametrize("body", [b"1\n2", b"1\n2\n", b"1\r\n2\r\n", b"1\n2\n\n"])
def test_however_a_member_ends_its_lines_are_the_same(tmp_path: Path, body: bytes) -> None:
    path = zipped(tmp_path, {"a.csv": body, "b.csv": b"3"})

    assert joined(path) == b"a.csv,1\na.csv,2\nb.csv,3\n"


def test_a_blank_line_in_the_middle_is_kept_so_that_it_is_seen(tmp_path: Path) -> None:
    assert joined(zipped(tmp_path, {"a.csv": b"1\n\n2\n"})) == b"a.csv,1\na.csv,\na.csv,2\n"


def test_folders_and_empty_members_have_no_line(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"b/": b"", "b/a.csv": b"1\n", "c.csv": b"", "d.csv": b"\n"})

    assert joined(path) == b"b/a.csv,1\n"


def test_it_is_the_same_text_however_it_was_packed(tmp_path: Path) -> None:
    there = joined(zipped(tmp_path, {"a.csv": b"1\n", "b.csv": b"2\n"}))
    back = joined(zipped(tmp_path, {"b.csv": b"2", "a.csv": b"1"}, zipfile.ZIP_STORED))

    assert there == back


@pytest.mark.parametrize("name", ["a,b.csv", 'a"b.csv', "a\nb.csv"])
def test_a_name_that_would_break_its_lines_is_told(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path, {name: b"1\n"})

    with pytest.raises(FeedError) as told:
        archive.joined(path)

    said = f"its member {name!r} has a name that no line can begin with; mend the loader"
    assert str(told.value) == f"{path}: {said}"


def test_an_archive_that_was_cut_is_broken(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"a.csv": b"1\n" * 1_000})
    path.write_bytes(path.read_bytes()[:-30])

    with pytest.raises(archive.BROKEN):
        archive.joined(path)


@pytest.mark.parametrize("name", ["../../climbed.csv", "/tmp/../climbed.csv"])
def test_a_member_whose_name_climbs_is_read_and_written_nowhere(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    packed = zipped(folder, {name: b"1\n"})
    with tarfile.open(folder / "day.tar", "w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = 2
        tar.addfile(entry, io.BytesIO(b"1\n"))
    before = sorted(tmp_path.rglob("*"))

    with archive.zipped(packed, name) as one, archive.tarred(folder / "day.tar", name) as other:
        assert (one.read(), other.read()) == (b"1\n", b"1\n")

    assert sorted(tmp_path.rglob("*")) == before
    assert not Path("/climbed.csv").exists()
