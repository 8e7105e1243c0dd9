"""Which columns of an answer a chart is of: what the address says, else what their types suggest.

A column that does not fit is a sentence, and the suggested one is drawn in its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from leadline.errors import QueryError, nearest

KINDS = {
    "": "Rows", "line": "Line", "bars": "Bars", "scatter": "Scatter", "histogram": "Histogram",
    "heat": "Heat map",
}  # fmt: skip
NONE = "-"  # what stands for no colour, where one would be suggested
_ALONG = {"line": ("moment", "number"), "scatter": ("moment", "number")}
_FIRST = {"bars": ("word", "moment", "number"), "heat": ("moment", "word", "number")}


@dataclass(frozen=True)
class Charted:
    """The columns that are drawn, and a sentence for each that was asked for and does not fit."""

    kind: str
    x: str  # empty in a histogram, which counts y
    ys: tuple[str, ...]
    by: str
    faults: tuple[str, ...] = ()


def charted(rows: pa.Table, kind: str, x: str = "", y: str = "", by: str = "") -> Charted:
    """Return what a chart of an answer is of; what nothing can be drawn of is a QueryError."""
    return _Choice(rows, kind).made(x, y, by)


def kind_of(column: pa.Field) -> str:
    """Say whether a column is a moment, a number or a word; what is nested is nothing of these."""
    if pa.types.is_temporal(column.type) and not pa.types.is_duration(column.type):
        return "word" if pa.types.is_time(column.type) else "moment"
    if any(is_such(column.type) for is_such in _NUMBERS):
        return "number"
    return "" if pa.types.is_nested(column.type) else "word"


_NUMBERS = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)


class _Choice:
    def __init__(self, rows: pa.Table, kind: str) -> None:
        names = rows.schema.names
        once = [each for each in rows.schema if names.count(each.name) == 1]
        self._rows, self._kind = rows, kind
        self._kinds = {each.name: kind_of(each) for each in once if kind_of(each)}
        self._faults: list[str] = []

    def made(self, x: str, y: str, by: str) -> Charted:
        numbers = self._such("number")
        if not numbers:
            raise QueryError(f"{self._kind}: the answer has no column of numbers; select one")
        along = self._along(x, y)
        rest = [name for name in numbers if name != along] or numbers
        ys = [name for name in _listed(y) if self._fits("y", name, ("number",), rest[0])]
        found = tuple(ys) or (rest[0],)
        if self._kind == "heat" and len(found) > 1:
            self._faults.append(f"y: a heat map has one shade; drawn is {found[0]}")
            found = found[:1]
        return Charted(self._kind, along, found, self._by(by, along, found), tuple(self._faults))

    def _along(self, x: str, y: str) -> str:
        """Return what stands along the chart."""
        if self._kind == "histogram":
            return ""
        kinds = _ALONG.get(self._kind) or _FIRST[self._kind]
        every = [name for kind in kinds for name in self._such(kind)]
        # Of a chart over numbers alone, the one that is asked for upwards does not stand along.
        suggested = next((name for name in every if name not in _listed(y)), every[0])
        return x if x and self._fits("x", x, kinds, suggested) else suggested

    def _by(self, by: str, along: str, ys: Sequence[str]) -> str:
        """Return what tells colours apart; in a heat map what tells its rows apart."""
        words = [n for n in (*self._such("word"), *self._such("moment")) if n not in (along, *ys)]
        alone = [name for name in words if not self._is_shared(along, name)]
        suggested = (alone or words)[0] if words and self._wants_one(along) else ""
        if by == NONE and self._kind != "heat":
            return ""
        if by and by != NONE and self._fits("by", by, ("word", "moment", "number"), suggested):
            return by
        if self._kind == "heat" and not suggested:
            raise QueryError(
                "heat: it needs a second column of words or moments, for what stands upwards; "
                "select one"
            )
        return suggested

    def _wants_one(self, along: str) -> bool:
        """Say whether one column alone leaves several rows in one place."""
        if self._kind in ("scatter", "histogram"):
            return False
        return self._kind == "heat" or self._is_shared(along)

    def _is_shared(self, *names: str) -> bool:
        """Say whether rows share their place, by these columns."""
        if not all(names):
            return False
        places = self._rows.select(names)
        return bool(places.group_by(list(names)).aggregate([]).num_rows < places.num_rows)

    def _such(self, kind: str) -> list[str]:
        return [name for name, is_kind in self._kinds.items() if is_kind == kind]

    def _fits(self, setting: str, name: str, kinds: Sequence[str], instead: str) -> bool:
        """Say whether a column is there and of such a kind; else note what is drawn instead."""
        drawn = f"drawn is {instead}" if instead else "drawn without"
        if name not in self._kinds:
            near = nearest(name, list(self._kinds))
            self._faults.append(f"{setting}: the answer has no '{name}' to draw{near}; {drawn}")
        elif self._kinds[name] not in kinds:
            self._faults.append(
                f"{setting}: '{name}' holds {self._kinds[name]}s, and {KINDS[self._kind].lower()} "
                f"can have {'s or '.join(kinds)}s there; {drawn}"
            )
        else:
            return True
        return False


def _listed(text: str) -> list[str]:
    return [each for each in text.split(",") if each]
