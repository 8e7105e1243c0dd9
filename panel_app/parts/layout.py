"""Lays things out: below one another, side by side, in the house's style."""

from typing import Any

import panel as pn

from panel_app.touch import Markup

SHEETS = ["/assets/parts.css", "/assets/pages.css"]


def html(body: str = "", **how: Any) -> Markup:
    """Return a piece of HTML that changes in place."""
    return Markup(body, stylesheets=SHEETS, sizing_mode="stretch_width", margin=0, **how)


def card(title: str, *views: Any) -> pn.viewable.Viewable:
    """Put things that answer no question into a frame."""
    head = html(f'<header class="head"><h2>{title}</h2></header>')
    return pn.Column(
        head, *views, sizing_mode="stretch_width", margin=0, stylesheets=SHEETS,
        css_classes=["card"],
    )  # fmt: skip


def stacked(*views: Any) -> pn.viewable.Viewable:
    """Lay things out one below the other."""
    return pn.Column(
        *views, sizing_mode="stretch_width", stylesheets=SHEETS, css_classes=["stack"], margin=0
    )


def beside(*views: Any, least: int = 340) -> pn.viewable.Viewable:
    """Lay things out side by side, where each has so many pixels."""
    for view in views:
        view.styles = {**view.styles, "flex": "1 1 420px", "min-width": f"min(100%, {least}px)"}
    return pn.FlexBox(
        *views, gap="12px", align_items="flex-start", sizing_mode="stretch_width", margin=0
    )
