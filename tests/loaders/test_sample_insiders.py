"""Sample forms 4: mostly routine, in time but for a few, and clusters as large as they say."""

from collections import Counter
from typing import Any

import pytest

from loaders import _sample as sample
from loaders import sample_insiders
from tests.samples import events_of, pulled, rows_of

FEED = "sample_insiders"


def rows() -> list[dict[str, Any]]:
    """Return each transaction with its form and who files it."""
    told = rows_of(FEED)
    forms = {row["accession_no"]: row for row in told["insider_filings"].to_pylist()}
    owners = {row["accession_no"]: row for row in told["insider_owners"].to_pylist()}
    return [
        forms[row["accession_no"]] | owners[row["accession_no"]] | row
        for row in told["insider_transactions"].to_pylist()
    ]


def test_they_are_the_same_each_time() -> None:
    assert pulled(FEED) == rows_of(FEED)


def test_most_of_it_is_routine_and_some_buy() -> None:
    codes = Counter(row["trans_code"] for row in rows())

    assert codes.most_common(1)[0][0] == "S"
    assert 0.05 < codes["P"] / codes.total() < 0.2


def test_a_form_comes_within_two_business_days_but_for_a_few() -> None:
    days = sample.sessions()
    late = 0
    for row in rows():
        known = row["known_at"].astimezone(sample.NEW_YORK).date()
        late += days.index(known) - days.index(row["trans_date"]) > 2

    assert 0 < late < 0.1 * len(rows())


def test_a_form_is_never_known_before_its_transaction() -> None:
    assert all(row["known_at"].date() > row["trans_date"] for row in rows())


def test_what_is_given_has_no_price() -> None:
    priced = {row["trans_code"] for row in rows() if row["price"] is not None}

    assert priced == {"P", "S", "F"}


def test_a_cluster_is_three_insiders_and_as_many_dollars_as_its_event_says() -> None:
    for event in events_of(FEED):
        bought = [
            row
            for row in rows()
            if row["trading_symbol"] == event["entity"]
            and row["trans_code"] == "P"
            and event["starts_at"] <= row["known_at"] <= event["ends_at"]
        ]
        total = sum(row["shares"] * row["price"] for row in bought)
        assert len({row["owner_cik"] for row in bought}) == 3
        assert total / sample_insiders.THRESHOLD_USD == pytest.approx(event["size"], rel=0.03)


def test_every_cluster_is_whole_within_the_sample_week() -> None:
    ends = [event["ends_at"].date() for event in events_of(FEED)]

    assert sample.WEEK[0] <= min(ends)
    assert max(ends) <= sample.WEEK[-1]
    assert sorted(event["size"] for event in events_of(FEED)) == [*sample.SIZES]
