"""What explains one alert: its numbers, what its detector sees, the SQL that fired, a replay."""

import json
import shlex
from html import escape
from pathlib import Path
from typing import Any

import pyarrow as pa

from leadline.catalog import View
from leadline.home import Home
from leadline.replay import Replay
from panel_app import text
from panel_app.parts.alert_list import button, detector, entity, side
from panel_app.parts.alerts import Detectors
from panel_app.parts.layout import html
from panel_app.parts.part import Part
from panel_app.parts.source_text import highlighted
from panel_app.parts.states import state

_SPANS = {"15m": "15 min", "1h": "1 h", "4h": "4 h", "1d": "1 day", "open": "Next open"}
_MOMENTS = ("happened_at", "fired_at", "ended_at", "snoozed_until")
_MEASURES = ("score", "confidence", "notional_usd", "direction")
_VERDICTS = {"real": "It was real", "false": "It was not real", "unsure": "Nobody can tell"}
_HALT = ("halted_at", "trades_at", "halt_reason")  # of a stock that was halted about then


class Evidence(Part):
    """One alert; below it what a replay brought."""

    def __init__(self, detectors: Detectors, store: Path | Home, empty: str) -> None:
        self.replayed = html()
        self._shown = ""
        super().__init__(empty)
        self._detector, self._store = detectors, store

    def panes(self) -> list[Any]:
        """Return the place of what a replay brings."""
        return [self.replayed]

    def show(self, rows: pa.Table) -> str:
        """Return the alert."""
        row = rows.slice(0, 1).to_pylist()[0]
        if self._shown != row["alert_id"]:
            self._shown, self.replayed.html = row["alert_id"], ""
        parts = (
            self._head(row), _actions(row), self._verdict(row), self._numbers(row), _words(row),
            self._again(row), self._sql(row), _definition(row),
        )  # fmt: skip
        return f'<div class="evidence" data-key="{escape(row["alert_id"])}">{"".join(parts)}</div>'

    def _head(self, row: dict[str, Any]) -> str:
        severity = escape(row["severity"] or "")
        facts = [state(row["state"])]
        if row["entity"]:
            facts.append(entity(row["entity"]))
        if row["detector"]:
            facts.append(f"{detector(row['detector'])} v{row['version']}")
        if row["rule"]:
            facts.append(f"rule {escape(row['rule'])}, key {escape(row['key'])}")
        return (
            f'<p class="lead"><span class="pill {severity}">{severity}</span>'
            f"<b>{side(row['direction'])}{escape(row['headline'] or '')}</b></p>"
            f'<p class="facts">{" · ".join(facts)}</p>'
        )

    def _verdict(self, row: dict[str, Any]) -> str:
        if not row["detector"]:
            return ""
        if not row["verdict"]:
            return '<p class="facts">Nobody has said yet whether it was real.</p>'
        facts = [
            state(row["verdict"]),
            f"says {escape(row['reviewer'])}",
            text.figure("", row["reviewed_at"], self.look.zone),
        ]
        if row["is_disputed"]:
            facts.append("<em>another reviewer says otherwise</em>")
        if row["review_note"]:
            facts.append(escape(row["review_note"]))
        return f'<p class="facts">{" · ".join(facts)}</p>'

    def _numbers(self, row: dict[str, Any]) -> str:
        numbers: dict[str, Any] = {name: row[name] for name in _MOMENTS if row[name]}
        for name in (*_MEASURES, *_HALT):
            if row[name] is not None:
                numbers[name] = row[name]
        if row["evidence"]:
            numbers |= json.loads(row["evidence"])
        pairs = "".join(
            f"<div><dt>{text.label(name)}</dt>"
            f"<dd>{text.figure(name, value, self.look.zone)}</dd></div>"
            for name, value in numbers.items()
        )
        return f"<dl>{pairs}</dl>"

    def _again(self, row: dict[str, Any]) -> str:
        if not row["alert_key"]:
            return "<p>A row of a view fired it; ask that view with `leadline sql --until`.</p>"
        asked = f"leadline --store {shlex.quote(str(self._store))} alerts show {row['id']} --replay"
        known = text.figure("", row["ticked_at"], self.look.zone)
        return (
            f"<h3>Ask for it again</h3><p>As it was known at {known}: the same versions, "
            f"parameters and rows.</p><p class=does>"
            f"{button('replay', row['id'], 'Replay', 'Ask again for', key=row['alert_key'])}"
            f'<code class="command">{escape(asked)}</code>'
            f'<button type="button" class="action" data-copy="{escape(asked)}">Copy</button></p>'
        )

    def _sql(self, row: dict[str, Any]) -> str:
        if not row["detector"]:
            return ""
        view: View | None = self._detector(row["detector"], row["version"])
        if view is None:
            return "<p>This project has that version of the detector no more.</p>"
        return (
            f"<details><summary>SQL of {escape(view.id)} v{view.version}, as it fired: "
            f"fingerprint {escape(row['fingerprint'])}</summary>{highlighted(view.text)}</details>"
        )


