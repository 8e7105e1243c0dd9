"""A table says by shape and sign what it says by colour, and each row leads somewhere."""

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from panel_app.parts.table import Table

ROWS = pa.table(
    {
        "symbol": ["BRK.B", "A/B"], "side": ["buy", None], "severity": ["high", "low"],
        "change_bps": [12.5, -3.0], "n_rows": [1_000, 0], "price": [Decimal("1.5")] * 2,
    }
)  # fmt: skip


def shown(**how: Any) -> str:
    part = Table("", **how)
    part.take(ROWS)
    return str(part.markup.html)


def test_numbers_stand_to_the_right_and_text_is_escaped() -> None:
    part = Table()
    part.take(pa.table({"n_rows": [1_000], "dataset": ["a<b"]}))

    assert '<td class="num">1,000</td><td class="">a&lt;b</td>' in part.markup.html
    assert '<th class="num" scope="col">rows</th>' in part.markup.html


def test_a_cell_leads_where_its_column_says() -> None:
    body = shown(links={"symbol": "/s?symbol={}"})

    assert '<a href="/s?symbol=BRK.B">BRK.B</a>' in body
    assert '<a href="/s?symbol=A%2FB">A/B</a>' in body


@pytest.mark.parametrize(
    "said",
    [
        '<td class="num up">+12.5 bps</td>', '<td class="num down">-3 bps</td>',
        '<i class="side bull"></i>buy', '<td class=" none">—</td>',
        '<span class="pill high">high</span>',
    ],
)  # fmt: skip
def test_colour_never_stands_alone(said: str) -> None:
    assert said in shown(signed=("change_bps",))


def test_a_row_stays_itself_and_sets_what_it_stands_for() -> None:
    body = shown(key=("symbol", "n_rows"), sets={"contract": "symbol"})

    assert (
        '<tr data-key="BRK.B|1000" data-sets="{&quot;contract&quot;: &quot;BRK.B&quot;}">' in body
    )


def test_a_click_on_a_head_sorts_down_first_and_up_then() -> None:
    part = Table("", sort="sort")
    part.sorted_by = "-price"
    part.take(ROWS)

    assert 'aria-sort="descending"><button type="button" data-set="sort" data-value="price">' in (
        part.markup.html
    )
    assert 'data-set="sort" data-value="-symbol">' in part.markup.html


def test_what_is_there_for_links_alone_is_not_shown() -> None:
    assert "severity" not in shown(hidden=("severity",))
