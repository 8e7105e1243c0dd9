"""Alerts one below the other, each with what can be done about it."""

import json
from html import escape
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from panel_app import text
from panel_app.parts.part import Part
from panel_app.parts.states import state

AT = "/smart-money/dashboard"


class AlertList(Part):
    """The newest first; a row sets `alert`, and its buttons act on it."""

    def show(self, rows: pa.Table) -> str:
        """Return the list."""
        body = "".join(map(self._row, rows.to_pylist()))
        return (
            '<div class="scroll" tabindex="0"><table class="incidents"><thead><tr>'
            '<th scope="col">Severity</th><th scope="col">Alert</th>'
            '<th scope="col" class="num">Score</th><th scope="col">State</th>'
            f"</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def _row(self, row: dict[str, Any]) -> str:
        severity = escape(row["severity"] or "")
        key = escape(row["alert_id"])
        sets = escape(json.dumps({"alert": row["id"]}))
        facts = [text.figure("", row["told_at"], self.look.zone)]
        if row["entity"]:
            facts.append(entity(row["entity"]))
        if row["detector"]:
            facts.append(detector(row["detector"]))
        if row["rule"]:
            facts.append(f"rule {escape(row['rule'])}")
        if row["notional_usd"] is not None:
            facts.append(text.figure("notional_usd", row["notional_usd"]))
        if row["is_late"]:
            facts.append("<em>late</em>")
        headline = f"{side(row['direction'])}{escape(row['headline'] or '')}"
        score = "—" if row["score"] is None else f"{row['score']:.0f}"
        return (
            f'<tr data-key="{key}" data-sets="{sets}"><td><span class="pill {severity}">{severity}'
            f'</span></td><td class="told"><b>{headline}</b>'
            f'<span class="facts">{" · ".join(facts)}</span></td><td class="num">{score}</td>'
            f"<td>{self._state(row)}{_buttons(row)}</td></tr>"
        )

    def _state(self, row: dict[str, Any]) -> str:
        said = state(row["state"])
        if row["state"] == "snoozed" and row["snoozed_until"]:
            until = row["snoozed_until"].astimezone(self.look.zone)
            said += f'<span class="facts">until {until:%m-%d %H:%M}</span>'
        elif row["actor"]:
            said += f'<span class="facts">{escape(row["actor"])}</span>'
        return said


def side(direction: str | None) -> str:
    """Return the sign of a direction."""
    said = escape(direction or "unknown")
    return f'<i class="side {said}" title="{said}"></i>'


def entity(name: str) -> str:
    """Return a link to all that is known of an entity, if a page knows its kind."""
    if name.startswith(("cik:", "cusip:")):
        return escape(name)
    pair = name.partition(":")[2] if ":" in name else ""
    page = f"whales?pair={quote(pair)}" if pair else f"symbol?symbol={quote(name)}"
    return f'<a href="{AT}/{page}">{escape(name)}</a>'


def detector(name: str) -> str:
    """Return a link to a detector."""
    return f'<a href="{AT}/detectors?detector={quote(name)}">{escape(name)}</a>'


def button(does: str, alert: str, label: str, said: str, **more: str) -> str:
    """Return a button that acts on an alert; `said` is what it does, for who hears the page."""
    data = "".join(f' data-{name}="{escape(value)}"' for name, value in more.items())
    return (
        f'<button type="button" class="action" data-do="{does}" data-alert="{escape(alert)}"{data} '
        f'title="{escape(said)}" aria-label="{escape(f"{said} {alert}")}">{escape(label)}</button>'
    )


def _buttons(row: dict[str, Any]) -> str:
    if not row["is_open"]:
        return ""
    buttons = []
    if row["state"] != "acknowledged":
        buttons.append(button("ack", row["id"], "Ack", "Acknowledge"))
    if row["state"] == "snoozed":
        buttons.append(button("wake", row["id"], "Wake", "Wake"))
    else:
        buttons.append(button("snooze", row["id"], "1 h", "Snooze for an hour", span="1h"))
    return f'<span class="does">{"".join(buttons)}</span>'
