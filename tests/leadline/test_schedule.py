from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from leadline import project
from leadline.clock import Span
from leadline.due import Calendar, Calendars
from leadline.errors import LeadlineError
from leadline.feed import Feed
from leadline.schedule import (
    UPKEEP,
    Job,
    Owed,
    Past,
    Reader,
    behind,
    calendars_of,
    next_at,
    owed,
    retry_at,
)
from tests.doors import ROOT

NEW_YORK = ZoneInfo("America/New_York")
DAY = timedelta(days=1)


def at(text: str) -> datetime:
    """Read a moment of New York in 2024: `03-05 18:30`."""
    return datetime.fromisoformat(f"2024-{text}").replace(tzinfo=NEW_YORK).astimezone(UTC)


def week() -> Calendars:
    """Monday to Friday of the first week of March, with a half day."""
    days = [date(2024, 3, n) for n in range(4, 9)]
    rows = [
        {
            "session_date": day,
            "opens_at": datetime.combine(day, time(9, 30), NEW_YORK),
            "closes_at": datetime.combine(day, time(13 if day.day == 6 else 16), NEW_YORK),
        }
        for day in days
    ]
    return {"XNYS": Calendar.of(rows)}


def feed(card: Feed, **parts: Any) -> ModuleType:
    module = ModuleType("loader")
    module.__dict__.update(FEED=card, **parts)
    return module


FEEDS: Mapping[str, ModuleType | None] = {
    "finra_short": feed(Feed(writes=("a",), schedule="30 18 * * 1-5"), pull=list),
    "bars": feed(Feed(writes=("a",), step=0, schedule="close + 45m"), pull=list),
    "books": feed(Feed(writes=("a",), schedule="40 0 * * *", zone="UTC"), pull=list),
    "plain": feed(Feed(writes=("a",)), pull=list),
    "files": feed(Feed(writes=("a",)), read=list),
    "unused": None,
}


def jobs(used: Collection[str] = (), **tables: Any) -> list[Job]:
    return Reader(FEEDS, week()).jobs(tables, used)


def job(name: str = "finra_short", **table: Any) -> Job:
    (found,) = jobs(**{name: table})
    return found


def local(job: Job, moment: str) -> str:
    due = job.times.next(at(moment), week())
    assert due is not None
    return f"{due.astimezone(NEW_YORK):%m-%d %H:%M}"


def test_a_feed_in_use_has_the_schedule_of_its_card() -> None:
    found = {each.name: each for each in jobs(["finra_short", "bars", "books", "files", "alerts"])}

    assert list(found) == ["bars", "books", "finra_short"]
    assert local(found["finra_short"], "03-05 12:00") == "03-05 18:30"
    assert local(found["books"], "03-05 12:00") == "03-05 19:40"
    assert local(found["bars"], "03-06 12:00") == "03-06 13:45"
    assert [each.is_whole for each in found.values()] == [True, False, False]


def test_the_settings_come_before_the_card_and_switch_it_off() -> None:
    found = jobs(["finra_short", "bars"], finra_short={"cron": "0 20 * * *"}, bars={"off": True})

    assert [local(each, "03-05 12:00") for each in found] == ["03-05 20:00"]


def test_settings_without_a_time_take_the_cards() -> None:
    found = job(since=date(2024, 1, 2), retries=1, again="3d", timeout="10m", sessions="XNYS")

    assert found.times.next(at("03-08 20:00"), week()) is None  # no session is known after it
    assert (found.since, found.retries) == (datetime(2024, 1, 2, tzinfo=UTC), 1)
    assert (found.again, found.timeout) == (3 * DAY, timedelta(minutes=10))


