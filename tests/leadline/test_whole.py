"""A file is whole or as it was, and nothing else is left beside it."""

from pathlib import Path

import pytest

from leadline import whole


def test_it_is_written_over_with_its_folder_and_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "note.json"

    whole.write(path, b"first")
    whole.write(path, b"second", 0o600)

    assert path.read_bytes() == b"second"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_what_can_t_be_put_in_place_leaves_no_part(tmp_path: Path) -> None:
    path = tmp_path / "note.json"
    path.mkdir()
    (path / "inside").touch()

    with pytest.raises(OSError, match="directory"):
        whole.write(path, b"first")

    assert list(tmp_path.iterdir()) == [path]
