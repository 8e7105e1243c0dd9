"""The frame around every page, light and dark; nothing in it comes from outside."""

from collections.abc import Mapping
from html import escape
from pathlib import Path

import panel as pn

ASSETS = Path(__file__).parent / "assets"


def framed(
    here: str, pages: Mapping[str, str], clock: pn.viewable.Viewable,
    page: pn.viewable.Viewable, *, has_login: bool = False,
) -> pn.Template:  # fmt: skip
    """Put a page into the frame; pages are address and title."""
    links = "".join(
        f'<a href="{escape(path)}"{" aria-current=page" if path == here else ""}>{escape(name)}</a>'
        for path, name in pages.items()
    )
    frame = pn.Template((ASSETS / "frame.html").read_text())
    frame.add_variable("links", links)
    frame.add_variable("has_login", has_login)
    for name in ("app_favicon", "apple_icon"):  # else Panel's own, which lie elsewhere
        frame.add_variable(name, "/assets/mark.svg")
    frame.add_panel("clock", clock)
    frame.add_panel("page", page)
    return frame
