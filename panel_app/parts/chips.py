"""Names to choose one from, each a button that sets it."""

from html import escape

import pyarrow as pa

from panel_app.parts.part import Part


class Chips(Part):
    """Rows are a name, how many it holds and whether it is chosen; the first chip is all."""

    def __init__(self, setting: str, label: str) -> None:
        super().__init__()
        self._setting, self._label = setting, label

    def show(self, rows: pa.Table) -> str:
        """Return the buttons."""
        named = [tuple(row.values()) for row in rows.to_pylist()]
        if not named:
            return ""
        n_all = sum(n for _, n, _ in named)
        is_any = any(is_shown for *_, is_shown in named)
        chips = [
            ("", "all", n_all, not is_any),
            *((name, name, n, is_on) for name, n, is_on in named),
        ]
        buttons = "".join(
            f'<button type="button" data-key="{escape(value)}" data-set="{self._setting}" '
            f'data-value="{escape(value)}" aria-pressed="{"true" if is_on else "false"}">'
            f"{escape(said)} <small>{n:,}</small></button>"
            for value, said, n, is_on in chips
        )
        return f'<div class="chips" role="group" aria-label="{self._label}">{buttons}</div>'
