"""Which files a run reads, out of folders, archives and names that a person gives."""

import gzip
import zipfile
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import duckdb
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


def zipped(path: Path, **members: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.csv", text)
    return path


def test_a_zip_is_its_members_where_it_is_opened_and_one_file_where_it_is_joined(
    tmp_path: Path,
) -> None:
    path = zipped(tmp_path / "day.zip", a="1\n", b="2\n3")

    opened, _ = files([path], anything)
    joined, _ = files([path], anything, zips="joined")

    assert [file.name for file in opened] == ["a.csv", "b.csv"]
    assert [(file.name, file.origin) for file in joined] == [("day.zip", str(path))]
    assert joined[0].bytes() == b"a.csv,1\nb.csv,2\nb.csv,3\n"
    assert joined[0].packed == path.stat().st_size


@pytest.mark.parametrize(
    ("card", "names"),
    [(Feed(writes=()), ["a.csv", "b.csv"]), (Feed(writes=(), zips="joined"), ["day.zip"])],
)
def test_the_card_of_a_feed_says_which(tmp_path: Path, card: Feed, names: list[str]) -> None:
    feed = ModuleType("feed")
    vars(feed).update(FEED=card, read=None)

    found = plan("feed", feed, [zipped(tmp_path / "day.zip", a="1\n", b="2\n")]).files

    assert [file.name for file in found] == names


def test_the_digest_of_a_joined_zip_is_that_of_its_lines(tmp_path: Path) -> None:
    path = zipped(tmp_path / "day.zip", a="1\n")

    ((file,), _) = files([path], anything, zips="joined")

    digest = file.digest
    file.close()

    assert digest == sha256(b"a.csv,1\n").hexdigest()


def test_a_joined_zip_is_known_by_its_own_name_and_its_folder(tmp_path: Path) -> None:
    for name in ("x/day.zip", "y/day.zip", "y/README.zip"):
        zipped(tmp_path / name, a="1\n")

    found, passed = files([tmp_path], anything, parts=2, zips="joined")

    assert [file.name for file in found] == ["x/day.zip", "y/day.zip"]
    assert passed == [str(tmp_path / "y" / "README.zip")]


def test_a_joined_zip_that_is_named_is_taken_whatever_its_name(tmp_path: Path) -> None:
    path = zipped(tmp_path / "README.zip", a="1\n")

    ((file,), passed) = files([path], anything, zips="joined")

    assert (file.name, passed) == ("README.zip", [])


def test_a_joined_zip_is_read_as_any_text_and_its_lines_are_set_aside_by_number(
    tmp_path: Path,
) -> None:
    path = zipped(tmp_path / "day.zip", a="1\nmany\n", b="2")
    ((file,), _) = files([path], anything, zips="joined")
    lines = file.csv("member text, size bigint", header=False)

    with duckdb.connect() as con:
        sql = lines.query("lines", "select * from lines").open(con, "unread")
        rows = con.execute(sql).fetchall()
        unread = con.execute("select line, csv_line from unread").fetchall()
    file.close()

    assert rows == [("a.csv", 1), ("b.csv", 2)]
    assert unread == [(2, "a.csv,many")]


def test_a_joined_zip_that_was_cut_is_told_when_it_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "day.zip", a="1\n" * 1_000)
    path.write_bytes(path.read_bytes()[:-30])
    ((file,), _) = files([path], anything, zips="joined")

    with pytest.raises(FeedError) as told:
        file.body()
    file.close()

    assert str(told.value) == f"{path}: cut short or damaged; fetch it again"
