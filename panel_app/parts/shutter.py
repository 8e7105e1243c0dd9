"""Shows some of a page's parts only where its question has a value: what is chosen."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from panel_app.parts.part import Part


class Shutter(Part):
    """Its answer is one value; of none, the others are hidden."""

    def __init__(self, others: Iterable[Any]) -> None:
        super().__init__()
        self.markup.html = ""
        self._others = list(others)
        self._turn(is_open=False)

    def show(self, rows: pa.Table) -> str:
        """Show or hide the others."""
        self._turn(is_open=rows.column(0)[0].as_py() is not None)
        return ""

    def _turn(self, *, is_open: bool) -> None:
        for each in self._others:
            each.visible = is_open
