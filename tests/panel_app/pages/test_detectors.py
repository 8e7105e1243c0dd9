"""The page of detectors: the list, one view in all its sides, and how good it was."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from panel_app.answers import Answers
from tests.dashboards import NOON, alert, answering, laid, load, shown

EVENTS = [
    {
        "event_id": name, "label": "planted", "detector": "options.oi_change", "entity": entity,
        "starts_at": NOON - timedelta(minutes=30), "ends_at": NOON - timedelta(minutes=1),
        "size": 1.5, "known_at": NOON - timedelta(days=9),
    }
    for name, entity in (("e1", "SPX"), ("e2", "NDX"))
]  # fmt: skip


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    place = tmp_path_factory.mktemp("detectors") / "store"
    fired = [
        alert("old", NOON - timedelta(days=2), headline="old one"),
        alert("new", NOON - timedelta(minutes=10), headline="<i>new</i> one"),
    ]
    load(place, "alerts", fired, "loop")
    load(place, "events", EVENTS, "labels")
    with answering(place) as found:
        yield found


def test_the_list_counts_the_alerts_of_the_range(answers: Answers) -> None:
    week = shown(laid(answers, "detectors", find="open interest"), "list")
    day = shown(laid(answers, "detectors", find="open interest", last="1d"), "list")

    assert week.count("options.oi_change") >= 1
    assert '<td class="num">2</td>' in week
    assert '<td class="num">1</td>' in day
    assert "crypto.wall" not in week
    assert "crypto.wall" in shown(laid(answers, "detectors"), "list")


def test_what_is_like_nothing_is_said(answers: Answers) -> None:
    desk = laid(answers, "detectors", find="nosuch", status="bad")

    assert "No detector is like that" in shown(desk, "list")
    assert "'bad' is none of" in desk.settings.faults["status"]


def test_a_detector_is_told_in_words_and_in_its_sql(answers: Answers) -> None:
    desk = laid(answers, "detectors", detector="options.oi_change")
    view, params = shown(desk, "view"), shown(desk, "params")

    assert "<dt>Misses</dt>" in view
    assert '<span class="k">with</span>' in view
    assert "sql/detectors/options/oi_change.v1.sql" in view
    assert "<td>default</td>" in params
    assert "min_d_oi_usd" in params
    assert "alert_key" in shown(desk, "columns")
    assert "There is one version" in shown(desk, "versions")


def test_its_alerts_of_the_range_are_there_and_are_text(answers: Answers) -> None:
    desk = laid(answers, "detectors", detector="options.oi_change", last="1h")

    assert "&lt;i&gt;new&lt;/i&gt; one" in shown(desk, "alerts")
    assert "old one" not in shown(desk, "alerts")
    assert "No alert of it" in shown(laid(answers, "detectors", detector="crypto.wall"), "alerts")


def test_the_scorecard_says_what_was_measured_and_what_was_not(answers: Answers) -> None:
    measured = shown(laid(answers, "detectors", detector="options.oi_change"), "scorecard")
    unmeasured = shown(laid(answers, "detectors", detector="crypto.wall"), "scorecard")

    assert "1 of 2 found" in measured
    assert "<b>50%</b>" in measured
    assert "[9% – 91%]" in measured
    assert "2 events labelled <b>planted</b>" in measured
    assert "Nothing was measured" in unmeasured


def test_two_versions_are_held_against_each_other(answers: Answers) -> None:
    desk = laid(answers, "detectors", detector="crypto.whale", version="1")

    assert "From v1 to v2" in shown(desk, "versions")
    assert '<span class="come">+-- changed:' in shown(desk, "versions")
    assert 'data-value="1" aria-pressed="true">v1<' in shown(desk, "view")
    assert "whale.v1.sql" in shown(desk, "view")


def test_the_lineage_leads_down_to_datasets_and_up_to_readers(answers: Answers) -> None:
    below = shown(laid(answers, "detectors", detector="options.oi_change"), "lineage")
    above = shown(laid(answers, "detectors", view="curated.alerts"), "lineage")

    assert 'href="/smart-money/dashboard/detectors?view=raw.open_interest"' in below
    assert "?view=reports.today" in above


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("raw.events", "create"), ("ops.clock", "The engine lays it out"),
        ("features.oi_change", "oi_change.v1.sql"), ("features.oi_change_v1", "oi_change.v1.sql"),
        ("features.oi_chagne", "did you mean &#x27;features.oi_change&#x27;"),
        ("<b>", "&lt;b&gt;: there is no such view"),
    ],
)  # fmt: skip
def test_any_name_of_the_catalog_is_told_and_no_other(
    answers: Answers, name: str, said: str
) -> None:
    desk = laid(answers, "detectors", view=name)

    assert said in shown(desk, "view")
    assert "options.sweep" in shown(desk, "list")


def test_a_version_that_is_none_is_said(answers: Answers) -> None:
    assert "it has no version 7; it has 1, 2" in shown(
        laid(answers, "detectors", detector="crypto.whale", version="7"), "view"
    )
