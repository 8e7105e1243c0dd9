"""Requests of the whole app are in its trail: who asked what, from where, and how it ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from leadline import homes
from leadline.journal import rows
from leadline.serving import Serving
from leadline.tokens import Tokens
from leadline.trail import Trail
from tests.dashboards import client

PASSWORD, TOKEN = "correct horse battery", "leadline_" + "t" * 24
AT = "/smart-money/dashboard/overview"


@contextmanager
def watched(place: Path, tmp_path: Path) -> Iterator[tuple[TestClient, Trail]]:
    trail = Trail(homes.at(tmp_path))
    serving = Serving(
        tokens=Tokens(None, {"LEADLINE_TOKENS": f"night={TOKEN}"}), password=lambda: PASSWORD
    )
    with client(place, trail=trail, serving=serving) as asked:
        yield asked, trail


def noted(trail: Trail) -> list[dict[str, Any]]:
    trail.flush()
    found = []
    for path in trail.journal.take():
        found += rows(path)
        path.unlink()
    return found


@pytest.fixture(scope="module")
def app(
    filled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, Trail]]:
    with watched(filled, tmp_path_factory.mktemp("noted")) as found:
        yield found


def bearer(token: str = TOKEN) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_what_the_api_answers_is_added_up_by_who_and_what(app: tuple[TestClient, Trail]) -> None:
    asked, trail = app
    sent = [asked.get("/api/ops.loads?limit=1", headers=bearer()) for _ in range(3)]
    asked.get("/api/nonsense", headers=bearer())

    done, failed = noted(trail)

    assert (done["act"], done["about"], done["actor"]) == ("ask", "/api/ops.loads", "night")
    assert (done["via"], done["client"], done["n_times"]) == ("api", "testclient", 3)
    assert done["n_bytes"] == sum(len(answer.content) for answer in sent)
    assert (failed["outcome"], failed["reason"]) == ("failed", "HTTP 404")


def test_a_file_is_noted_by_itself_with_its_rows(app: tuple[TestClient, Trail]) -> None:
    asked, trail = app
    sent = asked.get(f"{AT}/book.csv?at=2024-03-05T11:59:40Z", headers=bearer())
    asked.get(f"{AT}/nonsense.csv", headers=bearer())

    done, failed = noted(trail)

    assert (done["act"], done["about"], done["form"]) == ("export", "overview/book.csv", "csv")
    assert (done["n_rows"], done["n_bytes"]) == (10, len(sent.content))
    assert "at=2024-03-05T11:59:40Z" in done["details"]
    assert (failed["outcome"], failed["n_rows"]) == ("failed", None)


def test_sql_that_is_closed_is_noted_as_refused(app: tuple[TestClient, Trail]) -> None:
    asked, trail = app
    asked.post("/api/sql", json={"sql": "select 1"}, headers=bearer())

    (row,) = noted(trail)

    assert (row["act"], row["outcome"], row["reason"]) == ("sql", "refused", "HTTP 403")


def test_who_comes_in_goes_out_or_is_kept_out_is_noted(app: tuple[TestClient, Trail]) -> None:
    asked, trail = app
    for secret in ("wrong horse", "wronger horse", PASSWORD):
        asked.post("/login", data={"secret": secret}, follow_redirects=False)
    asked.get(f"{AT}", headers={"accept": "text/html"})
    asked.post("/logout", follow_redirects=False)
    asked.cookies.clear()
    asked.get("/api/ops.loads", headers=bearer("x" * 24))

    found = noted(trail)

    said = {(row["act"], row["actor"], row["outcome"], row["n_times"]) for row in found}
    assert said == {
        ("login", "nobody", "refused", 2), ("login", "a password", "done", 1),
        ("logout", "a password", "done", 1), ("look", "a password", "done", 1),
        ("token", "nobody", "refused", 1),
    }  # fmt: skip


def test_no_secret_that_was_shown_is_in_it(app: tuple[TestClient, Trail]) -> None:
    asked, trail = app
    asked.post("/login", data={"secret": PASSWORD}, follow_redirects=False)
    cookie = next(iter(asked.cookies.values()))
    asked.get(f"{AT}/book.csv?token={TOKEN}")
    asked.get(f"/api/{TOKEN}")
    asked.cookies.clear()

    text = str(noted(trail))

    assert text.count("…") == 2
    assert [secret for secret in (PASSWORD, TOKEN, cookie) if secret in text] == []


def test_what_everybody_may_see_is_not_noted(app: tuple[TestClient, Trail]) -> None:
    asked, trail = app
    for path in ("/health/live", "/login", "/assets/mark.svg", "/api/ops.loads"):
        asked.get(path)

    assert noted(trail) == []
