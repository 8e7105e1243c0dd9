"""An answer as a table: sorted by a click, walked by j and k, each row leading somewhere."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from panel_app import text
from panel_app.parts.part import Part

_SEVERITIES = ("critical", "high", "medium", "low", "info")
_SIDES = {
    "bull": "bull", "bullish": "bull", "buy": "bull", "bear": "bear", "bearish": "bear",
    "sell": "bear", "neutral": "neutral", "new": "bull", "increased": "bull", "decreased": "bear",
    "sold_out": "bear", "strong_inflow": "bull", "inflow": "bull", "outflow": "bear",
    "strong_outflow": "bear",
}  # fmt: skip
_NUMBERS = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)


class Table(Part):
    """Rows as they come.

    `key`: the columns that tell rows apart, so that a row stays itself. `links`: column and the
    address that its cell leads to, with `{}` for its value. `signed`: columns of which more is
    better, shown with sign and colour. `sets`: what a row sets when it is opened, setting and
    column. `hidden`: columns that are there for links alone. `labels`: columns whose heads say
    something else than their names. A short one shows some ten rows of all that it scrolls
    through.
    """

    def __init__(
        self,
        empty: str = "",
        *,
        key: Sequence[str] = (),
        links: Mapping[str, str] | None = None,
        signed: Sequence[str] = (),
        sets: Mapping[str, str] | None = None,
        hidden: Sequence[str] = (),
        sort: str | None = None,
        labels: Mapping[str, str] | None = None,
        is_short: bool = False,
    ) -> None:
        super().__init__(empty)
        self._key, self._links, self._signed = key, links or {}, signed
        self._sets, self._hidden, self._labels = sets or {}, hidden, labels or {}
        self._is_short = is_short
        self.sort = sort  # the setting that holds by what it is sorted, if it can be
        self.sorted_by = ""

    def show(self, rows: pa.Table) -> str:
        """Return the table."""
        columns = [each for each in rows.schema if each.name not in self._hidden]
        head = "".join(self._head(each) for each in columns)
        body = "".join(self._row(row, columns) for row in rows.to_pylist())
        scroll = "scroll short" if self._is_short else "scroll"
        return (
            f'<div class="{scroll}" tabindex="0"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )

    def _head(self, column: pa.Field) -> str:
        name, kind = column.name, _kind(column)
        label = escape(self._labels.get(name, "")) or text.label(name)
        if not self.sort:
            return f'<th class="{kind}" scope="col">{label}</th>'
        is_by, is_down = self.sorted_by.lstrip("-") == name, self.sorted_by.startswith("-")
        order = f' aria-sort="{"descending" if is_down else "ascending"}"' if is_by else ""
        then = name if is_by and is_down else f"-{name}"
        return (
            f'<th class="{kind}" scope="col"{order}><button type="button" data-set="{self.sort}" '
            f'data-value="{escape(then)}">{label}</button></th>'
        )

    def _row(self, row: dict[str, Any], columns: Sequence[pa.Field]) -> str:
        said = ""
        if self._key:
            said += f' data-key="{escape("|".join(str(row[name]) for name in self._key))}"'
        if self._sets:
            sets = {setting: str(row[column]) for setting, column in self._sets.items()}
            said += f' data-sets="{escape(json.dumps(sets))}"'
        cells = "".join(self._cell(row, each) for each in columns)
        return f"<tr{said}>{cells}</tr>"

    def _cell(self, row: Mapping[str, Any], column: pa.Field) -> str:
        name, value = column.name, row[column.name]
        shown, kind = text.figure(name, value, self.look.zone), _kind(column)
        if value is None:
            kind += " none"
        elif "severity" in name and value in _SEVERITIES:
            shown = f'<span class="pill {value}">{value}</span>'
        elif isinstance(value, str) and (side := _SIDES.get(value)):
            shown = f'<i class="side {side}"></i>{shown.replace("_", " ")}'
        elif name in self._signed and isinstance(value, int | float | Decimal):
            kind += " up" if value > 0 else " down" if value < 0 else ""
            shown = f"+{shown}" if value > 0 else shown
        if name in self._links and value is not None:
            place = self._links[name].replace("{}", quote(str(value), safe=""))
            shown = f'<a href="{escape(place)}">{shown}</a>'
        return f'<td class="{kind}">{shown}</td>'


def _kind(column: pa.Field) -> str:
    return "num" if any(is_such(column.type) for is_such in _NUMBERS) else ""
