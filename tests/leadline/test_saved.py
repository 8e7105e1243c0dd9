"""A file that was saved, came or went is noticed once."""

import os
from pathlib import Path

from leadline.saved import Saved


def test_each_save_is_noticed_once(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    path = tmp_path / "rules" / "big.toml"
    saved = Saved(tmp_path, "rules/*.toml", "leadline.toml")

    noticed = [saved.moved()]
    path.write_text("a")
    noticed += [saved.moved(), saved.moved()]
    path.write_text("b")
    os.utime(path, (1, 1))
    noticed += [saved.moved(), saved.moved()]
    path.unlink()
    noticed += [saved.moved(), saved.moved()]

    assert noticed == [False, True, False, True, False, True, False]


def test_a_file_of_nobody_is_passed_over(tmp_path: Path) -> None:
    saved = Saved(tmp_path, "rules/*.toml")

    (tmp_path / "other.toml").write_text("a")

    assert not saved.moved()
