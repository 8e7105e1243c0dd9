"""An act is kept in bounds, without secrets, under the name that the system knows."""

import json
from pathlib import Path

import pytest

from leadline import act
from leadline.act import Act


def test_a_row_says_who_what_and_how_it_ended() -> None:
    done = Act("sql", "ann", "cli", query="select 1")
    done.end("failed", "query:1: there is no view 'x'")

    row = done.row()

    assert (row["act"], row["actor"], row["via"], row["outcome"]) == ("sql", "ann", "cli", "failed")
    assert row["duration_ms"] >= 0
    assert row["query_hash"].startswith("822ae07d4783158b")  # SHA-256 of select 1


def test_texts_are_bounded_and_the_digest_is_of_the_whole() -> None:
    long = Act("x" * 900, "ann", "api", "y" * 9_000, query="select '" + "z" * 90_000 + "'")
    long.details = {f"n{number}": "w" * 900 for number in range(90)}

    row = long.row()

    assert [len(row[name]) for name in ("act", "about", "query")] == [60, 200, 4_000]
    assert len(row["details"]) <= 2_000
    assert row["query_hash"] != Act("x", "a", "api", query=row["query"]).row()["query_hash"]
    assert "left_out" in json.loads(row["details"])


def test_secrets_stand_in_none_of_its_texts() -> None:
    secret = "leadline_" + "Q7" * 20
    said = Act("sql", "ann", "api", f"about {secret}", query=f"select '{secret}'")
    said.details, said.reason = {"bind": f"token={secret}"}, f"no view {secret}"

    assert secret not in json.dumps(said.row())


def test_the_environment_does_not_choose_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Path("/proc/self").owner()
    for name in ("USER", "LOGNAME", "SUDO_USER"):
        monkeypatch.setenv(name, "somebody else")
    act.user.cache_clear()

    assert act.user() == own


def test_exports_are_added_to_the_act_in_hand_alone() -> None:
    mine = Act("sql", "ann", "cli")

    act.exported("csv", "elsewhere.csv", 9, 90)
    with act.in_hand(mine):
        act.exported("csv", "a.csv", 2, 20)
        act.exported("csv", None, 1, 10)

    assert (mine.form, mine.target, mine.n_rows, mine.n_bytes) == ("csv", "a.csv", 3, 30)
