"""A book that its own stream begins is whole, proven where that can be, and cut where it must."""

from random import Random
from typing import Any

import pytest

from leadline.book import Applied, Book, Level, Message
from tests.told import changes_of, top_of

LEVELS: list[Level] = [(1, 100.0, 30.0), (1, 99.0, 5.0), (-1, 101.0, 10.0)]


def snapshot(*levels: Level, at: int = 1_000, last: int = 0) -> Message:
    return Message(last, last, levels or LEVELS, at)


def change(number: int, *levels: Level, at: int = 2_000, **said: Any) -> Message:
    return Message(number, number, levels, at, **said)


def begun(**how: Any) -> Book:
    book = Book()
    book.begin(snapshot(), **how)
    return book


def ids(applied: list[Applied]) -> list[tuple[str, int, bool]]:
    return [(each.epoch, each.message.last, each.is_snapshot) for each in applied]


def test_the_epoch_is_when_the_snapshot_came_and_changes_follow_it() -> None:
    book = Book()

    taken = [*book.begin(snapshot(at=7)), *book.apply(change(1)), *book.apply(change(2))]

    assert ids(taken) == [("7", 0, True), ("7", 1, False), ("7", 2, False)]


def test_another_snapshot_begins_anew_whatever_the_book_was() -> None:
    book = begun()
    book.apply(change(1, (1, 99.5, 1.0)))

    (taken,) = book.begin(snapshot((1, 98.0, 2.0), at=3_000))

    assert (book.state, book.gap, taken.epoch) == ("synced", None, "3000")
    assert changes_of(taken) == [(1, 98.0, 2.0, 0.0)]
    assert book.best(1, 9) == [(98.0, 2.0)]


def test_the_message_after_a_snapshot_names_it() -> None:
    book = Book()
    book.begin(snapshot(last=50))

    assert book.apply(change(70, previous=49)) == []
    assert book.gap
    assert (book.state, book.gap.reason, book.gap.expected) == ("broken", "gap", 51)


def test_of_a_whole_book_every_depth_is_known() -> None:
    (whole,) = Book().begin(snapshot((1, 100.0, 1.0), (-1, 100.01, 2.0)))
    (part,) = Book().restart(snapshot((1, 100.0, 1.0), (-1, 100.01, 2.0)))

    assert (top_of(whole)[6:], top_of(part)[6:]) == ((1.0, 2.0), (None, None))


def test_the_best_levels_come_best_first() -> None:
    book = Book()
    book.begin(
        snapshot(*[(side, 100.0 - side * n, float(n)) for side in (1, -1) for n in (3, 1, 2)])
    )

    assert book.best(1, 2) == [(99.0, 1.0), (98.0, 2.0)]
    assert book.best(-1, 9) == [(101.0, 1.0), (102.0, 2.0), (103.0, 3.0)]


def test_prices_may_be_finer_than_a_hundred_millionth() -> None:
    book = Book()

    (taken,) = book.begin(
        snapshot((1, 0.0000000123, 1.0), (1, 0.0000000122, 2.0), (-1, 0.0000000124, 3.0)),
        ticks=10**10,
    )

    assert top_of(taken)[:3] == (0.0000000123, 0.0000000124, 1.0)


def test_prices_are_told_as_they_were_said_however_fine() -> None:
    book = Book()

    (taken,) = book.begin(
        snapshot((1, 1.2345e-11, 1.0), (1, 1.2344e-11, 2.0), (-1, 9342.938663676, 3.0)),
        ticks=10**15,
    )

    assert top_of(taken)[:2] == (1.2345e-11, 9342.938663676)
    assert book.best(1, 2) == [(1.2345e-11, 1.0), (1.2344e-11, 2.0)]


def test_what_falls_out_of_the_window_is_gone_and_new_when_it_comes_back() -> None:
    book = begun(depth=2)

    (fell,) = book.apply(change(1, (1, 99.5, 7.0)))
    (back,) = book.apply(change(2, (1, 99.5, 0.0), (1, 99.0, 5.0)))

    assert changes_of(fell) == [(1, 99.5, 7.0, 0.0), (1, 99.0, 0.0, 5.0)]
    assert changes_of(back) == [(1, 99.5, 0.0, 7.0), (1, 99.0, 5.0, 0.0)]


def test_a_level_that_comes_and_falls_out_at_once_is_not_told() -> None:
    book = begun(depth=2)

    (taken,) = book.apply(change(1, (1, 98.0, 7.0), (1, 99.0, 6.0)))

    assert changes_of(taken) == [(1, 99.0, 6.0, 5.0)]


