"""Due times against an independent computation: day by day, field by field, zone by zone."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice, product
from zoneinfo import ZoneInfo

import pytest

from leadline.clock import Span
from leadline.due import Calendar, Calendars, Times, clock_times, session_times
from leadline.errors import ConfigError
from tests.stores import real_sessions

SEED = 20240301
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
# In every zone the clock goes forward and back; Lord Howe's by half an hour, and in the south.
ZONES = ("America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC")
FIRST, LAST = date(2005, 1, 1), date(2025, 1, 1)


@cache
def calendars() -> Calendars:
    """The sessions of New York, and a year of each side."""
    span = Span(datetime(2004, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    return {"XNYS": Calendar.of(real_sessions(span))}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def values(said: str, low: int, high: int) -> set[int]:
    """Read one field of cron by hand: stars, steps, ranges and lists."""
    found: set[int] = set()
    for part in said.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        begin, end = (low, high) if span == "*" else (int(first), int(last or first))
        found |= set(range(begin, end + 1, int(step or 1)))
    return found


def exists(naive: datetime, zone: ZoneInfo) -> bool:
    there = naive.replace(tzinfo=zone)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == naive


def by_hand(cron: str, zone: ZoneInfo, first: date, last: date) -> Iterator[datetime]:
    """Yield due times day by day: what is named comes once, what a star says as time goes by."""
    minutes, hours, days, months, weekdays = cron.split()
    is_named = hours != "*" and not hours.startswith("*/")
    for n in range((last - first).days):
        day = first + n * DAY
        of_month = day.day in values(days, 1, 31)
        of_week = day.isoweekday() % 7 in {each % 7 for each in values(weekdays, 0, 7)}
        both = of_month and of_week if "*" in (days, weekdays) else of_month or of_week
        if not both or day.month not in values(months, 1, 12):
            continue
        found = set()
        for hour, minute in product(values(hours, 0, 23), values(minutes, 0, 59)):
            naive = datetime.combine(day, time(hour, minute))
            if exists(naive, zone):
                found.add(naive.replace(tzinfo=zone).astimezone(UTC))
                if not is_named:
                    found.add(naive.replace(tzinfo=zone, fold=1).astimezone(UTC))
            elif is_named:
                while not exists(naive, zone):
                    naive += MINUTE
                found.add(naive.replace(tzinfo=zone).astimezone(UTC))
        yield from sorted(found)


def crons(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Yield schedules that people write, many of them in the hours in which clocks change."""
    yield from product(("30 1 * * *", "30 2 * * *", "0 0 * * *", "15 */6 * * *"), ZONES)
    while True:
        minute = chance.choice(["0", "30", "59", "5,35", "*/20", "10-40/15"])
        hour = chance.choice(["0", "1", "2", "3", "1-3", "23", "0,12", "*", "*/2", "6-23"])
        day = chance.choice(["*", "*", "*", "1", "13,28", "31", "29"])
        month = chance.choice(["*", "*", "*", "3", "10-11", "2"])
        weekday = chance.choice(["*", "*", "1-5", "0", "7", "2-6", "1,3"])
        cron = f"{minute} {hour} {day} {month} {weekday}"
        if (day, month) != ("31", "2"):
            yield cron, chance.choice(ZONES)


def check(cron: str, zone: str, first: date, last: date) -> int:
    """Hold one schedule against the independent one; return how many due times it has."""
    own = ZoneInfo(zone)
    begin, end = (datetime.combine(day, time(), own).astimezone(UTC) for day in (first, last))

    told = clock_times("x", cron, zone).between(begin - MINUTE, end - MINUTE, {})

    expected = [due for due in by_hand(cron, own, first - DAY, last) if begin <= due < end]
    assert list(told) == expected, (cron, zone)
    return len(expected)


def test_a_clock_of_any_zone_is_right_day_by_day() -> None:
    chance = random.Random(SEED)
    year = FIRST.replace(year=chance.randrange(2005, 2025))
    some = chance.sample(list(islice(crons(chance), 80)), 14)

    n_due = sum(check(*each, year, year.replace(year=year.year + 1)) for each in some)

    assert n_due > 5_000


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_a_clock_of_any_zone_is_right_through_twenty_years() -> None:
    todo = crons(random.Random(SEED))

    assert sum(check(*next(todo), FIRST, LAST) for _ in range(80)) > 1_000_000


