"""A book is what its messages say, or it says that it is broken."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.book import Applied, Book, Message
from tests.told import changes_of, sizes_of, top_of

SNAPSHOT = Message(10, 10, [(1, 100.0, 30.0), (1, 99.0, 5.0), (-1, 100.1, 10.0)], at=1_000)
PRICES = st.integers(1, 40)


def diff(first: int, last: int, *levels: tuple[int, float, float], at: int = 2_000) -> Message:
    return Message(first, last, levels, at)


def future(first: int, last: int, previous: int, at: int = 2_000) -> Message:
    return Message(first, last, [(1, 99.5, float(last))], at, previous=previous)


def synced() -> Book:
    book = Book()
    book.restart(SNAPSHOT)
    return book


def ids(applied: Sequence[Applied]) -> list[int]:
    return [each.message.last for each in applied]


def test_a_message_tells_each_changed_level_with_the_size_before_and_the_top() -> None:
    book = synced()

    (applied,) = book.apply(
        diff(11, 12, (1, 100.0, 20.0), (1, 99.0, 5.0), (1, 98.0, 0.0), (-1, 100.2, 4.0))
    )

    assert changes_of(applied) == [(1, 100.0, 20.0, 30.0), (-1, 100.2, 4.0, 0.0)]
    assert top_of(applied) == (100.0, 100.1, 20.0, 10.0, 25.0, 14.0, 20.0, None)
    assert sizes_of(applied) == (20.0, None, None, None, None, None, 25.0, 14.0)


def test_a_snapshot_changes_every_level_that_it_holds() -> None:
    (applied,) = Book().restart(SNAPSHOT)

    assert applied.is_snapshot
    assert changes_of(applied) == [
        (1, 100.0, 30.0, 0.0),
        (1, 99.0, 5.0, 0.0),
        (-1, 100.1, 10.0, 0.0),
    ]


def test_five_levels_and_ten_basis_points_are_summed_apart() -> None:
    bids = [(1, 100.0 - 0.02 * step, 1.0) for step in range(8)]
    asks = [(-1, 100.1 + 0.03 * step, 2.0) for step in range(8)]

    (applied,) = Book().restart(Message(1, 1, [*bids, *asks], at=0))

    assert top_of(applied)[4:] == (5.0, 10.0, 3.0, 4.0)  # to 99.94995 and 100.15005


@pytest.mark.parametrize(
    ("first", "last"), [(11, 12), (8, 11), (11, 11), (10, 13)], ids=["edge", "over", "one", "in"]
)
def test_held_messages_go_on_from_a_snapshot_inside_or_at_the_edge(first: int, last: int) -> None:
    book = Book()
    book.apply(diff(5, first - 1, at=500))
    book.apply(diff(first, last, at=600))

    applied = book.restart(SNAPSHOT)

    assert (book.state, ids(applied), book.gap) == ("synced", [10, last], None)
    assert {each.known_at for each in applied} == {1_000}


def test_a_snapshot_older_than_what_is_held_is_a_gap_until_a_newer_one() -> None:
    book = Book()
    book.apply(diff(12, 14, at=500))
    assert book.restart(SNAPSHOT) == []
    assert (book.state, book.gap and book.gap.reason) == ("buffering", "snapshot_too_old")
    book.apply(diff(15, 16, at=1_100))

    applied = book.restart(SNAPSHOT._replace(first=15, last=15, at=1_200))

    (gap,) = book.ended
    assert (ids(applied), book.state, book.gap) == ([15, 16], "synced", None)
    assert (gap.began_at, gap.ended_at, gap.expected, gap.found) == (500, 1_200, 11, 12)
    assert gap.n_dropped == 1


def test_a_stale_message_is_dropped_and_counted() -> None:
    book = synced()
    book.apply(diff(11, 12))

    assert book.apply(diff(11, 12, (1, 100.0, 1.0))) == []
    assert (book.state, book.n_stale) == ("synced", 1)


def test_a_crossed_book_is_broken_and_what_crossed_it_is_not_told() -> None:
    book = synced()

    assert book.apply(diff(11, 12, (1, 100.1, 1.0))) == []
    assert (book.state, book.gap and book.gap.reason) == ("broken", "crossed")


def test_futures_follow_by_the_message_before_whatever_holes_the_ids_have() -> None:
    book = Book()
    book.apply(future(3, 7, previous=1))
    book.apply(future(9, 20, previous=7))

    applied = [*book.restart(SNAPSHOT), *book.apply(future(25, 30, previous=20))]

    assert (ids(applied), book.state) == ([10, 20, 30], "synced")


def test_a_future_that_does_not_name_the_one_before_breaks_the_book() -> None:
    book = synced()
    book.apply(future(9, 20, previous=7))

    assert book.apply(future(21, 30, previous=19)) == []
    assert book.state == "broken"


def test_a_future_that_ends_at_the_snapshot_is_in_it_and_the_next_follows() -> None:
    book = Book()
    book.apply(future(5, 10, previous=4))

    applied = [*book.restart(SNAPSHOT), *book.apply(future(14, 15, previous=10))]

    assert ids(applied) == [10, 15]


def test_a_gap_tells_what_should_have_come_and_ends_with_the_next_snapshot() -> None:
    book = synced()
    book.apply(diff(11, 12, at=2_000))
    book.apply(diff(14, 15, at=3_000))
    book.apply(diff(16, 17, at=4_000))

    applied = book.restart(SNAPSHOT._replace(first=16, last=16, at=5_000))

    (gap,) = book.ended
    assert (gap.began_at, gap.found_at, gap.ended_at) == (2_000, 3_000, 5_000)
    assert (gap.reason, gap.expected, gap.found, gap.n_dropped) == ("gap", 13, 14, 1)
    assert [(each.epoch, each.message.last) for each in applied] == [("16", 16), ("16", 17)]


@st.composite
def streams(draw: st.DrawFn) -> list[Message]:
    """Return messages that follow one another; bids lie below 50, asks above."""
    last, messages = 10, []
    for _ in range(draw(st.integers(2, 20))):
        first, last = last + 1, last + draw(st.integers(1, 3))
        levels = draw(
            st.lists(
                st.tuples(st.sampled_from((1, -1)), PRICES, st.integers(0, 3)),
                max_size=6,
                unique_by=lambda level: level[:2],
            )
        )
        priced = [(side, 50 - side * price / 4, float(size)) for side, price, size in levels]
        messages.append(Message(first, last, priced, at=last))
    return messages


@settings(max_examples=40)
@given(streams())
def test_what_is_told_equals_a_book_kept_by_hand(messages: list[Message]) -> None:
    book, naive = Book(), dict[tuple[float, float], float]()
    book.restart(Message(10, 10, [], at=0))

    for message in messages:
        (applied,) = book.apply(message)

        for side, price, size, before in changes_of(applied):
            assert naive.get((side, price), 0.0) == before
            naive[side, price] = size
        wanted = {(side, price): size for side, price, size, *_ in message.levels}
        assert {place: naive.get(place, 0.0) for place in wanted} == wanted
        bids = sorted((p for (side, p), size in naive.items() if side == 1 and size), reverse=True)
        asks = sorted(p for (side, p), size in naive.items() if side == -1 and size)
        if not (bids and asks):
            assert set(top_of(applied)) == {None}
            continue
        assert top_of(applied)[:4] == (bids[0], asks[0], naive[1, bids[0]], naive[-1, asks[0]])
        assert top_of(applied)[4] == sum(naive[1, price] for price in bids[:5])
        assert top_of(applied)[5] == sum(naive[-1, price] for price in asks[:5])


@settings(max_examples=30)
@given(streams(), st.data())
def test_a_dropped_message_breaks_the_book_at_the_next(
    messages: list[Message], data: st.DataObject
) -> None:
    book = Book()
    book.restart(Message(10, 10, [], at=0))
    lost = data.draw(st.integers(0, len(messages) - 2))

    for message in messages[:lost]:
        book.apply(message)

    assert book.state == "synced"
    assert book.apply(messages[lost + 1]) == []
    assert book.state == "broken"


@settings(max_examples=30)
@given(streams(), st.data())
def test_two_messages_in_the_wrong_order_break_the_book(
    messages: list[Message], data: st.DataObject
) -> None:
    book = Book()
    book.restart(Message(10, 10, [], at=0))
    place = data.draw(st.integers(0, len(messages) - 2))
    messages[place : place + 2] = reversed(messages[place : place + 2])

    told = [each for message in messages for each in book.apply(message)]

    assert ids(told) == [message.last for message in messages[:place]]
    assert book.gap is not None


def test_a_book_that_is_lost_is_a_gap_and_follows_from_nothing_before() -> None:
    book = synced()
    last = book.last

    book.fail("disconnect", 3_000, expected=book.last + 1)
    held = book.apply(diff(last + 50, last + 60, at=4_000))
    taken = book.restart(Message(last + 55, last + 55, [(1, 99.0, 1.0), (-1, 101.0, 1.0)], 5_000))

    assert (held, ids(taken), book.state) == ([], [last + 55, last + 60], "synced")
    (gap,) = book.ended
    assert (gap.reason, gap.expected, gap.found) == ("disconnect", last + 1, None)
    assert (gap.found_at, gap.ended_at, gap.n_dropped) == (3_000, 5_000, 0)


def test_a_book_that_was_never_in_sync_has_nothing_to_lose() -> None:
    book = Book()

    book.fail("disconnect", 3_000, expected=book.last + 1)

    assert (book.gap, book.state) == (None, "empty")


def test_a_book_that_its_source_contradicts_is_a_gap_from_when_it_was_proven() -> None:
    book = synced()
    book.apply(diff(11, 12, at=2_000))

    book.fail("checksum", 3_000, since=1_500)
    book.apply(diff(13, 14, at=4_000))
    book.restart(SNAPSHOT._replace(first=15, last=15, at=5_000))

    (gap,) = book.ended
    assert (gap.reason, gap.began_at, gap.found_at, gap.ended_at) == (
        "checksum", 1_500, 3_000, 5_000,
    )  # fmt: skip
    assert (gap.expected, gap.found, gap.n_dropped) == (None, None, 1)
    assert (book.state, book.epoch) == ("synced", "15")
