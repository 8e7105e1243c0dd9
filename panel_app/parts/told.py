"""Of when a quarter's holdings are: when they stood, who has told them, and since when."""

from typing import Any

import pyarrow as pa

from panel_app import text
from panel_app.parts.part import Part
from panel_app.quarter import named

_EMPTY = (
    "No report of a manager is loaded. Run `leadline load sec_13f`; `leadline feeds` says from "
    "where."
)


class Told(Part):
    """Rows are quarters, the shown one first; newer ones, of which too little is told, after it."""

    def __init__(self) -> None:
        super().__init__(_EMPTY)

    def show(self, rows: pa.Table) -> str:
        """Return a sentence for each."""
        shown, *newer = rows.to_pylist()
        said = [f'<p class="told">{self._said(shown)}</p>']
        for row in newer:
            quarter = named(row["period_end"])
            said.append(
                f'<p class="told">Newer is {quarter}, told by {_who(row)} '
                f'(<button type="button" class="plain" data-set="quarter" data-value="{quarter}">'
                f"show it</button>).</p>"
            )
        return "".join(said)

    def _said(self, row: dict[str, Any]) -> str:
        first, last, known = (
            text.figure("", row[name], self.look.zone)
            for name in ("first_filed_at", "last_filed_at", "known_at")
        )
        amended = f" {row['n_amended']:,} amended." if row["n_amended"] else ""
        unsettled = "" if row["is_settled"] else " <em>Too few for a judgement of changes.</em>"
        return (
            f"<b>{named(row['period_end'])}</b> Positions of <b>{row['period_end']}</b>, "
            f"{row['age_days']:,} days ago; told by {_who(row)}, filed {first} to {last}, "
            f"due {row['due_date']}; all of it known since {known}.{amended}{unsettled} "
            f"<span>A 13F comes up to 45 days after its quarter, and tells longs alone: what was "
            f"bought or sold since is not in it.</span>"
        )


def _who(row: dict[str, Any]) -> str:
    held = text.figure("value_usd", row["value_usd"])
    who = f"{row['n_managers']:,} managers"
    if row["coverage_frac"] is None:
        return f"{who} with {held}"
    part = text.figure("coverage_frac", row["coverage_frac"])
    before = f"{row['n_awaited']:,} the quarter before"
    return f"{who} ({before}) with {held}, {part} of what was told then"
