"""leadline alerts, on a store in which the loop has run."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from leadline.rule import Written, checked
from tests.desks import Ended, SmallDesk, run, telling_desk
from tests.doors import ROOT, door

RULE = 'of = "prices.high"\nwhere = "score >= 20"\nkeep = "1h"\n'


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Two alerts that no rule took, one that a rule did and one of its key a day later."""
    desk = telling_desk(tmp_path_factory.mktemp("alerts") / "desk")
    run(desk.root, "live", "--once")
    desk.write("rules/high.toml", RULE)
    run(desk.root, "live", "--once")
    desk.prints(("a", 150, "04 15:00"), ("b", 500, "04 15:01"), ("c", 900, "05 15:00"))
    run(desk.root, "live", "--once")
    return desk


def rows(desk: SmallDesk, *words: str) -> list[dict[str, Any]]:
    ended = run(desk.root, "alerts", "list", "--format", "json", *words)
    assert ended.code == 0, ended.err
    found: list[dict[str, Any]] = json.loads(ended.out)
    return found


@pytest.fixture(scope="module")
def ids(desk: SmallDesk) -> dict[str, str]:
    """Return the id of each alert, by its headline."""
    return {row["headline"]: str(row["id"]) for row in rows(desk)}


def told(ended: Ended) -> tuple[int, str]:
    assert ended.out == ""
    return ended.code, ended.err


def test_list_shows_each_alert_once_the_newest_first(desk: SmallDesk) -> None:
    found = [(row["headline"], row["rule"], row["entity"], row["state"]) for row in rows(desk)]

    assert found == [
        ("print c", "high", "T", "firing"),
        ("print b", "high", "T", "resolved"),
        ("print a", None, "T", "resolved"),
    ]


def test_list_is_narrowed(desk: SmallDesk) -> None:
    narrowed = {
        "--rule high": 2, "--entity T": 3, "--entity S": 0, "--open": 1,
        "--since 2024-03-05": 1, "--until 2024-03-05": 2, "--rule high --until 2024-03-04T15:30": 1,
    }  # fmt: skip

    assert {words: len(rows(desk, *words.split())) for words in narrowed} == narrowed


def test_show_tells_the_steps_of_an_alert(desk: SmallDesk, ids: dict[str, str]) -> None:
    ended = run(desk.root, "alerts", "show", ids["print b"])

    lines = ended.out.splitlines()
    assert "alert_key      prices.high|b" in lines
    assert lines[-2:] == [
        "2024-03-04 15:01:00Z fired by loop", "2024-03-04 16:01:00Z resolved by loop",
    ]  # fmt: skip


def test_an_old_alert_replays_to_the_same_row(desk: SmallDesk, ids: dict[str, str]) -> None:
    ended = run(desk.root, "alerts", "show", ids["print b"], "--replay")

    assert (ended.code, ended.out) == (0, "equal: prices.high|b\n")


def test_a_replay_that_differs_ends_with_1_and_says_where(
    desk: SmallDesk, ids: dict[str, str]
) -> None:
    path = desk.root / "sql/detectors/prices/high.v1.sql"
    text = path.read_text()
    path.write_text(text.replace("'print '", "'a print '"))
    try:
        ended = run(desk.root, "alerts", "show", ids["print a"], "--replay")
    finally:
        path.write_text(text)

    assert ended.code == 1
    assert ended.out == (
        "headline: print a was told, a print a is told now; "
        "the text of its views is no longer what it was\n"
    )


def test_who_acts_on_an_alert_changes_its_state(desk: SmallDesk, ids: dict[str, str]) -> None:
    open_one = ids["print c"]
    states = []
    for words in (("ack",), ("snooze", "--for", "2h"), ("wake", "--note", "enough")):
        ended = run(desk.root, "alerts", words[0], open_one[:6], *words[1:])
        assert (ended.code, ended.out) == (0, ""), ended.err
        states.append(rows(desk, "--open")[0]["state"])

    assert states == ["acknowledged", "snoozed", "acknowledged"]
    assert rows(desk, "--open")[0]["note"] == "enough"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "zzz"], "zzz: no alert has this id; leadline alerts list shows them\n"),
        (["show", ""], ": several alerts begin so, as "),
        (["snooze", "{open}", "--for", "soon"], "--for: 'soon' is no stretch of time; write 30m"),
        (["wake", "{open}"], "so there is nothing to wake\n"),
        (["ack", "{closed}"], "it is resolved already; leadline alerts list --open\n"),
        (["preview", "hihg"], "hihg: no such rule; did you mean 'high'; write rules/hihg.toml"),
        (["list", "--since", "soon"], "'soon' is no moment; write 2024-03-01"),
    ],
)
def test_what_can_not_be_done_is_told(
    desk: SmallDesk, ids: dict[str, str], words: list[str], said: str
) -> None:
    known = {"{open}": ids["print c"], "{closed}": ids["print b"]}

    code, err = told(run(desk.root, "alerts", *(known.get(word, word) for word in words)))

    assert code == 1
    assert said in err
    assert len(err.splitlines()) == 1


def test_a_rule_is_tried_before_it_is_saved(desk: SmallDesk, tmp_path: Path) -> None:
    file = tmp_path / "loud.toml"
    file.write_text('of = "prices.high"\n')

    ended = run(desk.root, "alerts", "preview", "-f", file, "--days", "2", "--format", "json")
    now = run(desk.root, "alerts", "test", "high")

    found = [(row["day"], row["key"], row["n_fired"]) for row in json.loads(ended.out)]
    assert found == [("2024-03-04", "T", 1), ("2024-03-05", "T", 1)]
    assert "it would have fired 2 times, 1.0 a day\n" in ended.err
    assert now.out == "2024-03-05 15:00:00Z critical fired T: print c\n"
    assert (
        now.err
        == "at 2024-03-05 15:00:00.000001Z: 1 open or pending, 0 quiet after one that ended\n"
    )
    assert len(rows(desk)) == 3


def test_a_rule_that_can_not_be_used_is_refused_with_its_place(
    desk: SmallDesk, tmp_path: Path
) -> None:
    file = tmp_path / "odd.toml"
    file.write_text('of = "prices.high"\nwhere = "delete from raw.alerts"\n')

    ended = run(desk.root, "alerts", "preview", "-f", file)
    no_rule = run(desk.root, "alerts", "test")

    assert told(ended)[0] == 1
    assert ended.err.startswith(f"{file}: where is 'delete from raw.alerts': syntax error")
    assert no_rule.code == 2


def test_check_names_each_rule_that_can_not_be_used(desk: SmallDesk) -> None:
    desk.write("rules/odd.toml", 'of = "prices.hihg"\n')
    run(desk.root, "lock")

    ended = run(desk.root, "check")
    (desk.root / "rules/odd.toml").unlink()

    assert told(ended) == (
        1, "rules/odd.toml: of is 'prices.hihg', which is no view; did you mean 'prices.high'\n",
    )  # fmt: skip


def test_the_rule_of_the_docs_can_be_used(tmp_path: Path) -> None:
    text = (ROOT / "docs/alerts.md").read_text().split("```toml\n")[1].split("```")[0]

    with door(tmp_path) as house:
        rule = checked(Written("big_sweeps", "docs/alerts.md", tomllib.loads(text)), house, [])

    assert (rule.of, rule.mute) == ("detectors.options_sweep", ("earnings",))
