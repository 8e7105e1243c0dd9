"""What is told, to whom and when: worked out from rows alone, so it is the same after a kill."""

from collections.abc import Iterable, Mapping
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from live.channel import Channel, Quiet
from live.outbox import Outbox
from tests.acts import act, channel
from tests.desks import at


class Desk:
    """An outbox that hears of its own rows, as it does from the store."""

    def __init__(self, *channels: Channel) -> None:
        self.channels = {each.name: each for each in channels or (channel(),)}
        self.outbox = Outbox(self.channels)
        self.acts: list[Mapping[str, Any]] = []
        self.steps: list[dict[str, Any]] = []

    def hear(self, *acts: Mapping[str, Any]) -> "Desk":
        self.acts += acts
        for each in acts:
            self.outbox.hear_act(each)
        return self

    def at(self, when: str, *, outcome: str = "queued") -> list[str]:
        """Return the subjects of what is told at a moment, or held back."""
        steps = self.outbox.compose(at(when))
        for step in steps:
            self.step(step)
        return [
            step.get("subject") or step["reason"] for step in steps if step["outcome"] == outcome
        ]

    def step(self, step: dict[str, Any]) -> None:
        full = dict.fromkeys(("subject", "reason", "follows", "due_at", "action_ids")) | step
        self.steps.append(full)
        self.outbox.hear_step(full)

    def again(self) -> "Desk":
        """Return another that starts with what the store holds."""
        other = Desk(*self.channels.values())
        for step in self.steps:
            other.outbox.hear_step(step)
        other.steps = list(self.steps)
        return other.hear(*self.acts)


def ids(steps: Iterable[Mapping[str, Any]]) -> list[str]:
    return [each for step in steps if step["outcome"] == "queued" for each in step["action_ids"]]


def test_what_fires_is_told_once() -> None:
    desk = Desk().hear(act("fired"))

    first, second = desk.at("05 15:00"), desk.at("05 16:00")

    assert (first, second) == (["[high] AAPL swept"], [])


def test_what_is_told_is_told_by_nobody_who_starts_anew() -> None:
    desk = Desk().hear(act("fired"), act("fired", "MSFT"))
    desk.at("05 15:00")

    again = desk.again().hear(act("fired", "NVDA"))

    assert again.at("05 15:01") == ["[high] NVDA swept"]


@pytest.mark.parametrize("action", ["pending", "acknowledged", "woken", "snoozed", "expired"])
def test_what_only_the_desk_needs_to_know_is_not_told(action: str) -> None:
    assert Desk().hear(act(action)).at("05 16:00") == []


def test_a_rule_without_the_channel_tells_it_nothing() -> None:
    desk = Desk().hear(act("fired", says={"channels": ["other"]}), act("fired", rule=None))

    assert desk.at("05 16:00") == []


def test_each_channel_is_told_by_itself() -> None:
    desk = Desk(channel("desk"), channel("night", severity="critical"))
    says = {"channels": ["desk", "night"]}

    desk.hear(act("fired", says=says), act("fired", "MSFT", severity="critical", says=says))
    desk.at("05 15:00")

    told = [(step["channel"], step["subject"]) for step in desk.steps]
    assert told == [
        ("desk", "[high] AAPL swept"), ("desk", "[critical] MSFT swept"),
        ("night", "[critical] MSFT swept"),
    ]  # fmt: skip


def test_below_the_floor_neither_begin_nor_end_is_told_and_a_rise_above_it_is() -> None:
    desk = Desk(channel(severity="critical", window=timedelta()))
    desk.hear(act("fired"), act("retracted", when="05 15:01"))
    quiet = desk.at("05 15:02")

    desk.hear(act("fired", when="05 15:03"), act("raised", when="05 15:04", severity="critical"))
    rise = desk.at("05 15:05")
    desk.hear(act("retracted", when="05 15:06", severity=None))

    assert quiet == []
    assert rise == ["worse [critical]: AAPL swept"]
    assert desk.at("05 15:07") == ["taken back: AAPL swept"]


@pytest.mark.parametrize(("tells_end", "told"), [(True, ["over: AAPL swept"]), (False, [])])
def test_an_end_is_told_where_the_channel_asks_for_it(tells_end: bool, told: list[str]) -> None:
    desk = Desk(channel(tells_end=tells_end)).hear(act("fired"))
    desk.at("05 15:00")

    assert desk.hear(act("resolved", when="05 15:30")).at("05 15:30") == told


