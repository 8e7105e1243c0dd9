"""The lines of watch lists, written over in place, and an empty one to add."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

import pyarrow as pa

from leadline.clock import stamp
from leadline.watch import DIRECTIONS, HORIZONS
from panel_app.parts.part import Look, Part

_PAST = "This is the past, and nothing is changed there. Clear *As of* to change a line."
_HEADS = {
    "quantity": "held", "cost_usd": "cost, USD", "threshold_pct": "move, %",
    "threshold_sigma": "move, σ", "horizon": "over", "direction": "way", "note": "note",
    "is_active": "watch",
}  # fmt: skip
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "horizon": {"": "rule"} | {name: name for name in HORIZONS},
    "direction": {"": "both"} | {name: name for name in DIRECTIONS},
    "is_active": {"true": "on", "false": "off"},
}


class WatchLines(Part):
    """Each line is a form of its own: Enter or *Save* keeps it, *✕* takes it off."""

    def show(self, rows: pa.Table) -> str:
        """Return the lines, and below them an empty one."""
        lines = rows.to_pylist()
        is_past = any(line["is_past"] for line in lines)
        heads = "".join(f'<th scope="col">{name}</th>' for name in _HEADS.values())
        body = "".join(self._line(line) for line in lines)
        new = "" if is_past else _form("", {}, _names(lines))
        return (
            (f'<p class="empty">{_PAST.replace("*As of*", "<i>As of</i>")}</p>' if is_past else "")
            + f'<div class="scroll" tabindex="0"><table class="grid"><thead><tr>'
            f'<th scope="col">list</th><th scope="col">symbol</th>{heads}<th scope="col">since</th>'
            f'<th scope="col"><span class="unseen">save</span></th></tr></thead>'
            f"<tbody>{body}{new}</tbody></table></div>"
        )

    def _line(self, line: Mapping[str, Any]) -> str:
        return _form(
            f"{line['watchlist']}|{line['symbol']}", line, "",
            _since(line["listed_at"], self.look),
        )  # fmt: skip


def _form(key: str, line: Mapping[str, Any], names: str, since: str = "") -> str:
    """Return a row whose fields belong to a form of its own; without a key it is a new line."""
    form, of = escape(f"line-{key or 'new'}"), escape(line.get("symbol", "a new symbol"))
    locked = " disabled" if line.get("is_past") else ""
    fields = "".join(
        f"<td>{_field(name, head, line.get(name), form, of, locked)}</td>"
        for name, head in _HEADS.items()
    )
    if not key:
        first = (
            f'<td><input form="{form}" name="watchlist" class="word" list="lists" '
            f'aria-label="list of a new symbol" placeholder="list" autocomplete="off">{names}</td>'
            f'<td><input form="{form}" name="symbol" class="word" aria-label="a new symbol" '
            f'placeholder="AAPL" autocomplete="off" spellcheck="false"></td>'
        )
        buttons = '<button type="submit" class="action" data-do="keep">Add</button>'
        return (
            f'<tr data-key="new" class="new">{first}{fields}<td></td><td><form id="{form}">'
            f"{buttons}</form></td></tr>"
        )
    name = escape(line["watchlist"])
    said = f'data-watchlist="{name}" data-symbol="{of}"{locked}'
    silent = "" if line["is_active"] else ' class="silent"'
    return (
        f'<tr data-key="{escape(key)}"{silent}><td>{escape(line["watchlist"])}</td>'
        f"<td><b>{of}</b></td>{fields}<td>{since}</td>"
        f'<td><form id="{form}"><button type="submit" class="action" data-do="keep" {said}>Save'
        f'</button> <button type="button" class="action" data-do="drop" {said} '
        f'aria-label="Remove {of} from {name}" title="Remove">✕</button></form></td></tr>'
    )


def _field(name: str, head: str, value: Any, form: str, of: str, locked: str) -> str:
    label = f'form="{form}" name="{name}" aria-label="{escape(head)}: {of}"{locked}'
    if choices := _CHOICES.get(name):
        shown = str(value).lower() if isinstance(value, bool) else value or ""
        options = "".join(
            f'<option value="{each}"{" selected" if each == shown else ""}>{said}</option>'
            for each, said in choices.items()
        )
        return f"<select {label}>{options}</select>"
    kind, said = ("word", value or "") if name == "note" else ("figure", _number(value))
    return (
        f'<input type="text" {label} class="{kind}" value="{escape(said)}" autocomplete="off" '
        f'spellcheck="false"{"" if name == "note" else " inputmode=decimal"}>'
    )


def _since(moment: datetime, look: Look) -> str:
    there = moment.astimezone(look.zone)
    return f'<time title="{stamp(moment)}">{there:%Y-%m-%d %H:%M}</time>'


def _number(value: float | None) -> str:
    """Return a number as it is written, without more digits than it has."""
    return "" if value is None else f"{value:.10g}"


def _names(lines: list[dict[str, Any]]) -> str:
    options = "".join(
        f'<option value="{escape(name)}"></option>'
        for name in dict.fromkeys(line["watchlist"] for line in lines)
    )
    return f'<datalist id="lists">{options}</datalist>'
