"""Books agree with checksums that are made without them, whatever comes in which order."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders._bitfinex_books import Kept, KeptLevels, KeptOrders
from tests.bitfinex import ASKS, BIDS, Entry, sum_of
from tests.told import changes_of

AMOUNTS = ("1", "0.25", "5.6e-7", "0.02126899", "1.5", "1000")


def begun(kept: Kept, entries: Sequence[Entry]) -> Kept:
    kept.take(entries, 1, 1_000, None, is_snapshot=True)
    return kept


def test_a_real_book_of_orders_has_its_checksum_and_no_other() -> None:
    book = begun(KeptOrders(25), [*BIDS, *ASKS])

    assert book.prove(-361109746, at=2_000)
    assert (book.n_proven, book.book.state) == (1, "synced")
    assert not book.prove(361109746, at=3_000)
    assert (book.n_proven, book.book.state) == (1, "broken")


def test_a_gap_begins_with_the_last_checksum_that_was_right() -> None:
    book = begun(KeptOrders(25), [*BIDS, *ASKS])
    book.prove(-361109746, at=2_000)
    book.take([("1", "9000", "1")], 2, 3_000, None, is_snapshot=False)

    book.prove(1, at=4_000)
    book.take([*BIDS, *ASKS], 9, 5_000, 4_999, is_snapshot=True)

    (gap,) = book.book.ended
    assert (gap.reason, gap.began_at, gap.found_at, gap.ended_at) == (
        "checksum", 2_000, 4_000, 5_000,
    )  # fmt: skip


def test_a_book_that_is_broken_is_not_held_against_checksums() -> None:
    book = begun(KeptOrders(25), [*BIDS, *ASKS])
    book.book.fail("maintenance", 2_000)

    assert book.prove(1, at=3_000)
    assert book.n_proven == 0


def test_an_epoch_is_the_moment_of_its_snapshot() -> None:
    assert begun(KeptLevels(25), [("6000", "1", "1")]).book.epoch == "1000"


@pytest.mark.parametrize(
    ("levels", "wanted"),
    [
        ([("6000", "1", "1"), ("5900", "1", "2"), ("6100", "1", "-3"), ("6200", "1", "-4")],
         1756193398),
        ([("8744.9", "1", "1.5"), ("8744.8", "1", "0.25"), ("8745", "1", "-2"),
          ("8745.1", "1", "-0.75")], 1788674007),
        # With the exponent that a server may send, against the published sum of the other form.
        ([("6000", "1", "1"), ("1.7e-8", "1", "2"), ("6100", "1", "-3"), ("6200", "1", "-4")],
         -931816132),
    ],
)  # fmt: skip
def test_books_of_levels_have_the_published_checksums(levels: list[Entry], wanted: int) -> None:
    assert begun(KeptLevels(25), levels).prove(wanted, at=2_000)


@pytest.mark.parametrize(
    ("orders", "wanted"),
    [
        ([("100", "6000", "1"), ("101", "6000", "2"), ("102", "6100", "-3"),
          ("103", "6100", "-4")], 1841538801),
        ([("34006738529", "8744.8", "0.25"), ("34006738527", "8744.9", "1.5"),
          ("34006738530", "8745.1", "-0.75"), ("34006738528", "8745", "-2")], 274342747),
    ],
)  # fmt: skip
def test_books_of_orders_have_the_published_checksums(orders: list[Entry], wanted: int) -> None:
    assert begun(KeptOrders(25), orders).prove(wanted, at=2_000)
    assert begun(KeptOrders(25), orders[::-1]).prove(wanted, at=2_000)


def test_the_text_of_a_small_price_counts_as_it_was_sent() -> None:
    levels = [("1.7e-7", "1", "5.6e-7"), ("1.8e-7", "1", "-2")]

    assert begun(KeptLevels(25), levels).prove(sum_of(levels, is_raw=False), at=2_000)


def test_a_level_is_taken_from_the_side_that_its_sign_says() -> None:
    book = begun(KeptLevels(25), [("10", "1", "1"), ("12", "1", "-1")])

    (first,) = book.take([("12", "0", "1")], 2, 2_000, 1_999, is_snapshot=False)
    (second,) = book.take([("12", "0", "-1")], 3, 3_000, 2_999, is_snapshot=False)

    assert [*map(changes_of, (first, second))] == [[], [(-1, 12.0, 0.0, 1.0)]]


@st.composite
def told(draw: st.DrawFn, *, is_raw: bool) -> list[Entry]:
    """Return entries that come, change and go; bids lie below 50, asks above."""
    entries = []
    for _ in range(draw(st.integers(30, 120))):
        sign = draw(st.sampled_from((1, -1)))
        price = f"{50 - sign * draw(st.integers(1, 40)) / 8:g}"
        amount = ("-" if sign == -1 else "") + draw(st.sampled_from(AMOUNTS))
        is_gone = draw(st.integers(0, 3)) == 0
        if is_raw:
            order_id = str(draw(st.integers(1, 60)))
            entries.append((order_id, "0" if is_gone else price, amount))
        else:
            entries.append((price, "0" if is_gone else "1", amount))
    return entries


def held(entries: Sequence[Entry], *, is_raw: bool) -> list[Entry]:
    """Return what stands after some entries, by a dict."""
    naive: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        key = (entry[0],) if is_raw else (entry[0], entry[2][:1].strip("0123456789"))
        naive.pop(key, None)
        if entry[1] != "0":
            naive[key] = entry
    return list(naive.values())


@settings(max_examples=40)
@given(told(is_raw=True))
def test_a_book_of_orders_agrees_with_a_dict_after_each_message(entries: list[Entry]) -> None:
    book = begun(KeptOrders(250), [])

    for number, entry in enumerate(entries, start=2):
        book.take([entry], number, number, None, is_snapshot=False)

        assert book.prove(sum_of(held(entries[: number - 1], is_raw=True), is_raw=True), number)
    assert book.n_proven == len(entries)


@settings(max_examples=40)
@given(told(is_raw=False))
def test_a_book_of_levels_agrees_with_a_dict_after_each_message(entries: list[Entry]) -> None:
    book = begun(KeptLevels(250), [])

    for number, entry in enumerate(entries, start=2):
        book.take([entry], number, number, None, is_snapshot=False)

        assert book.prove(sum_of(held(entries[: number - 1], is_raw=False), is_raw=False), number)
    assert book.n_proven == len(entries)


@settings(max_examples=30)
@given(told(is_raw=True), st.data())
def test_a_book_that_misses_a_message_that_matters_is_found_out(
    entries: list[Entry], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    without = [*entries[:place], *entries[place + 1 :]]
    wanted, found = (sum_of(held(each, is_raw=True), is_raw=True) for each in (entries, without))
    book = begun(KeptOrders(250), [])
    for number, entry in enumerate(without, start=2):
        book.take([entry], number, number, None, is_snapshot=False)

    assert book.prove(wanted, at=9_999) == (wanted == found)
