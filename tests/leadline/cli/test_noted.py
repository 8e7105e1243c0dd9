"""A command is noted when it begins and when it ends, but for those that only list."""

import json
from pathlib import Path

import pytest
import typer

from leadline import cli
from leadline.cli.noted import QUIET
from tests.desks import SmallDesk, run, small_desk


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    found = small_desk(tmp_path)
    found.sessions()
    return found


def noted(desk: SmallDesk) -> list[dict[str, object]]:
    lines = [
        line
        for path in (desk.root / "store" / "_acts").glob("*.jsonl")
        for line in path.read_text().splitlines()
    ]
    return [json.loads(line) for line in lines]


def test_every_quiet_command_is_one() -> None:
    tree = typer.main.get_command(cli.app)
    names = set()
    for name, command in tree.commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", {})
        names |= {name, *(f"{name} {word}" for word in below)}

    assert QUIET - names == set()


def test_a_begin_and_an_end_are_one_act(desk: SmallDesk) -> None:
    run(desk.root, "sql", "select 1 as one")

    began, ended = noted(desk)
    assert began["act_id"] == ended["act_id"]
    assert (began["outcome"], ended["outcome"]) == ("running", "done")


def test_what_only_lists_is_not_noted_nor_is_help(desk: SmallDesk) -> None:
    for words in (["views"], ["config"], ["store", "compact", "--help"], ["nonsense"]):
        run(desk.root, *words)

    assert noted(desk) == []


def test_options_that_were_given_are_kept_without_secrets(desk: SmallDesk) -> None:
    run(
        desk.root,
        "sql",
        "select $a as a",
        "--bind",
        "a=leadline_" + "x" * 30,
        "--until",
        "2024-03-01",
    )

    details = json.loads(str(noted(desk)[-1]["details"]))
    assert details == {"bind": "a=…", "until": "2024-03-01"}


def test_a_query_of_a_file_is_kept_as_its_text(desk: SmallDesk) -> None:
    desk.write("one.sql", "select 1 as one")

    run(desk.root, "sql", "-f", desk.root / "one.sql")

    assert noted(desk)[-1]["query"] == "select 1 as one"


def test_other_settings_have_another_digest_and_flags_have_not(desk: SmallDesk) -> None:
    run(desk.root, "sql", "select 1")
    run(desk.root, "--memory", "1GB", "sql", "select 1")
    desk.write("leadline.toml", 'contact = "ann@example.com"')
    run(desk.root, "sql", "select 1")

    first, second, third = [row["settings_hash"] for row in noted(desk)[1::2]]
    assert first == second != third


def test_a_store_that_nobody_may_write_to_is_asked_all_the_same(desk: SmallDesk) -> None:
    (desk.root / "store" / "_acts").write_text("no folder")

    ended = run(desk.root, "sql", "select 1 as one", "--format", "csv")

    assert (ended.code, ended.out, ended.err) == (0, '"one"\n1\n', "")
