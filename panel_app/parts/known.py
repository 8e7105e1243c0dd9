"""Says whether a symbol is one that any dataset names, and else which one is near."""

from html import escape
from urllib.parse import quote

import pyarrow as pa

from panel_app.parts.part import Part

PAIRS = "/smart-money/dashboard/whales?pair={}"
SYMBOLS = "/smart-money/dashboard/symbol?symbol={}"


class Known(Part):
    """The first row is the symbol itself, or the nearest; the others are to choose from."""

    def show(self, rows: pa.Table) -> str:
        """Return a sentence, and while none is chosen all of them."""
        told = rows.to_pylist()
        if not told:
            return ""
        asked, first = told[0]["asked"], told[0]
        if asked is not None and ("-" in asked or ":" in asked):
            there = f'<a href="{_at(PAIRS, asked)}">Crypto whales</a>'
            return f'<p class="known" role="status">{escape(asked)} is a pair: see {there}.</p>'
        if first["symbol"] == asked:
            by = ", ".join(name.replace("_", " ") for name in first["datasets"])
            return f'<p class="known"><b>{escape(asked)}</b> is named by {escape(by)}.</p>'
        chips = "".join(
            f'<a href="{_at(SYMBOLS, row["symbol"])}">{escape(row["symbol"])}</a>' for row in told
        )
        if asked is None:
            return f'<nav class="chips" aria-label="Symbols">Choose a symbol: {chips}</nav>'
        near = f'<a href="{_at(SYMBOLS, first["symbol"])}">{escape(first["symbol"])}</a>'
        return (
            f'<p class="known" role="alert">{escape(asked)}: no dataset names it; the nearest '
            f"name is {near}</p>"
        )


def _at(place: str, name: str) -> str:
    return escape(place.replace("{}", quote(name, safe="")))