def test_a_level_that_changes_and_falls_out_at_once_is_gone_with_what_it_was() -> None:
    book = begun(depth=2)

    (taken,) = book.apply(change(1, (1, 99.0, 6.0), (1, 99.5, 1.0)))

    assert changes_of(taken) == [(1, 99.5, 1.0, 0.0), (1, 99.0, 0.0, 5.0)]


def test_what_lies_beyond_a_full_window_is_unknown() -> None:
    near: list[Level] = [(1, 100.0, 1.0), (1, 99.99, 2.0), (1, 99.98, 4.0), (-1, 100.01, 1.0)]
    (whole,) = Book().begin(snapshot(*near), depth=4)
    (cut,) = Book().begin(snapshot(*near), depth=2)

    assert (top_of(whole)[6], top_of(cut)[6]) == (7.0, None)


def test_a_window_that_its_venue_slides_reaches_as_far_as_it_holds_levels_now() -> None:
    book = Book()
    levels: list[Level] = [(1, 100.0, 1.0), (1, 99.99, 1.0), (-1, 100.01, 1.0), (-1, 100.02, 1.0)]

    (taken,) = book.begin(snapshot(*levels[:3]), depth=2, is_told=True)
    (wider,) = book.apply(change(1, (1, 99.0, 1.0), levels[3]))
    (slid,) = book.apply(change(2, (1, 99.99, 0.0)))

    assert top_of(taken)[6:] == (None, 1.0)  # bids fill the window, and there is one ask in all
    assert [len(changes_of(each)) for each in (wider, slid)] == [2, 1]
    assert (top_of(wider)[6:], top_of(slid)[6:]) == ((2.0, None), (1.0, None))


def test_a_book_that_its_checksum_denies_is_broken_and_its_message_is_not_told() -> None:
    book = begun()
    book.apply(change(1, at=2_000, proof=lambda book: book.best(1, 1) == [(100.0, 30.0)]))

    denied = book.apply(change(2, (1, 100.0, 29.0), at=3_000, proof=lambda _: False))
    after = book.apply(change(3, at=4_000))

    assert (denied, after) == ([], [])
    assert book.gap
    assert (book.gap.reason, book.gap.began_at, book.gap.n_dropped) == ("checksum", 2_000, 2)


def test_the_next_snapshot_ends_the_gap_of_a_checksum() -> None:
    book = begun()
    book.apply(change(1, at=3_000, proof=lambda _: False))

    taken = book.begin(snapshot(at=5_000))

    (gap,) = book.ended
    assert ids(taken) == [("5000", 0, True)]
    assert (gap.found_at, gap.ended_at, gap.n_dropped, book.gap) == (3_000, 5_000, 1, None)


def test_a_book_that_fails_says_why_until_the_next_snapshot() -> None:
    book = begun()

    book.fail("silence", 9_000)
    book.fail("disconnect", 9_500)
    book.begin(snapshot(at=10_000))

    (gap,) = book.ended
    assert (gap.reason, gap.began_at, gap.found_at, gap.ended_at) == (
        "silence", 1_000, 9_000, 10_000,
    )  # fmt: skip


def test_a_crossed_snapshot_ends_no_gap() -> None:
    book = begun()
    book.fail("disconnect", 9_000)

    assert book.begin(snapshot((1, 102.0, 1.0), (-1, 101.0, 1.0), at=10_000)) == []

    assert (book.state, book.ended) == ("broken", [])
    assert book.gap
    assert (book.gap.reason, book.gap.n_dropped, book.gap.ended_at) == ("disconnect", 1, None)


@pytest.mark.parametrize("seed", range(20))
def test_a_cut_book_is_that_of_a_naive_one(seed: int) -> None:
    """The oracle sorts all levels after each message, and keeps the best."""
    chance, depth = Random(seed), 5
    book, naive = Book(), dict[tuple[int, float], float]()
    told = dict[tuple[float, ...], float]()
    book.begin(Message(0, 0, [], 0), depth=depth)

    for number in range(1, 200):
        places = {
            (side, 50 - side * chance.randint(1, 30) / 4)
            for side in chance.choices((1, -1), k=chance.randint(1, 4))
        }
        levels = [(*place, float(chance.randint(0, 3))) for place in sorted(places)]
        (taken,) = book.apply(Message(number, number, levels, number))

        naive |= {(side, price): size for side, price, size in levels}
        for side in (1, -1):
            prices = sorted((p for (s, p), size in naive.items() if s == side and size))
            best = prices[::-1][:depth] if side == 1 else prices[:depth]
            assert book.best(side, 99) == [(price, naive[side, price]) for price in best]
            naive = {k: v for k, v in naive.items() if k[0] != side or k[1] in best}
        for *level, size, before in changes_of(taken):
            assert told.get(tuple(level), 0.0) == before != size
            told[tuple(level)] = size
        assert {place: size for place, size in told.items() if size} == naive
