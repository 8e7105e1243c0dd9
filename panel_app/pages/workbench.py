"""The analyst's workbench: SQL of one's own, in the sandbox, over all views."""

import re
from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

import panel as pn

from leadline import queries
from leadline.errors import LeadlineError
from panel_app import text
from panel_app.bench import OFF, Bench, Found
from panel_app.controls import Control, Moment
from panel_app.desk import Desk
from panel_app.parts import found as answer
from panel_app.parts.code import highlighted
from panel_app.parts.editor import Editor, editor
from panel_app.parts.layout import SHEETS, beside, html, stacked

TITLE, LETTER, ORDER = "Workbench", "b", 11
CONTROLS = (
    Control("sql", "SQL"), Control("binds", "Parameters"), Moment("since", "Since"),
    Moment("until", "Until"), Control("saved", "Saved query"),
)  # fmt: skip
EXAMPLE = """select detector, severity, count(*) as n_alerts
from curated.alerts
group by detector, severity
order by n_alerts desc"""
AT = "/smart-money/dashboard/workbench"
_LINE = re.compile(r"query:(\d+): ")


def page(desk: Desk) -> pn.viewable.Viewable:
    """Lay out the editor with what it answers, and what is saved."""
    return Workbench(desk).view


class Workbench:
    """What one viewer does on the page."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._bench = desk, Bench(desk)
        fault = self._open()
        settings = desk.settings
        is_asked = bool(settings["sql"])
        self.editor: Editor = editor(
            sql=settings["sql"] or EXAMPLE, binds=settings["binds"], since=settings["since"],
            until=settings["until"], runs=desk.sandbox is not None,
            begins=is_asked and desk.sandbox is not None,
        )  # fmt: skip
        if not is_asked:
            settings.set("sql", EXAMPLE)
        off = f'<p class="empty">{text.sentence(OFF)}</p>' if desk.sandbox is None else ""
        self.status, self.rows, self.saved, self.made = html(off + fault), html(), html(), html()
        self._list()
        desk.on("warm", self._warm)
        desk.on("run", self._run)
        desk.on("cancel", lambda said: self._bench.cancel())
        desk.on("save", self._save)
        desk.on("draft", self._draft)
        self.view = stacked(
            _card("query", "Query", self.editor, self.status, self.rows),
            beside(
                _card("saved", "Saved queries", self.saved),
                _card("draft", "Make a detector of it", html(_form()), self.made),
            ),
        )

    def _open(self) -> str:
        """Fill in a saved query, unless the address says another; return what is wrong with it."""
        settings = self._desk.settings
        if not settings["saved"] or settings["sql"]:
            return ""
        try:
            found = queries.read(self._bench.root, settings["saved"])
        except LeadlineError as error:
            return f'<p class="error" role="alert">{text.sentence(error)}</p>'
        filled = {**found.binds, **queries.binds_of(settings["binds"])}
        settings.set("sql", found.sql)
        settings.set("binds", "&".join(f"{name}={value}" for name, value in filled.items()))
        for name, value in (("since", found.since), ("until", found.until)):
            if not settings[name]:
                settings.set(name, value)
        return ""

    def _warm(self, said: Mapping[str, Any]) -> None:
        if self._desk.sandbox is not None:
            self._desk.sandbox.warm()

    async def _run(self, said: Mapping[str, Any]) -> None:
        self.editor.param.update(running=True, mark=0)
        self.status.html = '<p class="took" role="status">Asking…</p>'
        try:
            found = await self._bench.ask()
        except LeadlineError as error:
            self._desk.change(partial(self._tell, error))
        else:
            self._desk.change(partial(self._show, found))

    def _show(self, found: Found) -> None:
        self.editor.param.update(running=False, mark=0)
        self.status.html = answer.told(found)
        self.rows.html = answer.rows(found, self._desk.look) + answer.steps(found.measure)

    def _tell(self, error: LeadlineError) -> None:
        line = _LINE.match(str(error))
        self.editor.param.update(running=False, mark=int(line[1]) if line else 0)
        kind = "took" if "was cancelled" in str(error) else "error"
        self.status.html = f'<p class="{kind}" role="alert">{text.sentence(error)}</p>'
        self.rows.html = ""

    def _save(self, said: Mapping[str, Any]) -> None:
        path = self._bench.save(str(said.get("name", "")), str(said.get("what", "")))
        name = path.rpartition("/")[2].removesuffix(".sql")
        self._desk.settings.set("saved", name)
        self._list()
        self._desk.touch.tell({"done": f"{path} is saved", "settings": {"saved": name}})

    async def _draft(self, said: Mapping[str, Any]) -> None:
        path, body = await self._bench.draft(str(said.get("name", "")), str(said.get("what", "")))
        self._desk.change(lambda: setattr(self.made, "html", _drafted(path, body)))

    def _list(self) -> None:
        here = self._desk.settings["saved"]
        rows = "".join(
            f'<tr data-key="{each.name}"{" data-own=here" if each.name == here else ""}>'
            f'<td><a href="{AT}?saved={each.name}">{escape(each.name)}</a></td>'
            f'<td class="words">{text.sentence(each.what)}</td></tr>'
            for each in queries.listed(self._bench.root)
        )
        none = '<p class="empty">Nothing is saved yet. Give the query above a name.</p>'
        table = (
            '<div class="scroll short" tabindex="0"><table><thead><tr><th scope="col">name</th>'
            f'<th scope="col">what it asks</th></tr></thead><tbody>{rows}</tbody></table></div>'
        )
        self.saved.html = (table if rows else none) + (
            '<form class="bar pad-in" onsubmit="return false"><label class="field">'
            f'<span>Name</span><input type="text" name="name" value="{escape(here)}" '
            'autocomplete="off"></label>'
            '<label class="field wide"><span>What it asks</span><input type="text" name="what" '
            'autocomplete="off"></label><button type="button" class="action" data-do="save">'
            "Save the query</button></form>"
            '<p class="quiet pad">A file each in <code>queries/</code> of the project; its address '
            "is <code>?saved=NAME</code>.</p>"
        )


def _card(name: str, title: str, *views: Any) -> pn.Column:
    head = html(f'<header class="head" id="{name}"><h2>{escape(title)}</h2></header>')
    return pn.Column(
        head, *views, sizing_mode="stretch_width", margin=0, stylesheets=SHEETS,
        css_classes=["card"],
    )  # fmt: skip


def _form() -> str:
    return (
        '<p class="quiet pad">Writes the query into a file as a <b>draft</b> of a detector, once '
        "the sandbox has bound it. It needs a column of what is watched (<code>entity</code>, "
        "<code>symbol</code>, <code>pair</code>, …) and one of when that was known "
        "(<code>fired_at</code>, <code>known_at</code>, …). A draft alarms nobody: somebody writes "
        "<code>status: live</code> into it by hand.</p>"
        '<form class="bar pad-in" onsubmit="return false"><label class="field"><span>Name</span>'
        '<input type="text" name="name" placeholder="options.mine" autocomplete="off"></label>'
        '<label class="field wide"><span>What it sees</span><input type="text" name="what" '
        'autocomplete="off"></label><button type="button" class="action" data-do="draft">'
        "Write the draft</button></form>"
    )


def _drafted(path: str, body: str) -> str:
    return (
        f'<div class="told"><p><b>{escape(path)}</b> is written, as a draft. Say there what it '
        "misses, when it is noisy and how far from usual a row is; <code>leadline check</code> "
        "binds it. It is in the list of detectors once the server has started again."
        f"</p>{highlighted(body)}</div>"
    )
