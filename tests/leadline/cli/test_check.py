import json
from pathlib import Path

import pytest

from tests.desks import HIGH, SmallDesk, checked_desk, house_copy, run, small_desk


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    """Lay out a small project."""
    return small_desk(tmp_path / "desk")


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Lay out a small project with two checks, one of which finds a row."""
    desk = checked_desk(tmp_path_factory.mktemp("laid") / "desk")
    desk.prints(("a", -1, "05 15:00"), ("b", 5, "05 16:00"))
    return desk


@pytest.fixture
def checked(laid: SmallDesk, tmp_path: Path) -> SmallDesk:
    """Copy it, for tests change it."""
    return laid.copy(tmp_path / "desk")


def test_check_data_prints_what_each_found_and_ends_with_1_where_one_did(
    checked: SmallDesk,
) -> None:
    ended = run(checked.root, "check", "data")
    clean = run(checked.root, "check", "data", "prints.large")
    kept = run(
        checked.root, "sql", "select check_id, state, n_bad from ops.checks order by 1",
        "--format", "csv",
    )  # fmt: skip

    assert (ended.code, clean.code) == (1, 0)
    assert ended.out.splitlines() == [
        "ok       high      prints.large: 0 bad of 2 rows",
        "failing  high      prints.negative: 1 bad of 2 rows",
        "         2024-03-05 15:00:00Z a: a price of -1",
    ]
    assert ended.err == "2 checks asked, 1 of them not ok\n"
    assert kept.out.splitlines()[1:] == ['"prints.large","ok",0', '"prints.negative","failing",1']


def test_check_data_looks_at_a_span_and_only_at_what_is_due(checked: SmallDesk) -> None:
    before = run(checked.root, "check", "data", "--until", "2024-03-05T15:00Z", "--days", "1")
    again = run(checked.root, "check", "data", "--due")

    assert (before.code, again.code) == (0, 0)
    assert before.err == "2 checks asked, 0 of them not ok\n"
    assert again.err == "0 checks asked, 0 of them not ok\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["prints.larg"], "prints.larg: no such check; did you mean 'prints.large'"),
        (["--since", "2024-03-01", "--days", "2"], "--days: --since says it already"),
        (["--since", "2024-03-02", "--until", "2024-03-01"], "span: 2024-03-02 00:00:00Z is not"),
        (["--since", "yesterday"], "'yesterday' is no moment"),
    ],
)
def test_check_data_says_in_one_sentence_what_it_cannot_take(
    checked: SmallDesk, words: list[str], said: str
) -> None:
    ended = run(checked.root, "check", "data", *words)

    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(said)


def test_check_fails_until_the_live_views_are_frozen(desk: SmallDesk) -> None:
    before = run(desk.root, "check")
    locked = run(desk.root, "lock")
    after = run(desk.root, "check")

    assert (before.code, locked.code, after.code) == (1, 0, 0)
    assert locked.err.splitlines() == [
        "sql/detectors/prices/high.v1.sql: frozen", "sql/views/curated/followed.v1.sql: frozen",
    ]  # fmt: skip
    assert after.err == "2 views bind; the live ones are as the lock has them\n"
    assert before.out == locked.out == after.out == ""


def test_check_fails_when_a_frozen_view_means_something_else(desk: SmallDesk) -> None:
    run(desk.root, "lock")
    desk.write("sql/detectors/prices/high.v1.sql", HIGH.replace("100 as", "101 as"))

    ended = run(desk.root, "check")

    assert ended.code == 1
    assert ended.err == (
        "sql/detectors/prices/high.v1.sql: its meaning is frozen and has changed; "
        "copy it to high.v2.sql, write changed:, and bring this one back\n"
    )


def test_check_fails_when_a_view_does_not_bind(desk: SmallDesk) -> None:
    path = desk.write(
        "sql/detectors/prices/high.v1.sql", HIGH.replace("prints.price >=", "prise >=")
    )

    ended = run(desk.root, "check")

    assert ended.code == 1
    assert ended.err.startswith(f'{path}:23: Referenced column "prise" not found')


def test_the_house_itself_passes_its_check(tmp_path: Path) -> None:
    desk = house_copy(tmp_path / "desk")

    locked = run(desk.root, "lock")
    ended = run(desk.root, "check")

    assert (locked.code, ended.code) == (0, 0)


@pytest.fixture(scope="module")
def ahead(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Lay out the small project, whose prints are told with the one that comes after."""
    desk = small_desk(tmp_path_factory.mktemp("ahead") / "desk")
    desk.prints(*((f"p{n}", 90 + 3 * n, f"05 15:0{n}") for n in range(8)))
    return desk


def test_check_future_names_what_looks_ahead_shows_a_row_and_ends_with_1(ahead: SmallDesk) -> None:
    ended = run(ahead.root, "check", "--future")
    quiet = run(ahead.root, "check", "future", "prices.high", "--cuts", "2", "--shift", "90s")

    assert (ended.code, quiet.code) == (1, 0)
    assert ended.out.startswith("changed   curated.followed: ")
    assert "next_id is null, was p" in ended.out
    assert "\nok        prices.high: " in ended.out
    assert quiet.out.startswith("ok        prices.high: ")
    assert quiet.out.count("\n") == 1
    assert "reports.*: left out, it shows what stands at the end of a question\n" in ended.err
    assert ended.err.endswith(" changed; 1 look ahead or are broken\n")


def test_check_future_as_json_is_an_object_a_line(ahead: SmallDesk) -> None:
    ended = run(ahead.root, "check", "future", "--cuts", "1", "--rows", "0", "--format", "json")

    (followed, high) = map(json.loads, ended.out.splitlines())
    assert (followed["name"], followed["state"]) == ("curated.followed", "changed")
    assert followed["changes"][0]["n_changed"] == followed["n_changed"] > 0
    assert (high["name"], high["state"], high["changes"]) == ("prices.high", "ok", [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["prices.hihg"], "prices.hihg: no such view; did you mean 'prices.high'"),
        (["models/none"], "models/none: no such model; models/ has none"),
        (["--shift", "soon"], "--shift: 'soon' is no stretch of time; write 250ms, 90s or 1h"),
        (["--format", "xml"], "--format: 'xml' is none; it takes text or json"),
        (["--since", "2024-04-01"], "raw: no event became known in this span; load a feed"),
        (
            ["--since", "2024-03-06", "--until", "2024-03-05"],
            "span: 2024-03-06 00:00:00Z is not before 2024-03-05 00:00:00Z",
        ),
    ],
)
def test_check_future_says_what_it_can_not_look_at(
    ahead: SmallDesk, words: list[str], said: str
) -> None:
    ended = run(ahead.root, "check", "future", *words)

    assert ended.code == 1
    assert ended.err.startswith(said)
    assert ended.out == ""
