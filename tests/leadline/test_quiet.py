"""How long a wait takes, and until when something is muted."""

from datetime import UTC, datetime, timedelta

import pytest

from leadline.clock import FOREVER
from leadline.quiet import Calendar, Session, Wait
from tests.desks import SmallDesk, at, small_desk
from tests.doors import ROOT


def session(day: int) -> Session:
    opens_at = datetime(2024, 3, day, 14, 30, tzinfo=UTC)
    return Session(opens_at.date(), opens_at, opens_at.replace(hour=21, minute=0))


# Tuesday, Wednesday, and Friday: Thursday is a holiday. A report on Wednesday.
CALENDAR = Calendar([session(5), session(6), session(8)], {"R": [at("06 21:05")]})


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("90s", Wait(timedelta(seconds=90))),
        ("1d", Wait(timedelta(days=1))),
        ("1 session", Wait(sessions=1)),
        ("20 sessions", Wait(sessions=20)),
        ("soon", None),
        ("99999999999999999d", None),
    ],
)
def test_a_wait_is_read(text: str, wait: Wait | None) -> None:
    assert Wait.of(text) == wait


@pytest.mark.parametrize(
    ("moment", "wait", "over"),
    [
        ("05 15:00", "15m", "05 15:15"),
        ("05 15:00", "1 session", "05 21:00"),
        ("05 21:00", "1 session", "06 21:00"),
        ("06 22:00", "1 session", "08 21:00"),
        ("08 22:00", "2 sessions", "10 22:00"),
    ],
)
def test_a_wait_is_over(moment: str, wait: str, over: str) -> None:
    assert CALENDAR.after(at(moment), Wait.of(wait) or Wait()) == at(over)


def test_a_wait_that_never_ends_ends_with_time() -> None:
    assert CALENDAR.after(FOREVER, Wait(timedelta(days=1))) == FOREVER


@pytest.mark.parametrize(
    ("mutes", "moment", "heard"),
    [
        (["closed"], "05 15:00", "05 15:00"),
        (["closed"], "05 21:00", "06 14:30"),
        (["closed"], "07 15:00", "08 14:30"),
        (["closed"], "09 15:00", "09 15:00"),
        (["holiday"], "05 23:00", "05 23:00"),
        (["holiday"], "07 15:00", "08 05:00"),
        (["earnings"], "06 15:00", "08 05:00"),
        (["earnings", "closed"], "06 15:00", "08 14:30"),
        ([], "07 15:00", "07 15:00"),
    ],
)
def test_what_is_muted_is_heard_when_that_is_over(
    mutes: list[str], moment: str, heard: str
) -> None:
    assert CALENDAR.heard(at(moment), mutes, "R") == at(heard)


def test_the_calendar_is_read_from_the_store(tmp_path: object) -> None:
    assert isinstance(tmp_path, type(ROOT))
    desk = small_desk(tmp_path / "desk")
    views(desk)
    desk.sessions()
    desk.load("events", [report("q1", "R", "06 21:05")], feed="calendar")

    with desk.warehouse() as house:
        calendar = Calendar.read(house, at("20 00:00"))

    assert calendar.sessions[0] == Session(
        datetime(2024, 2, 26).date(),
        datetime(2024, 2, 26, 14, 30, tzinfo=UTC),
        datetime(2024, 2, 26, 21, tzinfo=UTC),
    )
    assert calendar.reports == {"R": [at("06 21:05")]}


def views(desk: SmallDesk) -> None:
    for name in ("us_sessions", "sessions", "earnings"):
        path = f"sql/views/curated/{name}.v1.sql"
        desk.write(path, (ROOT / path).read_text())
    desk.write("sql/tables/events.sql", (ROOT / "sql/tables/events.sql").read_text())


def report(event: str, entity: str, when: str) -> dict[str, object]:
    return {
        "event_id": event, "label": "earnings", "entity": entity, "starts_at": at(when),
        "ends_at": at(when), "known_at": at("01 00:00"),
    }  # fmt: skip
