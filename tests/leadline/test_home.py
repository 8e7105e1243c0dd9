"""A folder is a path, and makes what lies in it whole."""

from pathlib import Path

import pytest

from leadline.home import Folder


def broken(path: Path) -> None:
    path.write_bytes(b"half")
    raise OSError("no room")


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    home = Folder(tmp_path / "store")
    home.write("a/b.parquet", lambda path: path.write_bytes(b"whole"))
    with pytest.raises(OSError, match="no room"):
        home.write("a/c.parquet", broken)

    assert [(found.name, found.size) for found in home.found()] == [("a/b.parquet", 5)]
    assert [path.name for path in (tmp_path / "store" / "a").iterdir()] == ["b.parquet"]


def test_the_first_writer_of_a_log_is_the_only_one(tmp_path: Path) -> None:
    home = Folder(tmp_path)
    home.begin("_delta_log/0.json", "first")

    with pytest.raises(OSError, match="not empty"):
        home.begin("_delta_log/0.json", "second")

    assert (tmp_path / "_delta_log" / "0.json").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["_delta_log"]


def test_what_lies_below_it_is_one_too(tmp_path: Path) -> None:
    home = Folder(tmp_path)
    home.write("kept/x.parquet", lambda path: path.write_bytes(b"x"))

    listing = (home / "kept").listing(None)

    assert listing is not None
    assert listing[1] == ["x.parquet"]
    assert [each.name for each in home.found()] == ["kept/x.parquet"]
    assert isinstance((home / "kept").parent, Folder)
