"""What shows an answer, or in its place the sentence that says why there is none."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import panel as pn
import pyarrow as pa

from leadline.errors import LeadlineError
from panel_app import text
from panel_app.parts.layout import html

ASKING = '<p class="asking" role="status">Asking…</p>'


@dataclass(frozen=True)
class Look:
    """How a viewer wants to see it: the zone of all moments, and whether up is red."""

    zone: ZoneInfo = text.UTC
    is_up_red: bool = False

    @property
    def up(self) -> str:
        """The colour of what rises, for what style sheets don't reach."""
        return DOWN if self.is_up_red else UP

    @property
    def down(self) -> str:
        """The colour of what falls."""
        return UP if self.is_up_red else DOWN


# Told apart by who sees no red or no green, too, on light and dark; never by colour alone.
UP, DOWN, LINE, GREY = "#0d9488", "#d9534f", "#3b82c4", "#7f8b99"
MORE = ("#8b6fd1", "#c98a1b", "#5b8c3a", "#b0588f")  # for further lines


class Part:
    """Shows one answer as HTML; what it shows is `markup` alone, unless it has panes of its own."""

    def __init__(self, empty: str = "") -> None:
        self.empty, self.look = empty, Look()
        self.markup = html(ASKING)
        self._panes = self.panes()
        self.view = pn.Column(self.markup, sizing_mode="stretch_width", margin=0)
        self._taken: pa.Table | str | None = None
        self._taken_as: Look | None = None

    def panes(self) -> list[Any]:
        """Return what stands below the HTML; it is shown where there are rows."""
        return []

    def take(self, answer: pa.Table | LeadlineError) -> None:
        """Show an answer, unless it is what is shown already."""
        taken: pa.Table | str = str(answer) if isinstance(answer, LeadlineError) else answer
        if self._taken_as == self.look and _is_same(taken, self._taken):
            return
        self._taken, self._taken_as = taken, self.look
        if isinstance(taken, str):
            self._say(f'<p class="error" role="alert">{text.sentence(taken)}</p>')
        elif not taken.num_rows and self.empty:
            self._say(f'<p class="empty">{text.sentence(self.empty)}</p>')
        else:
            self._put(self.show(taken), is_there=True)

    def show(self, rows: pa.Table) -> str:
        """Return the HTML of an answer, and bring the panes up to date."""
        raise NotImplementedError

    def _say(self, body: str) -> None:
        self._put(body, is_there=False)

    def _put(self, body: str, *, is_there: bool) -> None:
        self.markup.html = body
        shown = [self.markup, *(self._panes if is_there else [])]
        if list(self.view) != shown:
            self.view.objects = shown


def _is_same(one: pa.Table | str, other: pa.Table | str | None) -> bool:
    if isinstance(one, pa.Table) and isinstance(other, pa.Table):
        return bool(one.equals(other))
    return isinstance(one, str) and one == other
