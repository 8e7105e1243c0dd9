"""What a hand does in the page comes here: a setting, a line that is opened, a button."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import panel as pn
import param

_ASSETS = Path(__file__).parent / "assets"


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
    """HTML that changes in place: what has a `data-key` stays itself, opened and focused."""

    html = param.String("")

    _esm = _ASSETS / "markup.js"
