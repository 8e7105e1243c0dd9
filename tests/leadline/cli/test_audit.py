"""What was done on a store is listed to whoever looks after it."""

import json
from pathlib import Path
from typing import Any

import pytest

from leadline import act
from tests.desks import SmallDesk, run, small_desk
from tests.doors import ROOT

OWN = (
    "tables/acts", "tables/reviews", "tables/schedule_runs", "views/ops/audit.v1",
    "views/curated/alert_actions.v1", "views/curated/reviews.v1", "views/curated/schedule_runs.v1",
)  # fmt: skip


def audited_desk(root: Path) -> SmallDesk:
    """Lay out the small project with its audit trail."""
    desk = small_desk(root)
    for name in OWN:
        desk.write(f"sql/{name}.sql", (ROOT / f"sql/{name}.sql").read_text())
    desk.sessions()
    return desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    found = audited_desk(tmp_path_factory.mktemp("audit"))
    found.prints(("1", 5, "01 15:00"), ("2", 6, "01 15:01"))
    path = found.root / "a.csv"
    run(found.root, "sql", "select * from raw.prints", "--format", "csv", "-o", path)
    run(found.root, "sql", "select * from raw.prnts")
    run(found.root, "store", "compact", "prints")
    run(found.root, "views")
    run(found.root, "sql", "select 1", "--format", "doc")
    return found


@pytest.fixture(scope="module")
def rows(desk: SmallDesk) -> list[dict[str, Any]]:
    ended = run(desk.root, "audit", "--format", "jsonl", "--loads", "--limit", "100")
    assert (ended.code, ended.err) == (0, "")
    return [json.loads(line) for line in ended.out.splitlines()]


def test_each_command_is_an_act_with_its_user_and_its_end(rows: list[dict[str, Any]]) -> None:
    found = [row for row in rows if row["via"] == "cli" and row["act"] != "audit"]

    assert {row["actor"] for row in found} == {act.user()}
    said = [(row["act"], row["about"], row["outcome"], row["reason"]) for row in found]
    assert said == [
        ("sql", None, "refused", "wrong usage"),
        ("store compact", "prints", "done", None),
        ("sql", None, "failed", "query:1: there is no view 'raw.prnts'; did you mean 'raw.prints'"),
        ("sql", None, "done", None),
    ]


def test_an_export_says_rows_bytes_form_and_where_to(
    desk: SmallDesk, rows: list[dict[str, Any]]
) -> None:
    (found,) = [row for row in rows if row["act"] == "sql" and row["outcome"] == "done"]

    path = desk.root / "a.csv"
    assert (found["query"], found["form"]) == ("select * from raw.prints", "csv")
    assert (found["n_rows"], found["n_bytes"]) == (2, path.stat().st_size)
    assert found["target"] == str(path)


def test_the_ledger_is_listed_where_it_is_asked_for(rows: list[dict[str, Any]]) -> None:
    loaded = {row["about"].split()[0] for row in rows if row["act"] == "loaded"}

    assert loaded == {"sessions", "test"}


def test_it_is_cut_by_moment_actor_and_act(desk: SmallDesk) -> None:
    words = ("--until", "2999-01-01", "--since", "2024-01-01", "--actor", act.user())

    ended = run(desk.root, "audit", *words, "--act", "sql", "--limit", "1")
    nobody = run(desk.root, "audit", "--actor", "nobody", "--format", "csv")

    assert ended.err == "2 more; --limit 3 shows them all\n"
    assert len(nobody.out.splitlines()) == 1


def test_its_newest_digest_is_told_and_held_against_it(desk: SmallDesk) -> None:
    head = run(desk.root, "audit", "--head").out.strip()

    assert len(head) == 64
    assert run(desk.root, "audit", "--holds", head).code == 0
    ended = run(desk.root, "audit", "--holds", "f" * 64)
    assert (ended.code, ended.err.partition(";")[0]) == (
        1, f"audit: no batch has the digest {'f' * 64}",
    )  # fmt: skip


def test_verify_holds_the_batches_against_their_digests(desk: SmallDesk) -> None:
    run(desk.root, "audit", "--head")

    ended = run(desk.root, "store", "verify")

    assert (ended.code, ended.out) == (0, "")
