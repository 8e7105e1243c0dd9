"""What is to be told, to whom and when: worked out from what happened and what was told already.

It holds what two datasets say, `alert_actions` and `deliveries`, and changes with nothing else: so
whoever starts anew, after a kill too, goes on where the one before stopped.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from leadline.catalog import SEVERITIES
from leadline.clock import FOREVER, stamp
from live.channel import Channel
from live.letters import Letter, Letters
from live.notice import Notice, highest, identity, subject
from live.telling import Group, Telling, telling_of

Row = Mapping[str, Any]
Steps = list[dict[str, Any]]
Key = tuple[str | None, str]

_OPENS = ("fired", "raised", "no_data")
_ENDS = ("resolved", "retracted", "data_back")
_HOUR = timedelta(hours=1)
_INSTANT = timedelta(microseconds=1)


class _Waiting(NamedTuple):
    """An act that is not told yet on a channel."""

    act: Row
    rule: Telling
    group: Group


@dataclass
class _Life:
    """One key of a rule, or its lack of data, from its firing to its end."""

    rule: Telling
    opened: Row | None = None
    heard: set[str] = field(default_factory=set)  # the channels that were told of it, or will be

    def is_of(self, act: Row) -> bool:
        """Say whether an act is of what is open, and not of an alert before it."""
        open_ = self.opened.get("alert_id") if self.opened else None
        return not open_ or act.get("alert_id") in (None, open_)


class _Told(NamedTuple):
    """The last notice of a group on a channel."""

    notice_id: str
    at: datetime
    severity: int


class Outbox:
    """What waits to be told on these channels, and what is on its way."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self.channels = channels
        self.letters = Letters(channels)
        self._acts: dict[str, Row] = {}  # that wait, are on their way, or began what is still open
        self._uses: Counter[str] = Counter()  # of each of them
        self._pending: dict[str, dict[str, _Waiting]] = {name: {} for name in channels}
        self._held: dict[str, dict[str, Sequence[str]]] = {name: {} for name in channels}
        self._notices: dict[str, dict[str, str]] = {name: {} for name in channels}
        self._recent: dict[str, deque[datetime]] = {name: deque() for name in channels}
        self._told: dict[tuple[str, Group], _Told] = {}
        self._lives: dict[tuple[Key, bool], _Life] = {}
        self._repeating: dict[tuple[Key, bool], _Life] = {}
        self._snoozed: dict[Key, datetime] = {}
        self._acknowledged: set[Key] = set()

    def hear_step(self, row: Row) -> None:
        """Take in what happened to a notice."""
        name, notice_id, ids = row["channel"], row["notice_id"], row["action_ids"] or ()
        if name not in self.channels:
            return
        if row["outcome"] == "held":
            self._held[name][notice_id] = ids
        elif row["outcome"] == "joined":
            self._held[name].pop(notice_id, None)
        elif row["outcome"] == "queued":
            is_first = row["attempt"] == 0
            if is_first and self.letters.queued_at(notice_id):
                return  # it was told twice
            self._use(ids)
            self.letters.hear(row)
            if is_first:
                self._recent[name].append(row["tried_at"])
            for action_id in ids:
                self._notices[name][action_id] = notice_id
                if act := self._acts.get(action_id):
                    self._mark(name, act, notice_id)
                if self._pending[name].pop(action_id, None):
                    self._drop([action_id])
        elif ended := self.letters.hear(row):
            self._drop(ended.action_ids)

    def hear_act(self, act: Row) -> None:
        """Take in what happened to an alert."""
        key, action, action_id = (act["rule"], act["key"]), act["action"], act["action_id"]
        if self._uses[action_id]:
            self._acts[action_id] = act
        if action == "snoozed":
            self._snoozed[key] = act["until_at"] or FOREVER
        elif action == "woken":
            self._snoozed.pop(key, None)
        elif action == "acknowledged":
            self._acknowledged.add(key)
        place = (key, action in ("no_data", "data_back"))
        life = self._lives.get(place)
        rule = telling_of(act["definition"]) if act["definition"] or not life else life.rule
        if action in _OPENS:
            life = self._lives.setdefault(place, _Life(rule))
            life.rule = rule
            if action != "raised":
                life.heard.clear()
                self._acknowledged.discard(key)
        if action == "expired":  # of an alert, or of what is said of the rule's view
            for each in ((key, False), (key, True)):
                if each in self._lives:
                    self._open(each, self._lives[each], None)
        if life is None:
            return
        if action in _OPENS or action in _ENDS:
            self._wait(act, rule, life)
        if action in _OPENS:
            self._open(place, life, act)
        elif action in _ENDS and life.is_of(act):
            self._open(place, life, None)

    def missing(self) -> list[str]:
        """Return the acts that a letter tells and that are not known here any more."""
        ids = (action_id for letter in self.letters for action_id in letter.action_ids)
        return [action_id for action_id in ids if action_id not in self._acts]

    def know(self, act: Row) -> None:
        """Take in an act that was missing."""
        self._acts[act["action_id"]] = act

    def notice(self, letter: Letter) -> Notice:
        """Return what a letter says, the same at each try."""
        acts = [self._acts[each] for each in letter.action_ids if each in self._acts]
        return Notice(
            letter.notice_id, letter.channel, letter.subject, letter.queued_at,
            letter.action_ids, acts, letter.rule, self.channels[letter.channel].link,
        )  # fmt: skip

    def compose(self, now: datetime) -> Steps:
        """Return the notices that are to be told by now, and what is held back, as rows."""
        steps = [step for channel in self.channels.values() for step in self._of(channel, now)]
        for place, step in enumerate(steps):  # so that they are sent in this order
            step["tried_at"] += place * _INSTANT
        return steps

    def _of(self, channel: Channel, now: datetime) -> Steps:
        name = channel.name
        recent = self._recent[name]
        while recent and recent[0] <= now - _HOUR:
            recent.popleft()
        ready, held = self._ready(channel, now)
        room = channel.per_hour - len(recent)
        quiet = channel.quiet.ends_at(now) if channel.quiet else None
        if quiet or room <= 0:
            acts = [each.act for group in ready for each in group]
            until = quiet or recent[0] + _HOUR
            why = "quiet hours" if quiet else f"{channel.per_hour:,} notices in an hour"
            said = {"due_at": until, "reason": f"{why}; held until {stamp(until)}"}
            return [self._step(name, "held", acts, now, **said)] if acts else []
        # What is above the limit, and what was held, is told in one.
        n_single = len(ready) if not held and len(ready) <= room else max(room - 1, 0)
        single, rest = ready[:n_single], [*held, *(x for group in ready[n_single:] for x in group)]
        steps = self._together(name, [each.act for each in rest], now) if rest else []
        for group in single:
            acts = [each.act for each in group]
            is_digest = group[0].rule.digest is not None
            line = subject(acts, is_digest=is_digest)
            steps.append(self._step(name, "queued", acts, now, due_at=now, subject=line))
        left = room - len(single) - bool(rest)
        return steps + self._again(channel, now)[: max(left, 0)]

    def _ready(
        self, channel: Channel, now: datetime
    ) -> tuple[list[list[_Waiting]], list[_Waiting]]:
        """Return the groups whose moment has come, and what was held back before."""
        kept = {each for ids in self._held[channel.name].values() for each in ids}
        groups: defaultdict[Group, list[_Waiting]] = defaultdict(list)
        held = []
        for action_id, waiting in self._pending[channel.name].items():
            if self._is_snoozed(waiting.act, now):
                continue
            if action_id in kept:
                held.append(waiting)
            else:
                groups[waiting.group].append(waiting)
        return [found for found in groups.values() if self._is_due(channel, found, now)], held

    def _is_due(self, channel: Channel, group: Sequence[_Waiting], now: datetime) -> bool:
        """Say whether a group gathered for long enough; what is worse than told does not wait."""
        first, rule = group[0].act["recorded_at"], group[0].rule
        if rule.digest:
            return rule.digest_at(first, channel.zone) <= now
        ready_at = first + rule.wait
        told = self._told.get((channel.name, group[0].group))
        if told and _rank([each.act for each in group]) <= told.severity:
            ready_at = max(ready_at, told.at + channel.window)
        return bool(ready_at <= now)

    def _together(self, name: str, acts: Sequence[Row], now: datetime) -> Steps:
        """Return one notice of all, and for each that is held back that it is in this one."""
        line = subject(acts, is_digest=len(acts) > 1)
        queued = self._step(name, "queued", acts, now, due_at=now, subject=line)
        ids, pending = set(queued["action_ids"]), self._pending[name]
        joined = [
            self._step(name, "joined", [], now, reason=queued["notice_id"], notice_id=notice_id)
            for notice_id, held in self._held[name].items()
            if all(each in ids or each not in pending for each in held)
        ]
        return [queued, *joined]

    def _again(self, channel: Channel, now: datetime) -> Steps:
        """Return notices of what was told, is still open and is to be told again."""
        open_: defaultdict[Group, list[_Life]] = defaultdict(list)
        for (key, _), life in self._repeating.items():
            assert life.opened is not None
            is_hushed = key in self._acknowledged or self._is_snoozed(life.opened, now)
            is_known = (None, life.opened["alert_key"]) in self._acknowledged
            if channel.name in life.heard and not is_hushed and not is_known:
                open_[life.rule.group_of(life.opened)].append(life)
        waiting = {each.group for each in self._pending[channel.name].values()}
        steps = []
        for group, lives in open_.items():
            told, every = self._told.get((channel.name, group)), lives[0].rule.repeat
            if told and every and group not in waiting and told.at + every <= now:
                acts = [life.opened for life in lives if life.opened]
                said = {"due_at": now, "subject": subject(acts, is_again=True)}
                said |= {"follows": told.notice_id}
                steps.append(self._step(channel.name, "queued", acts, now, **said))
        return steps

    def _step(
        self, name: str, outcome: str, acts: Sequence[Row], now: datetime, **said: Any
    ) -> dict[str, Any]:
        ids = [act["action_id"] for act in acts]
        rules = {act["rule"] for act in acts}
        own = identity(name, ids, said.get("follows") or ("held" if outcome == "held" else ""))
        return {
            "notice_id": own, "channel": name, "attempt": 0, "outcome": outcome, "tried_at": now,
            "known_at": now, "action_ids": ids or None,
            "rule": next(iter(rules)) if len(rules) == 1 else None, **said,
        }  # fmt: skip

    def _wait(self, act: Row, rule: Telling, life: _Life) -> None:
        """Let an act wait on each channel that is to hear of it."""
        action_id = act["action_id"]
        for name in rule.channels:
            if name not in self.channels:
                continue
            if notice_id := self._notices[name].get(action_id):
                life.heard.add(name)
                self._mark(name, act, notice_id)
            elif action_id not in self._pending[name] and self._is_for(name, act, life):
                life.heard.add(name)
                self._pending[name][action_id] = _Waiting(act, rule, rule.group_of(act))
                self._use([action_id])
                self._acts[action_id] = act

    def _is_for(self, name: str, act: Row, life: _Life) -> bool:
        """Say whether a channel is to hear of an act: of an end, if it heard of the begin."""
        channel = self.channels[name]
        if act["action"] in _ENDS:
            return name in life.heard and (act["action"] != "resolved" or channel.tells_end)
        return act["action"] == "no_data" or channel.wants(act["severity"])

    def _open(self, place: tuple[Key, bool], life: _Life, act: Row | None) -> None:
        """Remember what is open, as long as it may have to be told again."""
        if life.opened:
            self._drop([life.opened["action_id"]])
        life.opened = act if life.rule.repeat else None
        if life.opened:
            self._use([life.opened["action_id"]])
            self._acts[life.opened["action_id"]] = life.opened
            self._repeating[place] = life
        else:
            self._repeating.pop(place, None)

    def _mark(self, name: str, act: Row, notice_id: str) -> None:
        """Remember the last notice of an act's group, and the worst that it told."""
        place = ((act["rule"], act["key"]), act["action"] in ("no_data", "data_back"))
        life = self._lives.get(place)
        rule = telling_of(act["definition"]) if act["definition"] or not life else life.rule
        at = self.letters.queued_at(notice_id)
        where = (name, rule.group_of(act))
        told, severity = self._told.get(where), _rank([act])
        if at is None or (told and told.at > at):
            return
        if told and told.notice_id == notice_id:
            severity = max(severity, told.severity)
        self._told[where] = _Told(notice_id, at, severity)

    def _is_snoozed(self, act: Row, now: datetime) -> bool:
        keys = ((act["rule"], act["key"]), (None, act["alert_key"]))
        return any(self._snoozed[key] > now for key in keys if key in self._snoozed)

    def _use(self, ids: Sequence[str]) -> None:
        self._uses.update(ids)

    def _drop(self, ids: Sequence[str]) -> None:
        for action_id in ids:
            self._uses[action_id] -= 1
            if self._uses[action_id] <= 0:
                del self._uses[action_id]
                self._acts.pop(action_id, None)


def _rank(acts: Sequence[Row]) -> int:
    """Return how severe the worst of acts is; below all others where none says."""
    worst = highest(acts)
    return SEVERITIES.index(worst) if worst else -1
