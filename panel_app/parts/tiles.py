"""Some columns of one row as large figures."""

from collections.abc import Sequence

import pyarrow as pa

from panel_app import text
from panel_app.parts.part import Part


class Tiles(Part):
    """Each column is a figure with its name below it; what is null or 0 is shown weakly."""

    def __init__(self, columns: Sequence[str], empty: str = "") -> None:
        super().__init__(empty)
        self._columns = columns

    def show(self, rows: pa.Table) -> str:
        """Return the figures of the first row."""
        row = rows.slice(0, 1).to_pylist()[0] if rows.num_rows else dict.fromkeys(self._columns)
        return '<div class="tiles">{}</div>'.format(
            "".join(
                f'<div class="tile {text.label(name)}{"" if row[name] else " none"}">'
                f"<b>{text.figure(name, row[name], self.look.zone)}</b>"
                f"<span>{text.label(name)}</span></div>"
                for name in self._columns
            )
        )
