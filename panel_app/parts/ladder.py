"""The best levels of a book: asks above, bids below, and between them the price."""

from html import escape
from typing import Any

import pyarrow as pa

from panel_app import text
from panel_app.parts.part import Part

_HEADS = ("price", "size", "up to it", "bps")


class Ladder(Part):
    """Rows of reports.book_ladder of one book, the worst ask first."""

    def show(self, rows: pa.Table) -> str:
        """Return a table with a bar a level, as long as its size is beside the largest."""
        levels = rows.to_pylist()
        most = max(level["size"] for level in levels)
        asks = [level for level in levels if level["book_side"] == -1]
        bids = [level for level in levels if level["book_side"] == 1]
        head = "".join(f'<th class="num" scope="col">{name}</th>' for name in _HEADS)
        first = levels[0]
        return (
            f'<p class="last"><b class="named">{escape(first["venue"])} {escape(first["pair"])}</b>'
            f"{self._said(first)}</p>"
            f'<div class="scroll" tabindex="0"><table class="ladder"><thead><tr>{head}'
            f'<th scope="col">share</th></tr></thead><tbody>'
            f"{''.join(self._level(level, most) for level in asks)}"
            f'<tr class="mid"><td class="num">{text.figure("", first["mid"])}</td>'
            f'<td colspan="4">mid, asks above and bids below</td></tr>'
            f"{''.join(self._level(level, most) for level in bids)}</tbody></table></div>"
        )

    def _said(self, level: dict[str, Any]) -> str:
        said = [f"<span>of {text.figure('', level['book_at'], self.look.zone)}</span>"]
        if not level["is_in_sync"]:
            said.append('<span class="error">a gap lasts: what follows is of before it</span>')
        elif not level["is_whole"]:
            seen = text.figure("seen_frac", level["seen_frac"])
            said.append(f"<span>{seen} of the side is seen; the rest has not changed</span>")
        return "".join(said)

    def _level(self, level: dict[str, Any], most: float) -> str:
        kind = "bid" if level["book_side"] == 1 else "ask"
        width = 100 * level["size"] / most if most else 0
        cells = "".join(
            f'<td class="num">{text.figure("", level[column])}</td>'
            for column in ("price", "size", "cum_size", "dist_bps")
        )
        return (
            f'<tr class="{kind}" data-key="{kind}{level["level_number"]}">{cells}'
            f'<td><i class="bar" style="width:{width:.1f}%"></i></td></tr>'
        )
