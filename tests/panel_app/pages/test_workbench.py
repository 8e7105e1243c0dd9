"""The workbench as it is laid out over the real views; what it does is in test_bench.py."""

from starlette.testclient import TestClient

from leadline import queries
from leadline.names import tables_of
from panel_app.answers import Answers
from panel_app.pages.workbench import EXAMPLE
from tests.dashboards import laid


def test_its_first_query_names_a_view_that_is_there(answers: Answers) -> None:
    desk = laid(answers, "workbench")

    assert tables_of(EXAMPLE) == ["curated.alerts"]
    assert desk.settings["sql"] == EXAMPLE
    assert "curated.alerts" in answers.warehouse.names()


def test_a_saved_query_fills_in_what_the_address_does_not_say(answers: Answers) -> None:
    desk = laid(answers, "workbench", saved="newest_sweeps", binds="min_premium_usd=7")
    own = laid(answers, "workbench", saved="newest_sweeps", sql="select 1")

    found = queries.read(answers.warehouse.catalog.root, "newest_sweeps")
    assert desk.settings["sql"] == found.sql
    assert desk.settings["binds"] == "min_premium_usd=7"
    assert desk.settings["since"] == found.since
    assert own.settings["sql"] == "select 1"


def test_a_broken_setting_is_a_sentence_and_the_page_stands(
    answers: Answers, shown: TestClient
) -> None:
    desk = laid(answers, "workbench", since="yesterdya", sqll="x")

    assert "since" in desk.settings.faults
    assert "did you mean 'sql'" in desk.settings.faults["sqll"]
    assert shown.get("/smart-money/dashboard/workbench?since=yesterdya").status_code == 200