def test_an_upkeep_is_a_job_without_a_feed() -> None:
    found = job("refresh", after="close + 2h")

    assert (found.feed, local(found, "03-06 12:00")) == (None, "03-06 15:00")


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"finra_shrt": {}}, "schedule has 'finra_shrt', which is no feed or upkeep; "
         "did you mean 'finra_short'"),
        ({"refrsh": {}}, "schedule has 'refrsh', which is no feed or upkeep; "
         "did you mean 'refresh'"),
        ({"bars": {"crn": "x"}}, "[schedule.bars] has 'crn'; did you mean 'cron'"),
        ({"bars": {"cron": "0 0 31 2 *"}}, "[schedule.bars] cron '0 0 31 2 *' never fires; "
         "no such day is in any year, write another"),
        ({"bars": {"cron": "0 9 * * 0", "sessions": "XNYS"}}, "[schedule.bars] cron '0 9 * * 0' "
         "never fires on a session of XNYS; write other days, or leave sessions out"),
        ({"bars": {"cron": "0 9 * * 1", "sessions": "XNY"}}, "[schedule.bars] sessions is 'XNY', "
         "which is no calendar; did you mean 'XNYS'"),
        ({"bars": {"cron": "0 9 * * 1", "after": "close"}}, "[schedule.bars] has cron and after; "
         "keep one of them"),
        ({"bars": {"after": "close + 30m", "zone": "UTC"}}, "[schedule.bars] has zone, which only "
         "cron needs; leave it out"),
        ({"bars": {"after": "clse + 30m"}}, "[schedule.bars] after is 'clse + 30m'; "
         "it takes close + 30m or open - 10m"),
        ({"bars": {"cron": 5}}, "[schedule.bars] cron is '5'; it takes text in quotes"),
        ({"bars": {"cron": "0 9 * * 1", "zone": "Mars"}}, "[schedule.bars] cron '0 9 * * 1' is of "
         "zone 'Mars', which nobody knows"),
        ({"bars": {"retries": -1}}, "[schedule.bars] retries is '-1'; it takes a number"),
        ({"bars": {"timeout": "0s"}}, "[schedule.bars] timeout is '0s'; it takes 90s, 2h or 3d"),
        ({"bars": {"since": "soon"}}, "[schedule.bars] since is 'soon'; write 2024-03-01"),
        ({"bars": {"off": "yes"}}, "[schedule.bars] off is 'yes'; it takes true or false"),
        ({"refresh": {"since": "2024-03-01"}}, "[schedule.refresh] has 'since', which only a feed "
         "has; leave it out"),
        ({"refresh": {}}, "[schedule.refresh] says neither cron nor after; "
         'write cron = "30 18 * * 1-5"'),
        ({"plain": {}}, "[schedule.plain] says neither cron nor after, and its loader has no "
         'schedule; write cron = "30 18 * * 1-5"'),
        ({"files": {"cron": "0 9 * * 1"}}, "[schedule.files]: files has no network form; "
         "load its files with --from"),
    ],
)  # fmt: skip
def test_what_is_written_wrong_is_refused_with_its_place(tables: dict[str, Any], said: str) -> None:
    with pytest.raises(LeadlineError) as refused:
        jobs(**tables)

    assert str(refused.value) == f"leadline.toml: {said}"


def test_the_cards_of_all_feeds_can_be_read() -> None:
    modules: dict[str, ModuleType | None] = {
        name: project.feed(ROOT, name)
        for name, path in project.feeds(ROOT).items()
        if "schedule=" in path.read_text()
    }

    found = Reader(modules).jobs({}, modules)

    assert {each.name for each in found} == modules.keys()
    assert calendars_of({}, modules) == {"XNYS"}
    assert not UPKEEP.keys() & project.feeds(ROOT).keys()


def test_the_first_run_loads_one_time_back_or_from_since() -> None:
    now = at("03-05 18:31")

    plain = owed(job(), None, now, week())
    far = owed(job(since="2024-03-01"), None, now, week())

    assert plain == Owed(job(), at("03-05 18:30"), 1, 1, Span(at("03-03 18:30"), now))
    assert far is not None
    assert far.span == Span(datetime(2024, 3, 1, tzinfo=UTC), now)


def done(due: str, until: str | None = None, **more: Any) -> Past:
    moment = at(until or due)
    return Past(at(due), moment, "done", 1, None, moment, at(due), moment, **more)


