"""The parts of a page: each shows one answer, and changes only what has changed in it."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import panel as pn
import pyarrow as pa

from leadline.catalog import View
from leadline.errors import LeadlineError
from panel_app import text
from panel_app.plot import Plot

SHEET = "/assets/parts.css"
Detectors = Callable[[str, int], View | None]


def html(body: str, **how: Any) -> pn.pane.HTML:
    """Return a piece of HTML in the house's style."""
    return pn.pane.HTML(body, stylesheets=[SHEET], sizing_mode="stretch_width", margin=0, **how)


def stacked(*views: Any) -> pn.viewable.Viewable:
    """Lay things out one below the other."""
    return pn.Column(
        *views, sizing_mode="stretch_width", stylesheets=[SHEET], css_classes=["stack"]
    )


def beside(*views: Any) -> pn.viewable.Viewable:
    """Lay things out side by side, where there is room for it."""
    for view in views:
        view.styles = {**view.styles, "flex": "1 1 420px", "min-width": "min(100%, 340px)"}
    return pn.FlexBox(
        *views, gap="16px", align_items="flex-start", sizing_mode="stretch_width", margin=0
    )


def card(title: str, view: pn.viewable.Viewable) -> pn.viewable.Viewable:
    """Put a frame and a title around something."""
    return pn.Column(
        html(f"<h2>{escape(title)}</h2>"), view,
        sizing_mode="stretch_width", stylesheets=[SHEET], css_classes=["card"], margin=0,
    )  # fmt: skip


class Part:
    """What shows an answer, or in its place the sentence that says why there is none."""

    empty = ""

    def __init__(self) -> None:
        self.view = pn.Column(sizing_mode="stretch_width", margin=0)
        self._said = html("")
        self._taken: pa.Table | str | None = None

    def take(self, answer: pa.Table | LeadlineError) -> None:
        """Show an answer, unless it is what is shown already."""
        if isinstance(answer, LeadlineError):
            if self._taken != str(answer):
                self._taken = str(answer)
                self._say(f'<p class="error" role="alert">{text.sentence(answer)}</p>')
            return
        if isinstance(self._taken, pa.Table) and self._taken.equals(answer):
            return
        self._taken = answer
        if not answer.num_rows and self.empty:
            self._say(f'<p class="empty">{text.sentence(self.empty)}</p>')
            return
        self._show(answer)
        if list(self.view) != self._body():
            self.view.objects = self._body()

    def _say(self, body: str) -> None:
        self._said.object = body
        self.view.objects = [self._said]

    def _body(self) -> list[Any]:
        raise NotImplementedError

    def _show(self, answer: pa.Table) -> None:
        raise NotImplementedError


class Clock:
    """The moment that a page shows."""

    def __init__(self) -> None:
        self.view = html("")

    def show(self, moment: datetime) -> None:
        """Show a moment."""
        self.view.object = (
            f'<p class="clock"><i class="beat"></i>{moment:%Y-%m-%d} '
            f"<b>{moment:%H:%M:%S}</b> UTC</p>"
        )

    def fail(self, error: LeadlineError) -> None:
        """Say why there is none."""
        self.view.object = f'<p class="clock error" role="alert">{text.sentence(error)}</p>'


class Tiles(Part):
    """Some columns of one row as large figures."""

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__()
        self._columns, self._tiles = columns, html("")

    def _body(self) -> list[Any]:
        return [self._tiles]

    def _show(self, answer: pa.Table) -> None:
        row = answer.to_pylist()[0]
        self._tiles.object = '<div class="tiles">{}</div>'.format(
            "".join(
                f'<div class="tile {text.label(name)}{"" if row[name] else " none"}">'
                f"<b>{text.figure(name, row[name])}</b><span>{text.label(name)}</span></div>"
                for name in self._columns
            )
        )


