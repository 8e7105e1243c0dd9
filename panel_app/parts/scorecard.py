"""How often a detector was right: found of what happened, right of what it told, with intervals."""

from html import escape
from typing import Any

import pyarrow as pa

from panel_app import text
from panel_app.parts.part import Part


class Scorecard(Part):
    """The row of all sizes as large figures, then one row per size."""

    def show(self, rows: pa.Table) -> str:
        """Return the figures, against what they were measured, and the sizes."""
        every = rows.to_pylist()
        whole = next(row for row in every if row["is_all"])
        figures = (
            ("recall", _share(whole, "recall"), f"{whole['n_found']} of {whole['n_events']} found"),
            (
                "precision",
                _share(whole, "precision"),
                f"{whole['n_found']} found, {whole['n_false']} alerts of no known event",
            ),
            (
                "of no event a day",
                f"<b>{text.figure('', whole['false_per_day'])}</b>",
                f"over {whole['n_days']} days, {whole['n_alerts']} alerts",
            ),
            (
                "delay",
                f"<b>{_delay(whole['median_delay_s'])}</b>",
                "median, from an event's begin to its alert",
            ),
        )
        tiles = "".join(
            f'<div class="rate"><span>{name}</span>{figure}<small>{escape(said)}</small></div>'
            for name, figure, said in figures
        )
        sizes = "".join(map(_size, (row for row in every if not row["is_all"])))
        against = escape(whole["measured_against"])
        return (
            f'<div class="rates">{tiles}</div><p class="quiet pad">Measured against '
            f"{whole['n_events']} events labelled <b>{against}</b>, with the alerts that the loop "
            f"wrote. In brackets where the true share lies with 95 %. Alerts of no known event "
            f"are not all mistakes: nobody has labelled all that happened.</p>"
            f'<div class="scroll" tabindex="0"><table><thead><tr><th scope="col" class="num">'
            f'size</th><th scope="col" class="num">found</th><th scope="col">recall</th>'
            f'<th scope="col" class="num">delay</th></tr></thead><tbody>{sizes}</tbody>'
            f"</table></div>"
        )


def _size(row: dict[str, Any]) -> str:
    size = "unsized" if row["size"] is None else f"{row['size']:g} × threshold"
    return (
        f'<tr><td class="num">{size}</td><td class="num">{row["n_found"]} of {row["n_events"]}'
        f'</td><td><meter min="0" max="1" value="{row["recall_frac"]}" aria-label="recall at '
        f'{escape(size)}"></meter> {_interval(row, "recall")}</td>'
        f'<td class="num">{_delay(row["median_delay_s"])}</td></tr>'
    )


def _share(row: dict[str, Any], name: str) -> str:
    if row[f"{name}_frac"] is None:
        return "<b>—</b>"
    return f"<b>{row[f'{name}_frac']:.0%}</b> {_interval(row, name)}"


def _interval(row: dict[str, Any], name: str) -> str:
    low, high = row[f"{name}_low_frac"], row[f"{name}_high_frac"]
    return f'<span class="quiet">[{low:.0%} – {high:.0%}]</span>'


def _delay(seconds: float | None) -> str:
    if seconds is None:
        return "—"
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"
