"""The alerts page lists what fired, explains one, and says what it does not know."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import BEGINNING
from panel_app import dashboard
from panel_app.answers import Answers
from panel_app.paced import Paced
from tests.dashboards import NOON, alert, answering, laid, load, shown, tops, words

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
    said = [review(rows[0], "ann", "real", 25), review(rows[0], "bob", "false", 20)]
    load(place, "reviews", said, "reviews")
    load(place, "sessions", sessions(), "sessions")
    load(place, "book_tops", tops(NOON - timedelta(minutes=3), 60), "books")
    with answering(place) as found:
        yield found


def review(alert: dict[str, Any], reviewer: str, verdict: str, ago_s: int) -> dict[str, Any]:
    names = ("alert_key", "detector", "version", "entity", "happened_at", "fired_at")
    moment = NOON - timedelta(seconds=ago_s)
    return {name: alert[name] for name in names} | {
        "review_id": reviewer, "verdict": verdict, "reviewer": reviewer, "note": "a <hedge>",
        "reviewed_at": moment, "known_at": moment,
    }  # fmt: skip


def sessions() -> list[dict[str, Any]]:
    opens = [NOON.replace(hour=14) + timedelta(days=n) for n in (-1, 0)]
    return [
        {
            "calendar": "XNYS", "session_date": opens_at.date(), "opens_at": opens_at,
            "closes_at": opens_at.replace(hour=21), "is_half_session": False, "sequence": n,
            "known_at": BEGINNING,
        }
        for n, opens_at in enumerate(opens)
    ]  # fmt: skip


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


def test_the_verdict_that_stands_is_told_and_another_may_be_given(answers: Answers) -> None:
    old, new = (f"options.oi_change|SPX|{key}|2024-03-04" for key in ("old", "new"))
    over = shown(laid(answers, "alerts", alert=old), "evidence")
    before = laid(answers, "alerts", alert=old, at="2024-03-05T11:59:30Z")
    desk = laid(answers, "alerts", alert=new)

    assert "false · says bob · 2024-03-05 11:59:40 · another reviewer says" in words(over)
    assert "otherwise · a &lt;hedge&gt;</p>" in over.replace("</em>", "")
    assert 'data-do="ack"' not in over  # it is over, and may be reviewed all the same
    for body in (over, shown(desk, "evidence")):
        assert re.findall(r'data-verdict="(\w+)"', body) == ["real", "false", "unsure"]
    for other in (before, desk):
        assert "Nobody has said yet whether it was real." in shown(other, "evidence")


def test_what_nobody_reviewed_waits_and_leads_to_its_evidence(answers: Answers) -> None:
    body = shown(laid(answers, "alerts"), "queue")
    of_one = shown(laid(answers, "alerts", detector="crypto.whale"), "queue")
    waiting = re.findall(r'data-sets="([^"]+)"', body)

    assert [json.loads(unescape(sets))["alert"].split("|")[2] for sets in waiting] == ["new", "bid"]
    assert (of_one.count("data-sets"), "binance:BTC-USDT" in of_one) == (1, True)


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
        desk = laid(answers, "alerts")

    assert "leadline live" in shown(desk, "list")
    assert "run leadline load sessions" in shown(desk, "queue")
