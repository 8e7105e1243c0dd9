"""A sentence for each name that was asked for and is not there."""

import pyarrow as pa

from panel_app import text
from panel_app.parts.part import Part


class Unknown(Part):
    """Rows are names, `asked`, each beside the `nearest` one that is known; else nothing."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.markup.html, self._what = "", what

    def show(self, rows: pa.Table) -> str:
        """Return the sentences."""
        return "".join(
            '<p class="error" role="alert">'
            + text.sentence(f"{row['asked']}: {self._what}; the nearest name is {row['nearest']}")
            + "</p>"
            for row in rows.to_pylist()
        )
