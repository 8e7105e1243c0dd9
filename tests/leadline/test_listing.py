"""Of a long history a question opens the files of its span alone."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from leadline.clock import BEGINNING, FOREVER
from leadline.listing import Listing

DAYS = [f"/store/prints/known_date=2024-03-{day:02}/part.parquet" for day in range(1, 31)]
MONTHS = [f"/store/bars/known_month=2024-{month:02}-01/part.parquet" for month in range(1, 13)]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2024-{text}").replace(tzinfo=UTC)


def listing(partition: str | None, paths: list[str], *, is_event: bool = True) -> Listing:
    contract: Any = SimpleNamespace(partition=partition, is_event=is_event)
    return Listing.of(contract, reversed(paths))


def test_an_event_s_span_has_a_begin_and_an_end() -> None:
    days = listing("known_date", DAYS)

    assert days.within(at("03-04 23:00"), at("03-06 00:00")) == tuple(DAYS[3:6])


def test_a_month_is_opened_from_its_first_day_on() -> None:
    months = listing("known_month", MONTHS)

    assert months.within(at("03-20 00:00"), at("04-02 00:00")) == tuple(MONTHS[2:4])


def test_a_state_has_no_begin() -> None:
    months = listing("known_month", MONTHS, is_event=False)

    assert months.within(at("03-20 00:00"), at("04-02 00:00")) == tuple(MONTHS[:4])


def test_all_of_time_opens_every_file() -> None:
    assert listing("known_date", DAYS).within(BEGINNING, FOREVER) == tuple(DAYS)
    assert len(listing(None, DAYS).within(at("03-04 00:00"), at("03-05 00:00"))) == len(DAYS)


def test_days_that_are_kept_are_left_out_and_one_file_stays() -> None:
    days = listing("known_date", DAYS)
    spared = [date(2024, 3, 4), date(2024, 3, 5)]

    assert days.within(at("03-04 00:00"), at("03-06 00:00"), spared) == [DAYS[5]]
    assert days.within(at("03-04 00:00"), at("03-05 23:00"), spared) == (DAYS[0],)


def test_a_day_without_a_file_holds_no_rows() -> None:
    days = listing("known_date", DAYS)

    assert days.may_hold(date(2024, 3, 30))
    assert not days.may_hold(date(2024, 3, 31))
    assert listing("known_month", MONTHS).may_hold(date(2024, 3, 31))
