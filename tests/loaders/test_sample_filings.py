"""Sample filings: thirty managers, four quarters, and every trap that real ones have."""

from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from leadline.clock import Span
from loaders import _sample as sample
from loaders import sample_filings
from tests.samples import events_of, pulled, rows_of

FEED = "sample_filings"
WEEK = Span(datetime(2024, 2, 12, tzinfo=UTC), datetime(2024, 2, 17, tzinfo=UTC))


@cache
def rows(dataset: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rows_of(FEED)[dataset].to_pylist()
    return found


def holdings(accession_no: str) -> list[dict[str, Any]]:
    return [row for row in rows("holdings") if row["accession_no"] == accession_no]


def openings() -> list[dict[str, Any]]:
    return [event for event in events_of(FEED) if event["detector"] == "filings.holder_change"]


def newest() -> list[dict[str, Any]]:
    return [row for row in rows("filings") if row["period_end"] == date(2023, 12, 31)]


def test_they_are_the_same_each_time() -> None:
    assert pulled(FEED) == rows_of(FEED)


def test_every_manager_files_every_quarter_once() -> None:
    originals = [
        row
        for row in rows("filings")
        if row["amendment_kind"] == "ORIGINAL" and row["period_end"].year == 2023
    ]

    counts = Counter((row["cik"], row["period_end"]) for row in originals)
    assert (len(counts), {*counts.values()}) == (120, {1})


def test_a_number_is_given_once() -> None:
    numbers = [row["accession_no"] for row in rows("filings")]

    assert len(numbers) == len({*numbers})


def test_most_of_the_last_quarter_is_accepted_in_the_sample_week() -> None:
    within = [row for row in newest() if WEEK.since <= row["accepted_at"] < WEEK.until]

    assert 20 <= len(within) < len(newest())
    assert {row["known_at"] == row["accepted_at"] for row in newest()} == {True}


@pytest.mark.parametrize(
    ("accepted_at", "day"),
    [
        (sample.at(date(2024, 2, 14), 17, 30), 14),
        (sample.at(date(2024, 2, 14), 17, 31), 15),
        (sample.at(date(2024, 2, 16), 20), 19),
    ],
)
def test_what_comes_after_half_past_five_is_filed_the_next_business_day(
    accepted_at: datetime, day: int
) -> None:
    assert sample_filings.filed_date(accepted_at) == date(2024, 2, day)


def test_the_cover_counts_its_table() -> None:
    for row in rows("filings"):
        table = holdings(row["accession_no"])
        assert row["n_entries"] == len(table)
        assert row["value_total"] == sum(line["value_reported"] for line in table)


def test_one_restates_and_one_adds_what_was_left_out() -> None:
    for kind in ("RESTATEMENT", "NEW HOLDINGS"):
        (later,) = [row for row in rows("filings") if row["amendment_kind"] == kind]
        (first,) = [
            row for row in newest() if row["cik"] == later["cik"] and row["amendment_no"] is None
        ]
        told = [
            {line["cusip"] for line in holdings(each["accession_no"])} for each in (first, later)
        ]
        assert len(told[1] - told[0]) == 1
        assert (len(told[1]) == 1) == (kind == "NEW HOLDINGS")


def test_one_manager_alone_reports_in_thousands() -> None:
    by_cik = {
        row["cik"]: line["value_reported"] / line["shares"]
        for row in newest()
        for line in holdings(row["accession_no"])[:1]
    }

    assert [cik for cik, price in by_cik.items() if price < 1] == [
        sample_filings.cik(sample_filings.IN_THOUSANDS)
    ]


def test_some_positions_are_options_and_some_are_split_in_two_lines() -> None:
    kinds = Counter((row["put_call"], row["discretion"]) for row in rows("holdings"))

    assert {("put", "SOLE"), ("call", "SOLE"), (None, "SOLE"), (None, "DFND")} == {*kinds}


def test_an_opening_is_the_part_of_the_portfolio_that_its_event_says() -> None:
    for event in openings():
        own = [row for row in rows("filings") if f"cik:{row['cik']}" == event["entity"]]
        before, now = (holdings(row["accession_no"]) for row in own[-2:])
        opened = [line for line in now if line["cusip"] == event["subject"]]
        value = sum(line["value_reported"] for line in opened)
        part = value / sum(line["value_reported"] for line in now)
        assert part / sample_filings.THRESHOLD == pytest.approx(event["size"], rel=1e-3)
        assert event["subject"] not in {line["cusip"] for line in before}
        assert own[-1]["accepted_at"] == event["starts_at"]


def test_openings_lie_on_both_sides_of_the_threshold() -> None:
    sizes = sorted(event["size"] for event in openings())

    assert sizes == sorted(sample_filings.PLANTED)
    assert {0.9, 1.1} <= {*sizes}


def test_a_flow_is_as_many_times_the_largest_before_as_its_event_says() -> None:
    cusips = {row["ticker"]: row["cusip"] for row in rows("securities")}
    filed = {row["accession_no"]: row for row in rows("filings")}
    standing = {
        (row["cik"], row["period_end"]): row["accession_no"]
        for row in filed.values()
        if row["amendment_kind"] != "NEW HOLDINGS"
    }
    quarters = sorted({row["period_end"] for row in filed.values()})
    held: Counter[tuple[str, str, date]] = Counter()
    for line in rows("holdings"):
        row = filed[line["accession_no"]]
        if line["put_call"] is None and row["accession_no"] in standing.values():
            held[line["cusip"], row["cik"], row["period_end"]] += int(line["shares"])

    for event in events_of(FEED):
        if event["detector"] != "filings.institutional_flow":
            continue
        flows = []
        for before, now in pairwise(quarters):
            both = {cik for cik, end in standing if end == before and (cik, now) in standing}
            old = sum(held[cusips[event["entity"]], cik, before] for cik in both)
            new = sum(held[cusips[event["entity"]], cik, now] for cik in both)
            flows.append(new / old - 1)
        *past, newest_flow = flows
        assert len(past) == 20
        assert newest_flow / max(map(abs, past)) == pytest.approx(event["size"], abs=1e-4)


def test_companies_are_giants_and_buy_shares_back() -> None:
    counts = rows("shares_outstanding")
    own = [row["shares"] for row in counts if row["symbol"] == "ALFA"]
    closes = dict(zip(sample.TICKERS, sample_filings.prices(sample_filings.NEWEST), strict=True))
    worth = [
        row["shares"] * closes[row["symbol"]]
        for row in counts
        if row["as_of_date"] == date(2023, 12, 31)
    ]

    assert len(counts) == 4 * len(sample.TICKERS)
    assert own == sorted(own, reverse=True)
    assert min(worth) > 600e9
    assert {row["known_at"].date() > row["as_of_date"] for row in counts} == {True}
