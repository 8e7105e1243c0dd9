"""Sample forms 4: mostly routine, in time but for a few, and clusters as large as they say."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from loaders import _sample as sample
from loaders import sample_insiders
from tests.samples import events_of, pulled, rows_of

FEED = "sample_insiders"


def rows() -> list[dict[str, Any]]:
    """Return each transaction of shares with its form and who files it."""
    told = rows_of(FEED)
    forms = {row["accession_no"]: row for row in told["insider_filings"].to_pylist()}
    owners = {
        row["accession_no"]: row for row in told["insider_owners"].to_pylist() if row["line"] == 1
    }
    return [
        forms[row["accession_no"]] | owners[row["accession_no"]] | row
        for row in told["insider_transactions"].to_pylist()
        if not row["is_derivative"]
    ]


def planted(detector: str) -> list[dict[str, Any]]:
    return [event for event in events_of(FEED) if event["detector"] == detector]


def bought(event: dict[str, Any], days: int) -> list[dict[str, Any]]:
    """Return the purchases that became known in the days up to an event's end."""
    return [
        row
        for row in rows()
        if row["trading_symbol"] == event["entity"]
        and row["trans_code"] == "P"
        and event["ends_at"] - timedelta(days=days) <= row["known_at"] <= event["ends_at"]
    ]


def test_they_are_the_same_each_time() -> None:
    assert pulled(FEED) == rows_of(FEED)


def test_most_of_it_is_routine_and_some_buy() -> None:
    codes = Counter(row["trans_code"] for row in rows())

    assert codes.most_common(1)[0][0] == "S"
    assert 0.05 < codes["P"] / codes.total() < 0.2


def test_a_form_comes_within_two_business_days_but_for_a_few() -> None:
    days = sample.sessions()
    late, forms = 0, [row for row in rows() if row["trans_date"] >= sample_insiders.SINCE]
    for row in forms:
        known = row["known_at"].astimezone(sample.NEW_YORK).date()
        late += row["form_type"] == "4" and days.index(known) - days.index(row["trans_date"]) > 2

    assert 0 < late < 0.1 * len(forms)


def test_a_form_is_never_known_before_its_transaction() -> None:
    assert all(row["known_at"].date() >= row["trans_date"] for row in rows())


def test_some_forms_have_two_owners_some_are_amended_and_exercises_have_two_rows() -> None:
    told = rows_of(FEED)
    derivatives = [r for r in told["insider_transactions"].to_pylist() if r["is_derivative"]]

    assert 0 < told["insider_owners"].num_rows - told["insider_filings"].num_rows < 30
    assert Counter(row["form_type"] for row in rows())["4/A"] > 2
    assert {row["trans_code"] for row in derivatives} == {"M"}
    assert len(derivatives) == Counter(row["trans_code"] for row in rows())["M"]


def test_what_is_given_has_no_price() -> None:
    priced = {row["trans_code"] for row in rows() if row["price"] is not None}

    assert priced == {"P", "S", "F"}


def test_a_cluster_is_three_insiders_and_as_many_dollars_as_its_event_says() -> None:
    for event in planted("filings.insider_cluster"):
        found = bought(event, 30)
        total = sum(row["shares"] * row["price"] for row in found)
        assert len({row["owner_cik"] for row in found}) == 3
        assert total / sample_insiders.THRESHOLD_USD == pytest.approx(event["size"], rel=0.03)


def test_a_large_purchase_is_alone_among_trades_of_no_plan() -> None:
    for event in planted("filings.insider_flow"):
        (found,) = bought(event, 90)
        total = found["shares"] * found["price"]
        assert total / sample_insiders.FLOW_USD == pytest.approx(event["size"], rel=0.03)
        sold = [
            row for row in rows()
            if row["trading_symbol"] == event["entity"] and row["trans_code"] == "S"
        ]  # fmt: skip
        assert all(row["is_10b5_1"] for row in sold)


@pytest.mark.parametrize("detector", ["filings.insider_cluster", "filings.insider_flow"])
def test_what_is_planted_is_whole_within_the_sample_week(detector: str) -> None:
    ends = [event["ends_at"].date() for event in planted(detector)]

    assert sample.WEEK[0] <= min(ends)
    assert max(ends) <= sample.WEEK[-1]
    assert sorted(event["size"] for event in planted(detector)) == [*sample.SIZES]


def test_chiefs_of_two_companies_buy_every_february() -> None:
    months = Counter(
        (row["owner_cik"], row["trans_date"].year)
        for row in rows()
        if row["trans_code"] == "P" and row["trans_date"] < sample_insiders.SINCE
    )

    assert Counter(owner for owner, _ in months) == dict.fromkeys({o for o, _ in months}, 3)
    assert len({owner for owner, _ in months}) == 2
