"""The analyst's workbench: SQL of one's own, in the sandbox, over all views."""

import asyncio
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

import panel as pn
import pyarrow as pa

from leadline import queries
from leadline.errors import LeadlineError
from panel_app import text
from panel_app.bench import OFF, Bench, Found
from panel_app.charted import KINDS, Charted, charted
from panel_app.controls import Choice, Control, Moment
from panel_app.desk import Desk
from panel_app.parts import axes
from panel_app.parts import found as answer
from panel_app.parts.code import highlighted
from panel_app.parts.editor import Editor, editor
from panel_app.parts.layout import SHEETS, beside, html, stacked
from panel_app.parts.part import Look

TITLE, LETTER, ORDER = "Workbench", "b", 11
CONTROLS = (
    Control("sql", "SQL"), Control("binds", "Parameters"), Moment("since", "Since"),
    Moment("until", "Until"), Control("saved", "Saved query"),
    Choice("chart", "Shown as", options=KINDS), Control("x", "Along"), Control("y", "Drawn"),
    Control("by", "Colour"), Control("sort", "Sorted by"), Control("only", "Only where"),
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
        self.axes, self.drawn = html(), html()
        self.graph = pn.pane.Bokeh(None, sizing_mode="stretch_width", margin=0)
        self.answer = pn.Column(self.status, sizing_mode="stretch_width", margin=0)
        self._found: Found | None = None  # in the query's own order
        self._has_run = False
        self._turn = asyncio.Lock()
        self._list()
        desk.on("warm", self._warm)
        desk.on("run", self._run)
        desk.on("cancel", lambda said: self._bench.cancel())
        desk.on("export", self._export)
        desk.on("save", self._save)
        desk.on("draft", self._draft)
        desk.heed(("chart", "x", "y", "by", "sort", "tz", "up"), self._anew)
        desk.heed(("only",), self._again)
        self.view = stacked(
            _card("query", "Query", self.editor, self.answer),
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
        async with self._turn:
            self.editor.param.update(running=True, mark=0)
            self.status.html = '<p class="took" role="status">Asking…</p>'
            self._found, self._has_run = None, True
            try:
                self._found = await self._bench.ask()
            except LeadlineError as error:
                self._desk.change(partial(self._tell, str(error)))
            else:
                await self._lay_out(self._found)

    async def _again(self, said: Mapping[str, Any]) -> None:
        """Ask for other rows of what was asked."""
        if self._has_run and said.get("do") != "run":
            await self._run(said)

    async def _anew(self, said: Mapping[str, Any]) -> None:
        """Show what was answered in another order, or as another chart."""
        async with self._turn:
            if self._found is not None:
                await self._lay_out(self._found)

    async def _lay_out(self, found: Found) -> None:
        """Sort and draw an answer; what can't be is a sentence beside the rows."""
        settings, faults = self._desk.settings, []
        sort, kind = settings["sort"], settings["chart"]
        shown, chosen, drawing = found, None, None
        try:
            if sort:
                shown = await self._bench.sorted(found, sort)
        except LeadlineError as error:
            faults.append(str(error))
            sort = ""
        try:
            if kind and found.n_rows:
                chosen = charted(shown.rows, kind, *(settings[each] for each in ("x", "y", "by")))
                drawing = await asyncio.to_thread(_drawn, shown.rows, chosen, self._desk.look)
        except LeadlineError as error:
            faults.append(str(error))
        self._desk.change(partial(self._show, shown, sort, chosen, drawing, faults))

    def _show(
        self, found: Found, sort: str, chosen: Charted | None, drawing: Any, faults: Sequence[str]
    ) -> None:
        settings = self._desk.settings
        self.editor.param.update(running=False, mark=0)
        self.status.html = answer.told(found)
        schema = found.rows.schema
        self.axes.html = axes.fields(schema, settings["chart"], chosen, settings["only"])
        figure, left_out = drawing or (None, ())
        self.drawn.html = axes.told(found, chosen, left_out, faults)
        self.graph.object = figure
        self.rows.html = answer.rows(found, self._desk.look, sort) + answer.steps(found.measure)
        graph = [self.graph] if figure is not None else []
        self.answer.objects = [self.status, self.axes, self.drawn, *graph, self.rows]

    def _tell(self, said: str) -> None:
        only = self._desk.settings["only"]
        line, mark = _LINE.match(said), 0
        if line:
            mark = int(line[1])
            if mark > self._desk.settings["sql"].rstrip().count("\n") + 1:  # below the query
                said, mark = f"only: {said[line.end() :]}", 0
        self.editor.param.update(running=False, mark=mark)
        kind = "took" if "was cancelled" in said else "error"
        self.status.html = f'<p class="{kind}" role="alert">{text.sentence(said)}</p>'
        self.axes.html = axes.fields(pa.schema([]), "", None, only) if only else ""
        self.rows.html = self.drawn.html = ""
        self.answer.objects = [self.status, self.axes]

    async def _export(self, said: Mapping[str, Any]) -> None:
        """Send a file through the page's own line: who may ask here may take it along."""
        form, tell = str(said.get("form", "")), self._desk.touch.tell
        self._desk.change(partial(tell, {"begins": True}))
        async for piece in self._bench.file(form):
            self._desk.change(partial(tell, {"piece": b64encode(piece).decode()}))
        self._desk.change(partial(tell, {"file": f"answer.{form}"}))

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


def _drawn(rows: pa.Table, chosen: Charted, look: Look) -> tuple[Any, Sequence[str]]:
    from panel_app.parts import graph  # HoloViews takes a while to load, and few draw

    return graph.drawn(rows, chosen, look)


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