def test_nothing_is_owed_until_the_next_due_time() -> None:
    past = done("03-05 18:30", "03-05 18:31")

    assert owed(job(), past, at("03-06 18:29"), week()) is None
    assert next_at(job(), past, at("03-06 18:29"), week()) == at("03-06 18:30")
    found = owed(job(), past, at("03-06 18:30"), week())
    assert found is not None
    assert found.span == Span(at("03-04 18:31"), at("03-06 18:30"))  # a day is looked at again


def test_what_was_missed_is_one_run_from_where_the_last_one_ended() -> None:
    past = done("03-04 18:30", "03-04 18:31")

    found = owed(job(again="0s"), past, at("03-08 09:00"), week())

    assert found is not None
    assert (found.due_at, found.n_due) == (at("03-07 18:30"), 3)
    assert found.span == Span(at("03-04 18:31"), at("03-08 09:00"))


def test_a_long_span_is_loaded_in_pieces_and_goes_on_where_it_broke_off() -> None:
    old, now, pieces = job(since="2023-11-01", retries=3), at("03-05 18:31"), []
    past = None

    while found := owed(old, past, now, week()):
        assert found.span is not None
        pieces.append(found.span)
        if len(pieces) == 2:  # one breaks off, and is tried again
            assert past is not None
            past = replace(past, outcome="killed")
            found = owed(old, past, now, week())
            assert found is not None
            assert found.span == pieces[-1]
        span = found.span
        assert span is not None
        past = Past(found.due_at, now, "done", 1, None, span.until, found.due_at, span.until)

    assert [each.since for each in pieces[1:]] == [each.until for each in pieces[:-1]]
    assert (pieces[0].since, pieces[-1].until) == (datetime(2023, 11, 1, tzinfo=UTC), now)
    assert {each.until - each.since for each in pieces[:-1]} == {31 * DAY}


def test_a_load_of_everything_is_not_cut_into_pieces() -> None:
    found = owed(job("bars", since="2015-01-01"), None, at("03-05 18:31"), week())

    assert found is not None
    assert found.span == Span(datetime(2015, 1, 1, tzinfo=UTC), at("03-05 18:31"))


def failing(outcome: Any, attempt: int, **more: Any) -> Past:
    past = done("03-04 18:30")
    return replace(past, due_at=at("03-05 18:30"), outcome=outcome, attempt=attempt, **more)


def test_what_is_worth_trying_again_is_tried_at_its_time_and_not_for_ever() -> None:
    again = at("03-05 18:36")

    assert [retry_at(job(retries=2), n, again) for n in (1, 2, 3)] == [
        again + timedelta(minutes=1), again + timedelta(minutes=5), None,
    ]  # fmt: skip
    past = failing("failed", 1, retry_at=again)
    assert owed(job(), past, at("03-05 18:35"), week()) is None
    assert next_at(job(), past, at("03-05 18:35"), week()) == again
    found = owed(job(), past, again, week())
    assert found is not None
    assert (found.attempt, found.due_at) == (2, at("03-05 18:30"))
    assert found.span == Span(at("03-03 18:30"), again)


def test_what_is_not_worth_trying_again_waits_until_it_is_next_due() -> None:
    past = failing("failed", 1)

    assert owed(job(), past, at("03-06 18:29"), week()) is None
    found = owed(job(), past, at("03-06 18:30"), week())
    assert found is not None
    assert (found.attempt, found.n_due) == (1, 2)


def test_what_was_killed_is_repeated_at_once_but_not_for_ever() -> None:
    now = at("03-05 18:32")

    found = owed(job(retries=2), failing("killed", 2), now, week())

    assert found is not None
    assert found.attempt == 3
    assert owed(job(retries=2), failing("killed", 3), now, week()) is None


def test_what_was_stopped_goes_on_as_the_same_try() -> None:
    found = owed(job(retries=0), failing("stopped", 1), at("03-05 18:32"), week())

    assert found is not None
    assert found.attempt == 1


def test_it_is_behind_since_the_first_due_time_that_was_not_served() -> None:
    now = at("03-08 18:30")

    assert behind(job(), None, at("03-05 19:30"), week()) == timedelta(hours=1)
    assert behind(job(), done("03-07 18:30"), at("03-08 18:29"), week()) == timedelta()
    assert behind(job(), failing("failed", 1), now, week()) == 3 * DAY
