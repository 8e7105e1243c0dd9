"""The text of one rule in a form, and what came of checking, trying and saving it."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import pyarrow as pa

from leadline import config, rule_file
from leadline.errors import LeadlineError
from leadline.preview import Preview
from leadline.rule_file import RuleFile
from panel_app import text
from panel_app.parts.layout import html
from panel_app.parts.part import Part

DAYS = {"1": "1 day", "7": "7 days", "30": "30 days"}
NEW = RuleFile("", '''of = "options.sweep"
where = "notional_usd >= 250_000"
key = ["entity"]
severity = "medium"
cooldown = "60m"
''', "")  # fmt: skip
_MOST = 40  # keys of a preview that are shown


class RuleEditor(Part):
    """Its question says which rule is edited; the files say what stands in it."""

    def __init__(self, root: Path) -> None:
        self.said = html()
        super().__init__()
        self._root = root

    def panes(self) -> list[Any]:
        """Return the place of what came of it."""
        return [self.said]

    def show(self, rows: pa.Table) -> str:
        """Return the form."""
        return self.form(rows.column(0)[0].as_py() or "")

    def form(self, name: str) -> str:
        """Return the form with one rule in it; of no name, a new one."""
        try:
            known = rule_file.all_of(self._root, config.read(self._root).rules)
        except LeadlineError as error:
            return f'<p class="error" role="alert">{text.sentence(error)}</p>'
        rule = known.get(name, NEW)
        options = "".join(
            f'<option value="{escape(each)}"{" selected" if each == name else ""}>'
            f"{escape(each)}{_mark(known[each])}</option>"
            for each in known
        )
        missing = ""
        if name and name not in known:
            missing = f'<p class="error" role="alert">{escape(name)}: no such rule; choose one</p>'
        days = "".join(
            f'<option value="{value}"{" selected" if value == "7" else ""}>{label}</option>'
            for value, label in DAYS.items()
        )
        return (
            f'{missing}<form class="editor" onsubmit="return false"><div class="bar">'
            f'<label class="field"><span>Rule</span><select data-set="edit">'
            f'<option value="">a new one</option>{options}</select></label>'
            f'<label class="field"><span>Name</span><input type="text" name="name" '
            f'placeholder="big_sweeps" value="{escape(rule.name)}"></label>{_where(rule)}</div>'
            f'<textarea name="rule" rows="12" spellcheck="false" aria-label="The rule, as TOML">'
            f"{escape(rule.text)}</textarea>"
            f'<input type="hidden" name="mark" value="{rule.mark}"><div class="bar">'
            f"{_button('check', 'Check')}{_button('preview', 'Preview')}"
            f'<label class="field"><span>over</span><select name="days">{days}</select></label>'
            f"{_button('save', 'Save')}{_switch(rule)}</div></form>"
        )


def mistakes_said(found: list[str]) -> str:
    """Return what is wrong with a rule, a line each."""
    if not found:
        return '<p class="verdict good" role="status">● Nothing is wrong with it.</p>'
    lines = "".join(f"<li>{text.sentence(each)}</li>" for each in found)
    return f'<ul class="mistakes" role="alert">{lines}</ul>'


def preview_said(found: Preview, days: int) -> str:
    """Return what a rule would have said: how often, on which day, and of what."""
    n = found.n_fired
    since, until = (f"{moment:%Y-%m-%d %H:%M}" for moment in (found.since, found.until))
    alerts = "alert" if n == 1 else "alerts"
    told = (
        f'<p class="verdict" role="status"><b>{n:,}</b> {alerts} from {since} to '
        f"{until} UTC, <b>{n / days:,.1f}</b> a day.</p>"
    )
    rows = found.table().to_pylist()
    by_day: dict[str, int] = {}
    for row in rows:
        by_day[row["day"]] = by_day.get(row["day"], 0) + row["n_fired"]
    most = max(by_day.values(), default=0) or 1
    bars = "".join(
        f'<div><dt>{day}</dt><dd><i style="width:{100 * n_fired / most:.0f}%"></i>'
        f"{n_fired:,}</dd></div>"
        for day, n_fired in by_day.items()
    )
    return f'{told}<dl class="days">{bars}</dl>{_sample(rows)}'


def _sample(rows: list[Mapping[str, Any]]) -> str:
    if not rows:
        return ""
    body = "".join(
        f"<tr><td>{row['day']}</td><td>{escape(row['key'])}</td>"
        f'<td class="num">{row["n_fired"]:,}</td><td class="sample">'
        f'<span class="pill {row["severity"]}">{row["severity"]}</span> '
        f"{escape(row['sample'] or '')}</td></tr>"
        for row in sorted(rows, key=lambda row: (row["day"], row["n_fired"]), reverse=True)[:_MOST]
    )
    more = f'<p class="facts">and {len(rows) - _MOST:,} more</p>' if len(rows) > _MOST else ""
    return (
        '<div class="scroll short" tabindex="0"><table><thead><tr><th scope="col">Day</th>'
        '<th scope="col">Key</th><th scope="col" class="num">Fired</th><th scope="col">The first'
        f"</th></tr></thead><tbody>{body}</tbody></table></div>{more}"
    )


def _mark(rule: RuleFile) -> str:
    return " · in leadline.toml" if rule.is_setting else "" if rule.is_on else " · off"


def _where(rule: RuleFile) -> str:
    if rule.is_setting:
        return "<span>It stands in <code>leadline.toml</code> and is edited there.</span>"
    if not rule.name:
        return "<span>Saved, it is a file of <code>rules/</code>.</span>"
    off = "" if rule.is_on else ", switched off"
    return f"<span><code>rules/{escape(rule.name)}.toml</code>{off}</span>"


def _switch(rule: RuleFile) -> str:
    if not rule.name or rule.is_setting:
        return ""
    does = "Disable" if rule.is_on else "Enable"
    return _button(does.lower(), does)


def _button(does: str, label: str) -> str:
    return f'<button type="button" class="action" data-do="{does}">{label}</button>'
