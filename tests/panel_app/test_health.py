"""Health says whether the store can be asked; being alive needs none."""

import shutil
from pathlib import Path

from starlette.testclient import TestClient

from tests.dashboards import client
from tests.desks import small_desk


def test_a_store_that_can_be_asked_is_ready(shown: TestClient) -> None:
    answer = shown.get("/health")

    said = answer.json()
    assert answer.status_code == 200
    assert said["status"] == "ready"
    assert (said["n_loads"], said["shown_at"]) == (2, "2024-03-05T12:00:00Z")
    assert said["n_views"] > 100
    assert 0 < said["newest_load_age_s"] < 3_600


def test_a_store_that_is_gone_is_not_ready_and_the_process_is_alive(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    desk.prints(("a", 1, "05 11:00"))
    with client(desk.root / "store", root=desk.root) as asking:
        before = asking.get("/health")
        shutil.rmtree(desk.root / "store")
        after, alive = asking.get("/health"), asking.get("/health/live")

    assert (before.status_code, after.status_code, alive.status_code) == (200, 503, 200)
    assert after.json()["error"].endswith("the store is not there; name it with --store")


def test_an_empty_store_is_ready_and_has_no_age(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    (desk.root / "store").mkdir()
    with client(desk.root / "store", root=desk.root) as asking:
        said = asking.get("/health").json()

    assert (said["status"], said["n_loads"]) == ("ready", 0)
    assert (said["newest_load_at"], said["newest_load_age_s"]) == (None, None)
