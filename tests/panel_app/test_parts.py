"""A part shows one answer or one sentence, and touches only what has changed."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from leadline.errors import QueryError
from panel_app import parts
from tests.dashboards import NOON, alert
from tests.doors import ROOT, catalog

VIEW = catalog(ROOT).find("options.oi_change")


def alerts() -> parts.Alerts:
    return parts.Alerts(
        lambda name, version: VIEW if version == 1 else None, Path("store"), "Run `leadline x`."
    )


def answer(*rows: dict[str, Any]) -> pa.Table:
    words = {"what": "Interest moved.", "misses": "rolls", "noisy": None}
    return pa.Table.from_pylist([row | words for row in rows])


def shown(part: parts.Part) -> list[str]:
    panes: Any = part.view
    return [pane.object for pane in panes]


def test_an_alert_explains_itself() -> None:
    part = alerts()
    part.take(answer(alert("a", NOON)))

    (body,) = shown(part)
    for said in (
        "Interest moved.", "rolls", "d_oi", "1,600", "SPX240315C05000000", "$2.5M", "score 62",
        "leadline --store store sql", "alert_key = 'options.oi_change|SPX|a|2024-03-04'",
        "--until 2024-03-05T12:00:05Z", "with params as (", "fingerprint f1",
    ):  # fmt: skip
        assert said in body
    assert "Noisy." not in body


def test_nothing_that_a_source_wrote_becomes_markup() -> None:
    part = alerts()
    foul = "<img src=x onerror=alert(1)>"
    row = alert("a", NOON, headline=foul, entity=foul, detector=foul, severity=foul, direction=foul)
    part.take(answer(row | {"evidence": f'{{"{foul}": "{foul}"}}', "fingerprint": foul}))

    assert "<img" not in shown(part)[0]


def test_a_new_alert_leaves_the_others_as_they_are() -> None:
    part = alerts()
    first, second = alert("a", NOON), alert("b", NOON)
    part.take(answer(second, first))
    before = list(part.view)
    part.take(answer(alert("c", NOON), second, first))

    assert list(part.view)[1:] == before
    assert "c: +1600" in shown(part)[0]


def test_an_alert_of_a_detector_that_is_gone_says_so() -> None:
    part = alerts()
    part.take(answer(alert("a", NOON, version=9)))

    assert "that version of the detector no more" in shown(part)[0]


def test_no_rows_are_a_sentence_that_says_what_to_run() -> None:
    part = alerts()
    part.take(answer(alert("a", NOON)).slice(0, 0))

    assert shown(part) == ['<p class="empty">Run <code>leadline x</code>.</p>']


def test_an_error_stands_in_its_place_until_there_is_an_answer() -> None:
    part = parts.Table("")
    part.take(QueryError("query: <b> is no view; name one"))
    wrong = shown(part)
    part.take(pa.table({"n_rows": [1_000], "dataset": ["a<b"]}))

    assert wrong == ['<p class="error" role="alert">query: &lt;b&gt; is no view; name one</p>']
    assert '<td class="num">1,000</td><td class="">a&lt;b</td>' in shown(part)[0]


def test_the_same_answer_is_not_shown_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    part = parts.Tiles(("n_high",))
    part.take(pa.table({"n_high": [3]}))
    monkeypatch.setattr(part, "_show", lambda answer: pytest.fail("it was shown again"))

    part.take(pa.table({"n_high": [3]}))
    assert '<div class="tile high"><b>3</b><span>high</span></div>' in shown(part)[0]


def test_a_nought_is_shown_as_a_quiet_one() -> None:
    part = parts.Tiles(("n_high",))
    part.take(pa.table({"n_high": [0]}))

    assert 'class="tile high none"' in shown(part)[0]


def test_a_chart_says_what_its_last_point_is() -> None:
    part = parts.Chart("mid", "obi", "")
    part.take(pa.table({"bar_at": [NOON], "mid": [61_000.5], "obi": [0.5], "pair": ["BTC-USDT"]}))

    head: Any = part.view[0]
    assert '<b class="named">BTC-USDT</b>' in head.object
    assert "<span>mid <b>61,000.50</b></span>" in head.object


def test_the_clock_shows_the_moment_or_why_there_is_none() -> None:
    clock = parts.Clock()
    clock.show(NOON)
    at_noon = clock.view.object
    clock.fail(QueryError("store: gone"))

    assert "2024-03-05 <b>12:00:00</b> UTC" in at_noon
    assert "store: gone" in clock.view.object
