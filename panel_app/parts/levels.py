"""Prices at which most was traded, with a bar each: bought, sold, and what nobody can say."""

from html import escape
from typing import Any

import pyarrow as pa

from panel_app import text
from panel_app.parts.part import Part

_HEADS = ("symbol", "price", "from last", "value", "prints", "of all")


class Levels(Part):
    """Rows of reports.dark_pool_levels, as they come."""

    def __init__(self, link: str, empty: str) -> None:
        super().__init__(empty)
        self._link = link  # where a symbol leads, with {} for it

    def show(self, rows: pa.Table) -> str:
        """Return a table with a bar a level, as long as its value is beside the largest."""
        levels = rows.to_pylist()
        most = max(level["value_usd"] for level in levels)
        head = "".join(
            f'<th scope="col"{" class=num" if place else ""}>{name}</th>'
            for place, name in enumerate(_HEADS)
        )
        return (
            f'<p class="last"><span><i class="key buy"></i>bought</span>'
            f'<span><i class="key sell"></i>sold</span>'
            f'<span><i class="key none"></i>without a side</span></p>'
            f'<div class="scroll" tabindex="0"><table class="levels"><thead><tr>{head}'
            f'<th scope="col">by side</th></tr></thead>'
            f"<tbody>{''.join(self._level(level, most) for level in levels)}</tbody></table></div>"
        )

    def _level(self, level: dict[str, Any], most: float) -> str:
        symbol = escape(level["symbol"])
        price = f"{_price(level['price_from'])} – {_price(level['price_to'])}"
        away = level["dist_pct"]
        parts = {
            "buy": level["bull_usd"], "sell": level["bear_usd"],
            "none": level["value_usd"] - level["bull_usd"] - level["bear_usd"],
        }  # fmt: skip
        bars = "".join(
            f'<i class="part {kind}" style="width:{100 * value / most:.1f}%" '
            f'title="{kind} {text.figure("_usd", value)}"></i>'
            for kind, value in parts.items()
            if value > 0 and most
        )
        return (
            f'<tr data-key="{symbol}{level["price_from"]}">'
            f'<td><a href="{self._link.format(symbol)}">{symbol}</a></td>'
            f'<td class="num">{price}</td>'
            f'<td class="num">{"—" if away is None else f"{away:+.2f} %"}</td>'
            f'<td class="num">{text.figure("_usd", level["value_usd"])}</td>'
            f'<td class="num">{level["n_prints"]:,}</td>'
            f'<td class="num">{text.figure("_frac", level["share_frac"])}</td>'
            f'<td class="bars">{bars}</td></tr>'
        )


def _price(value: float) -> str:
    return f"{value:,.2f}" if value >= 5 else f"{value:,.4f}"
