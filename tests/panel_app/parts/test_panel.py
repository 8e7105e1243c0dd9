"""A panel says of when, of how much and by what SQL it is, and how to take it along."""

import re
from zoneinfo import ZoneInfo

import pyarrow as pa

from leadline.errors import QueryError
from panel_app.paced import Answer
from panel_app.parts.panel import FORMS, Panel
from panel_app.parts.part import Look
from panel_app.parts.table import Table
from tests.dashboards import NOON

SQL = "select '<b>' as b\nlimit 3"
ROWS = pa.table({"b": ["<b>"] * 3})


def head(panel: Panel) -> str:
    view: object = panel.view[0]
    return str(getattr(view, "html"))  # noqa: B009


def shown(most: int | None, look: Look | None = None) -> str:
    panel = Panel("tape", "Tape & more", Table(), "/x/flow")
    panel.show(Answer(ROWS, NOON, 0.25), SQL, look or Look(), most)
    return head(panel)


def test_it_says_of_when_it_is_in_the_zone_of_the_viewer() -> None:
    said = shown(None, Look(ZoneInfo("America/New_York")))

    assert '<time title="2024-03-05 12:00:00Z">2024-03-05 07:00:00</time> · 3 rows · 0.25 s' in said


def test_it_says_that_there_are_more_rows_than_it_shows() -> None:
    assert "first 2 rows" in shown(2)
    assert "3 rows" in shown(3)


def test_its_sql_can_be_read_and_copied_and_is_no_markup() -> None:
    said = shown(None)

    assert said.count("select &#x27;&lt;b&gt;&#x27; as b") == 2
    assert "Tape &amp; more" in said


def test_all_of_it_can_be_taken_along_in_every_form() -> None:
    assert re.findall(r'data-export download href="/x/flow/tape\.(\w+)"', shown(None)) == list(
        FORMS
    )


def test_an_error_has_no_rows_to_count() -> None:
    panel = Panel("tape", "Tape", Table(), "/x/flow")
    panel.show(Answer(QueryError("query: no"), NOON, 0.25), SQL, Look(), 3)

    assert "row" not in re.sub(r"<details.*", "", head(panel).replace("\n", " "))
