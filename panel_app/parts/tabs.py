"""Links between the parts of a page that is too long for one, of which one is shown."""

from collections.abc import Mapping
from html import escape

from panel_app.parts.layout import html
from panel_app.touch import Markup


def tabs(label: str, address: str, setting: str, shown: str, titles: Mapping[str, str]) -> Markup:
    """Return the links; each sets one setting of the page, and the page opens anew."""
    links = "".join(
        f'<a href="{address}?{setting}={escape(name)}"'
        f"{' aria-current=page' if name == shown else ''}>{escape(title)}</a>"
        for name, title in titles.items()
    )
    return html(f'<nav class="tabs" aria-label="{escape(label)}">{links}</nav>')
