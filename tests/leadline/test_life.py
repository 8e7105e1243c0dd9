"""What happens to an alert, moment by moment; however time is cut, the same."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from leadline.clock import BEGINNING
from leadline.life import Life, Row, Step
from leadline.quiet import Calendar, Session, Wait
from leadline.rule import Rule

START = datetime(2024, 3, 5, 15, tzinfo=UTC)  # a Tuesday, within the session
END = START + timedelta(days=2)
# Three sessions from 14:30 to 21:00, and a report on the second day.
CALENDAR = Calendar(
    [
        Session(day.date(), day.replace(hour=14, minute=30), day.replace(hour=21, minute=0))
        for day in (START + timedelta(days=n) for n in range(3))
    ],
    {"R": [START + timedelta(days=1)]},
)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def rule(of: str = "curated.things", **said: Any) -> Rule:
    waits = {
        name.rstrip("_"): Wait.of(said.pop(name)) or Wait()
        for name in ("for_", "keep", "cooldown", "no_data")
        if name in said
    }
    return Rule(
        name="r", of=of, where="true", ends=None, key=("entity",), waits=waits,
        mute=tuple(said.pop("mute", ())), severity=None, expires=said.pop("expires", None),
        has_severity=True, time="known_at", definition=said,
    )  # fmt: skip


def row(minutes: float, says: str, key: str = "A", severity: str = "medium") -> Row:
    """Return a row that `holds`, `ends`, or does neither."""
    entity, text = key, f"{key} {says} at {minutes:g}"
    return Row(key, at(minutes), says == "holds", says == "ends", severity, entity, text)


def told(steps: Sequence[Step]) -> list[tuple[str, float]]:
    return [(step.action, (step.at - START) / timedelta(minutes=1)) for step in steps]


def lives(own: Rule, *rows: Row, until: float = 600, **more: Any) -> list[tuple[str, float]]:
    return told(Life(own, CALENDAR).advance(rows, at(until), **more))


def test_what_holds_fires_and_what_ends_is_resolved() -> None:
    found = Life(rule(), CALENDAR).advance([row(0, "holds"), row(5, "ends")], at(10))

    assert told(found) == [("fired", 0), ("resolved", 5)]
    assert [step.headline for step in found] == ["A holds at 0", "A ends at 5"]
    assert len({step.alert_id for step in found}) == 1
    assert len({step.action_id for step in found}) == 2


def test_what_has_to_hold_for_a_while_is_pending_until_then() -> None:
    own = rule(for_="5m")

    assert lives(own, row(0, "holds"), row(4, "ends")) == [("pending", 0), ("lapsed", 4)]
    assert lives(own, row(0, "holds"), row(5, "ends")) == [
        ("pending", 0), ("fired", 5), ("resolved", 5),
    ]  # fmt: skip


def test_between_holding_and_ending_an_alert_stays_as_it_is() -> None:
    rows = [row(0, "neither"), row(1, "holds"), row(2, "neither"), row(3, "holds"), row(4, "ends")]

    assert lives(rule(), *rows) == [("fired", 1), ("resolved", 4)]


def test_it_is_kept_firing_until_it_has_ended_for_long_enough() -> None:
    own = rule(keep="5m")
    rows = [row(0, "holds"), row(1, "ends"), row(3, "holds"), row(10, "ends")]

    assert lives(own, *rows) == [("fired", 0), ("resolved", 15)]


def test_a_key_that_flaps_is_told_once_a_cool_down() -> None:
    own = rule(cooldown="15m")
    rows = [row(n, "holds" if n % 2 == 0 else "ends") for n in range(30)]

    assert lives(own, *rows) == [("fired", 0), ("resolved", 1), ("fired", 16), ("resolved", 17)]


def test_what_still_holds_when_the_cool_down_is_over_fires_then() -> None:
    own = rule(cooldown="15m")

    found = lives(own, row(0, "holds"), row(1, "ends"), row(3, "holds"))

    assert found == [("fired", 0), ("resolved", 1), ("fired", 16)]


def test_severity_that_rises_is_told_and_one_that_falls_is_not() -> None:
    rows = [
        row(n, "holds", severity=severity)
        for n, severity in enumerate(["low", "high", "low", "high", "critical"])
    ]

    assert lives(rule(), *rows) == [("fired", 0), ("raised", 1), ("raised", 4)]


def test_each_key_has_a_life_of_its_own() -> None:
    own = rule(cooldown="1h")

    found = Life(own).advance([row(0, "holds"), row(1, "holds", "B"), row(2, "ends")], at(3))

    assert [(step.key, step.action) for step in found] == [
        ("A", "fired"), ("B", "fired"), ("A", "resolved"),
    ]  # fmt: skip


def test_of_rows_of_one_moment_the_worst_counts() -> None:
    rows = [row(0, "ends"), row(0, "holds", severity="low"), row(0, "holds", severity="high")]

    (step,) = Life(rule()).advance(rows, at(1))

    assert (step.action, step.severity) == ("fired", "high")


DETECTOR = "detectors.options_sweep"


def test_a_detectors_alert_is_open_until_keep_is_over_and_further_ones_are_one_with_it() -> None:
    own = rule(DETECTOR, keep="15m", cooldown="60m")
    rows = [row(0, "holds"), row(10, "holds"), row(12, "neither"), row(30, "holds")]

    assert lives(own, *rows) == [("fired", 0), ("resolved", 25)]


def test_a_detectors_alert_within_the_cool_down_is_not_told_later_either() -> None:
    own = rule(DETECTOR, keep="15m", cooldown="60m")

    found = lives(own, row(0, "holds"), row(70, "holds"), row(76, "holds"))

    assert found == [("fired", 0), ("resolved", 15), ("fired", 76), ("resolved", 91)]


def test_a_cool_down_of_sessions_ends_with_a_close() -> None:
    own = rule(DETECTOR, keep="15m", cooldown="1 session")
    day = 24 * 60

    found = lives(own, row(0, "holds"), row(345, "holds"), row(365, "holds"), until=day)

    assert found == [("fired", 0), ("resolved", 15), ("fired", 365), ("resolved", 380)]


def test_a_higher_severity_is_told_of_a_detector_as_well() -> None:
    own = rule(DETECTOR, keep="15m")
    rows = [row(0, "holds", severity="low"), row(5, "holds", severity="high")]

    assert lives(own, *rows) == [("fired", 0), ("raised", 5), ("resolved", 20)]


def test_outside_sessions_a_view_waits_for_the_open_and_a_detector_is_not_heard() -> None:
    view, detector = rule(mute=["closed"]), rule(DETECTOR, keep="15m", mute=["closed"])
    after_close, opens = 370, 1410

    assert lives(view, row(after_close, "holds"), until=2_000) == [("fired", opens)]
    assert lives(view, row(after_close, "holds"), row(380, "ends"), until=2_000) == []
    assert lives(detector, row(after_close, "holds"), until=2_000) == []


def test_earnings_mute_the_companys_own_alerts_alone() -> None:
    own = rule(DETECTOR, keep="15m", mute=["earnings"])
    day_of_report = 24 * 60

    rows = [row(day_of_report, "holds", "R"), row(day_of_report, "holds", "S")]

    found = Life(own, CALENDAR).advance(rows, at(2_000))
    assert {step.key for step in found} == {"S"}


def test_a_holiday_mutes_its_whole_day_in_new_york() -> None:
    tuesday, thursday = CALENDAR.sessions[0], CALENDAR.sessions[2]
    closed_on_wednesday = Calendar([tuesday, thursday])
    life = Life(rule(mute=["holiday"]), closed_on_wednesday)

    found = life.advance([row(24 * 60, "holds")], at(4_000))

    assert [step.at for step in found] == [datetime(2024, 3, 7, 5, tzinfo=UTC)]


def test_a_view_without_rows_says_so_once_and_says_when_they_are_back() -> None:
    own = rule(no_data="10m")

    found = lives(own, until=100, pulses=[(at(0), at(9)), (at(40), at(45))])

    assert found == [("no_data", 19), ("data_back", 40), ("no_data", 55)]


def test_a_silence_is_told_by_a_clock_where_nothing_else_comes() -> None:
    life = Life(rule(no_data="10m"), CALENDAR)
    life.advance([], at(1), [(at(0), at(0))])

    assert [told(life.silence(at(n))) for n in (5, 10, 11)] == [[], [("no_data", 10)], []]
    assert told(life.advance([], at(21), [(at(20), at(20))])) == [("data_back", 20)]


def test_nobody_waits_for_rows_while_the_market_is_closed() -> None:
    own = rule(no_data="10m", mute=["closed"])

    assert lives(own, until=3_000, pulses=[(at(355), at(355))]) == [("no_data", 1420)]


def test_a_rule_that_expires_ends_what_is_open_and_hears_nothing_more() -> None:
    own = rule(expires=at(10))

    found = lives(own, row(0, "holds"), row(5, "holds", "B"), row(6, "ends", "B"), row(10, "holds"))

    assert found == [("fired", 0), ("fired", 5), ("resolved", 6), ("expired", 10)]


def test_a_row_that_comes_late_is_heard_where_time_stands() -> None:
    life = Life(rule(), CALENDAR)
    life.advance([], at(10))

    assert told(life.advance([row(3, "holds")], at(20))) == [("fired", 10)]


def test_a_life_goes_on_from_its_state() -> None:
    rows = [row(0, "holds"), row(1, "ends"), row(3, "holds"), row(60, "ends")]
    own = rule(for_="1m", cooldown="15m", no_data="5m")
    whole = Life(own, CALENDAR).advance(rows, at(100), [(each.at, each.at) for each in rows])

    found: list[Step] = []
    state: Any = Life(own, CALENDAR).state()
    for begin, end in ((0, 2), (2, 5), (5, 100)):
        life = Life(own, CALENDAR)
        life.resume(json.loads(json.dumps(state)))
        new = [each for each in rows if at(begin) <= each.at < at(end)]
        found += life.advance(new, at(end), [(each.at, each.at) for each in new])
        state = life.state()

    assert found == whole


SAYS = some.sampled_from(["holds", "ends", "neither"])
LEVELS = some.sampled_from(["low", "high"])
ROWS = some.lists(
    some.tuples(some.integers(0, 500), SAYS, some.sampled_from("AR"), LEVELS), max_size=25
)
RULES = some.builds(
    rule,
    of=some.sampled_from(["curated.things", DETECTOR]),
    for_=some.sampled_from(["0s", "7m", "30m"]),
    keep=some.sampled_from(["5m", "20m"]),
    cooldown=some.sampled_from(["0s", "15m", "1 session"]),
    no_data=some.sampled_from(["30m", "3h"]),
    mute=some.sampled_from([[], ["closed"], ["earnings", "closed"]]),
    expires=some.sampled_from([None, at(400)]),
)


def check_cuts(own: Rule, given_rows: list[tuple[int, str, str, str]], cuts: list[int]) -> None:
    # Ticks of a minute and a half, so that rows fall on cuts and between them; past one close.
    rows = sorted((row(1.5 * n, *said) for n, *said in given_rows), key=lambda each: each.at)
    pulses = [(moment, moment) for moment in sorted({each.at for each in rows})]
    whole = Life(own, CALENDAR).advance(rows, END, pulses)

    life, found, begin = Life(own, CALENDAR), list[Step](), BEGINNING
    for end in [*(at(1.5 * cut) for cut in sorted(cuts)), END]:
        new = [each for each in rows if begin <= each.at < end]
        found += life.advance(new, end, [pulse for pulse in pulses if begin <= pulse[0] < end])
        begin = end

    assert sorted(found, key=lambda step: (step.at, step.key, step.nth)) == whole
    assert len({step.action_id for step in whole}) == len(whole)


@settings(max_examples=60)
@given(RULES, ROWS, some.lists(some.integers(0, 520), max_size=12))
def test_however_time_is_cut_the_steps_are_the_same(
    own: Rule, given_rows: list[tuple[int, str, str, str]], cuts: list[int]
) -> None:
    check_cuts(own, given_rows, cuts)


@pytest.mark.soak
@settings(max_examples=5_000)
@given(RULES, ROWS, some.lists(some.integers(0, 520), max_size=12))
def test_however_time_is_cut_the_steps_are_the_same_often(
    own: Rule, given_rows: list[tuple[int, str, str, str]], cuts: list[int]
) -> None:
    check_cuts(own, given_rows, cuts)
