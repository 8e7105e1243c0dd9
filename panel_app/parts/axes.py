"""Fields that choose how an answer is shown: as what chart, over which columns, and which rows."""

from collections.abc import Mapping, Sequence
from html import escape

import pyarrow as pa

from panel_app import text
from panel_app.bench import Found
from panel_app.charted import KINDS, NONE, Charted, kind_of


def fields(schema: pa.Schema, chart: str, chosen: Charted | None, only: str) -> str:
    """Return the fields; the columns are there once a chart is."""
    kinds = "".join(
        f'<button type="button" class="action" data-set="chart" data-value="{kind}" '
        f'aria-pressed="{str(kind == chart).lower()}">{label}</button>'
        for kind, label in KINDS.items()
    )
    said = [f'<span class="kinds" role="group" aria-label="Shown as">{kinds}</span>']
    if chosen is not None:
        columns = {each.name: kind_of(each) for each in schema if kind_of(each)}
        numbers = [name for name, kind in columns.items() if kind == "number"]
        if chosen.x:
            said.append(_select("x", "Along", chosen.x, {name: name for name in columns}))
        said.append(_shown(numbers, chosen))
        none = {} if chosen.kind == "heat" else {NONE: "one"}
        label = "Upwards" if chosen.kind == "heat" else "Colour"
        said.append(
            _select("by", label, chosen.by or NONE, none | {name: name for name in columns})
        )
    said.append(
        '<label class="field only"><span>Only where</span><input type="text" name="only" '
        f'data-set="only" value="{escape(only)}" placeholder="a condition, as n &gt; 5" '
        'autocomplete="off" spellcheck="false"></label>'
    )
    return f'<form class="bar pad-in charting" onsubmit="return false">{"".join(said)}</form>'


def told(
    found: Found, chosen: Charted | None, left_out: Sequence[str], faults: Sequence[str]
) -> str:
    """Return in words what does not fit, and what is not drawn or sorted."""
    wrong = [*faults, *(chosen.faults if chosen else ())]
    said, n = list(left_out), found.rows.num_rows
    if chosen is not None and found.n_rows > n:
        said.insert(0, f"the first {n:,} of {found.n_rows:,} rows are drawn")
    alerts = "".join(f'<p class="error" role="alert">{text.sentence(each)}</p>' for each in wrong)
    facts = f'<p class="took" role="status">{escape("; ".join(said))}</p>' if said else ""
    return alerts + facts


def _shown(numbers: Sequence[str], chosen: Charted) -> str:
    """Return a button for each number that may be drawn; what is drawn already is pressed."""
    if chosen.kind == "heat":
        return _select("y", "Shade", chosen.ys[0], {name: name for name in numbers})
    buttons = []
    for name in numbers:
        is_drawn = name in chosen.ys
        then = [each for each in numbers if (each in chosen.ys) != (each == name)]
        buttons.append(
            f'<button type="button" class="action" data-set="y" data-value="'
            f'{escape(",".join(then))}" aria-pressed="{str(is_drawn).lower()}">{escape(name)}'
            "</button>"
        )
    return f'<span class="kinds" role="group" aria-label="Drawn">{"".join(buttons)}</span>'


def _select(name: str, label: str, chosen: str, options: Mapping[str, str]) -> str:
    said = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(words)}'
        "</option>"
        for value, words in options.items()
    )
    return (
        f'<label class="field {name}"><span>{label}</span><select name="{name}" '
        f'data-set="{name}">{said}</select></label>'
    )
