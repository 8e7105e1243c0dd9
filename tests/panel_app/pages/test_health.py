"""Data health shows what is missing, refused and wrong, one click apart."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from panel_app.answers import Answers
from tests.dashboards import NOON, answering, laid, load, shown, tops


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    place = tmp_path_factory.mktemp("health") / "store"
    bad = [{"entity": "BTC", "known_at": "2024-03-05 11:00:00Z", "reason": "<wide>", "evidence": 1}]
    look = {
        "dataset": "book_tops", "since": NOON - timedelta(days=1), "until": NOON,
        "n_looked_at": 9, "severity": "high", "fingerprint": "f", "duration_ms": 5,
        "checked_at": NOON - timedelta(hours=1), "known_at": NOON - timedelta(hours=1),
    }  # fmt: skip
    looks = [
        look | {"check_id": "book_tops.spikes", "n_bad": 3, "sample": json.dumps(bad)},
        look | {"check_id": "book_tops.times", "n_bad": 0, "sample": "[]"},
    ]
    broken = tops(NOON - timedelta(minutes=5), 1)[0] | {"pair": None}
    load(place, "book_tops", [*tops(NOON - timedelta(minutes=3), 5), broken], "books")
    load(place, "check_results", looks, "checks")
    gap = {
        "venue": "binance", "pair": "BTC-USDT", "channel": "book", "reason": "gap",
        "n_dropped": 3, "expected_id": 1, "found_id": 4, "ended_at": None,
        "began_at": NOON - timedelta(minutes=9), "known_at": NOON - timedelta(minutes=9),
    }  # fmt: skip
    load(place, "feed_gaps", [gap], "gaps")
    with answering(place) as found:
        yield found


def test_all_of_it_stands_on_one_page(answers: Answers) -> None:
    desk = laid(answers, "health")

    assert "book_tops" in shown(desk, "feeds")
    assert shown(desk, "checks").index("book_tops.spikes") < shown(desk, "checks").index("never")
    assert "&lt;wide&gt;" in shown(desk, "findings")
    assert "whales?pair=BTC-USDT" in shown(desk, "gaps")
    assert "books" in shown(desk, "loads")
    assert shown(desk, "rejected").count("<tr data-key") == 1
    assert "run leadline load sessions" in shown(desk, "calendar")
    for panel in ("latency", "runs", "deliveries", "retractions"):
        assert 'class="empty"' in shown(desk, panel)


@pytest.mark.parametrize(
    ("said", "panel", "is_there", "is_gone"),
    [
        ({"ailing": "1"}, "checks", "book_tops.spikes", "book_tops.times"),
        ({"ailing": "1"}, "loads", "books", "data-nothing"),
        ({"dataset": "feed_gaps"}, "freshness", "feed_gaps", "book_tops"),
        ({"check": "book_tops.times"}, "findings", "No check found", "&lt;wide&gt;"),
        ({"load": "none"}, "rejected", "No row of it was refused", "<tr data-key"),
    ],
)
def test_each_setting_keeps_what_it_says(
    answers: Answers, said: dict[str, str], panel: str, is_there: str, is_gone: str
) -> None:
    body = shown(laid(answers, "health", **said), panel)

    assert is_there in body
    assert is_gone not in body


def test_what_nobody_knows_is_said_with_the_nearest(answers: Answers) -> None:
    desk = laid(answers, "health", dataset="book_top", check="book_tops.spike")
    said = "".join(str(each.part.markup.html) for each in desk._followed)

    assert "did you mean &#x27;book_tops&#x27;" in said
    assert "did you mean &#x27;book_tops.spikes&#x27;" in said


def test_an_empty_store_says_what_to_run(tmp_path: Path) -> None:
    with answering(tmp_path / "store") as answers:
        desk = laid(answers, "health")

        assert "leadline load FEED" in shown(desk, "freshness")
        assert "leadline feeds" in shown(desk, "feeds")
