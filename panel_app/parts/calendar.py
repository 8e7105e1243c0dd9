"""Sessions as a calendar: a line for each dataset, a cell for each session."""

from datetime import date
from html import escape
from itertools import groupby
from typing import Any

import pyarrow as pa

from panel_app import text
from panel_app.parts.part import Part

# The sign says it, too, for who sees no colour.
_SIGNS = {"whole": "■", "unknown": "▪", "open": "…", "short": "◧", "missing": "✕"}
_MEANS = {
    "whole": "whole", "unknown": "there, its history is too short to tell", "open": "more may come",
    "short": "short of what is usual", "missing": "missing",
}  # fmt: skip

Row = dict[str, Any]


class Calendar(Part):
    """Columns: dataset, calendar, session_date, state, n_rows, usual_rows; in order."""

    def show(self, rows: pa.Table) -> str:
        """Return the calendar, its newest session at the right."""
        told = rows.to_pylist()
        days = sorted({row["session_date"] for row in told})
        lines = {
            key: {row["session_date"]: row for row in group}
            for key, group in groupby(told, key=lambda row: (row["dataset"], row["calendar"]))
        }
        body = "".join(_line(key, cells, days) for key, cells in lines.items())
        months = "".join(
            f'<th scope="colgroup" colspan="{len(list(group))}">{name}</th>'
            for name, group in groupby(days, key=lambda day: f"{day:%Y-%m}")
        )
        legend = "".join(
            f'<span><i class="{name}">{sign}</i> {_MEANS[name]}</span>'
            for name, sign in _SIGNS.items()
        )
        return (
            '<div class="scroll sessions" tabindex="0"><table><thead><tr><td></td>'
            f"{months}</tr></thead><tbody>{body}</tbody></table></div>"
            f'<p class="legend">{legend}</p>'
        )


def _line(key: tuple[str, str], cells: dict[date, Row], days: list[date]) -> str:
    dataset, calendar = key
    n_short = sum(row["state"] in ("short", "missing") for row in cells.values())
    said = f"{n_short} not whole" if n_short else "no hole"
    return (
        f'<tr data-key="{escape(dataset)}|{escape(calendar)}"><th scope="row">{escape(dataset)} '
        f'<span class="facts">{escape(calendar)}, {said}</span></th>'
        + "".join(_cell(day, cells.get(day)) for day in days)
        + "</tr>"
    )


def _cell(day: date, row: Row | None) -> str:
    if row is None:
        return "<td></td>"
    usual = ""
    if row["usual_rows"] is not None:
        usual = f", usual are {text.figure('', row['usual_rows'])}"
    said = f"{day}: {_MEANS[row['state']]}; {row['n_rows']:,} rows{usual}"
    return f'<td class="{row["state"]}" title="{escape(said)}">{_SIGNS[row["state"]]}</td>'
