"""Things stand side by side while there is room."""

from typing import Any

from panel_app.parts.layout import SHEETS, beside, html, stacked


def test_what_stands_beside_another_keeps_its_least_width() -> None:
    one, other = html("<p>1</p>"), html("<p>2</p>")

    row: Any = beside(one, other, least=200)

    assert row.objects == [one, other]
    assert one.styles["min-width"] == "min(100%, 200px)"


def test_all_is_in_the_style_of_the_house() -> None:
    assert stacked(html("a")).stylesheets == html("a").stylesheets == SHEETS
