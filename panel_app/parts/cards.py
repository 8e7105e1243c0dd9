"""A few columns of one row as cards: a large figure, what it says, and where it lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pyarrow as pa

from panel_app import text
from panel_app.parts.part import Part

_BULL, _BEAR = ("buying", "bullish", "accumulation", "inflow"), ("selling", "bearish", "outflow")


@dataclass(frozen=True)
class Card:
    """`note` is a column that says what the figure means; `ends` are those of its scale.

    A signed figure says which way it goes with a sign, a shape and a colour.
    """

    title: str
    column: str
    note: str = ""
    ends: tuple[float, float] | None = None
    is_signed: bool = False
    missing: str = "not told"
    said: str = "{}"  # what is said around the note


class Cards(Part):
    """Cards of the first row; `link` is where the name in the column `name` leads."""

    def __init__(
        self, cards: Sequence[Card], empty: str, *, name: str = "", link: str = ""
    ) -> None:
        super().__init__(empty)
        self._cards, self._name, self._link = cards, name, link

    def show(self, rows: pa.Table) -> str:
        """Return the cards."""
        row = rows.slice(0, 1).to_pylist()[0]
        return f'<div class="cards">{"".join(self._card(row, card) for card in self._cards)}</div>'

    def _card(self, row: dict[str, Any], card: Card) -> str:
        value, note = row[card.column], row[card.note] if card.note else None
        shown = text.figure(card.column, _short(value), self.look.zone)
        kind = " none" if value is None else ""
        if card.is_signed and value:
            kind = " up" if value > 0 else " down"
            shown = f"{'▲ +' if value > 0 else '▼ '}{shown}"
        said = text.figure(card.note, note, self.look.zone) if note is not None else ""
        if isinstance(note, str):
            said = f'<i class="side {_side(note)}"></i>{escape(note.replace("_", " "))}'
        if said:
            said = card.said.replace("{}", said)
        if value is None:
            said = card.missing
        return (
            f'<section class="score{kind}"><h2>{self._title(row, card)}</h2><b>{shown}</b>'
            f"{_scale(card, value)}<p>{said}</p></section>"
        )

    def _title(self, row: dict[str, Any], card: Card) -> str:
        if not self._name:
            return escape(card.title)
        name = escape(str(row[self._name]))
        return f'{escape(card.title)} <a href="{self._link.replace("{}", name)}">{name}</a>'


def _short(value: Any) -> Any:
    return round(value, 2) if isinstance(value, float) and abs(value) < 1_000 else value


def _side(note: str) -> str:
    words = note.split("_")
    if any(word in words for word in _BULL):
        return "bull"
    # What is distributed is sold.
    return "bear" if any(word in words for word in (*_BEAR, "distribution")) else "unknown"


def _scale(card: Card, value: float | None) -> str:
    """Draw where a figure lies between its ends; the middle is marked."""
    if card.ends is None:
        return ""
    least, most = card.ends
    place = None if value is None else 100 * min(max((value - least) / (most - least), 0), 1)
    mark = "" if place is None else f'<i style="left:{place:.1f}%"></i>'
    return (
        f'<span class="scale" role="img" aria-label="on a scale of {least:g} to {most:g}">'
        f"{mark}</span>"
    )
