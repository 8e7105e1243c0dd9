"""A trade is told once, by whichever message comes first, and again only if it says otherwise."""

from leadline.book import Gap
from leadline.tape import PLACES
from loaders._bitfinex_trades import Trades

PAIR = "BTC-USD"
OLD = ["401", "1617643606120", "-0.5", "9350"]
OLDER = ["399", "1617643586049", "5.7e-6", "9350.1"]
NEW = ["403", "1617643607900", "0.9", "9350.1"]
AT = 1_617_643_608_000_000


def ids(rows: list[tuple[object, ...]]) -> list[object]:
    return [row[2] for row in rows]


def test_a_snapshot_is_told_oldest_first_and_known_since_it_was_traded() -> None:
    rows = Trades().begin(PAIR, [OLD, OLDER], AT, 7)

    assert rows == [
        ("bitfinex", PAIR, 399, False, 1617643586049000, 9350.1, 5.7e-6, 1, 1617643586049000,
         7 * PLACES),
        ("bitfinex", PAIR, 401, False, 1617643606120000, 9350.0, 0.5, -1, 1617643606120000,
         7 * PLACES + 1),
    ]  # fmt: skip


def test_a_trade_is_known_when_it_came_and_its_confirmation_tells_nothing() -> None:
    trades = Trades()
    trades.begin(PAIR, [], AT, 1)

    (row,) = trades.take(PAIR, NEW, AT + 5, 2)

    assert row[-2:] == (AT + 5, 2 * PLACES)
    assert trades.take(PAIR, NEW, AT + 9, 3) == []


def test_a_confirmation_that_says_otherwise_is_told() -> None:
    trades = Trades()
    trades.begin(PAIR, [NEW], AT, 1)

    (row,) = trades.take(PAIR, [*NEW[:2], "0.8", NEW[3]], AT + 9, 3)

    assert (row[2], row[6], row[8]) == (403, 0.8, AT + 9)


def test_a_snapshot_that_reaches_back_closes_what_was_lost() -> None:
    trades = Trades()
    trades.begin(PAIR, [OLD, OLDER], AT, 1)
    trades.lose([PAIR], Gap(AT, AT + 1, "disconnect", 5, None))

    rows = trades.begin(PAIR, [NEW, OLD], AT + 2, 2)

    assert ids(rows) == [403]
    assert (list(trades.ended), trades.lasting()) == ([], [])


def test_a_snapshot_that_does_not_is_a_gap_up_to_it() -> None:
    trades = Trades()
    trades.begin(PAIR, [OLDER], AT, 1)
    trades.lose([PAIR], Gap(AT, AT + 1, "disconnect", 5, None))

    rows = trades.begin(PAIR, [NEW, OLD], AT + 2, 2)

    assert ids(rows) == [401, 403]
    assert list(trades.ended) == [(PAIR, Gap(AT, AT + 1, "disconnect", 5, None, 0, AT + 2))]


def test_trades_that_are_heard_after_a_loss_do_not_close_it() -> None:
    trades = Trades()
    trades.begin(PAIR, [OLDER], AT, 1)
    trades.lose([PAIR], Gap(AT, AT + 1, "gap", 5, 7, 0, AT + 1))
    trades.take(PAIR, OLD, AT + 2, 2)

    trades.begin(PAIR, [NEW, OLD], AT + 3, 3)

    ((_, gap),) = trades.ended
    assert (gap.reason, gap.ended_at) == ("gap", AT + 3)


def test_a_loss_inside_a_connection_has_its_end_until_the_connection_goes_too() -> None:
    trades = Trades()
    trades.begin(PAIR, [OLD], AT, 1)

    trades.lose([PAIR], Gap(AT, AT + 1, "gap", 5, 6, 0, AT + 1))
    (first,) = trades.lasting()
    assert first[1].ended_at == AT + 1
    trades.lose([PAIR], Gap(AT + 2, AT + 3, "disconnect", 7, None))

    ((_, gap),) = trades.lasting()
    assert (gap.began_at, gap.reason, gap.ended_at) == (AT, "gap", None)


def test_a_pair_that_was_never_traded_has_lost_nothing() -> None:
    trades = Trades()
    trades.begin(PAIR, [], AT, 1)
    trades.lose([PAIR], Gap(AT, AT + 1, "disconnect", 5, None))

    assert ids(trades.begin(PAIR, [NEW], AT + 2, 2)) == [403]
    assert (list(trades.ended), trades.lasting()) == ([], [])


def test_what_is_known_does_not_grow_without_end() -> None:
    trades = Trades()
    trades.begin(PAIR, [], AT, 1)

    for number in range(1, 5_001):
        assert len(trades.take(PAIR, [str(number), *NEW[1:]], AT, number)) == 1

    assert len(trades._pairs[PAIR].known) <= 2_000
    assert trades.take(PAIR, ["4500", *NEW[1:]], AT, 9) == []
