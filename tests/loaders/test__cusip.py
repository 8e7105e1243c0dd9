"""A CUSIP is whole where its ninth character fits the others, in Python as in SQL."""

import pytest

from leadline.engine import scratch
from loaders import _cusip

# Of real filings and lists: shares, classes, CINS of other countries, one with a star.
WHOLE = [
    "037833100", "02079K305", "084670702", "00287Y109", "G1151C101", "B9151N105", "025816109",
    "17275R102", "38259P508", "68389X105", "88160R101", "0000*@#33",
]  # fmt: skip
BROKEN = [
    "", "037833101", "037833010", "03783310", "0378331000", "02079k305", "037833 00",
    "03783310A", "03783310\n", "٠37833100", "AAPL", "$37833100",
]  # fmt: skip


def in_sql(cusip: str) -> bool | None:
    with scratch() as con:
        (found,) = con.execute(f"select {_cusip.condition('$it')}", {"it": cusip}).fetchall()[0]
        return None if found is None else bool(found)


@pytest.mark.parametrize("cusip", WHOLE)
def test_a_whole_one_is_known(cusip: str) -> None:
    assert _cusip.is_whole(cusip)
    assert in_sql(cusip) is True


@pytest.mark.parametrize("cusip", BROKEN)
def test_a_broken_one_is_told(cusip: str) -> None:
    assert not _cusip.is_whole(cusip)
    assert in_sql(cusip) is False


@pytest.mark.parametrize("place", range(8))
def test_a_digit_that_is_another_is_told_at_every_place(place: int) -> None:
    stem = "03783310"
    others = [f"{stem[:place]}{n}{stem[place + 1 :]}0" for n in range(10) if str(n) != stem[place]]

    assert not any(_cusip.is_whole(other) for other in others)


def test_null_is_no_whole_one_in_sql() -> None:
    with scratch() as con:
        (found,) = con.execute(f"select {_cusip.condition('null::text')} is true").fetchall()[0]

    assert found is False
