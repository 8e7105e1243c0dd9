"""The life of an alert: from the rows of one rule to its steps, each at a moment of the data.

It knows no store and no clock. What it says of the same rows is the same however time is cut: a
span's end is out, and what falls due at a moment comes before the rows of that moment.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from leadline.catalog import SEVERITIES
from leadline.clock import BEGINNING, FOREVER, stamp
from leadline.quiet import Calendar, Wait
from leadline.rule import Rule

Pulse = tuple[datetime, datetime]  # the first and the last row of a stretch
EVERYTHING = "*"  # the key of what is said of a rule's view as a whole


@dataclass(frozen=True)
class Row:
    """What one row of a view says of one key of a rule."""

    key: str
    at: datetime
    holds: bool
    ends: bool
    severity: str = "medium"
    entity: str | None = None
    headline: str | None = None
    evidence: str | None = None
    alert_key: str | None = None

    @property
    def says(self) -> tuple[bool, bool, int]:
        """What of it changes a life; a row that says the same again changes nothing."""
        return self.holds, self.ends, self.rank

    @property
    def rank(self) -> int:
        """How severe it is; one that does not hold is not."""
        return SEVERITIES.index(self.severity) if self.holds else -1


@dataclass(frozen=True)
class Step:
    """One thing that happened to one key of a rule."""

    rule: str
    key: str
    action: str
    at: datetime
    began_at: datetime  # when what it is a part of began
    nth: int  # of its alert, from 1
    severity: str | None = None
    headline: str | None = None
    evidence: str | None = None
    alert_key: str | None = None
    note: str | None = None

    @property
    def alert_id(self) -> str:
        """What it is a step of: the alert, as lists show it."""
        return digest(self.rule, self.key, stamp(self.began_at))

    @property
    def action_id(self) -> str:
        """Its identity, however often it is told."""
        return digest(
            self.rule, self.key, stamp(self.began_at), self.action, stamp(self.at), self.nth
        )


def digest(*parts: object) -> str:
    """Return the identity of what these parts say."""
    return hashlib.md5("|".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()


@dataclass
class Key:
    """Where one key of a rule stands."""

    last: Row | None = None  # what was heard last
    holds_since: datetime | None = None
    holds_until: datetime | None = None  # of instants, which end by themselves
    ends_since: datetime | None = None  # of an open one
    quiet_until: datetime = BEGINNING  # it ended, and nothing is said yet
    began_at: datetime | None = None  # of the alert that is pending or open
    is_open: bool = False
    told: str = ""  # the severity that was said last
    n_steps: int = 0

    @property
    def is_idle(self) -> bool:
        """Say whether nothing is left to remember."""
        return self.began_at is None and self.holds_since is None


@dataclass
class Life:
    """Where a rule stands: each of its keys, and the moment up to which time has passed."""

    rule: Rule
    calendar: Calendar = field(default_factory=Calendar)
    passed: datetime = BEGINNING
    keys: dict[str, Key] = field(default_factory=dict)
    heard_at: datetime | None = None  # the newest row of its view, where silence counts
    silent_since: datetime | None = None  # when it was said that no rows come

    def advance(
        self, rows: Iterable[Row], until: datetime, pulses: Sequence[Pulse] = ()
    ) -> list[Step]:
        """Return what happens up to a moment, in order.

        A row that comes late is heard at the moment at which time stands. Pulses are stretches in
        which rows of the view came, whatever they say, without too long a silence between them.
        """
        by_key: dict[str, list[Row]] = {}
        for row in rows:
            heard = row if row.at >= self.passed else replace(row, at=self.passed)
            by_key.setdefault(heard.key, []).append(heard)
        steps: list[Step] = []
        for name in sorted({*self.keys, *by_key}):
            key = self.keys.setdefault(name, Key())
            for row in self._at_once(by_key.get(name, ())):
                steps += self._pass(name, key, row.at)
                self._take(name, key, row, steps)
            steps += self._pass(name, key, until)
            if key.is_idle and key.quiet_until <= until:
                del self.keys[name]
        steps += self._listen(pulses, until)
        self.passed = max(self.passed, until)
        return sorted(steps, key=lambda step: (step.at, step.key, step.nth))

    def open_steps(
        self, rows: Iterable[Row], until: datetime, pulses: Sequence[Pulse] = ()
    ) -> list[Step]:
        """Return of what happens up to a moment the steps of alerts that are open then."""
        steps = self.advance(rows, until, pulses)
        begun = {(name, key.began_at) for name, key in self.keys.items() if key.began_at}
        begun |= {(EVERYTHING, self.silent_since)} if self.silent_since else set()
        return [step for step in steps if (step.key, step.began_at) in begun]

    def silence(self, now: datetime) -> list[Step]:
        """Return what is to be said where no row came for too long, up to a moment of the clock."""
        wait = self.rule.waits.get("no_data")
        if not wait or self.silent_since is not None:
            return []
        if self.heard_at is None:
            self.heard_at = now
            return []
        due = self._silent_at(self.heard_at, wait)
        if due > now or self._is_over(due):
            return []
        self.silent_since = due
        said = f"no rows of {self.rule.of} since {stamp(self.heard_at)}"
        return [self._of_all("no_data", due, 1, said)]

    def end(self, note: str) -> list[Step]:
        """Return the end of what is open, where the rule is no more or another one."""
        steps = [
            self._step(name, key, "expired", self.passed, note=note)
            for name, key in sorted(self.keys.items())
            if key.began_at is not None
        ]
        if self.silent_since is not None:
            steps.append(self._of_all("expired", max(self.passed, self.silent_since), 2, note))
        self.keys, self.silent_since = {}, None
        return steps

    def retract(self, name: str, alert_id: str) -> None:
        """Forget an open alert whose evidence was withdrawn."""
        key = self.keys.get(name)
        if key and key.began_at and digest(self.rule.name, name, stamp(key.began_at)) == alert_id:
            del self.keys[name]

    def state(self) -> dict[str, Any]:
        """Return where it stands, as JSON writes it."""
        return {
            "passed": _written(self.passed), "heard_at": _written(self.heard_at),
            "silent_since": _written(self.silent_since),
            "keys": {name: _written(asdict(key)) for name, key in self.keys.items()},
        }  # fmt: skip

    def resume(self, state: Mapping[str, Any]) -> None:
        """Stand where a state says."""
        self.passed = _moment(state["passed"]) or BEGINNING
        self.heard_at = _moment(state["heard_at"])
        self.silent_since = _moment(state["silent_since"])
        self.keys = {name: _key(each) for name, each in state["keys"].items()}

    def _at_once(self, rows: Sequence[Row]) -> Iterator[Row]:
        """Yield one row a moment: of several the worst that holds."""
        for _, found in groupby(sorted(rows, key=_place), key=lambda row: row.at):
            yield max(found, key=lambda row: (row.rank, not row.ends, _place(row)))

    def _take(self, name: str, key: Key, row: Row, steps: list[Step]) -> None:
        """Hear one row."""
        if self._is_over(row.at):
            return
        if self.rule.is_detector:
            self._take_instant(name, key, row, steps)
            return
        if key.last is not None and key.last.says == row.says and not key.is_idle:
            return
        holds = row.holds and not row.ends
        if not holds:
            key.holds_since = None
        elif key.holds_since is None:
            key.holds_since = row.at
        key.last = row
        if key.is_open:
            key.ends_since = (key.ends_since or row.at) if row.ends else None
        elif key.began_at is not None and not holds:
            self._lapse(name, key, row.at, steps)
        elif holds and self.rule.waits.get("for") and key.began_at is None:
            self._begin(name, key, row.at, steps)

    def _take_instant(self, name: str, key: Key, row: Row, steps: list[Step]) -> None:
        """Hear an alert of a detector: it holds from its moment on, until `keep` is over."""
        if row.ends and key.began_at is not None:
            key.holds_until = key.holds_until and row.at
            return
        if not row.holds or row.ends:
            return
        is_new = key.began_at is None
        if is_new and (row.at < key.quiet_until or self._heard(row, row.at) > row.at):
            return
        if is_new:
            key.holds_since = row.at
        key.holds_until = self.calendar.after(row.at, self.rule.waits["keep"])
        if is_new or key.last is None or row.rank > key.last.rank:
            key.last = row
        if is_new:
            self._begin(name, key, row.at, steps)

    def _begin(self, name: str, key: Key, at: datetime, steps: list[Step]) -> None:
        """Let an alert be pending; where it need not wait nobody is told of that."""
        assert key.last is not None
        key.began_at, key.n_steps = at, 0
        if self.rule.waits.get("for"):
            steps.append(self._step(name, key, "pending", at, key.last))

    def _lapse(self, name: str, key: Key, at: datetime, steps: list[Step]) -> None:
        """End a pending alert before it fired."""
        if key.n_steps:
            steps.append(self._step(name, key, "lapsed", at, key.last))
        key.began_at = key.holds_since = key.holds_until = None

    def _pass(self, name: str, key: Key, until: datetime) -> Iterator[Step]:
        """Let time pass up to a moment: yield what falls due, that moment included."""
        while (due := self._next(key)) is not None and due[0] <= until:
            at, action = due
            if action == "expired":
                yield self._step(name, key, action, at, key.last, "the rule is over")
                self._close(key, FOREVER)
            elif action == "ended" and key.is_open:
                yield self._step(name, key, "resolved", at, key.last)
                self._close(key, self.calendar.after(at, self._wait("cooldown")))
            elif action == "ended":
                steps: list[Step] = []
                self._lapse(name, key, at, steps)
                yield from steps
            else:
                if key.began_at is None:
                    key.began_at, key.n_steps = at, 0
                assert key.last is not None
                key.is_open, key.told, key.ends_since = True, key.last.severity, None
                yield self._step(name, key, action, at, key.last)

    def _next(self, key: Key) -> tuple[datetime, str] | None:
        """Return what falls due next, and when."""
        found: list[tuple[datetime, int, str]] = []
        if self.rule.expires and key.began_at is not None:
            found.append((max(self.rule.expires, key.began_at), 0, "expired"))
        if key.holds_until is not None and key.began_at is not None:
            found.append((key.holds_until, 1, "ended"))
        elif key.is_open and key.ends_since is not None:
            found.append((self.calendar.after(key.ends_since, self._wait("keep")), 1, "ended"))
        if key.last is not None and key.holds_since is not None:
            if not key.is_open:
                due = self.calendar.after(key.holds_since, self._wait("for"))
                due = self._heard(key.last, max(due, key.quiet_until, key.last.at))
                if not self._is_over(due):
                    found.append((due, 2, "fired"))
            elif SEVERITIES.index(key.last.severity) > SEVERITIES.index(key.told):
                found.append((self._heard(key.last, key.last.at), 3, "raised"))
        return min(((at, action) for at, _, action in sorted(found)[:1]), default=None)

    def _close(self, key: Key, quiet_until: datetime) -> None:
        """End an open alert; of a view that holds on nothing is forgotten."""
        key.began_at, key.is_open, key.ends_since, key.told = None, False, None, ""
        key.quiet_until, key.holds_until = quiet_until, None
        if self.rule.is_detector or quiet_until == FOREVER:
            key.holds_since = None

    def _listen(self, pulses: Sequence[Pulse], until: datetime) -> Iterator[Step]:
        """Yield when a view was silent for too long, and when its rows were back."""
        wait = self.rule.waits.get("no_data")
        if not wait:
            return
        for at, last in pulses:
            if self.heard_at is not None and self.silent_since is None:
                yield from self.silence(at)
            if self.silent_since is not None and not self._is_over(at):
                said = f"rows of {self.rule.of} are back"
                yield self._of_all("data_back", max(at, self.silent_since), 2, said)
                self.silent_since = None
            self.heard_at = max(last, self.heard_at or last)
        if self.heard_at is not None:
            yield from self.silence(until)

    def _silent_at(self, heard_at: datetime, wait: Wait) -> datetime:
        """Return when a silence is too long; what mutes stops the waiting, which begins anew."""
        due = self.calendar.after(heard_at, wait)
        while (heard := self.calendar.heard(due, self._mutes_of_all, None)) > due:
            due = self.calendar.after(heard, wait)
        return due

    @property
    def _mutes_of_all(self) -> list[str]:
        return [mute for mute in self.rule.mute if mute != "earnings"]

    def _heard(self, row: Row, at: datetime) -> datetime:
        return self.calendar.heard(at, self.rule.mute, row.entity)

    def _wait(self, name: str) -> Wait:
        return self.rule.waits.get(name, Wait())

    def _is_over(self, at: datetime) -> bool:
        return self.rule.expires is not None and at >= self.rule.expires

    def _step(
        self, name: str, key: Key, action: str, at: datetime, row: Row | None = None,
        note: str | None = None,
    ) -> Step:  # fmt: skip
        assert key.began_at is not None
        key.n_steps += 1
        row = row or key.last
        said = (row.headline, row.evidence, row.alert_key) if row else (None, None, None)
        severity = key.told or (row.severity if row else None)
        return Step(
            self.rule.name, name, action, at, key.began_at, key.n_steps, severity, *said, note
        )

    def _of_all(self, action: str, at: datetime, nth: int, said: str) -> Step:
        """Return a step of what is said of the view as a whole."""
        assert self.silent_since is not None
        severity = self.rule.severity or "medium"
        return Step(self.rule.name, EVERYTHING, action, at, self.silent_since, nth, severity, said)


def _place(row: Row) -> tuple[datetime, str, str]:
    """Return what puts rows of a key in their order, the same however they were asked for."""
    return row.at, row.alert_key or "", row.evidence or ""


def _written(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _written(each) for name, each in value.items()}
    return value.isoformat() if isinstance(value, datetime) else value


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _key(said: Mapping[str, Any]) -> Key:
    """Read a key's state back."""
    moments = ("holds_since", "holds_until", "ends_since", "quiet_until", "began_at")
    own = {**said, **{name: _moment(said[name]) for name in moments}}
    last = said["last"]
    own["last"] = Row(**{**last, "at": _moment(last["at"])}) if last else None
    return Key(**own)
