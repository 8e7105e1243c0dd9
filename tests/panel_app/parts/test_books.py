"""A book is a button that says what it costs, how it leans and how far it is known."""

from typing import Any

import pyarrow as pa
import pytest

from panel_app.parts.books import Books

BOOK = {
    "entity": "binance:BTC-USDT", "venue": "binance", "pair": "BTC-USDT", "mid": 61_000.5,
    "move_bps": -12.34, "spread_bps": 0.164, "imbalance": 0.5, "book_state": "in sync",
    "book_words": "in sync", "is_shown": True,
}  # fmt: skip


def shown(**given: Any) -> str:
    part = Books("2 h", "none")
    part.take(pa.Table.from_pylist([BOOK | given]))
    return part.markup.html


def test_a_button_chooses_its_book_and_says_whether_it_is_chosen() -> None:
    assert 'data-set="pair" data-key="binance:BTC-USDT"' in shown()
    assert 'aria-pressed="true"' in shown()
    assert 'aria-pressed="false"' in shown(is_shown=False)


@pytest.mark.parametrize(
    ("bps", "said"),
    [(-12.34, '<b class="down">▼ 12.3 bps</b>'), (3.0, '<b class="up">▲ 3.0 bps</b>'),
     (0.0, '<b class="">◆ 0.0 bps</b>')],
)  # fmt: skip
def test_a_move_has_a_sign_beside_its_colour(bps: float, said: str) -> None:
    assert f"{said} in 2 h" in shown(move_bps=bps)


def test_a_book_that_was_never_heard_has_words_alone() -> None:
    said = shown(
        book_state="unheard", book_words="unheard: <i>a gap</i>", mid=None, move_bps=None,
        spread_bps=None, imbalance=None,
    )  # fmt: skip

    assert '<span class="state unheard"><i>✕</i> unheard: &lt;i&gt;a gap&lt;/i&gt;' in said
    assert "spread" not in said
