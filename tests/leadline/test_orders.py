"""A book of orders is what its messages say, order by order and summed by level."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.book import Applied, Message, Order
from leadline.orders import OrderBook
from tests.told import changes_of, sizes_of, top_of

BID, ASK = 1, -1
SNAPSHOT = [
    (BID, 100.0, 1.5, 7),
    (BID, 100.0, 0.5, 3),
    (BID, 99.0, 4.0, 1),
    (ASK, 101.0, 2.0, 9),
    (ASK, 101.0, 1.0, 8),
    (ASK, 102.0, 3.0, 2),
]


def message(number: int, *orders: Order) -> Message:
    return Message(number, number, orders, at=number * 1_000, previous=number - 1)


def synced(depth: int | None = 250) -> OrderBook:
    book = OrderBook()
    book.begin(Message(1, 1, SNAPSHOT, at=1_000), depth=depth)
    return book


def told(applied: Sequence[Applied]) -> list[tuple[int, tuple[float, ...]]]:
    """Return each change behind the order that it is of."""
    (each,) = applied
    return list(zip(each.order_ids or (), changes_of(each), strict=True))


def test_a_snapshot_tells_every_order_and_levels_are_their_sums() -> None:
    (applied,) = OrderBook().begin(Message(1, 1, SNAPSHOT, at=1_000), depth=250)

    assert (applied.is_snapshot, applied.epoch) == (True, "1000")
    assert applied.order_ids == [7, 3, 1, 9, 8, 2]
    assert changes_of(applied)[0] == (BID, 100.0, 1.5, 0.0)
    assert top_of(applied) == (100.0, 101.0, 2.0, 3.0, 6.0, 6.0, 0.0, 0.0)


def test_an_order_that_shrinks_tells_its_own_size_before() -> None:
    book = synced()

    assert told(book.apply(message(2, (BID, 100.0, 1.0, 7)))) == [(7, (BID, 100.0, 1.0, 1.5))]


def test_an_order_that_says_what_it_said_changes_nothing() -> None:
    assert told(synced().apply(message(2, (BID, 100.0, 1.5, 7)))) == []


def test_an_order_that_changes_its_price_goes_and_comes() -> None:
    book = synced()

    applied = book.apply(message(2, (BID, 99.5, 1.5, 7)))

    assert told(applied) == [(7, (BID, 100.0, 0.0, 1.5)), (7, (BID, 99.5, 1.5, 0.0))]
    assert book.best_orders(25)[0] == [3, 7, 1]
    assert top_of(applied[0])[2] == 0.5


def test_an_order_is_removed_by_its_id_on_whichever_side_it_is() -> None:
    book = synced()

    assert told(book.apply(message(2, (BID, 0.0, 0.0, 9)))) == [(9, (ASK, 101.0, 0.0, 2.0))]
    assert told(book.apply(message(3, (BID, 0.0, 0.0, 8)))) == [(8, (ASK, 101.0, 0.0, 1.0))]
    assert book.best(-1, 2) == [(102.0, 3.0)]


def test_the_removal_of_an_order_that_is_not_there_is_counted() -> None:
    book = synced()

    assert told(book.apply(message(2, (BID, 0.0, 0.0, 77)))) == []
    assert (book.n_unknown, book.state) == (1, "synced")


def test_the_best_orders_go_by_price_and_then_by_id_on_both_sides() -> None:
    assert synced().best_orders(2) == ([3, 7], [8, 9])
    assert synced().best_orders(9) == ([3, 7, 1], [8, 9, 2])


def test_an_order_that_crosses_breaks_the_book_until_the_next_snapshot() -> None:
    book = synced()

    assert book.apply(message(2, (BID, 101.0, 1.0, 5))) == []
    assert (book.state, book.gap and book.gap.reason) == ("broken", "crossed")
    book.begin(Message(3, 3, SNAPSHOT, at=3_000))

    (gap,) = book.ended
    assert (book.state, book.epoch, gap.began_at, gap.ended_at) == ("synced", "3000", 1_000, 3_000)


def test_a_snapshot_restarts_a_book_that_is_in_sync() -> None:
    book = synced()

    (applied,) = book.begin(Message(5, 5, SNAPSHOT[2:5], at=5_000))

    assert book.best_orders(25) == ([1], [8, 9])
    assert (applied.epoch, applied.is_snapshot, book.ended) == ("5000", True, [])


def test_what_lies_behind_a_window_that_was_full_is_unknown() -> None:
    near = [(BID, 100.0, 1.0, 1), (BID, 99.99, 1.0, 2), (ASK, 100.02, 1.0, 3)]
    whole, cut = OrderBook(), OrderBook()
    (applied,) = whole.begin(Message(1, 1, near, at=0), depth=3)
    (limited,) = cut.begin(Message(1, 1, near, at=0), depth=2)
    (after,) = cut.apply(message(2, (BID, 0.0, 0.0, 1)))

    assert top_of(applied)[6:] == (2.0, 1.0)
    assert top_of(limited)[6:] == (None, 1.0)
    assert top_of(after)[6] is None  # an order that enters behind the others is told next


@st.composite
def events(draw: st.DrawFn) -> list[Order]:
    """Return orders that come, change and go; bids lie below 50, asks above."""
    told = []
    for _ in range(draw(st.integers(1, 60))):
        order_id = draw(st.integers(1, 12))
        if draw(st.integers(0, 3)) == 0:
            told.append((BID, 0.0, 0.0, order_id))
            continue
        book_side = draw(st.sampled_from((BID, ASK)))
        price = 50 - book_side * draw(st.integers(1, 6)) / 10
        told.append((book_side, price, draw(st.integers(1, 30)) / 10, order_id))
    return told


@settings(max_examples=80)
@given(events())
def test_what_is_told_equals_a_book_kept_by_hand(orders: list[Order]) -> None:
    book, naive = OrderBook(), dict[int, tuple[int, float, float]]()
    told_of = dict[tuple[int, int, float], float]()
    book.begin(Message(1, 1, [], at=0))

    for number, order in enumerate(orders, start=2):
        (applied,) = book.apply(message(number, order))
        for order_id, (side, price, size, before) in told([applied]):
            assert told_of.pop((order_id, int(side), price), 0.0) == before
            if size:
                told_of[order_id, int(side), price] = size
        naive.pop(order[3], None)
        if order[2]:
            naive[order[3]] = order[:3]

        assert told_of == {(n, side, price): size for n, (side, price, size) in naive.items()}
        by_place = sorted((-side * price, n) for n, (side, price, _) in naive.items())
        bids = [n for _, n in by_place if naive[n][0] == BID][:5]
        asks = [n for _, n in by_place if naive[n][0] == ASK][:5]
        assert book.best_orders(5) == (bids, asks)
        if not (bids and asks):
            assert set(top_of(applied)) == {None}
            continue
        for side, sum_of_all in ((BID, sizes_of(applied)[6]), (ASK, sizes_of(applied)[7])):
            assert sum_of_all == round(sum(s for own, _, s in naive.values() if own == side), 1)
        bid, ask = naive[bids[0]][1], naive[asks[0]][1]
        assert top_of(applied)[:2] == (bid, ask)
        at_best = [sum(s for _, p, s in naive.values() if p == best) for best in (bid, ask)]
        sizes = [round(size or 0, 9) for size in top_of(applied)[2:4]]
        assert sizes == [round(s, 9) for s in at_best]
