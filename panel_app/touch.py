"""What a hand does in the page comes here: a setting, a line that is opened, a button."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import panel as pn
import param

_ASSETS = Path(__file__).parent / "assets"
_LAST = "\uffff"


class Touch(pn.custom.JSComponent):
    """Takes messages from any part of the page, and shows nothing itself."""

    _esm = _ASSETS / "touch.js"

    def tell(self, message: Mapping[str, Any]) -> None:
        """Tell the page something: `{"settings": {...}}` puts them into its address."""
        self._send_msg(dict(message))

    def listen(self, hear: Callable[[Mapping[str, Any]], None]) -> None:
        """Call `hear` with each message."""
        self.on_msg(lambda event: hear(event.data))


class Markup(pn.custom.JSComponent):
    """HTML that changes in place: what has a `data-key` stays itself, opened and focused.

    Of a change only what lies between what stayed the same before and behind it is sent.
    """

    first = param.String("")  # what it begins with
    splice = param.List([])  # its number, from where, to where, and what comes in between
    mark = param.String("")  # what it is called in the browser

    _esm = _ASSETS / "markup.js"

    def __init__(self, html: str = "", **how: Any) -> None:
        super().__init__(first=html, mark=uuid4().hex, **how)
        self._html, self._n, self._is_drawn = html, 0, False
        self.on_msg(self._drawn)

    @property
    def html(self) -> str:
        """What it shows."""
        return self._html

    @html.setter
    def html(self, fresh: str) -> None:
        old, self._html = self._html, fresh
        if old == fresh:
            return
        if not self._is_drawn:  # a piece would meet nothing that it fits into
            self.first = fresh
            return
        self._n += 1
        self.splice = [self._n, *between(old, fresh)]

    def _drawn(self, event: Any) -> None:
        """Send pieces from now on: the browser has drawn what they fit into."""
        self._is_drawn = True


def between(old: str, fresh: str) -> tuple[int, int, str]:
    """Return what turns one text into another: from where, to where, and what stands there then.

    Browsers count characters beyond the 65,536th twice, so with such all is replaced.
    """
    if max(old, default="") > _LAST or max(fresh, default="") > _LAST:
        return 0, -1, fresh
    begin = _shared(old, fresh)
    most = min(len(old), len(fresh)) - begin
    end = _shared(old[::-1][:most], fresh[::-1][:most])
    return begin, len(old) - end, fresh[begin : len(fresh) - end]


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts begin with together."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