def replay_said(found: Replay) -> str:
    """Return what a replay brought, as HTML."""
    text_said = "" if found.is_same_text else " The text of its views is no longer what it was."
    if not found.differs:
        return f'<p class="verdict good" role="status">● It fires again, the same.{text_said}</p>'
    if found.again is None:
        return f'<p class="verdict bad" role="status">✕ It does not fire again.{text_said}</p>'
    rows = "".join(
        f'<tr><th scope="row">{text.label(name)}</th><td>{text.figure(name, found.told[name])}</td>'
        f"<td>{text.figure(name, found.again[name])}</td></tr>"
        for name in found.differs
    )
    return (
        f'<p class="verdict bad" role="status">✕ It fires again, otherwise.{text_said}</p>'
        '<table><thead><tr><td></td><th scope="col">told</th><th scope="col">now</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _actions(row: dict[str, Any]) -> str:
    does = (_acts(row) if row["is_open"] else "") + (_verdicts(row) if row["detector"] else "")
    if not does:
        return ""
    return (
        '<form class="acts" onsubmit="return false"><label class="field note"><span>Note</span>'
        '<input type="text" name="note" autocomplete="off" placeholder="for others, optional">'
        f"</label>{does}</form>"
    )


def _acts(row: dict[str, Any]) -> str:
    own = row["id"]
    snoozes = "".join(
        button("snooze", own, label, f"Snooze for {label}", span=span)
        for span, label in _SPANS.items()
    )
    wake = button("wake", own, "Wake", "Wake") if row["state"] == "snoozed" else ""
    return (
        f"{button('ack', own, 'Acknowledge', 'Acknowledge')}{wake}"
        f'<span class="field"><span>Snooze</span>{snoozes}</span>'
    )


def _verdicts(row: dict[str, Any]) -> str:
    buttons = "".join(
        button("review", row["id"], verdict.capitalize(), said, verdict=verdict)
        for verdict, said in _VERDICTS.items()
    )
    return f'<span class="field"><span>Verdict</span>{buttons}</span>'


def _words(row: dict[str, Any]) -> str:
    return "".join(
        f'<p class="word"><b>{name}</b> {text.sentence(row[column])}</p>'
        for name, column in (("Sees.", "what"), ("Misses.", "misses"), ("Noisy.", "noisy"))
        if row[column]
    )


def _definition(row: dict[str, Any]) -> str:
    said = ""
    for name, column in (("The rule, as it was", "definition"), ("Parameters", "params")):
        if row[column] and (values := json.loads(row[column])):
            pairs = "".join(
                f"<div><dt>{escape(key)}</dt><dd>{text.figure('', value)}</dd></div>"
                for key, value in values.items()
                if value not in (None, [])
            )
            said += f"<details><summary>{name}</summary><dl>{pairs}</dl></details>"
    return said
