"""A notice: what is told at once, in words for people and as JSON for programs."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import quote

from leadline.catalog import SEVERITIES
from leadline.clock import stamp

Row = Mapping[str, Any]

_SAYS = {
    "resolved": "over", "retracted": "taken back", "raised": "worse",
    "no_data": "no data", "data_back": "data is back",
}  # fmt: skip
_MOST = 50  # told in words at once; a program is given the ids of all
_NUMBERS = 12  # of the evidence, in words
_LONGEST = 120  # of a subject
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def identity(channel: str, action_ids: Sequence[str], after: str = "") -> str:
    """Return the id under which a notice is sent, however often it is.

    `after` is the notice that it follows, where the same is told again.
    """
    said = json.dumps([channel, sorted(action_ids), after])
    return f"notice_{sha256(said.encode()).hexdigest()[:24]}"


@dataclass(frozen=True)
class Notice:
    """What one message says: one act or several."""

    notice_id: str
    channel: str
    subject: str
    queued_at: datetime
    action_ids: Sequence[str]
    acts: Sequence[Row]
    rule: str | None = None
    link: str = ""

    @property
    def severity(self) -> str | None:
        """The highest severity of what it tells."""
        return highest(self.acts)

    def text(self) -> str:
        """Return it as plain text."""
        parts = ["\n".join(self._lines(act)) for act in self.acts[:_MOST]]
        return "\n\n".join([*parts, *self._more(), f"notice {self.notice_id}"]) + "\n"

    def html(self) -> str:
        """Return it as HTML of no more than paragraphs and links."""
        parts = []
        for act in self.acts[:_MOST]:
            first, *rest = map(escape, self._lines(act, with_link=False))
            body = "<br>".join([f"<b>{first}</b>", *rest])
            if link := self._link(act):
                body += f'<br><a href="{escape(link)}">evidence</a>'
            parts.append(f"<p>{body}</p>")
        parts += [f"<p>{escape(more)}</p>" for more in self._more()]
        foot = f"<p><small>notice {escape(self.notice_id)}</small></p>"
        return f"<html><body>{''.join(parts)}{foot}</body></html>"

    def payload(self) -> dict[str, Any]:
        """Return it for a program; it is the same however often it is sent."""
        told = ("action_id", "action", "rule", "key", "alert_key", "severity", "headline", "note")
        return {
            "type": "notice",
            "timestamp": self.queued_at.isoformat(),
            "data": {
                "notice_id": self.notice_id,
                "channel": self.channel,
                "subject": self.subject,
                "rule": self.rule,
                "severity": self.severity,
                "action_ids": list(self.action_ids),
                "acts": [
                    {name: act.get(name) for name in told}
                    | {
                        "entity": entity(act),
                        "acted_at": act["acted_at"].isoformat(),
                        "evidence": evidence(act),
                        "link": self._link(act) or None,
                    }
                    for act in self.acts[:_MOST]
                ],
            },
        }

    def _lines(self, act: Row, *, with_link: bool = True) -> list[str]:
        """Return what is said of one act."""
        row = evidence(act)
        inner = row.get("evidence")
        numbers = _flat(inner) if isinstance(inner, dict | str) else {}
        numbers = {**{k: v for k, v in row.items() if k != "evidence"}, **numbers}
        said = [f"{name} {_number(value)}" for name, value in numbers.items() if _is_number(value)]
        about = f"{entity(act)}, {stamp(act['acted_at'])}"
        lines = [_plain(headline(act)), about + (f", rule {act['rule']}" if act["rule"] else "")]
        if said:
            left = len(said) - _NUMBERS
            tail = [f"and {left} more"] if left > 0 else []
            lines.append(", ".join(said[:_NUMBERS] + tail))
        if with_link and (link := self._link(act)):
            lines.append(link)
        return lines

    def _more(self) -> list[str]:
        left = len(self.action_ids) - min(len(self.acts), _MOST)
        return [f"and {left:,} more, which ops.deliveries names"] if left > 0 else []

    def _link(self, act: Row) -> str:
        """Return where its evidence is shown."""
        if not self.link:
            return ""
        if alert := act.get("alert_key"):
            return f"{self.link}/smart-money/dashboard/alerts?alert={quote(alert, safe='')}"
        return f"{self.link}/api/curated.alert_actions?action_id={quote(act['action_id'], safe='')}"


def subject(acts: Sequence[Row], *, is_again: bool = False, is_digest: bool = False) -> str:
    """Return the one line that a notice is known by."""
    again = "still open: " if is_again else ""
    if len(acts) == 1 and not is_digest:
        return _short(again + headline(acts[0]))
    rules = sorted({act["rule"] or "an alert" for act in acts})
    names = list(dict.fromkeys(entity(act) for act in acts))
    of = rules[0] if len(rules) == 1 else f"{len(rules):,} rules"
    worst = f" [{found}]" if (found := highest(acts)) else ""
    return _short(f"{again}{len(acts):,} of {of}{worst}: {', '.join(names[:8])}")


def headline(act: Row) -> str:
    """Return one act in one line."""
    how = _SAYS.get(act["action"])
    severity = f"[{act['severity']}] " if act.get("severity") and how is None else ""
    said = act.get("headline") or f"{act['rule'] or act['key']} {act['action'].replace('_', ' ')}"
    name = entity(act)
    about = "" if name in said else f"{name}: "
    worse = f" [{act['severity']}]" if act["action"] == "raised" and act.get("severity") else ""
    return f"{severity}{f'{how}{worse}: ' if how else ''}{about}{said}"


def entity(act: Row) -> str:
    """Return what an act is about, as a person knows it."""
    return str(evidence(act).get("entity") or act["key"])


def evidence(act: Row) -> dict[str, Any]:
    """Return the row that did it."""
    return _flat(act.get("evidence"))


def highest(acts: Sequence[Row]) -> str | None:
    """Return the highest severity among acts, if one of them has one."""
    known = [SEVERITIES.index(act["severity"]) for act in acts if act.get("severity") in SEVERITIES]
    return SEVERITIES[max(known)] if known else None


def _flat(said: Any) -> dict[str, Any]:
    try:
        found = json.loads(said) if isinstance(said, str) else said
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


def _plain(text: str) -> str:
    """Return a text in one line: what a source sent may hold anything."""
    return _UNSEEN.sub(" ", text).strip()


def _short(text: str) -> str:
    plain = _plain(text)
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1].rstrip() + "…"
