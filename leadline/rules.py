"""The rules of a project in the loop: each hears what is new to it, and its steps are appended.

Where each stands lands with its steps in one load, so whoever comes after a crash goes on from
there and says the same again, under the same ids.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import duckdb

from leadline import actions, clock, config, hearing
from leadline.actions import Mark, Row
from leadline.alerts import Alerts
from leadline.clock import BEGINNING
from leadline.errors import LeadlineError, first_line
from leadline.life import Life, Pulse, Step
from leadline.life import Row as LifeRow
from leadline.quiet import Calendar, Wait
from leadline.retraction import Retractions
from leadline.rule import FOLDER, Rule, Written, checked, written
from leadline.saved import Saved

_LATE = timedelta(days=1)  # rows of views that come later than this are history; a guess
_MARK_S = 3_600  # how often it is written down where a rule stands that has nothing to say
_FILES = (config.FILE, f"{FOLDER}/*.toml")


@dataclass(frozen=True)
class Turn:
    """What one look at the rules brought: the rows that were appended, and what was left out."""

    steps: list[Row]
    broken: Mapping[str, str]


@dataclass
class _Own:
    """A rule in the loop: its life, what it has heard, and when that was written down."""

    rule: Rule
    life: Life
    heard_until: datetime = BEGINNING
    files: frozenset[str] | None = None
    marked_at: float = -1e9
    is_begun: bool = False  # it has heard what was there when it was new
    is_new: bool = True  # nothing is written down of it yet, as it is now


@dataclass
class Rules:
    """The rules beside the live detectors. Only the loop's thread uses them."""

    alerts: Alerts
    root: Path
    _own: dict[str, _Own] = field(default_factory=dict)
    _broken: dict[str, str] = field(default_factory=dict)
    _unsaid: list[Row] = field(default_factory=list)  # what could not be appended yet
    _gone: list[Mark] = field(default_factory=list)  # of rules that were deleted
    _asleep: dict[str, _Own] = field(default_factory=dict)  # of rules that can't be used now
    _is_read: bool = False
    _has_moved: bool = False  # other views are in force
    _saved: Saved = field(init=False)
    _retractions: Retractions = field(init=False)
    _calendar: tuple[object, Calendar] = (None, Calendar())

    def __post_init__(self) -> None:
        """Raise a StoreError where the project has no place for what rules say."""
        actions.has_place(self.alerts.store)
        self._saved = Saved(self.root, *_FILES)
        self._retractions = Retractions()

    def follow(self, alerts: Alerts) -> None:
        """Go on with other views, for files under sql/ were saved; every rule is checked anew."""
        self.alerts, self._has_moved = alerts, True

    def tick(self, until: datetime | None = None, now: datetime | None = None) -> Turn:
        """Let every rule hear what is new up to a moment, and append what happens.

        Without a moment each hears up to the newest row of its view, or up to where its detector
        was asked. `now` is the clock by which a view is silent, and looked at that has no moments.
        One that breaks is left out, and the others go on.
        """
        if self._saved.moved() or self._has_moved or not self._is_read:
            self._read()
            self._has_moved = False
        broken = dict(self._broken)
        marks: list[Mark] = []
        for name, own in list(self._own.items()):
            try:
                steps = self._hear(own, until, now)
            except (LeadlineError, duckdb.Error) as error:
                broken[name] = first_line(error)
                continue
            self._unsaid += self._rows(own, steps)
            if steps or own.is_new or monotonic() - own.marked_at >= _MARK_S:
                marks.append(self._mark(own))
        try:
            self._unsaid += self._retractions.found(self.alerts, self._lives())
        except (LeadlineError, duckdb.Error) as error:
            broken["retractions"] = first_line(error)
        return self._append(marks, broken)

    def close(self) -> None:
        """Write down where every rule stands, so that the next start has little to hear again."""
        if marks := [self._mark(own) for own in self._own.values() if not own.is_new]:
            self._append(marks, {})

    def _append(self, marks: list[Mark], broken: Mapping[str, str]) -> Turn:
        told, marks = list(self._unsaid), [*marks, *self._gone]
        if told and not marks:  # they could not be appended at an earlier tick
            marks = [self._mark(own) for own in self._own.values() if not own.is_new]
        if told or marks:
            actions.append(self.alerts.store, told, marks)
            named = {mark.rule for mark in marks}
            for own in self._own.values():
                if own.rule.name in named:
                    own.is_new, own.marked_at = False, monotonic()
            self._unsaid, self._gone = [], []
        return Turn(told, broken)

    def _lives(self) -> dict[str, Life]:
        return {name: own.life for name, own in self._own.items()}

    def _read(self) -> None:
        """Read the rules as they are saved now; what is open of one that is gone ends."""
        try:
            said = config.read(self.root)
        except LeadlineError as error:  # of the settings as a whole: the rules stay as they are
            self._broken = {config.FILE: str(error)}
            return
        rules, self._broken = self._checked(said)
        before = self._own | self._asleep if self._is_read else dict(self._resumed())
        self._asleep = {name: own for name, own in before.items() if name in self._broken}
        for name, own in before.items():
            if name not in rules and name not in self._broken:
                self._unsaid += self._rows(own, own.life.end("the rule was deleted"))
                gone = Mark(name, own.life.passed, own.heard_until, None, own.life.state())
                self._gone.append(gone)
        self._own = {name: self._of(rule, before.get(name)) for name, rule in rules.items()}
        self._is_read = True

    def _checked(self, said: config.Config) -> tuple[dict[str, Rule], dict[str, str]]:
        rules: dict[str, Rule] = {}
        broken: dict[str, str] = {}
        for each in written(self.root, said.rules):
            if not isinstance(each, Written):
                broken[each[0]] = str(each[1])
                continue
            try:
                rules[each.name] = checked(each, self.alerts.warehouse, said.channels)
            except LeadlineError as error:
                broken[each.name] = str(error)
        return rules, broken

    def _resumed(self) -> Iterator[tuple[str, _Own]]:
        """Yield every rule of the marks, as it was and where it stood."""
        for name, mark in actions.marks(self.alerts.warehouse).items():
            if mark.definition is not None:
                life = Life(_as_it_was(name, mark.definition))
                life.resume(mark.state)
                yield name, _Own(life.rule, life, mark.heard_until, is_begun=True, is_new=False)

    def _of(self, rule: Rule, before: _Own | None) -> _Own:
        """Return a rule in the loop: a new one, or one that goes on where it stood."""
        if before is None:
            return _Own(rule, Life(rule))
        was = before.rule
        if any(was.definition[name] != rule.definition[name] for name in ("of", "key")):
            self._unsaid += self._rows(before, before.life.end("the rule is about something else"))
            return _Own(rule, Life(rule))
        before.is_new = before.is_new or was.definition != rule.definition
        before.rule = before.life.rule = rule
        return before

    def _hear(self, own: _Own, until: datetime | None, now: datetime | None) -> list[Step]:
        """Return what happens to a rule up to now."""
        rule, life = own.rule, own.life
        reached = self.alerts.reached(rule.of)
        if rule.time is None:
            reached = until or max(reached, now or reached)
        elif until and not rule.is_detector:
            reached = until
        files = self.alerts.files(rule.of)
        if rule.is_detector and reached == BEGINNING and files:
            return []  # it was not asked yet, or breaks
        # What comes meanwhile is for the next tick.
        recorded = self.alerts.warehouse.refresh().recorded_until
        life.calendar = self._calendar_at(rule, reached)
        if own.is_begun:
            steps = life.advance(*self._new(own, reached, recorded))
        else:
            steps = self._begin(own, reached, recorded)
            own.is_begun = True
        own.heard_until, own.files = recorded, frozenset(files)
        if now and not until:
            steps += life.silence(now)
        return steps

    def _begin(self, own: _Own, reached: datetime, recorded: datetime) -> list[Step]:
        """Let a rule that is new say what is open now, and nothing of what was before."""
        rule, life, house = own.rule, own.life, self.alerts.warehouse
        if reached <= BEGINNING:
            return []
        rows, pulses = hearing.beginning(rule, house, reached, recorded)
        if rule.time:
            reached = max([reached, *(row.at + _INSTANT for row in rows)])
        return life.open_steps(rows, reached, pulses)

    def _new(
        self, own: _Own, reached: datetime, recorded: datetime
    ) -> tuple[list[LifeRow], datetime, list[Pulse]]:
        """Return what is new to a rule: rows, up to which moment, and when any rows came."""
        rule, life, house = own.rule, own.life, self.alerts.warehouse
        if rule.is_detector:
            since = max(life.passed - hearing.HISTORY, BEGINNING)
            rows = []
            if recorded > own.heard_until:
                rows = hearing.appended(rule, house, since, own.heard_until, recorded)
            end = max([reached, life.passed, *(row.at + _INSTANT for row in rows)])
            return rows, end, []
        end = max(reached, life.passed)
        if rule.time is None:
            rows = hearing.asked(rule, house, BEGINNING, end, recorded) if end > BEGINNING else []
            return [*rows, *hearing.gone(rows, list(life.keys), end)], end, []
        late = self._late(own, recorded)
        if end == life.passed:
            return late, end, []
        rows = hearing.asked(rule, house, life.passed, end, recorded)
        return [*late, *rows], end, hearing.pulses(rule, house, life.passed, end, recorded)

    def _late(self, own: _Own, recorded: datetime) -> list[LifeRow]:
        """Return rows of a view that came since, and were known before it was asked last."""
        rule, life, house = own.rule, own.life, self.alerts.warehouse
        files = self.alerts.files(rule.of)
        lows = [low for path, low in files.items() if path not in (own.files or ())]
        since = max(min(lows, default=life.passed), life.passed - _LATE, BEGINNING)
        if since >= life.passed:
            return []
        span = since, life.passed
        before = hearing.asked(rule, house, *span, own.heard_until, is_whole=True)
        now = hearing.asked(rule, house, *span, recorded, is_whole=True)
        known = set(before)
        return [row for row in now if row not in known]

    def _calendar_at(self, rule: Rule, until: datetime) -> Calendar:
        """Return the sessions, read again where any were loaded; few rules need them."""
        if not rule.needs_calendar:
            return Calendar()
        house = self.alerts.warehouse
        snapshot = house.refresh()
        seen = tuple(snapshot.files.get("sessions", ())), tuple(snapshot.files.get("events", ()))
        if self._calendar[0] != (house, seen):
            self._calendar = (house, seen), Calendar.read(house, max(until, clock.now()))
        return self._calendar[1]

    def _rows(self, own: _Own, steps: list[Step]) -> list[Row]:
        house = self.alerts.warehouse
        has = own.rule.of in {bound.view.stable for bound in house.bound}
        fingerprint = house.fingerprint(own.rule.of).fingerprint if has else None
        return [actions.step_row(step, own.rule.text, fingerprint) for step in steps]

    def _mark(self, own: _Own) -> Mark:
        until, definition = max(own.life.passed, BEGINNING), own.rule.definition
        return Mark(own.rule.name, until, own.heard_until, definition, own.life.state())


_INSTANT = timedelta(microseconds=1)


def _as_it_was(name: str, definition: Mapping[str, Any]) -> Rule:
    """Return a rule from what was written down of it, good enough to end its alerts."""
    waits = {
        key: found for key in ("keep", "cooldown") if (found := Wait.of(definition[key] or ""))
    }
    said = json.loads(json.dumps(definition))
    return Rule(
        name, said["of"], said["where"], said["ends"], tuple(said["key"]), waits, (),
        said["severity"], None, False, "known_at", said,
    )  # fmt: skip
