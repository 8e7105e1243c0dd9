"""leadline review, on a store with three alerts."""

import json
from pathlib import Path

import pytest

from tests.desks import SmallDesk, run
from tests.reviewing import reviewing_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Three alerts, one of them near the threshold."""
    return reviewing_desk(tmp_path_factory.mktemp("review") / "desk")


def test_the_queue_begins_with_the_one_that_is_near_the_threshold(desk: SmallDesk) -> None:
    ended = run(desk.root, "review", "list", "--format", "json", "--limit", "2")

    found = [(row["headline"], row["why"]) for row in json.loads(ended.out)]
    assert found == [("print b", "near the threshold"), ("print c", "not reviewed")]
    assert ended.err == "1 more; --limit 3 shows them all\n"


def test_next_shows_it_with_its_numbers_and_the_command_that_follows(desk: SmallDesk) -> None:
    ended = run(desk.root, "review", "next", "--detector", "prices.high")

    lines = [line.split(None, 1) for line in ended.out.splitlines()]
    assert ["headline", "print b"] in lines
    assert ["price", "210"] in lines
    assert ended.err.endswith(" real|false|unsure\n")


def test_a_mark_takes_it_off_the_queue(desk: SmallDesk, tmp_path: Path) -> None:
    own = desk.copy(tmp_path / "desk")

    marked = run(
        own.root, "review", "mark", "prices.high|b", "false", "--as", "ann", "--note", "no"
    )
    left = run(own.root, "review", "list", "--format", "json")
    done = run(own.root, "review", "list", "--done", "--format", "json")

    assert (marked.code, marked.err) == (0, "false by ann: print b\n")
    assert [row["headline"] for row in json.loads(left.out)] == ["print c", "print a"]
    (said,) = json.loads(done.out)
    assert (said["verdict"], said["reviewer"], said["note"]) == ("false", "ann", "no")


def test_a_typo_ends_it_in_a_sentence(desk: SmallDesk) -> None:
    ended = run(desk.root, "review", "mark", "prices.high|b", "unsur")

    assert (ended.code, ended.err) == (1, "verdict: 'unsur' is none; did you mean 'unsure'\n")


def test_of_no_alert_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    empty = reviewing_desk(tmp_path / "desk", has_alerts=False)

    ended = run(empty.root, "review", "next")

    assert (ended.code, ended.out) == (0, "")
    assert "every alert has a verdict" in ended.err
