"""The page of filings says who holds what, since when that is known, and what insiders did."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest

from panel_app.answers import Answers
from panel_app.dashboard import found
from panel_app.desk import Desk
from panel_app.paced import Paced
from panel_app.pages import filings
from tests import founding
from tests.dashboards import answering, laid, shown
from tests.doors import opened


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    """Three funds' two quarters, two insiders' trades and one Schedule 13D."""
    place = tmp_path_factory.mktemp("filings") / "store"
    with opened(place) as store:
        founding.together(store, "names", securities=founding.names())
        founding.together(
            store, "managers", filings=[founding.cover(*each) for each in founding.FILED],
            holdings=[line for each in founding.FILED for line in founding.holding(*each)],
        )  # fmt: skip
        founding.together(
            store, "insiders", insider_filings=[founding.form(1), founding.form(2)],
            insider_transactions=[founding.trade("P", 1_000, 1), founding.trade("S", 300, 2)],
            insider_owners=[founding.owner(1), founding.owner(2)],
        )  # fmt: skip
        founding.together(store, "index", filing_index=[stake()])
    with answering(place, founding.NOON) as answered:
        yield answered


@pytest.fixture(scope="module")
def holdings(answers: Answers) -> Desk:
    return laid(answers, "filings", symbol="AAPL", manager="fund 2")


@pytest.fixture(scope="module")
def insiders(answers: Answers) -> Desk:
    return only(answers, "insiders", "stakes", show="insiders", trade="")


def stake() -> dict[str, Any]:
    return {
        "accession_no": "0000000009-25-000001", "cik": "0000320193", "company": "AAPL INC",
        "form_type": "SC 13D", "filed_date": founding.DAY, "path": "edgar/data/9/9.txt",
        "accepted_at": founding.AT, "known_at": founding.AT,
    }  # fmt: skip


def only(answers: Answers, *panels: str, **said: str) -> Desk:
    """Lay the page out, and ask what has no frame and some of its panels."""
    page = found()["filings"]
    desk = page.desk(Paced(answers), said)
    page.lay(desk)
    parts = [desk.panels[name][1] for name in panels]
    desk._followed = [each for each in desk._followed if each.panel is None or each.part in parts]
    asyncio.run(desk.refresh())
    return desk


def rows(desk: Desk, panel: str) -> list[str]:
    """Return a table's rows as their words."""
    lines = re.findall(r"<tr data-key.*?</tr>", shown(desk, panel))
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in lines]


def told(desk: Desk) -> str:
    """Return what the parts without a frame say."""
    return " ".join(str(each.part.markup.html) for each in desk._followed if each.panel is None)


def test_holdings_say_of_when_they_are_and_that_a_13f_is_late(holdings: Desk) -> None:
    said = re.sub(r"<[^>]+>", "", told(holdings))

    assert "2025Q3 Positions of 2025-09-30, 51 days ago; told by 3 managers" in said
    assert "filed 2025-11-14 20:00:00 to 2025-11-14 22:00:00, due 2025-11-14" in said
    assert "up to 45 days after its quarter" in said


def test_holders_stand_by_what_they_hold_beside_what_they_changed(holdings: Desk) -> None:
    assert rows(holdings, "holders") == [
        "AAPL Fund 1 $160M +100,000 87.4 % 99.9 % 2025-11-14",
        "AAPL Fund 2 $17.8M -100,000 9.7 % 99.0 % 2025-11-14",
        "AAPL Fund 3 $5.34M +30,000 2.9 % 96.8 % 2025-11-14",
    ]
    assert [row.split()[:4] for row in rows(holdings, "changes")] == [
        ["AAPL", "Fund", "1", "increased"],
        ["AAPL", "Fund", "2", "decreased"],
        ["AAPL", "Fund", "3", "new"],
    ]


@pytest.mark.soak
def test_a_manager_is_found_by_a_part_of_its_name_and_by_its_number(
    answers: Answers, holdings: Desk
) -> None:
    by_number = only(answers, "portfolio", manager="2")

    assert [row.split()[:3] for row in rows(holdings, "portfolio")] == [
        ["1", "AAPL", "—"],
        ["2", "MSFT", "—"],
    ]
    assert [row.split()[2] for row in rows(holdings, "trades")] == ["decreased"]
    assert shown(by_number, "portfolio") == shown(holdings, "portfolio")
    assert "Fund 2" in shown(holdings, "manager")


def test_flow_leads_to_a_security_whose_quarters_are_drawn(holdings: Desk) -> None:
    flow = shown(holdings, "flow")

    assert "&quot;symbol&quot;: &quot;AAPL&quot;" in flow
    assert "/smart-money/dashboard/symbol?symbol=AAPL" in flow
    assert "strong inflow" in flow
    _, part = holdings.panels["quarters"]
    drawn = part._source.data  # type: ignore[attr-defined]
    assert drawn["line"] == [2, 3]
    assert drawn["up"][1] > 0 > drawn["below"][1]


def test_an_older_quarter_is_shown_as_it_stood(answers: Answers) -> None:
    older = only(answers, "holders", "portfolio", symbol="AAPL", quarter="2025Q2")

    assert [row.split()[2] for row in rows(older, "holders")] == ["1", "2"]
    assert "Newer is 2025Q3" in told(older)
    assert "Open a row" in shown(older, "portfolio")


def test_names_that_nobody_has_are_told_with_the_nearest(answers: Answers) -> None:
    desk = only(answers, "flow", symbol="AAPLE", manager="Found", quarter="2025Q5")

    assert "AAPLE: no filing names it; the nearest name is AAPL" in told(desk)
    assert "Found: no manager is called so; the nearest name is Fund" in told(desk)
    assert "quarter: '2025Q5' is no quarter" in desk.settings.faults["quarter"]
    assert "strong inflow" in shown(desk, "flow")


def test_insiders_are_shown_by_plan_and_size(answers: Answers, insiders: Desk) -> None:
    asked = insiders.panels["insiders"][0]

    def traded(**said: str) -> list[str]:
        desk = found()["filings"].desk(Paced(answers), {"show": "insiders", "trade": "", **said})
        return [row["insider"] for row in desk.ask(asked).to_pylist()]

    assert traded(plan="without") == ["Insider 1"]
    assert traded(plan="by", trade="open_market_sell", least="50k") == ["Insider 2"]


def test_insiders_say_who_traded_what_and_stakes_who_filed(insiders: Desk) -> None:
    newest, _ = rows(insiders, "insiders")

    assert "AAPL Insider 1 CEO open market buy 1,000 $178 $178k" in newest
    assert "2025-11-13 1 no" in newest
    assert "13D no AAPL INC 2025-11-18" in rows(insiders, "stakes")[0]


@pytest.mark.parametrize("said", [filings.NO_13F, filings.NO_INSIDER, filings.NO_STAKE])
def test_what_is_empty_says_what_to_run(said: str) -> None:
    assert re.search(r"Run `leadline load sec_\w+`", said)


def test_a_company_of_one_class_is_not_among_those_of_several(answers: Answers) -> None:
    companies = only(answers, "companies", show="ranks")

    assert "Of no company several classes are held here" in shown(companies, "companies")
