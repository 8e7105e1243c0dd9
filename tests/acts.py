"""Rows of alert_actions as rules append them, and the channels that are to tell them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from leadline.publication import Publication
from leadline.store import Store
from live.channel import Carrier, Channel
from live.notice import Notice
from tests.desks import at


class Drawer(Carrier):
    """A carrier that keeps what it is given."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []

    def carry(self, notice: Notice) -> None:
        self.notices.append(notice)

    def whither(self) -> str:
        return "a drawer"


def channel(name: str = "desk", **given: Any) -> Channel:
    return Channel(name, "drawer", **{"carrier": Drawer(), **given})


def act(
    action: str, key: str = "AAPL", when: str = "05 15:00", *, rule: str | None = "big",
    severity: str | None = "high", says: Mapping[str, Any] | None = None,
    row: Mapping[str, Any] | None = None, **given: Any,
) -> dict[str, Any]:  # fmt: skip
    """Return what happened to a key of a rule, of which everybody heard at that moment."""
    moment = at(when) if isinstance(when, str) else when
    definition = None if rule is None else json.dumps({"channels": ["desk"], **(says or {})})
    return {
        "action_id": f"{rule}|{key}|{action}|{moment.isoformat()}", "rule": rule, "key": key,
        "alert_key": None, "action": action, "acted_at": moment, "until_at": None,
        "severity": severity, "headline": f"{key} swept", "actor": "loop", "note": None,
        "evidence": json.dumps({"entity": key, **(row or {})}), "definition": definition,
        "fingerprint": None, "recorded_at": moment, **given,
    }  # fmt: skip


def append(store: Store, acts: Sequence[Mapping[str, Any]]) -> None:
    """Append acts as one load, each known when it happened."""
    rows = [
        {k: v for k, v in each.items() if k != "recorded_at"} | {"known_at": each["acted_at"]}
        for each in acts
    ]
    coverage = f"{acts[0]['action_id']} {len(acts)}"
    batches = [("alert_actions", rows)]
    store.load(Publication("alert_actions", coverage, ("alert_actions",), batches, "rules"))


def heard(path: Path) -> list[dict[str, Any]]:
    """Return what a channel of kind file was told."""
    return [json.loads(line)["data"] for line in path.read_text().splitlines()]


def moved(moment: datetime, **more: float) -> datetime:
    """Return a moment so much later."""
    from datetime import timedelta

    return moment + timedelta(**more)
