"""Names are buttons, of which one is pressed."""

import pyarrow as pa

from panel_app.parts.chips import Chips


def test_the_chosen_name_is_pressed_and_all_is_where_none_is_chosen() -> None:
    chips = Chips("list", "Lists")
    chips.take(pa.table({"name": ["a", "<b>"], "n": [2, 3], "is_shown": [False, True]}))
    assert chips.markup.html.count('aria-pressed="true"') == 1
    assert 'data-value="&lt;b&gt;" aria-pressed="true"' in chips.markup.html

    chips.take(pa.table({"name": ["a"], "n": [2], "is_shown": pa.array([None], pa.bool_())}))
    assert 'data-value="" aria-pressed="true">all <small>2</small>' in chips.markup.html
