"""A sealed file is known again, and one that was changed, moved or never sealed is not."""

from pathlib import Path

from leadline import homes, seal


def test_a_name_holds_the_digest_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "new.parquet"
    path.write_bytes(b"rows")

    found = seal.sealed(path, "part-1")

    assert not path.exists()
    assert found.name.startswith("part-1-")
    assert (seal.is_sealed(found.name), seal.is_whole(found, found.name)) == (True, True)
    found.write_bytes(b"rowz")
    assert (seal.is_sealed(found.name), seal.is_whole(found, found.name)) == (True, False)
    assert not seal.is_sealed(path.name)


def test_a_seal_beside_says_what_a_file_holds_and_where_it_lies(tmp_path: Path) -> None:
    folder = homes.at(tmp_path / "view/print")
    folder.write("1.parquet", lambda path: path.write_bytes(b"rows"))
    seal.lay(folder, "1.parquet", folder.own / "1.parquet")
    other = tmp_path / "view/other"

    folder.own.rename(other)

    assert seal.holds(homes.at(other), "1.parquet") is False
    other.rename(folder.own)
    assert seal.holds(folder, "1.parquet") is True
    folder.drop(seal.beside("1.parquet"))
    assert seal.holds(folder, "1.parquet") is None
