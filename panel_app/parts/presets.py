"""Buttons that set several settings at once, and clear what else filters."""

import json
from collections.abc import Mapping, Sequence
from html import escape


def presets(named: Mapping[str, Mapping[str, str]], filters: Sequence[str]) -> str:
    """Return a button for each name; it leaves none of the filters as it was."""
    buttons = "".join(
        f'<button type="button" class="preset" data-sets="{escape(_all(filters, sets))}">'
        f"{escape(name)}</button>"
        for name, sets in {**named, "Clear": {}}.items()
    )
    return f'<div class="presets" role="group" aria-label="Presets">{buttons}</div>'


def _all(filters: Sequence[str], sets: Mapping[str, str]) -> str:
    return json.dumps(dict.fromkeys(filters, "") | dict(sets))
