"""A frame around a part: what it is, of when, how much, its SQL, and ways to take it along."""

from datetime import datetime
from html import escape

import panel as pn

from leadline.clock import stamp
from panel_app.paced import Answer
from panel_app.parts.layout import SHEETS, html
from panel_app.parts.part import Look, Part

FORMS = ("csv", "parquet", "arrow", "json", "xlsx")


class Panel:
    """`name` is its place on the page, and its address within that of the page."""

    def __init__(self, name: str, title: str, part: Part, page: str) -> None:
        self.name, self.part = name, part
        self._title, self._page = title, page
        self._head = html(self._said())
        self.view = pn.Column(
            self._head, part.view, sizing_mode="stretch_width", margin=0,
            stylesheets=SHEETS, css_classes=["card"],
        )  # fmt: skip

    def show(
        self, answer: Answer, sql: str, look: Look, most: int | None, *, is_last: bool = False
    ) -> None:
        """Say of when it is, of how many rows, and what was asked; a last one is asked anew."""
        rows = getattr(answer.rows, "num_rows", None)
        facts = [_of(answer.until, look)]
        if rows is not None:
            is_more = most is not None and rows > most
            n = most if is_more else rows
            facts.append(f"first {n:,} rows" if is_more else f"{n:,} row{'' if n == 1 else 's'}")
            facts.append("asking anew" if is_last else f"{answer.took_s:.2f} s")
        self._head.html = self._said(" · ".join(facts), sql)

    def _said(self, facts: str = "", sql: str = "") -> str:
        exports = "".join(
            f'<a role="menuitem" data-export download href="{self._page}/{self.name}.{form}">'
            f"{form}</a>"
            for form in FORMS
        )
        return (
            f'<header class="head" id="{self.name}"><h2>{escape(self._title)}</h2>'
            f'<span class="facts">{facts}</span><span class="tools">'
            f"<details class=menu><summary>SQL</summary><div><pre>{escape(sql.strip())}</pre>"
            f'<button type="button" data-copy="{escape(sql.strip())}">Copy</button></div></details>'
            f'<details class=menu><summary>Export</summary><div role="menu">{exports}</div>'
            f"</details>"
            f'<button type="button" data-link="{self.name}" title="Copy a link to this">Link'
            f"</button></span></header>"
        )


def _of(until: datetime, look: Look) -> str:
    there = until.astimezone(look.zone)
    return f'<time title="{stamp(until)}">{there:%Y-%m-%d %H:%M:%S}</time>'
