"""A page's parts show one moment, follow the ticks, and take what a hand does."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from leadline.errors import QueryError, StoreError
from panel_app.answers import Answers
from panel_app.controls import Choice, Control
from panel_app.desk import Desk, settings_of
from panel_app.paced import Paced
from panel_app.parts.part import ASKING
from tests.dashboards import NOON

SEVERITY = Choice("severity", "Severity", options={"": "all", "low": "low", "high": "high"})
HEADLINES = """
select headline, score from reports.overview
where $severity is null or severity = $severity
order by score
"""


def desk_of(answers: Answers, last: str | None = None, **said: str) -> Desk:
    return Desk(Paced(answers), settings_of((SEVERITY, Control("sort", "")), last, said), "/x/page")


def asked(desk: Desk) -> Desk:
    asyncio.run(desk.refresh())
    return desk


def heard(desk: Desk, message: Mapping[str, Any]) -> None:
    """Do as a hand does, and wait until all that follows from it is done."""

    async def hear() -> None:
        desk.hear(message)
        await asyncio.gather(*desk._tasks)

    asyncio.run(hear())


def body(desk: Desk, panel: str) -> str:
    return str(desk.panels[panel][1].markup.html)


def headlines(desk: Desk, most: int | None = None) -> Desk:
    desk.table("new", "New", desk.query(HEADLINES, most=most), "None.", sort="sort")
    return desk


def test_a_page_is_there_before_anything_is_asked(answers: Answers) -> None:
    desk = headlines(desk_of(answers))

    assert body(desk, "new") == ASKING
    assert "old: +1600" in body(asked(desk), "new")


def test_what_was_answered_last_is_shown_until_it_is_answered_anew(answers: Answers) -> None:
    shown: list[str] = []
    first = headlines(desk_of(answers))
    asked(first)
    desk = headlines(desk_of(answers))
    desk.paced = first.paced
    panel: Any = desk._followed[0].panel
    show = panel.show

    def told(answer: Any, *given: Any, is_last: bool = False) -> None:
        show(answer, *given, is_last=is_last)
        shown.append(panel._head.html)

    panel.show = told
    asked(desk)

    assert ["asking anew" in head for head in shown] == [True, False]
    assert "old: +1600" in body(desk, "new")
    assert len(desk.asks()) == 1


def test_every_part_shows_one_moment_and_follows_it(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments: list[datetime] = [NOON - timedelta(minutes=5)]
    monkeypatch.setattr(answers, "_now", lambda: moments[0])
    desk = desk_of(answers)
    view: Any = desk.tiles(desk.query("from reports.today"), "n_high")
    before = asked(desk).clock.html, view[0].html
    moments[0] = NOON
    desk.paced = Paced(answers)  # time passes for what is kept, too
    asked(desk)

    assert "2024-03-05 <b>11:55:00</b> UTC" in before[0]
    assert "<b>0</b>" in before[1]
    assert "<b>12:00:00</b>" in desk.clock.html
    assert "<b>1</b><span>high</span>" in view[0].html


def test_a_moment_of_the_past_is_shown_as_such(answers: Answers) -> None:
    desk = headlines(desk_of(answers, at="2024-03-04T00:00Z", tz="ny"))

    assert "old:" in body(asked(desk), "new")
    assert "new:" not in body(desk, "new")
    assert '<i class="past"></i>2024-03-03 <b>19:00:00</b> New York' in desk.clock.html


def test_a_mistake_stays_in_its_own_place(answers: Answers) -> None:
    desk = desk_of(answers)
    desk.table("wrong", "Wrong", desk.query("from reports.frehsness"), "")
    desk.table("unfilled", "Unfilled", desk.query("select $nothing as n"), "")
    desk.table("right", "Right", desk.query("select dataset from reports.freshness"), "")
    asked(desk)

    assert "there is no view &#x27;reports.frehsness&#x27;; did you mean" in body(desk, "wrong")
    assert "nothing fills $nothing in; mend the page" in body(desk, "unfilled")
    assert "book_tops" in body(desk, "right")


def test_a_setting_of_the_address_fills_a_placeholder(answers: Answers) -> None:
    desk = headlines(desk_of(answers, severity="low"))

    assert "new:" not in body(asked(desk), "new")
    assert "old:" in body(desk, "new")


def test_a_hand_changes_a_setting_and_all_that_hangs_on_it(answers: Answers) -> None:
    desk = headlines(asked(desk_of(answers)))
    heard(desk, {"set": {"severity": "high"}})

    assert "old:" not in body(desk, "new")
    assert desk.settings["severity"] == "high"


def test_what_can_not_be_set_is_told_at_the_top(answers: Answers) -> None:
    desk = headlines(desk_of(answers, severity="lo"))
    bar: Any = desk.bar("severity")

    assert "severity: &#x27;lo&#x27; is none of nothing, low, high" in desk.faults.html
    heard(desk, {"set": {"severity": "low"}})
    assert 'role="alert"' not in desk.faults.html
    assert '<option value="low" selected>' in bar.html


def test_a_table_is_sorted_by_what_was_clicked(answers: Answers) -> None:
    desk = headlines(asked(desk_of(answers)))
    heard(desk, {"set": {"sort": "-score"}})
    falling = body(desk, "new")
    heard(desk, {"set": {"sort": "score"}})

    assert falling.index("new:") < falling.index("old:")
    assert body(desk, "new").index("old:") < body(desk, "new").index("new:")
    assert 'aria-sort="ascending"' in body(desk, "new")


def test_only_so_many_rows_are_shown_and_an_export_has_all(answers: Answers) -> None:
    desk = headlines(desk_of(answers), most=1)
    question, _ = desk.panels["new"]

    assert body(asked(desk), "new").count("<tr") == 2
    assert desk.filled(question).sql.endswith("\nlimit 2")
    assert "limit" not in desk.filled(question, is_whole=True).sql


def test_a_range_is_how_far_back_a_question_goes(answers: Answers) -> None:
    desk = desk_of(answers, last="5d")
    question = desk.query("from reports.overview", is_ranged=True)

    assert desk.filled(question).last == timedelta(days=5)
    desk.settings.set("last", "all")
    assert desk.filled(question).last is None


def test_a_range_may_have_an_end(answers: Answers) -> None:
    desk = desk_of(answers, last="5d")
    question = desk.query("from reports.overview", timedelta(hours=1), is_ranged=True)

    assert desk.filled(question).last == timedelta(hours=1)
    desk.settings.set("last", "10m")
    assert desk.filled(question).last == timedelta(minutes=10)


def test_the_zone_of_the_browser_is_that_of_its_viewer(answers: Answers) -> None:
    desk = desk_of(answers, tz="local")
    heard(desk, {"zone": "Asia/Tokyo"})
    assert "<b>21:00:00</b> Local" in desk.clock.html

    heard(desk, {"zone": "../../etc/passwd"})
    assert str(desk.look.zone) == "UTC"


def test_a_button_does_what_the_page_says_and_its_error_is_told(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    desk = desk_of(answers)
    monkeypatch.setattr(desk.touch, "tell", told.append)

    async def fail(said: Mapping[str, Any]) -> None:
        raise QueryError(f"{said['name']}: no")

    done: list[Any] = []
    desk.on("fail", fail)
    desk.on("do", done.append)
    heard(desk, {"do": "do", "id": "7"})
    heard(desk, {"do": "fail", "name": "x"})
    heard(desk, {"do": "unknown"})

    assert done == [{"do": "do", "id": "7"}]
    assert {"error": "x: no"} in told


def test_a_store_that_is_away_is_said_at_the_top(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> Any:
        raise StoreError("store: it is gone; bring it back")

    desk = headlines(desk_of(answers))
    with monkeypatch.context() as away:
        away.setattr(answers, "tick", gone)
        asked(desk)
        told = desk.clock.html
    asked(desk)

    assert "store: it is gone; bring it back" in told
    assert "12:00:00" in desk.clock.html


def test_two_panels_of_one_name_are_a_mistake_of_the_page(answers: Answers) -> None:
    desk = headlines(desk_of(answers))

    with pytest.raises(ValueError, match="two panels called new"):
        headlines(desk)


def test_a_page_may_ask_before_it_is_laid_out(answers: Answers) -> None:
    desk = desk_of(answers)

    assert desk.ask(desk.query("select 1 as n")).to_pylist() == [{"n": 1}]
    with pytest.raises(QueryError, match="there is no view"):
        desk.ask(desk.query("from reports.nothing_like_it"))
