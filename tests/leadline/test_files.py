"""Which files a run reads, out of folders, archives and names that a person gives."""

import gzip
from pathlib import Path

import pytest

from leadline.errors import FeedError
from leadline.feed import Feed, Files, files
from leadline.load import plan
from loaders import finra_short_volume, sessions

BODY = b"symbol,volume\r\nA,1\r\n"


def anything(name: str) -> bool:
    return not name.startswith("README")


def plain(folder: Path, name: str = "day.csv") -> Path:
    (folder / name).write_bytes(BODY)
    return folder / name


def test_a_folder_gives_the_files_that_the_source_knows_by_name(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/2.csv", "1.csv", "README.csv", ".hidden.csv"):
        (tmp_path / name).write_bytes(BODY)

    found, passed = files([tmp_path], anything)

    assert [file.name for file in found] == ["1.csv", "2.csv"]
    assert passed == [str(tmp_path / "README.csv")]


def test_a_file_that_is_named_is_taken_whatever_its_name(tmp_path: Path) -> None:
    path = plain(tmp_path, "README.csv")

    found, passed = files([path], anything)

    assert ([file.name for file in found], passed) == (["README.csv"], [])


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        plain(tmp_path / name)

    with pytest.raises(FeedError) as told:
        files([tmp_path], anything)

    a, b = tmp_path / "a" / "day.csv", tmp_path / "b" / "day.csv"
    assert str(told.value) == f"{b}: {a} has the same name; load one of them"


def test_folders_tell_files_of_one_name_apart_where_the_card_says_so(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        plain(tmp_path / name)

    found, _ = files([tmp_path], anything, parts=2)

    assert [file.name for file in found] == ["a/day.csv", "b/day.csv"]


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FeedError) as told:
        files([tmp_path / "gone"], anything)

    assert str(told.value) == f"{tmp_path / 'gone'}: there is no such file or folder"


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(FeedError) as told:
        plan("finra_short_volume", finra_short_volume, [tmp_path])

    assert str(told.value) == f"finra_short_volume: {tmp_path} holds no file of it"


def test_a_folder_of_other_files_is_told_with_what_the_source_s_look_like(tmp_path: Path) -> None:
    plain(tmp_path)

    with pytest.raises(FeedError) as told:
        plan("finra_short_volume", finra_short_volume, [tmp_path])

    said = f"{tmp_path} holds no file of it; its files look like *shvol*.txt"
    assert str(told.value) == f"finra_short_volume: {said}"


def test_a_feed_that_reads_no_files_is_told(tmp_path: Path) -> None:
    with pytest.raises(FeedError) as told:
        plan("sessions", sessions, [tmp_path])

    assert str(told.value) == "sessions: it reads no files; leave --from out"


def test_a_plan_counts_the_bytes_as_they_lie_there(tmp_path: Path) -> None:
    path = tmp_path / "day.csv.gz"
    path.write_bytes(gzip.compress(BODY * 50_000))

    found, _ = files([path], Feed(writes=()).knows)

    assert isinstance(found, Files)
    assert [file.packed for file in found] == [path.stat().st_size]
