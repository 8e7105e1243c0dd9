"""What to make of each watched symbol, why, how far it moved and what is held of it."""

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from panel_app import text
from panel_app.parts.part import Part

_TONES = {"act": "high", "look": "medium", "watch": "info"}
_MOVES = {
    "15 min": "chg_15m_pct",
    "1 h": "chg_60m_pct",
    "day": "chg_day_pct",
    "14 d": "chg_14d_pct",
}
_AT = "/smart-money/dashboard"


class Signals(Part):
    """One row per list and symbol: the suggestion first, its reasons last."""

    def show(self, rows: pa.Table) -> str:
        """Return the table."""
        heads = ["symbol", "do", "price", *_MOVES, "of threshold", "value", "gain", "why"]
        words = ("symbol", "do", "why")
        head = "".join(
            f'<th scope="col" class="{"" if name in words else "num"}">{name}</th>'
            for name in heads
        )
        body = "".join(map(self._row, rows.to_pylist()))
        return (
            f'<div class="scroll" tabindex="0"><table class="signals"><thead><tr>{head}</tr>'
            f"</thead><tbody>{body}</tbody></table></div>"
        )

    def _row(self, row: Mapping[str, Any]) -> str:
        zone = self.look.zone
        symbol, suggestion = row["symbol"], row["suggestion"]
        moves = "".join(
            _signed(row[column], text.figure(column, row[column])) for column in _MOVES.values()
        )
        price = "—" if row["price"] is None else f"{row['price']:,.2f}"
        told = gain = ""
        if row["priced_at"]:
            told = f"<br><small>{row['priced_at'].astimezone(zone):%m-%d %H:%M}</small>"
        if row["gain_pct"] is not None:
            gain = f"<small>{text.figure('gain_pct', row['gain_pct'])}</small>"
        key = escape(f"{row['watchlist']}|{symbol}")
        return (
            f'<tr data-key="{key}"><td><a href="{_page(symbol)}"><b>{escape(symbol)}</b></a><br>'
            f"<small>{escape(row['watchlist'])}</small></td>"
            f'<td><span class="pill {_TONES[suggestion]}">{suggestion}</span></td>'
            f'<td class="num">{price}{told}</td>{moves}'
            f'<td class="num">{_times(row)}</td>'
            f'<td class="num">{text.figure("value_usd", row["value_usd"])}</td>'
            f"{_signed(row['gain_usd'], text.figure('gain_usd', row['gain_usd']), gain)}"
            f'<td class="why-cell">{self._why(row)}</td></tr>'
        )

    def _why(self, row: Mapping[str, Any]) -> str:
        said = ""
        if row["alert_headline"]:
            level = escape(row["alert_severity"])
            at = row["alerted_at"].astimezone(self.look.zone)
            said += (
                f'<p><span class="pill {level}">{level}</span> {escape(row["alert_headline"])} '
                f"<small>{at:%m-%d %H:%M}</small></p>"
            )
        short, _, by = row["reasons"].partition(", by ")
        if by:
            key = escape(f"{row['watchlist']}|{row['symbol']}")
            said += (
                f'<details data-key="why {key}"><summary>{escape(short)}</summary>'
                f"<p>by {escape(by)}</p></details>"
            )
        else:
            said += f"<p>{escape(short)}</p>"
        if row["note"]:
            said += f"<p><small>“{escape(row['note'])}”</small></p>"
        return said


def _times(row: Mapping[str, Any]) -> str:
    """Return how far it is on the way to its threshold, as a figure and a bar."""
    times = row["times"]
    if times is None:
        return escape(row["state"])
    part = min(max(times, 0.0), 1.0)
    return (
        f'<b class="{"over" if times >= 1 else ""}">{max(times, 0.0):.2f}×</b>'
        f'<meter min="0" max="1" value="{part:.3f}" low="0.7" high="0.999" optimum="0" '
        f'aria-label="of its threshold">{part:.2f}</meter>'
    )


def _signed(value: float | None, shown: str, more: str = "") -> str:
    kind = "none" if value is None else "up" if value > 0 else "down" if value < 0 else ""
    sign = "+" if value is not None and value > 0 else ""
    return f'<td class="num {kind}">{sign}{shown}{more and "<br>" + more}</td>'


def _page(symbol: str) -> str:
    if ":" in symbol:
        return f"{_AT}/whales?pair={quote(symbol, safe='')}"
    return f"{_AT}/symbol?symbol={quote(symbol, safe='')}"
