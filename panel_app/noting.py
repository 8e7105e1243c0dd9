"""Notes requests in the audit trail: files and SQL one by one, views and pages added up."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from leadline.act import Act, in_hand
from leadline.trail import Trail
from panel_app.entrance import Guest
from panel_app.seat import DASHBOARD, SEAT, Seat

_PAGES = "/smart-money/dashboard/"
_ASKED = ("/api/", "/smart-money/")
_SQL = "/api/sql"
_REFUSED = (401, 403, 429)


class Noting:
    """Writes what comes by into a trail; without one it lets everything by."""

    def __init__(self, trail: Trail | None) -> None:
        self._trail = trail

    def seat(self, guest: Guest, client: str) -> Seat:
        """Return who asks, and make him known to what answers."""
        mark = sha256(guest.session.encode()).hexdigest()[:8] if guest.session else None
        found = Seat(guest.name, client.removeprefix("from "), mark, self._trail)
        SEAT.set(found)
        return found

    def refused(self, client: str, what: str, reason: str, via: str = "api") -> None:
        """Add up who was not let in."""
        self._ended(Seat("nobody", client.removeprefix("from ")), what, "refused", reason, via)

    def login(self, guest: Guest | None, client: str, what: str, outcome: str) -> None:
        """Note who came in or went out, or add up who was not let in."""
        seat = Seat(guest.name if guest else "nobody", client.removeprefix("from "))
        self._ended(seat, what, outcome, None, DASHBOARD)

    def _ended(self, seat: Seat, what: str, outcome: str, reason: str | None, via: str) -> None:
        if self._trail is None:
            return
        act = seat.act(what, via=via)
        act.end(outcome, reason)
        self._trail.count(act) if outcome == "refused" else self._trail.note(act)

    @contextmanager
    def request(self, scope: Any, seat: Seat) -> Iterator["Heard | None"]:
        """Note a request when it has been answered; None where it is none to be noted."""
        act = _act(scope, seat) if self._trail is not None else None
        if self._trail is None or act is None:
            yield None
            return
        heard = Heard(act)
        try:
            with in_hand(act):
                yield heard
        finally:
            heard.end()
            if act.act in ("ask", "look"):
                act.details, act.n_rows, act.form = {}, None, None  # alike, whoever was first
                self._trail.count(act)
            else:
                self._trail.note(act)


class Heard:
    """What of an answer has been sent."""

    def __init__(self, act: Act) -> None:
        self._act, self._status, self._n_bytes, self._is_whole = act, 0, 0, False

    def hear(self, message: Any) -> None:
        """Look at a message on its way."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
        elif message["type"] == "http.response.body":
            self._n_bytes += len(message.get("body", b""))
            self._is_whole = not message.get("more_body", False)

    def end(self) -> None:
        """Say how it ended: who left before, or was cut off, has interrupted it."""
        self._act.n_bytes = self._n_bytes
        if self._status in _REFUSED:
            self._act.end("refused", f"HTTP {self._status}")
        elif self._status >= 400:
            self._act.end("failed", f"HTTP {self._status}")
        else:
            self._act.end("done" if self._is_whole else "interrupted")


def _act(scope: Any, seat: Seat) -> Act | None:
    path, method = scope["path"][:300], scope["method"]
    if path.startswith(_SQL) and path[len(_SQL) :][:1] in ("", "/"):
        if method == "POST":
            return seat.act("sql", via="api")
        return seat.act("cancel sql", path, "api") if method == "DELETE" else None
    if method != "GET":
        return None
    if path.startswith(_PAGES):
        page = path.removeprefix(_PAGES)
        if "/" not in page:
            return seat.act("look", page)
        if page.endswith(("/ws", "/autoload.js", ".js", ".css")):
            return None
        query = scope.get("query_string", b"").decode("latin-1")
        act = seat.act("export", page)
        act.details |= {"settings": query} if query else {}
        return act
    if path.startswith(_ASKED):
        return seat.act("ask", path, "api")
    return None
