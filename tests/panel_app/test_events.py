"""A stream that drops goes on where it was, over a restart of the server, too."""

import json
import random
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from tests.dashboards import NOON, alert, serving
from tests.desks import SmallDesk, telling_desk
from tests.doors import ROOT

SEED = 20_240_301
STREAM = "/api/alerts/stream"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    desk = telling_desk(tmp_path_factory.mktemp("streamed"))
    path = "sql/views/reports/alert_events.v1.sql"
    desk.write(path, (ROOT / path).read_text())
    desk.load("alerts", [alert("before", NOON)])
    return desk


def streaming(desk: SmallDesk) -> AbstractContextManager[str]:
    return serving(desk.root / "store", root=desk.root, every_s=0.01)


def heard(
    address: str, n: int, last_id: str | None = None, **asked: str
) -> Iterator[tuple[str, str, Any]]:
    """Yield id, name and row of so many events, then hang up."""
    headers = {"last-event-id": last_id} if last_id else {}
    with httpx.stream("GET", f"{address}{STREAM}", params=asked, headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        event: dict[str, str] = {}
        for line in answer.iter_lines():
            if line:
                key, _, value = line.partition(": ")
                event[key] = value
                continue
            if "data" in event:
                yield event["id"], event["event"], json.loads(event["data"])
                n -= 1
            elif "id" in event:
                yield event["id"], "", None
            event = {}
            if not n:
                return


def test_a_dropped_stream_resumes_without_loss_or_repeat(desk: SmallDesk) -> None:
    chance, told, given = random.Random(SEED), list[str](), list[str]()
    with ExitStack() as servers:
        address = servers.enter_context(streaming(desk))
        ((last_id, _, _),) = list(heard(address, 1, "0-0"))[-1:]
        for n in range(5):
            keys = [f"{n}.{k}" for k in range(chance.randrange(1, 5))]
            desk.load("alerts", [alert(key, NOON) for key in keys], f"load {n}")
            given += keys
            if n == 2:
                servers.close()
                address = servers.enter_context(
                    serving(desk.root / "store", root=desk.root, every_s=0.01)
                )
            behind = len(given) - len(told)
            for each, _, row in heard(address, chance.randrange(1, behind + 1), last_id):
                last_id = each
                told += [row["alert_key"].split("|")[2]] if row else []
        if behind := len(given) - len(told):
            told += [
                row["alert_key"].split("|")[2]
                for _, _, row in heard(address, behind, last_id)
                if row
            ]

    assert told == given


def test_a_listener_hears_what_he_asked_for(desk: SmallDesk) -> None:
    rows = [
        alert("loud", NOON, severity="critical"),
        alert("quiet", NOON, severity="info"),
        alert("other", NOON, severity="high", entity="AAPL"),
    ]
    with streaming(desk) as address:
        stream = heard(address, 1, severity__in="critical,high", entity="AAPL", action="alert")
        begun_at, _, _ = next(stream)  # it listens
        desk.load("alerts", rows, "wanted")
        found = list(stream)
        again = list(heard(address, 2, severity__in="critical,high", last_event_id=begun_at))

    assert [(name, row["headline"][:5]) for _, name, row in found] == [("alert", "other")]
    assert [row["severity"] for _, _, row in again if row] == ["critical", "high"]
    assert found[0][2]["recorded_at"] <= again[-1][2]["recorded_at"]


@pytest.mark.parametrize(
    ("asked", "headers", "status", "sentence"),
    [
        ("", {"last-event-id": "seven"}, 422, "last-event-id: 'seven' is no id of an event here"),
        ("last_event_id=9999999999999999-1", {}, 422, "last-event-id: the store has not come to"),
        ("severty=high", {}, 422, "severty: extra inputs are not permitted"),
    ],
)
def test_what_can_not_be_listened_to_is_said_at_once(
    shown: TestClient, asked: str, headers: dict[str, str], status: int, sentence: str
) -> None:
    answer = shown.get(f"{STREAM}?{asked}", headers=headers)

    assert answer.status_code == status
    assert answer.json()["error"].startswith(sentence)
