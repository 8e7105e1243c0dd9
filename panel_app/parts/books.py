"""Order books side by side, each a button that chooses it, with a word on how far it is known."""

from html import escape
from typing import Any

import pyarrow as pa

from panel_app import text
from panel_app.parts.part import Part

_MARKS = {"in sync": "●", "warming up": "◐", "stale": "○", "out of sync": "✕", "unheard": "✕"}


class Books(Part):
    """Rows of reports.books; `is_shown` tells which one the page is about."""

    def __init__(self, span: str, empty: str) -> None:
        super().__init__(empty)
        self._span = span  # in words, over which a price has moved

    def show(self, rows: pa.Table) -> str:
        """Return a button for each book."""
        return f'<div class="books">{"".join(map(self._book, rows.to_pylist()))}</div>'

    def _book(self, row: dict[str, Any]) -> str:
        state, entity = row["book_state"], escape(row["entity"])
        facts = [text.sentence(row["book_words"]), escape(row["venue"])]
        if row["mid"] is not None:
            spread, lean = f"{row['spread_bps']:,.2f} bps", f"{row['imbalance']:+.2f}"
            facts += [f"spread <b>{spread}</b>", f"imbalance <b>{lean}</b>"]
        return (
            f'<button type="button" class="book" data-set="pair" data-key="{entity}" '
            f'data-value="{entity}" aria-pressed="{"true" if row["is_shown"] else "false"}">'
            f'<span class="name">{escape(row["pair"])}</span>'
            f'<span class="price">{text.figure("", row["mid"])} '
            f"{self._move(row['move_bps'])}</span>"
            f'<span class="state {state.replace(" ", "-")}"><i>{_MARKS[state]}</i> '
            f"{' · '.join(facts)}</span></button>"
        )

    def _move(self, bps: float | None) -> str:
        if bps is None:
            return ""
        kind, mark = ("up", "▲") if bps > 0 else ("down", "▼") if bps < 0 else ("", "◆")
        return f'<b class="{kind}">{mark} {abs(bps):,.1f} bps</b> in {self._span}'
