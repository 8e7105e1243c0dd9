"""All about one symbol; what is unknown, empty or broken is a sentence in its place."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from panel_app.answers import Answers
from panel_app.dashboard import found
from panel_app.desk import Desk
from panel_app.paced import Paced
from tests import founding
from tests.dashboards import answering, laid, shown, some


@pytest.fixture(scope="module")
def answers(market: Path) -> Iterator[Answers]:
    with answering(market, founding.NOON) as asked:
        yield asked


def head(desk: Desk) -> str:
    """Return what stands above the panels."""
    return "".join(each.part.markup.html for each in desk._followed if each.panel is None)


def test_the_head_says_who_names_it_and_its_price(answers: Answers) -> None:
    desk = some(answers, "symbol", "price_days", "symbols", "insiders", symbol="AAPL")

    assert "<b>AAPL</b> is named by" in head(desk)
    assert "<b>178</b>" in head(desk)
    assert "a hollow candle rose" in shown(desk, "price")
    assert "buy" in shown(desk, "insiders")


def test_alerts_are_those_of_the_severity_and_up(filled: Path) -> None:
    with answering(filled) as others:
        n = {
            severity: shown(
                some(others, "symbol", "overview", symbol="SPX", severity=severity), "alerts"
            ).count('class="alert"')
            for severity in ("", "medium", "critical")
        }

    assert n == {"": 2, "medium": 1, "critical": 0}


def test_an_unknown_name_is_told_with_the_nearest_and_all_else_stands(answers: Answers) -> None:
    desk = some(answers, "symbol", "symbols", "overview", symbol="APPL")

    assert "APPL: no dataset names it" in head(desk)
    assert "symbol?symbol=AAPL" in head(desk)
    assert "set Alerts to all" in shown(desk, "alerts")


def test_without_a_name_nothing_is_asked_but_which_there_are(answers: Answers) -> None:
    page = found()["symbol"]
    desk = page.desk(paced := Paced(answers), {})
    page.lay(desk)
    asyncio.run(desk.refresh())

    assert "Choose a symbol" in head(desk)
    assert len(paced._kept) == 1


def test_what_can_be_no_symbol_is_told_at_the_top(answers: Answers) -> None:
    desk = found()["symbol"].desk(Paced(answers), {"symbol": "A B", "last": "9y"})

    assert "is no symbol" in desk.faults.html
    assert "9y" in desk.faults.html


@pytest.mark.soak
def test_every_family_has_its_rows_or_says_why_not(answers: Answers) -> None:
    desk = laid(answers, "symbol", symbol="AAPL", severity="")

    for panel, told in {
        "index": "smart money index <b>", "flow": "AAPL251219C00180000",
        "off-exchange": "2025-11-18", "prints": "$89.2M", "blocks": "$89.2M",
        "holders": "96.8 %", "movers": "fifty largest", "watch": "on no watch list",
    }.items():  # fmt: skip
        assert told in shown(desk, panel), panel
    assert 'class="scale"' in head(desk)
