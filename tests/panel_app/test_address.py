"""An address may ask what the store knew at a moment, and goes on answering that."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tests.dashboards import NOON, alert, client, load

ALERTS = "/api/curated.alerts?columns=alert_key&order=alert_key"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("known") / "store"
    load(folder, "alerts", [alert("first", NOON - timedelta(hours=2))], "loop")
    return folder


@pytest.fixture(scope="module")
def asking(place: Path) -> Iterator[TestClient]:
    with client(place) as found:
        yield found


def keys(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["alert_key"].split("|")[2] for row in answer.json()]


def test_what_was_loaded_since_is_not_in_an_answer_as_of_then(
    place: Path, asking: TestClient
) -> None:
    before = asking.get(ALERTS)
    as_of = quote(before.headers["leadline-as-of"])
    load(place, "alerts", [alert("second", NOON - timedelta(hours=1))], "another")
    now, then = asking.get(ALERTS), asking.get(f"{ALERTS}&as_of={as_of}")

    assert (keys(before), keys(now), keys(then)) == (["first"], ["first", "second"], ["first"])
    assert then.headers["leadline-as-of"] == before.headers["leadline-as-of"]


def test_what_became_known_since_is_not_in_it_either(asking: TestClient) -> None:
    # The store heard of both long after they fired: at that moment it held nothing.
    early = asking.get(f"{ALERTS}&as_of={quote('2024-03-05T10:30Z')}")
    late = asking.get(f"{ALERTS}&until=2024-03-05T10:30Z")

    assert (keys(early), keys(late)) == ([], ["first"])
    assert early.headers["leadline-until"] == "2024-03-05T10:30:00.000001+00:00"


def test_a_load_is_in_the_ledger_as_of_its_own_stamp(asking: TestClient) -> None:
    stamp = asking.get("/api/raw.loads?columns=recorded_at&order=-recorded_at&limit=1").json()

    told = asking.get(f"/api/raw.loads?as_of={quote(stamp[0]['recorded_at'])}").json()

    assert stamp[0]["recorded_at"] in [line["recorded_at"] for line in told]


def test_a_text_that_is_no_json_is_refused_also_where_a_letter_takes_many_bytes(
    asking: TestClient,
) -> None:
    refused = asking.get("/api/curated.alerts", params={"evidence": "😀" * 200})

    assert refused.status_code == 422
    assert refused.json()["error"].startswith("evidence: '😀")
    assert refused.json()["error"].endswith("is not a value of json")
