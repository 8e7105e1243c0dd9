"""A table with a column `state`, of which each word has a sign and a tone of its own."""

from collections.abc import Mapping
from html import escape
from typing import Any

import pyarrow as pa

from panel_app.parts.table import Table

# The sign tells the tone, too, for who sees no colour.
_SIGNS = {"loud": "◉", "good": "●", "warm": "◐", "bad": "✕", "calm": "○"}
_TONES = {
    "LIVE": "good", "ok": "good", "done": "good", "sent": "good", "firing": "loud",
    "STALE": "bad", "PARTIAL": "bad", "failing": "bad", "broken": "bad", "failed": "bad",
    "dead": "bad", "killed": "bad", "retracted": "bad",
    "DRIFT": "warm", "WARMING": "warm", "waiting": "warm", "held": "warm", "running": "warm",
    "pending": "warm", "acknowledged": "good", "started": "warm",
    "real": "good", "false": "bad", "unsure": "warm",  # verdicts
}  # fmt: skip


def state(word: str) -> str:
    """Return a state as HTML: its sign and its word."""
    tone = _TONES.get(word, "calm")
    return f'<span class="standing {tone}"><i>{_SIGNS[tone]}</i>{escape(word)}</span>'


class States(Table):
    """A table whose column `state` holds states, and others long sentences; see parts.table."""

    def __init__(self, *given: Any, long: tuple[str, ...] = (), **how: Any) -> None:
        super().__init__(*given, **how)
        self._long = long

    def _cell(self, row: Mapping[str, Any], column: pa.Field) -> str:
        if column.name == "state" and row["state"]:
            return f"<td>{state(str(row['state']))}</td>"
        cell = super()._cell(row, column)
        return cell.replace("<td", '<td data-long=""', 1) if column.name in self._long else cell
