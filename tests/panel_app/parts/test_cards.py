"""Cards say a figure, which way it goes, and where it lies on its scale."""

import pyarrow as pa
import pytest

from panel_app.parts.cards import Card, Cards

INDEX = Card("Index", "index", "label", (0, 100), missing="too little is told")


def one(card: Card, **row: object) -> str:
    return Cards((card,), "nothing").show(pa.table({name: [value] for name, value in row.items()}))


def test_a_card_has_its_figure_what_that_means_and_its_place() -> None:
    said = one(INDEX, index=73.4824, label="strong_buying")

    assert "<b>73.48</b>" in said
    assert '<i class="side bull"></i>strong buying' in said
    assert "left:73.5%" in said
    assert 'aria-label="on a scale of 0 to 100"' in said


def test_what_is_not_told_says_why_and_has_no_place() -> None:
    said = one(INDEX, index=None, label=None)

    assert "too little is told" in said
    assert "left:" not in said


@pytest.mark.parametrize(
    ("value", "shown", "place"), [(24.0, "▲ +24", "62.0"), (-150.0, "▼ -150", "0.0")]
)
def test_a_signed_figure_has_sign_and_shape_and_stays_on_its_scale(
    value: float, shown: str, place: str
) -> None:
    said = one(Card("Builds", "x", ends=(-100, 100), is_signed=True), x=value)

    assert f"<b>{shown}</b>" in said
    assert f"left:{place}%" in said


@pytest.mark.parametrize(
    ("note", "side"),
    [("moderate_bearish", "bear"), ("strong_distribution", "bear"), ("accumulation", "bull"),
     ("neutral", "unknown")],
)  # fmt: skip
def test_a_note_has_its_shape(note: str, side: str) -> None:
    assert f'<i class="side {side}">' in one(INDEX, index=1.0, label=note)


def test_what_a_source_wrote_is_text_and_its_name_leads_on() -> None:
    cards = Cards((Card("Index", "x"),), "", name="symbol", link="/symbol?symbol={}")

    said = cards.show(pa.table({"x": [1.0], "symbol": ["<b>"]}))

    assert '<a href="/symbol?symbol=&lt;b&gt;">&lt;b&gt;</a>' in said
