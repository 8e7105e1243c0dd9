"""Lines of the ledger that are doubled, lost or changed are found."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from leadline import homes
from leadline.lines import findings
from tests.stores import finra, lines, load_finra, load_sessions, opened

Lines = list[dict[str, Any]]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Lines:
    """The lines of two publications, a forget of the second, and of a third."""
    folder = tmp_path_factory.mktemp("lines")
    day = date(2024, 3, 4)
    with opened(folder / "store") as store:
        load_sessions(store)
        for n in (1, 2):
            load_finra(store, finra(folder / str(n), day, [f"A|{n}|0|9"]))
        store.forget(lines(folder / "store")[-1]["load_id"])
        load_finra(store, finra(folder / "3", day, ["A|3|0|9"]))
    return lines(folder / "store")


def test_lines_as_the_store_writes_them_are_sound(sound: Lines) -> None:
    assert [line["action"] for line in sound] == ["load", "load", "load", "forget", "load"]
    assert list(findings(homes.at("loads"), sound)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows[1].update(coverage="elsewhere"), "is not what its id is the digest of"),
        (lambda rows: rows[1].update(content_hash="0"), "is not what its id is the digest of"),
        (lambda rows: rows.pop(1), "has the number 1, and 0 lines come before it"),
        (lambda rows: rows.pop(2), "which has no line"),
        (lambda rows: rows.append(dict(rows[0])), "2 lines have the load "),
    ],
)
def test_what_was_changed_is_told(
    sound: Lines, change: Callable[[Lines], object], said: str
) -> None:
    rows = [dict(line) for line in sound]

    change(rows)

    found = list(findings(homes.at("loads"), rows))
    assert any(said in each.what for each in found), found


def test_a_gap_before_what_is_forgotten_is_a_note(sound: Lines) -> None:
    rows = [dict(line) for line in sound if line["publication"] or line["feed"] == "sessions"]

    found = list(findings(homes.at("loads"), rows[:3]))

    assert [each.is_error for each in found] == [False]
