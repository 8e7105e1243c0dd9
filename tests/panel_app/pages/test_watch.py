"""The page of watch lists says what to make of each symbol, and its lists are edited in place."""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from leadline import clock
from leadline.errors import LeadlineError
from panel_app.answers import Answers, Query
from panel_app.dashboard import found
from panel_app.desk import Desk
from panel_app.paced import Paced
from panel_app.pages import watch
from panel_app.parts.part import Part
from tests import founding
from tests.dashboards import NOON, answering, laid, shown
from tests.doors import opened


class Clock:
    """A moment that a test moves on."""

    now: datetime = NOON


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    place = tmp_path_factory.mktemp("watch") / "store"
    with opened(place) as store:
        founding.together(store, "names", securities=founding.names())
        founding.together(store, "calendar", sessions=list(sessions()))
        founding.together(store, "lists", watchlists=[
            line("desk", "AAPL", quantity=100.0, cost_usd=170.5, threshold_pct=5.0, note="<core>"),
            line("desk", "MSFT", is_active=False), line("far", "BRK.B", direction="down"),
        ])  # fmt: skip
    with answering(place) as answered:
        answered._now = lambda: Clock.now  # moves on where a test writes
        yield answered


@pytest.fixture(scope="module")
def desk(answers: Answers) -> Desk:
    return laid(answers, "watch")


def sessions() -> Iterator[dict[str, Any]]:
    """Say that New York trades on every weekday of ten weeks."""
    days = (NOON.date() - timedelta(days=n) for n in range(70, -1, -1))
    for number, day in enumerate(day for day in days if day.weekday() < 5):
        opens_at = datetime.combine(day, time(14, 30), UTC)
        yield {
            "calendar": "XNYS", "session_date": day, "opens_at": opens_at,
            "closes_at": opens_at + timedelta(hours=6, minutes=30), "is_half_session": False,
            "sequence": number, "known_at": clock.BEGINNING,
        }  # fmt: skip


def line(watchlist: str, symbol: str, **said: Any) -> dict[str, Any]:
    empty = dict.fromkeys(
        ("threshold_pct", "threshold_sigma", "horizon", "direction", "quantity", "cost_usd", "note")
    )
    given = {"watchlist": watchlist, "symbol": symbol, "is_active": True}
    return empty | given | said | {"known_at": NOON - timedelta(days=1)}


def lined(answers: Answers, **said: str) -> Desk:
    """Lay the page out and ask all but the signals, which take long."""
    page = found()["watch"]
    desk = page.desk(Paced(answers), said)
    page.lay(desk)
    desk._followed = [each for each in desk._followed if each.part is not signals(desk)]
    asyncio.run(desk.refresh())
    return desk


def signals(desk: Desk) -> Part:
    return desk.panels["signals"][1]


def field(body: str, name: str, symbol: str) -> str:
    """Return what a field of a line holds."""
    (said,) = re.findall(rf'<input [^>]*aria-label="{name}: {symbol}"[^>]*>', body)
    (value,) = re.findall(r'value="([^"]*)"', said)
    return str(value)


def do(answers: Answers, verb: str, said: Mapping[str, str], **settings: str) -> Desk:
    """Press a button of the page a second later; return the page's desk, asked anew after it."""
    Clock.now += timedelta(seconds=1)
    desk = lined(answers, **settings)
    told: list[str] = []
    desk.say = told.append  # type: ignore[method-assign,assignment]
    pressed: Callable[[Mapping[str, Any]], Any] = desk._heard[verb]

    async def acted() -> None:
        await pressed(said)
        Clock.now += timedelta(seconds=1)
        await desk.refresh()

    asyncio.run(acted())
    assert told
    return desk


def test_lines_stand_in_fields_to_write_over(desk: Desk) -> None:
    body = shown(desk, "lines")

    assert field(body, "held", "AAPL") == "100"
    assert field(body, "cost, USD", "AAPL") == "170.5"
    assert field(body, "note", "AAPL") == "&lt;core&gt;"
    assert body.count('data-do="keep"') == 4  # three lines, and a new one
    assert 'class="silent"' in body


def test_each_active_symbol_has_a_suggestion_and_its_reasons(desk: Desk) -> None:
    body = shown(desk, "signals")

    assert body.count("<tr data-key") == 2  # nothing is told of a silent line
    assert "no price in the span; no alert of the loop in eight days" in body
    assert "/smart-money/dashboard/symbol?symbol=BRK.B" in body
    assert "“&lt;core&gt;”" in body