def test_missing_data_is_told_and_so_is_its_return() -> None:
    desk = Desk(channel(severity="critical", window=timedelta()))

    gone = desk.hear(act("no_data", severity=None, headline=None)).at("05 15:00")
    back = desk.hear(act("data_back", when="05 15:10", severity=None)).at("05 15:10")

    assert gone == ["no data: AAPL: big no data"]
    assert back == ["data is back: AAPL swept"]


def test_a_group_is_told_together_once_it_has_gathered() -> None:
    says = {"group": ["sector"], "wait": "2m"}
    desk = Desk().hear(
        act("fired", "AAPL", says=says, row={"sector": "tech"}),
        act("fired", "XOM", says=says, row={"sector": "oil"}),
        act("fired", "MSFT", "05 15:01", says=says, row={"sector": "tech"}, severity="critical"),
    )

    early, late = desk.at("05 15:01"), desk.at("05 15:02")

    assert early == []
    assert late == ["2 of big [critical]: AAPL, MSFT", "[high] XOM swept"]


def test_without_columns_a_rule_that_waits_tells_all_of_it_together() -> None:
    says = {"wait": "30s"}

    desk = Desk().hear(*(act("fired", key, says=says) for key in ("AAPL", "MSFT")))

    assert desk.at("05 15:01") == ["2 of big [high]: AAPL, MSFT"]


def test_flapping_gives_one_message_a_window() -> None:
    desk = Desk(channel(window=timedelta(minutes=5), tells_end=True))
    told = []

    for minute in range(20):
        desk.hear(act("fired" if minute % 2 == 0 else "resolved", when=f"05 15:{minute:02}"))
        told += [(minute, said) for said in desk.at(f"05 15:{minute:02}")]

    assert [minute for minute, _ in told] == [0, 5, 10, 15]
    assert told[1][1] == "5 of big [high]: AAPL"
    assert desk.at("05 16:00") == ["4 of big [high]: AAPL"]
    assert sorted(ids(desk.steps)) == sorted(each["action_id"] for each in desk.acts)


def test_what_gets_worse_does_not_wait_for_the_window() -> None:
    desk = Desk().hear(act("fired", severity="low"))
    desk.at("05 15:00")

    desk.hear(act("raised", when="05 15:01", severity="critical"))

    assert desk.at("05 15:01") == ["worse [critical]: AAPL swept"]


def test_what_is_open_is_told_again_until_it_ends() -> None:
    desk = Desk().hear(act("fired", says={"repeat": "1h"}))

    first = desk.at("05 15:00")
    between, again = desk.at("05 15:59"), desk.again().at("05 16:00")
    desk.at("05 16:00")
    desk.hear(act("resolved", when="05 16:30", says={"repeat": "1h"}))

    assert (first, between) == (["[high] AAPL swept"], [])
    assert again == ["still open: [high] AAPL swept"]
    assert desk.at("05 18:00") == []
    assert desk.steps[1]["follows"] == desk.steps[0]["notice_id"]
    assert desk.steps[1]["notice_id"] != desk.steps[0]["notice_id"]


def test_what_ends_without_a_word_is_not_told_again() -> None:
    says = {"repeat": "1h"}
    desk = Desk().hear(act("fired", says=says), act("no_data", "*", says=says))
    desk.at("05 15:00")

    desk.hear(act("expired", when="05 15:30"), act("expired", "*", "05 15:30"))

    assert desk.at("05 18:00") == []


def test_an_older_alert_that_is_taken_back_leaves_the_open_one_open() -> None:
    says = {"repeat": "1h"}
    desk = Desk(channel(window=timedelta())).hear(act("fired", says=says, alert_id="new"))
    desk.at("05 15:00")

    older = desk.hear(act("retracted", when="05 15:01", alert_id="old")).at("05 15:01")

    assert older == ["taken back: AAPL swept"]
    assert desk.at("05 16:01") == ["still open: [high] AAPL swept"]


def test_what_somebody_acknowledged_is_not_told_again_until_it_fires_anew() -> None:
    says = {"repeat": "1h"}
    desk = Desk().hear(act("fired", says=says))
    desk.at("05 15:00")

    desk.hear(act("acknowledged", when="05 15:10", definition=None))
    known = desk.at("05 17:00")
    desk.hear(act("resolved", when="05 17:01", says=says), act("fired", when="05 17:02", says=says))

    assert known == []
    assert desk.at("05 17:02") == ["[high] AAPL swept"]
    assert desk.at("05 18:02") == ["still open: [high] AAPL swept"]


