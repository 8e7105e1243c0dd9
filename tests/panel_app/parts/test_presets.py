"""A preset sets its own filters and clears the others."""

import json
import re
from html import unescape

from panel_app.parts.presets import presets


def test_each_button_says_all_filters() -> None:
    said = presets({"0DTE": {"dte_to": "0"}}, ("dte_to", "sweep"))

    buttons = re.findall(r'data-sets="([^"]+)">([^<]+)<', said)
    assert [(json.loads(unescape(sets)), name) for sets, name in buttons] == [
        ({"dte_to": "0", "sweep": ""}, "0DTE"), ({"dte_to": "", "sweep": ""}, "Clear"),
    ]  # fmt: skip
