"""The frame around every page, light and dark; nothing in it comes from outside."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import panel as pn

from panel_app import text

if TYPE_CHECKING:
    from panel_app.dashboard import Page
    from panel_app.desk import Desk

ASSETS = Path(__file__).parent / "assets"
COMMON = ("last", "at", "tz", "up")  # settings that stand in the frame, where a page has them
KEYS: Mapping[str, str] = {
    "Ctrl K": "go to a page or a symbol; also :",
    "/": "the first filter; Escape leaves it",
    "j k": "down and up the rows of all lists",
    "Enter": "opens the row: what it sets, where it leads, or what explains it",
    "x": "presses the row's first button",
    "?": "this list; Escape closes it",
}


def framed(
    here: "Page",
    pages: "Sequence[Page]",
    desk: "Desk",
    body: pn.viewable.Viewable,
    *,
    has_login: bool = False,
) -> pn.Template:
    """Put a page into the frame."""
    frame = pn.Template((ASSETS / "frame.html").read_text())
    keys = {**KEYS} | {f"g {page.letter}": page.title for page in pages if page.letter}
    rows = "".join(f"<div><dt>{_keys(key)}</dt><dd>{does}</dd></div>" for key, does in keys.items())
    settings = desk.settings
    values: dict[str, Any] = {
        "heading": here.title,
        "links": _links(pages, here),
        "common": settings.html([name for name in COMMON if name in settings.controls]),
        "keys": f"<dl>{rows}</dl>",
        "has_login": has_login,
    }
    views = {"clock": desk.clock, "faults": desk.faults, "page": body, "touch": desk.touch}
    for name, value in values.items():
        frame.add_variable(name, value)
    for name in ("app_favicon", "apple_icon"):  # else Panel's own, which lie elsewhere
        frame.add_variable(name, "/assets/mark.svg")
    for name, view in views.items():
        frame.add_panel(name, view)
    return frame


def alone(pages: "Sequence[Page]", said: str) -> str:
    """Return a page with nothing but the frame's links and a sentence."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>leadline</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" type="image/svg+xml" href="/assets/mark.svg">'
        '<link rel="stylesheet" href="/assets/frame.css"></head><body>'
        f'<nav aria-label="Pages">{_links(pages)}</nav>'
        f'<main id="page"><p class="banner" role="alert">{text.sentence(said)}</p></main>'
        "</body></html>"
    )


def _links(pages: "Sequence[Page]", here: "Page | None" = None) -> str:
    return "".join(
        f'<a href="{escape(page.address)}"{" aria-current=page" if page is here else ""} '
        f'data-letter="{page.letter}" data-title="{escape(page.title)}">{escape(page.title)}'
        f"<kbd>{page.letter}</kbd></a>"
        for page in pages
    )


def _keys(words: str) -> str:
    return " ".join(f"<kbd>{escape(word)}</kbd>" for word in words.split())