def test_one_list_is_chosen_by_name_and_an_unknown_one_is_told(answers: Answers) -> None:
    far, wrong = lined(answers, list="far"), lined(answers, list="dekk")

    assert "BRK.B" in shown(far, "lines")
    assert "AAPL</b>" not in shown(far, "lines")
    said = " ".join(str(each.part.markup.html) for each in wrong._followed if each.panel is None)
    assert "dekk: no watch list has this name; the nearest name is desk" in said
    assert "Add a symbol below" in signals(wrong).empty


def test_a_line_is_written_over_and_shown_at_once(answers: Answers) -> None:
    kept = do(answers, "keep", {
        "watchlist": "desk", "symbol": "AAPL", "quantity": "1,250.5", "cost_usd": "$180",
        "threshold_pct": "", "horizon": "60m", "direction": "up", "is_active": "true", "note": "",
    })  # fmt: skip

    body = shown(kept, "lines")
    assert field(body, "held", "AAPL") == "1250.5"
    assert field(body, "cost, USD", "AAPL") == "180"
    assert field(body, "move, %", "AAPL") == field(body, "note", "AAPL") == ""
    assert field(body, "held", "MSFT") == ""


def test_a_new_list_begins_with_a_symbol_and_loses_it(answers: Answers) -> None:
    added = do(answers, "keep", {"watchlist": "new", "symbol": "msft", "quantity": "-5"})
    assert field(shown(added, "lines").partition('data-key="new|')[2], "held", "MSFT") == "-5"

    do(answers, "keep", {"watchlist": "new", "symbol": "aapl"})
    gone = do(answers, "drop", {"watchlist": "new", "symbol": "MSFT"})
    body = shown(gone, "lines")
    assert 'data-key="new|AAPL"' in body
    assert 'data-key="new|MSFT"' not in body


def standing(answers: Answers) -> list[tuple[str, str]]:
    answers.warehouse.refresh()
    tick = answers.tick()
    lines = answers.ask(Query("from reports.watch_lines order by watchlist, symbol"), tick)
    return [(row["watchlist"], row["symbol"]) for row in lines.to_pylist()]


@pytest.mark.parametrize(
    ("verb", "said", "sentence"),
    [
        ("keep", {"watchlist": "desk", "symbol": "AAPLE"}, "AAPLE is unknown; did you mean 'AAPL'"),
        ("keep", {"watchlist": "my list", "symbol": "AAPL"}, "it takes letters, digits, dots"),
        ("keep", {"watchlist": " ", "symbol": "AAPL"}, "no list is named"),
        ("keep", {"watchlist": "desk", "symbol": ""}, "no symbol is named"),
        (
            "keep", {"watchlist": "desk", "symbol": "AAPL", "quantity": "many"},
            "desk: AAPL: quantity is 'many'; it takes a number",
        ),
        (
            "keep", {"watchlist": "desk", "symbol": "AAPL", "cost_usd": "-1"},
            "cost_usd is '-1'; it takes a number from 0 on",
        ),
        (
            "keep", {"watchlist": "desk", "symbol": "AAPL", "direction": "sideways"},
            "direction is 'sideways'; it takes up, down",
        ),
        ("drop", {"watchlist": "desk", "symbol": "IBM"}, "IBM is not on desk"),
        ("drop", {"watchlist": "dekk", "symbol": "IBM"}, "did you mean 'desk'"),
    ],
)  # fmt: skip
def test_what_can_t_be_is_one_sentence_and_changes_nothing(
    answers: Answers, verb: str, said: Mapping[str, str], sentence: str
) -> None:
    before = standing(answers)

    with pytest.raises(LeadlineError, match=re.escape(sentence)):
        do(answers, verb, said)

    assert standing(answers) == before


def test_nothing_is_changed_in_the_past(answers: Answers) -> None:
    at = "2024-03-05T11:00Z"
    past = lined(answers, at=at)

    assert "This is the past" in shown(past, "lines")
    assert shown(past, "lines").count(" disabled") > 3
    with pytest.raises(LeadlineError, match="this is the past, and nothing is changed there"):
        do(answers, "drop", {"watchlist": "desk", "symbol": "AAPL"}, at=at)


def test_what_is_empty_says_what_to_run() -> None:
    assert "run `leadline watch add" in watch.NOTHING
