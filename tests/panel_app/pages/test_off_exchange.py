"""Prints off exchange, the levels where they lie and what is usual: shown, chosen and empty."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from panel_app.answers import Answers
from panel_app.dashboard import found
from panel_app.desk import Desk
from panel_app.paced import Paced
from tests import founding
from tests.dashboards import answering, asked, laid, shown, words
from tests.doors import opened

SLOW = ("unusual", "trends", "ties")  # a year and a month of sessions, each against each


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    """AAPL's print of 89 million, one below the mid, one without a quote; FINRA's sessions."""
    place = tmp_path_factory.mktemp("off") / "store"
    bars = founding.bars()
    prints = [founding.dark(), at_bid(), unquoted()]
    with opened(place) as store:
        founding.rules(store)
        founding.together(store, "bars", equity_bars=bars)
        founding.together(
            store, founding.LETTERS, equity_quotes=[founding.quote()], equity_trades=prints
        )
        founding.together(store, "finra", short_volume=[total(bar) for bar in bars])
    with answering(place, founding.NOON) as house:
        yield house


def at_bid() -> dict[str, Any]:
    at = founding.AT + timedelta(milliseconds=200)
    return founding.dark() | {
        "trade_id": "3", "price": 177.99, "size": 2_000, "sequence": 3, "traded_at": at,
        "known_at": at + timedelta(milliseconds=10),
    }  # fmt: skip


def unquoted() -> dict[str, Any]:
    return founding.dark() | {"symbol": "MSFT", "trade_id": "4", "price": 410, "size": 1_000,
                              "sequence": 4}  # fmt: skip


def total(bar: Any) -> dict[str, Any]:
    """FINRA's day: 40 % of all, or 80 % on the last one."""
    day = bar["session_date"]
    volume = 2_800_000 if day == founding.DAY else 400_000 + 1_000 * (day.day % 5)
    return {
        "session_date": day, "symbol": "AAPL", "source_symbol": "AAPL", "facility": "CNMS",
        "market": "B,Q,N", "short_volume": volume // 2, "short_exempt_volume": 0,
        "total_volume": volume, "is_gone": False,
        "known_at": datetime(day.year, day.month, day.day, 23, tzinfo=UTC),
    }  # fmt: skip


@pytest.fixture(scope="module")
def desk(answers: Answers) -> Desk:
    """The page of AAPL, but for what takes long."""
    page = found()["off-exchange"]
    desk = page.desk(Paced(answers), {"symbol": "AAPL"})
    page.lay(desk)
    desk._followed = [
        each for each in desk._followed if each.panel is None or each.panel.name not in SLOW
    ]
    asyncio.run(desk.refresh())
    return desk


def test_a_print_has_its_side_premium_and_confidence(desk: Desk) -> None:
    said = words(shown(desk, "prints"))

    assert "2025-11-18 15:30:00 AAPL sell 177.99 2,000 $356k -0.5618 bps at bid" in said
    assert "2025-11-18 15:30:00 AAPL buy 178.50 500,000 $89.2M +28.09 bps above ask" in said


@pytest.mark.parametrize(
    ("setting", "n"),
    [({}, 3), ({"side": "sell"}, 1), ({"min_usd": "400k"}, 2), ({"symbol": "msft"}, 1),
     ({"side": "buy", "symbol": "MSFT"}, 0)],
)  # fmt: skip
@pytest.mark.soak
def test_prints_are_chosen_by_symbol_side_and_value(
    answers: Answers, setting: dict[str, str], n: int
) -> None:
    assert len(asked("off-exchange", answers, "prints", **setting)) == n


@pytest.mark.soak
def test_levels_have_a_bar_by_side_and_the_highest_is_first(desk: Desk) -> None:
    html = shown(desk, "levels")

    assert html.index("178.50 – 178.75") < html.index("177.75 – 178.00")
    assert '<i class="part buy" style="width:100.0%" title="buy $89.2M">' in html


def test_the_share_is_held_against_its_own_sessions(desk: Desk) -> None:
    said = words(shown(desk, "ratio"))
    band: Any = desk.panels["ratio"][1]

    assert said.startswith("AAPL 2025-11-18 off exchange 80.0 % usual 40.2 %")
    assert "above it" in said
    assert band._source.data["mark"][-1] == "triangle"
    assert band._source.data["size"][-1] > 0


def test_without_a_symbol_the_share_is_that_of_all(answers: Answers) -> None:
    assert {row["symbol"] for row in asked("off-exchange", answers, "ratio")} == {None}


def test_premiums_are_dots_with_a_shape_for_each_side(desk: Desk) -> None:
    dots: Any = desk.panels["premium"][1]

    assert dots._source.data["mark"] == ["inverted_triangle", "triangle"]


def test_figures_of_sessions_blocks_and_short_sales_are_there(desk: Desk) -> None:
    said = {name: words(shown(desk, name)) for name in desk.panels if name not in SLOW}

    assert "2025-11-18 AAPL prints 2 502,000" in said["summary"]
    assert "AAPL bull dark $89.2M 178.50 500,000" in said["blocks"]
    assert "2025-11-18 AAPL 1 1 1 0 $89.2M" in said["block_days"]
    assert "2025-11-18 AAPL 50.0 %" in said["short"]


@pytest.mark.soak
def test_what_is_unusual_rising_or_untold_is_there(answers: Answers) -> None:
    desk = laid(answers, "off-exchange", symbol="AAPL")
    unusual, trends, ties = (words(shown(desk, name)) for name in SLOW)

    assert "2025-11-18 1 AAPL" in unusual
    assert "AAPL 80.0 %" in trends
    assert "2025-11-01 AAPL 1 502,000 2,800,000 -82.1 %" in ties


def test_an_unknown_symbol_is_one_sentence_with_the_nearest_name(answers: Answers) -> None:
    (unknown,) = asked("off-exchange", answers, "Unknown", symbol="AAPLE")

    assert unknown == {"asked": "AAPLE", "nearest": "AAPL"}
    assert (
        asked("off-exchange", answers, "Unknown", symbol="AAPL")
        == asked("off-exchange", answers, "Unknown")
        == []
    )


def test_each_panel_says_what_to_do_where_it_is_empty(desk: Desk) -> None:
    empty = {name: part.empty for name, (_, part) in desk.panels.items()}

    assert [name for name, said in empty.items() if not said] == []
    assert "Load a tape with `leadline load FEED`" in empty["prints"]


def test_what_is_no_amount_is_said(answers: Answers) -> None:
    desk = found()["off-exchange"].desk(Paced(answers), {"min_usd": "much"})

    assert "write it as 250000 or 250k" in desk.settings.faults["min_usd"]