@pytest.mark.parametrize(
    ("said", "hour", "half", "minutes"),
    [("close + 30m", 16, 13, 30), ("close - 10m", 16, 13, -10), ("open - 10m", 9.5, 9.5, -10)],
)
def test_what_is_beside_sessions_is_right_through_twenty_years_of_them(
    said: str, hour: float, half: float, minutes: int
) -> None:
    """Half days are those of the exchange's own list; the rest is arithmetic of New York."""
    zone = ZoneInfo("America/New_York")
    rows = real_sessions(Span(at("2004-01-01"), at("2026-01-01")))
    days = {r["session_date"]: r["is_half_session"] for r in rows}

    told = session_times("x", said).between(at("2005-01-01"), at("2025-01-01"), calendars())

    expected = [
        datetime.combine(day, time(), zone).replace(
            hour=int(half if is_half else hour), minute=30 if hour % 1 else 0
        ).astimezone(UTC) + timedelta(minutes=minutes)
        for day, is_half in days.items() if FIRST <= day < LAST
    ]  # fmt: skip
    assert list(told) == expected
    assert len(expected) == 5_033


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2024-07-03", ["2024-07-03 17:30"]),  # the half day before a holiday
        ("2024-07-04", []),
        ("2024-11-29", ["2024-11-29 18:30"]),
        ("2012-10-29", []),  # a storm
        ("2025-01-09", []),  # a day of mourning
        ("2024-03-08", ["2024-03-08 21:30"]),
        ("2024-03-11", ["2024-03-11 20:30"]),  # the clock went on
    ],
)
def test_half_days_and_days_on_which_the_exchange_is_closed_are_honoured(
    day: str, due: list[str]
) -> None:
    told = session_times("x", "close + 30m").between(at(day), at(day) + DAY, calendars())

    assert list(told) == [at(each) for each in due]


def test_a_clock_with_sessions_is_silent_on_other_days() -> None:
    cron = "30 18 * * *"
    zone = ZoneInfo("America/New_York")
    sessions = set(calendars()["XNYS"].days)

    told = list(
        clock_times("x", cron, calendar="XNYS").between(
            at("2012-01-01 12:00"), at("2015-01-01 12:00"), calendars()
        )
    )

    days = [date(2012, 1, 1) + n * DAY for n in range(3 * 365 + 1)]
    expected = [datetime.combine(d, time(18, 30), zone) for d in days if d in sessions]
    assert told == expected


def test_beyond_the_last_session_nothing_is_due() -> None:
    known = calendars()

    assert session_times("x", "close").next(at("2026-06-01"), known) is None
    assert clock_times("x", "0 9 * * *", calendar="XNYS").next(at("2026-06-01"), known) is None


@pytest.mark.parametrize("cron", ["*/5 * * * *", "30 1 * * *", "30 18 * * 1-5", "0 0 29 2 *"])
def test_the_last_due_time_is_the_one_before_the_next(cron: str) -> None:
    times, chance = clock_times("x", cron), random.Random(SEED)
    moments = [at("2024-11-03 05:30"), at("2024-11-03 06:30"), at("2024-03-10 07:00")]
    moments += [at("2016-03-01") + chance.random() * 3_000 * DAY for _ in range(20)]

    for moment in moments:
        last = times.last(moment, {})

        assert last is not None
        assert last <= moment < (times.next(last, {}) or moment)


def test_a_moment_at_which_it_is_due_is_no_later_one() -> None:
    times: Times = clock_times("x", "30 18 * * *", "UTC")

    assert times.next(at("2024-03-01 18:30"), {}) == at("2024-03-02 18:30")
    assert times.next(at("2024-03-01 18:29:59.999999"), {}) == at("2024-03-01 18:30")
    assert times.last(at("2024-03-01 18:30"), {}) == at("2024-03-01 18:30")


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("0 0 31 2 *", "never fires; no such day is in any year, write another"),
        ("0 0 31 4,6 *", "never fires; no such day is in any year, write another"),
        ("0 0 * * 8", "has '8', which is no day of the week; write it as 30 18 * * 1-5"),
        ("0 25 * * *", "has '25', which is no hour; write it as 30 18 * * 1-5"),
        ("*/0 * * * *", "has '*/0', which is no minute; write it as 30 18 * * 1-5"),
        ("0 0 * mai *", "has 'mai', which is no month; write it as 30 18 * * 1-5"),
        ("* * * * * *", "has 6 fields; it takes five, as 30 18 * * 1-5"),
        ("@daily", "has 1 fields; it takes five, as 30 18 * * 1-5"),
        ("", "has 0 fields; it takes five, as 30 18 * * 1-5"),
        ("R * * * *", "has 'R', which says no time; write a number"),
        ("0 h(1-3) * * *", "has 'h(1-3)', which says no time; write a number"),
    ],
)
def test_what_is_no_cron_or_never_fires_is_refused_with_its_place(cron: str, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        clock_times("leadline.toml: [schedule.a] cron", cron)

    assert str(refused.value) == f"leadline.toml: [schedule.a] cron '{cron}' {said}"


def test_a_zone_that_nobody_knows_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'America/New_York'"):
        clock_times("x", "0 0 * * *", "America/NewYork")


@pytest.mark.parametrize("said", ["close + 30", "closing", "close +", "close * 2m", "open - -1m"])
def test_what_is_beside_no_edge_of_a_session_is_refused(said: str) -> None:
    with pytest.raises(ConfigError, match=r"it takes close \+ 30m or open - 10m"):
        session_times("x", said)
