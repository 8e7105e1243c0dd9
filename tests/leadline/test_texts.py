"""What was found out of a text is known to the next process, and never missed."""

from pathlib import Path

import pytest

from leadline.errors import ViewError
from leadline.header import digest_of
from leadline.texts import Texts


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a cache of its own."""
    monkeypatch.setattr("leadline.texts.user_cache_path", lambda name: tmp_path / "cache" / name)
    return tmp_path / "cache" / "leadline" / "layouts"


def found() -> list[str]:
    return ["curated.followed"]


def never() -> list[str]:
    raise AssertionError("it was found already")


def test_the_next_process_knows_what_this_one_found(cache: Path) -> None:
    first, second = Texts(), Texts()
    first.recall("reads", "from curated.followed", found)
    first.keep()

    assert second.recall("reads", "from curated.followed", never) == ["curated.followed"]
    assert second.recall("reads", "from curated.followed -- new", lambda: []) == []
    assert [path.suffix for path in cache.iterdir()] == [".json"]


def test_kinds_of_facts_are_kept_apart() -> None:
    texts = Texts()
    texts.recall("reads", "select 1", found)

    assert texts.recall("params", "select 1", lambda: []) == []


def test_what_is_raised_is_raised_again() -> None:
    for _ in range(2):
        with pytest.raises(ViewError, match="has no end"):
            digest_of("select 'open")


@pytest.mark.parametrize("damage", [b"no JSON", b"\xff", b"[1]"])
def test_a_damaged_one_is_made_anew(cache: Path, damage: bytes) -> None:
    first, second = Texts(), Texts()
    first.recall("reads", "select 1", found)
    first.keep()
    (path,) = cache.iterdir()
    path.write_bytes(damage)

    assert second.recall("reads", "select 1", lambda: ["anew"]) == ["anew"]
    second.keep()
    assert Texts().recall("reads", "select 1", never) == ["anew"]


def test_without_a_place_for_it_all_goes_on(cache: Path) -> None:
    cache.parent.parent.write_text("a file where the cache should be")
    texts = Texts()

    assert texts.recall("reads", "select 1", found) == found()
    texts.keep()
