"""What a view says of itself, its SQL and versions; the row only says which view it is."""

from collections.abc import Callable
from html import escape
from typing import Any

import pyarrow as pa

from leadline.diff import text as differs
from leadline.errors import LeadlineError
from leadline.warehouse import Warehouse
from panel_app import lineage, text
from panel_app.entry import Entry, entry
from panel_app.parts.code import difference, highlighted
from panel_app.parts.part import Part

AT = "/smart-money/dashboard/detectors"
_SAYS = {
    "what": "Sees", "grain": "A row is", "misses": "Misses", "noisy": "Noisy", "changed": "Changed",
    "rule": "Rule book", "every": "Worth asking every", "needs": "Reads back",
    "keep": "Keeps", "severity": "Severity",
}  # fmt: skip
_WIDE, _TALL, _GAP, _EDGE = 196, 24, 40, 12  # pixels of a node, and between columns


class Told(Part):
    """Shows what `show` makes of the entry that a row names; an unknown one is a sentence."""

    def __init__(self, warehouse: Warehouse, tell: Callable[[Warehouse, Entry], str]) -> None:
        super().__init__()
        self._warehouse, self._tell = warehouse, tell

    def show(self, rows: pa.Table) -> str:
        """Return what is told of it."""
        row: dict[str, Any] = rows.slice(0, 1).to_pylist()[0]
        version = row.get("shown_version")
        try:
            found = entry(self._warehouse, row["name"], None if version is None else int(version))
        except LeadlineError as error:
            if self._tell is not about:  # it is said once
                return '<p class="empty">There is no such view.</p>'
            return f'<p class="error" role="alert">{text.sentence(error)}</p>'
        return self._tell(self._warehouse, found)


def about(warehouse: Warehouse, found: Entry) -> str:
    """Return a view's header in words, its versions and its SQL."""
    view = found.view
    said = [f'<p class="name"><b>{escape(found.name)}</b>']
    if view is not None:
        in_force = warehouse.catalog.in_force(view.stable)
        said += [_version(each, each is view, each is in_force) for each in found.versions]
        said.append(f'<span class="pill {escape(view.status)}">{escape(view.status)}</span>')
    said.append("</p>")
    if view is not None:
        pairs = "".join(
            f"<div><dt>{words}</dt><dd>{text.sentence(view.header[key])}</dd></div>"
            for key, words in _SAYS.items()
            if view.header.get(key)
        )
        said.append(f'<dl class="says">{pairs}</dl>')
    elif not found.text:
        said.append('<p class="quiet">The engine lays it out itself; no file says it.</p>')
    if found.text:
        said.append(
            f'<p class="quiet"><code>{escape(found.path)}</code> · fingerprint '
            f"<code>{escape(found.fingerprint)}</code></p>{highlighted(found.text)}"
        )
    return f'<div class="told">{"".join(said)}</div>'


def versions(warehouse: Warehouse, found: Entry) -> str:
    """Return what the shown version changed in the one before it, or the next changed in it."""
    if len(found.versions) < 2 or found.view is None:
        return '<p class="empty">There is one version of it; a diff needs two.</p>'
    place = [each.version for each in found.versions].index(found.view.version)
    old, new = found.versions[max(place - 1, 0)], found.versions[max(place, 1)]
    asked = f"leadline views --diff {found.name} {old.version} {new.version} --since 2024-02-12"
    return (
        f'<div class="told"><p class="quiet">From v{old.version} to v{new.version}. '
        f"Which rows differ says <code>{escape(asked)}</code></p>"
        f"{difference(differs(old, new))}</div>"
    )


def parameters(warehouse: Warehouse, found: Entry) -> str:
    """Return each parameter with its value in force, its default and its meaning."""
    if not found.params:
        return '<p class="empty">It has no parameters.</p>'
    rows = "".join(
        f"<tr><td>{escape(each.name)}</td><td><code>{escape(each.value)}</code></td>"
        f"<td>{_default(each.value, each.default)}</td>"
        f'<td class="words">{text.sentence(each.meaning)}</td></tr>'
        for each in found.params
    )
    return (
        '<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">name</th>'
        '<th scope="col">in force</th><th scope="col">set by</th><th scope="col">why</th>'
        f'</tr></thead><tbody>{rows}</tbody></table></div><p class="quiet pad">Another value: '
        f"<code>[params.&quot;{escape(found.name)}&quot;]</code> in <code>leadline.toml</code>.</p>"
    )


def columns(warehouse: Warehouse, found: Entry) -> str:
    """Return the columns with type and meaning."""
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td><code>{escape(kind)}</code></td>"
        f'<td class="words">{text.sentence(said or "")}</td></tr>'
        for name, kind, said in found.columns
    )
    return (
        '<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">column</th>'
        f'<th scope="col">type</th><th scope="col">meaning</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def drawn(warehouse: Warehouse, found: Entry) -> str:
    """Return what it is computed from at its left, and who reads it at its right."""
    name = found.view.stable if found.view is not None else found.name
    graph = lineage.lineage(warehouse.catalog, name)
    first = min(node.column for node in graph.nodes)
    tallest = 1 + max(node.row for node in graph.nodes)
    counts = {node.column: 0 for node in graph.nodes}
    for node in graph.nodes:
        counts[node.column] += 1
    places = {
        node.name: (
            _EDGE + (node.column - first) * (_WIDE + _GAP),
            _EDGE + round((node.row + (tallest - counts[node.column]) / 2) * (_TALL + 6)),
        )
        for node in graph.nodes
    }
    wide = 2 * _EDGE + len(counts) * (_WIDE + _GAP) - _GAP
    tall = 2 * _EDGE + tallest * (_TALL + 6)
    edges = "".join(_edge(places[read], places[reader]) for read, reader in graph.edges)
    nodes = "".join(
        f'<a class="node {escape(each.partition(".")[0])}{" here" if each == name else ""}" '
        f'href="{AT}?view={escape(each)}" title="{escape(each)}" '
        f'style="left:{x}px;top:{y}px;width:{_WIDE}px">{escape(each)}</a>'
        for each, (x, y) in places.items()
    )
    return (
        f'<div class="scroll ending" tabindex="0"><div class="lineage" style="width:{wide}px;'
        f'height:{tall}px"><svg aria-hidden="true" width="{wide}" height="{tall}">{edges}</svg>'
        f"{nodes}</div></div>"
    )


def _edge(read: tuple[int, int], reader: tuple[int, int]) -> str:
    x, y = read[0] + _WIDE, read[1] + _TALL // 2
    to_x, to_y = reader[0], reader[1] + _TALL // 2
    bend = _GAP // 2
    return f'<path d="M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"/>'


def _version(view: Any, is_shown: bool, is_in_force: bool) -> str:
    label = f"v{view.version}" + (" in force" if is_in_force else "")
    pressed = "true" if is_shown else "false"
    return (
        f'<button type="button" class="action" data-set="version" data-value="{view.version}" '
        f'aria-pressed="{pressed}">{label}</button>'
    )


def _default(value: str, default: str) -> str:
    if value == default:
        return "default"
    return f"leadline.toml; default <code>{escape(default)}</code>"
