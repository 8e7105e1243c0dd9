"""A table whose first row leads: what the page is of, until somebody says otherwise."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from panel_app.parts.table import Table


class Leading(Table):
    """Calls `lead` with the first row's `column` whenever its rows have changed."""

    def __init__(self, empty: str, column: str, lead: Callable[[str], None], **how: Any) -> None:
        super().__init__(empty, **how)
        self._column, self._lead = column, lead

    def show(self, rows: pa.Table) -> str:
        """Return the table."""
        self._lead(str(rows.column(self._column)[0].as_py()))
        return super().show(rows)
