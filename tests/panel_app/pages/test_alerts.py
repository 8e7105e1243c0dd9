"""The alerts page lists what fired, explains one, and says what it does not know."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from panel_app import dashboard
from panel_app.answers import Answers
from panel_app.paced import Paced
from tests.dashboards import NOON, alert, answering, laid, load, shown, tops

WHALE = {
    "alert_key": "crypto.whale|binance:BTC-USDT|bid", "detector": "crypto.whale", "version": 2,
    "entity": "binance:BTC-USDT", "entity_type": "pair", "severity": "medium", "score": 44.0,
    "direction": "bear", "headline": "a large bid", "evidence": '{"size": 4.0123}',
}  # fmt: skip


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    place = tmp_path_factory.mktemp("alerts") / "store"
    rows = [
        alert("old", NOON - timedelta(days=3), severity="low", score=25.0),
        alert("new", NOON - timedelta(minutes=1), headline="new: <b>more</b>"),
        alert("whale", NOON - timedelta(minutes=2), **WHALE),
    ]
    acts = [
        {
            "action_id": "a1", "key": "k", "alert_key": WHALE["alert_key"], "actor": "ann",
            "action": "acknowledged", "acted_at": NOON - timedelta(seconds=30), "note": "mine",
            "known_at": NOON - timedelta(seconds=30),
        },
    ]  # fmt: skip
    load(place, "alerts", rows, "loop")
    load(place, "alert_actions", acts, "alert_acts")
    load(place, "book_tops", tops(NOON - timedelta(minutes=3), 60), "books")
    with answering(place) as found:
        yield found


def heads(body: str) -> list[str]:
    """Return how each row of the list begins."""
    return re.findall(r'class="told"><b><i[^>]*></i>(\w+)', body)


def test_the_newest_stands_first_with_what_can_be_done(answers: Answers) -> None:
    body = shown(laid(answers, "alerts"), "list")

    assert heads(body) == ["new", "a", "old"]
    assert "&lt;b&gt;more&lt;/b&gt;" in body
    assert body.count('data-do="ack"') == 1  # one is acknowledged, one is over
    assert body.count('data-do="snooze"') == 2
    assert 'href="/smart-money/dashboard/whales?pair=BTC-USDT"' in body
    assert 'href="/smart-money/dashboard/symbol?symbol=SPX"' in body
    assert 'href="/smart-money/dashboard/detectors?detector=crypto.whale"' in body


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"severity": "medium"}, ["new", "a"]),
        ({"family": "crypto"}, ["a"]),
        ({"state": "open"}, ["new", "a"]),
        ({"state": "acknowledged"}, ["a"]),
        ({"symbols": "SPX"}, ["new", "old"]),
        ({"symbols": "-SPX"}, ["a"]),
        ({"symbols": "BTC-USDT"}, ["a"]),
        ({"detector": "options.oi_change"}, ["new", "old"]),
        ({"score": "30"}, ["new", "a"]),
        ({"last": "1d"}, ["new", "a"]),
        ({"rule": "none"}, []),
    ],
)
def test_each_filter_keeps_what_it_says(
    answers: Answers, said: dict[str, str], found: list[str]
) -> None:
    page = dashboard.found()["alerts"]
    desk = page.desk(Paced(answers), said)
    page.lay(desk)
    asked, _ = desk.panels["list"]

    told = desk.ask(asked).column("headline").to_pylist()
    assert [re.split(r"\W", headline)[0] for headline in told] == found


def test_one_is_explained_by_its_first_signs_or_by_its_key(answers: Answers) -> None:
    desk = laid(answers, "alerts", alert=str(WHALE["alert_key"]))
    body = shown(desk, "evidence")

    for said in ("a large bid", "<dt>size</dt><dd>4.012</dd>", "Misses.", "--replay"):
        assert said in body
    assert "SQL of crypto.whale v2" in body
    assert '<span class="k">select</span>' in body
    history = shown(desk, "history")
    assert history.index("acknowledged") < history.index("seen")
    assert "61,0" in shown(desk, "price")
    assert "No other alert" in shown(desk, "related")


def test_what_is_unknown_is_said_and_what_surrounds_an_alert_is_hidden(answers: Answers) -> None:
    said = {"detector": "crypto.whal", "symbols": "SPY", "rule": "big"}
    desk = laid(answers, "alerts", **said)
    bodies = "".join(str(each.part.markup.html) for each in desk._followed)
    panels = {each.panel.name: each.panel for each in desk._followed if each.panel}

    assert "did you mean &#x27;crypto.whale&#x27;" in bodies
    assert "did you mean &#x27;SPX&#x27;" in bodies
    assert "rule: nothing here is called" in bodies
    assert "No alert is like this" in shown(desk, "list")
    assert not panels["price"].view.visible


def test_an_alert_that_is_not_there_says_so(answers: Answers) -> None:
    desk = laid(answers, "alerts", alert="zzz")
    panels = {each.panel.name: each.panel for each in desk._followed if each.panel}

    assert "No alert is open here" in shown(desk, "evidence")
    assert panels["price"].view.visible


def test_a_setting_that_can_not_be_leaves_the_page_alive(answers: Answers) -> None:
    desk = laid(answers, "alerts", severity="hgh", score="much")

    assert heads(shown(desk, "list")) == ["new", "a", "old"]
    assert "did you mean" in desk.settings.faults["severity"]
    assert "is no number" in desk.settings.faults["score"]


def test_an_empty_store_says_what_to_run(tmp_path: Path) -> None:
    with answering(tmp_path / "store") as answers:
        assert "leadline live" in shown(laid(answers, "alerts"), "list")
