"""One act of somebody on the store: who, from where, what, and how it ended."""

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib import metadata
from pwd import getpwuid
from secrets import token_hex
from typing import Any

from leadline import clock
from leadline.masked import masked

# Letters that are kept of each text; of a query its digest is of the whole.
BOUNDS = {
    "act": 60, "about": 200, "actor": 64, "client": 64, "reason": 300, "query": 4_000,
    "target": 300, "form": 16,
}  # fmt: skip
_DETAILS = 2_000


@dataclass
class Act:
    """What is kept of an act; it runs until it has ended.

    n_times: how many alike it stands for, where they are told as one. query is kept up to a bound
    and without what looks like a secret, as every text.
    """

    act: str
    actor: str
    via: str
    about: str | None = None
    client: str | None = None
    query: str | None = None
    form: str | None = None
    target: str | None = None
    n_rows: int | None = None
    n_bytes: int | None = None
    n_times: int = 1
    details: dict[str, Any] = field(default_factory=dict)
    settings_hash: str | None = None
    began_at: datetime = field(default_factory=clock.now)
    ended_at: datetime | None = None
    outcome: str = "running"
    reason: str | None = None
    act_id: str = field(default_factory=lambda: token_hex(16))

    def end(self, outcome: str = "done", reason: str | None = None) -> None:
        """Say how it ended, and that it ended now."""
        self.outcome, self.reason, self.ended_at = outcome, reason, clock.now()

    def row(self) -> dict[str, Any]:
        """Return it as plain values: bounded, masked, moments as text."""
        query_hash = sha256(self.query.encode()).hexdigest() if self.query is not None else None
        texts = {name: bounded(getattr(self, name), most) for name, most in BOUNDS.items()}
        ended = self.ended_at
        lasted = (ended - self.began_at) // timedelta(milliseconds=1) if ended else None
        return {
            **texts, "act_id": self.act_id, "via": self.via, "n_rows": self.n_rows,
            "n_bytes": self.n_bytes, "n_times": self.n_times, "query_hash": query_hash,
            "details": _detailed(self.details), "settings_hash": self.settings_hash,
            "began_at": self.began_at.isoformat(), "ended_at": ended.isoformat() if ended else None,
            "duration_ms": lasted, "outcome": self.outcome, "version": version(),
            "runner": runner(),
        }  # fmt: skip


# What exports of this thread or request belong to.
IN_HAND: ContextVar[Act | None] = ContextVar("act in hand", default=None)


@contextmanager
def in_hand(act: Act) -> Iterator[Act]:
    """Have what is exported meanwhile counted as this act's."""
    before = IN_HAND.set(act)
    try:
        yield act
    finally:
        IN_HAND.reset(before)


def exported(form: str, target: str | None, n_rows: int, n_bytes: int) -> None:
    """Count an export as that of the act in hand, if there is one."""
    if act := IN_HAND.get():
        act.form, act.target = form, target or act.target
        act.n_rows = (act.n_rows or 0) + n_rows
        act.n_bytes = (act.n_bytes or 0) + n_bytes


@cache
def user() -> str:
    """Return the name of the user that this process runs as, whatever the environment says."""
    try:
        return getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may know numbers alone
        return f"uid {os.getuid()}"


@cache
def version() -> str:
    """Return leadline's own version."""
    return metadata.version("leadline")


def runner() -> str:
    """Return the process, and its machine."""
    return f"{os.getpid()} {socket.gethostname()}"


def bounded(text: str | None, most: int) -> str | None:
    """Return a text without what looks like a secret, and no longer than this."""
    if text is None:
        return None
    safe = masked(text[: most * 4]).replace("\x00", "")
    return safe if len(safe) <= most else safe[: most - 1] + "…"


def _detailed(details: Mapping[str, Any]) -> str | None:
    said = {
        name: bounded(value if isinstance(value, str) else str(value), 300)
        for name, value in details.items()
        if value is not None
    }
    while said and len(text := json.dumps(said, ensure_ascii=False, sort_keys=True)) > _DETAILS:
        said.pop(max(said, key=lambda name: len(said[name] or "")))
        said["left_out"] = "…"
    return text if said else None