def test_what_is_snoozed_is_told_when_it_wakes_after_a_restart_too() -> None:
    desk = Desk().hear(act("fired", says={"repeat": "1h"}))
    desk.at("05 15:00")

    desk.hear(act("snoozed", when="05 15:01", until_at=at("05 20:00"), definition=None))
    desk.hear(act("raised", when="05 15:02", severity="critical", says={"repeat": "1h"}))

    assert desk.again().at("05 19:59") == []
    assert desk.again().at("05 20:00") == ["worse [critical]: AAPL swept"]
    desk.hear(act("woken", when="05 16:00", definition=None))
    assert desk.at("05 16:00") == ["worse [critical]: AAPL swept"]


def test_a_digest_gathers_until_its_hour_in_the_zone_of_the_channel() -> None:
    desk = Desk(channel(zone=ZoneInfo("America/New_York")))
    says = {"digest": "0 17 * * *"}

    desk.hear(act("fired", says=says), act("fired", "MSFT", "05 20:00", says=says))

    assert desk.at("05 21:59") == []
    assert desk.at("05 22:00") == ["2 of big [high]: AAPL, MSFT"]


def test_a_digest_that_never_comes_tells_nothing() -> None:
    desk = Desk().hear(act("fired", says={"digest": "0 0 30 2 *"}))

    assert desk.at("25 22:00") == []


def test_quiet_hours_hold_everything_for_one_notice_at_their_end() -> None:
    quiet = Quiet(time(22), time(7), ZoneInfo("UTC"))
    desk = Desk(channel(quiet=quiet))
    desk.hear(act("fired", when="05 23:00"))

    held = desk.at("05 23:00", outcome="held")
    desk.hear(act("fired", "MSFT", "06 01:00"))
    held += desk.at("06 01:00", outcome="held")
    silent = desk.at("06 06:59")

    assert held == ["quiet hours; held until 2024-03-06 07:00:00Z"] * 2
    assert silent == []
    assert desk.again().at("06 07:00") == ["2 of big [high]: AAPL, MSFT"]
    assert desk.at("06 07:00", outcome="joined") == [desk.steps[2]["notice_id"]] * 2
    assert desk.at("06 08:00") == []


def test_what_is_above_the_limit_of_an_hour_goes_into_one_digest() -> None:
    desk = Desk(channel(per_hour=3))
    desk.hear(*(act("fired", f"S{n}") for n in range(6)))

    at_once = desk.at("05 15:00")
    desk.hear(act("fired", "S6", "05 15:10"), act("fired", "S7", "05 15:11"))
    over = desk.at("05 15:11", outcome="held")

    assert at_once == [
        "4 of big [high]: S2, S3, S4, S5", "[high] S0 swept", "[high] S1 swept",
    ]  # fmt: skip
    assert over == ["3 notices in an hour; held until 2024-03-05 16:00:00Z"]
    assert desk.again().at("05 15:59") == []
    assert desk.at("05 16:00") == ["2 of big [high]: S6, S7"]
    assert sorted(ids(desk.steps)) == sorted(each["action_id"] for each in desk.acts)


def test_no_more_than_the_limit_is_ever_told_in_an_hour() -> None:
    desk = Desk(channel(per_hour=5))

    for minute in range(180):
        when = f"05 {15 + minute // 60}:{minute % 60:02}"
        desk.hear(act("fired", f"S{minute}", when))
        desk.at(when)
    desk.at("05 19:00")

    told = [step["tried_at"] for step in desk.steps if step["outcome"] == "queued"]
    most = max(sum(t <= each < t + timedelta(hours=1) for each in told) for t in told)
    assert most == 5
    assert len(ids(desk.steps)) == len(set(ids(desk.steps))) == 180


def test_a_step_or_an_act_that_is_heard_twice_changes_nothing() -> None:
    desk = Desk().hear(act("fired"))
    desk.at("05 15:00")

    desk.outbox.hear_step(desk.steps[0])
    desk.outbox.hear_act(desk.acts[0])

    assert desk.at("05 15:10") == []
    assert len(list(desk.outbox.letters)) == 1


def test_what_is_told_and_taken_is_forgotten() -> None:
    desk = Desk().hear(act("fired"))
    desk.at("05 15:00")
    (letter,) = desk.outbox.letters

    desk.step(letter.sent(at("05 15:00"), 5, None))

    assert (list(desk.outbox.letters), desk.outbox._acts, desk.outbox._uses) == ([], {}, {})