class Table(Part):
    """An answer as a table."""

    def __init__(self, empty: str) -> None:
        super().__init__()
        self.empty, self._table = empty, html("")

    def _body(self) -> list[Any]:
        return [self._table]

    def _show(self, answer: pa.Table) -> None:
        kinds = ["num" if pa.types.is_integer(each.type) else "" for each in answer.schema]
        names = answer.schema.names
        head = "".join(
            f'<th class="{kind}">{text.label(name)}</th>'
            for name, kind in zip(names, kinds, strict=True)
        )
        rows = "".join(
            "<tr>{}</tr>".format(
                "".join(
                    f'<td class="{kind}">{text.figure(name, row[name])}</td>'
                    for name, kind in zip(names, kinds, strict=True)
                )
            )
            for row in answer.to_pylist()
        )
        self._table.object = (
            f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>"
        )


class Alerts(Part):
    """Alerts, newest first; a new one is put on top, and what is open stays open."""

    def __init__(self, detector: Detectors, store: Path, empty: str) -> None:
        super().__init__()
        self.empty, self._detector, self._store = empty, detector, store
        self._panes: dict[str, pn.pane.HTML] = {}

    def _body(self) -> list[Any]:
        return list(self._panes.values())

    def _show(self, answer: pa.Table) -> None:
        panes = {}
        for row in answer.to_pylist():
            body, key = self._alert(row), row["alert_key"]
            panes[key] = self._panes.get(key) or html(body)
            if panes[key].object != body:
                panes[key].object = body
        self._panes = panes

    def _alert(self, row: dict[str, Any]) -> str:
        facts = [
            escape(row["entity"]),
            f"{escape(row['detector'])} v{row['version']}",
            text.figure("", row["fired_at"]),
            f"score {row['score']:.0f}",
        ]
        if row["notional_usd"] is not None:
            facts.append(text.figure("notional_usd", row["notional_usd"]))
        if row["is_late"]:
            facts.append("<em>late</em>")
        side = row["direction"] or "unknown"
        return (
            f'<details class="alert"><summary><span class="pill {escape(row["severity"])}">'
            f'{escape(row["severity"])}</span><span class="headline">'
            f'<i class="side {escape(side)}" title="{escape(side)}"></i>{escape(row["headline"])}'
            f'</span><span class="facts">{" · ".join(facts)}</span></summary>'
            f'<div class="why">{self._why(row)}</div></details>'
        )

    def _why(self, row: dict[str, Any]) -> str:
        said = [
            f"<p><b>{name}</b> {text.sentence(row[column])}</p>"
            for name, column in (("Sees.", "what"), ("Misses.", "misses"), ("Noisy.", "noisy"))
            if row[column]
        ]
        numbers = {name: row[name] for name in ("confidence", "happened_at", "direction")}
        numbers |= json.loads(row["evidence"])
        pairs = "".join(
            f"<div><dt>{escape(name)}</dt><dd>{text.figure(name, value)}</dd></div>"
            for name, value in numbers.items()
        )
        said.append(f"<dl>{pairs}</dl>")
        view = self._detector(row["detector"], row["version"])
        if view is None:
            said.append("<p>This project has that version of the detector no more.</p>")
        else:
            asked = text.command(view, row["alert_key"], row["ticked_at"], self._store)
            said.append(f'<h3>Ask for it again</h3><pre class="command">{asked}</pre>')
            said.append(
                f"<details><summary>SQL of {escape(view.id)} v{view.version}, fingerprint "
                f"{escape(row['fingerprint'])}</summary><pre>{escape(view.text)}</pre></details>"
            )
        return "".join(said)


class Chart(Part):
    """One column as a line and another as bars below it, over the first column."""

    def __init__(self, line: str, bars: str, empty: str) -> None:
        super().__init__()
        self.empty = empty
        self._plot, self._head = Plot(line, bars), html("")
        self._pane = pn.pane.Bokeh(
            self._plot.layout, sizing_mode="stretch_width", margin=0, height=self._plot.height
        )

    def _body(self) -> list[Any]:
        return [self._head, self._pane]

    def _show(self, answer: pa.Table) -> None:
        last = answer.slice(answer.num_rows - 1).to_pylist()[0]
        facts = [
            f"<span>{text.label(name)} <b>{text.figure(name, value)}</b></span>"
            for name, value in last.items()
            if not isinstance(value, str)
        ]
        named = " ".join(escape(value) for value in last.values() if isinstance(value, str))
        self._head.object = f'<p class="last"><b class="named">{named}</b>{"".join(facts)}</p>'
        self._plot.take(answer)
