"""Books are proven message by message; what is contradicted or missing is a gap until it is not."""

import re
from typing import Any, cast

import pytest

from leadline.errors import FeedError
from leadline.feed import ALL, Http
from loaders import bitfinex_book
from loaders._bitfinex_stream import FLAGS, Stream
from loaders.bitfinex_book import LEVELS, PAIRS
from tests.binance import of
from tests.bitfinex import (
    AVAX,
    BTC,
    Bitfinex,
    level,
    listened,
    order,
    repeat_number,
    saying,
    skip,
    telling,
    trade,
)
from tests.pushes import LOST


def gaps_of(rows: list[Any]) -> list[tuple[Any, ...]]:
    names = ("pair", "channel", "reason", "expected_id", "found_id", "n_dropped")
    gaps = [row for name, row in rows if name == "feed_gaps" and row["ended_at"]]
    assert len(gaps) == sum(name == "feed_gaps" for name, _ in rows)  # each is over
    return sorted(of(gap, *names) for gap in gaps)


def changes_of(rows: list[Any], pair: str) -> list[tuple[Any, ...]]:
    names = ("order_id", "book_side", "price", "size", "prev_size")
    found = [row for name, row in rows if name == "book_updates" and row["pair"] == pair]
    return [of(row, *names) for row in found if not row["is_snapshot"]]


def trades_of(rows: list[Any]) -> list[int]:
    return [row["trade_id"] for name, row in rows if name == "crypto_trades"]


def epochs_of(rows: list[Any], pair: str) -> int:
    found = [row for name, row in rows if name == "book_tops" and row["pair"] == pair]
    return len({row["epoch"] for row in found})


def test_it_asks_for_numbers_moments_and_checksums_and_then_for_its_pairs() -> None:
    exchange = Bitfinex(4)

    listened(exchange)

    book = {"freq": "F0", "len": "250", "channel": "book", "event": "subscribe"}
    trades = {"channel": "trades", "event": "subscribe"}
    assert exchange.asked == [
        {"event": "conf", "flags": 229376},
        book | {"symbol": BTC, "prec": "R0"},
        trades | {"symbol": BTC},
        book | {"symbol": AVAX, "prec": "P0"},
        trades | {"symbol": AVAX},
    ]


def test_orders_levels_and_trades_are_told_as_they_come() -> None:
    rows, told = listened(
        Bitfinex(
            4,
            order(38334302734, "9350.3", "-0.2"),
            order(38334302734, "0", "1"),
            order(50, "9349", "1.5e-7"),
            order(50, "9348.9", "1.5e-7"),
            order(99, "0", "1"),
            level("30.26", 0, "-1"),
            level("1.8e-7", 1, "2"),
            trade(15, "-0.25", "9349"),
        )
    )

    assert (told, gaps_of(rows)) == (None, [])
    assert changes_of(rows, "BTC-USD") == [
        (38334302734, -1, 9350.3, 0.2, 0.26737),
        (38334302734, -1, 9350.3, 0.0, 0.2),
        (50, 1, 9349.0, 1.5e-7, 0.0),
        (50, 1, 9349.0, 0.0, 1.5e-7),
        (50, 1, 9348.9, 1.5e-7, 0.0),
    ]
    assert changes_of(rows, "AVAX-USD") == [(0, -1, 30.26, 0.0, 0.0089), (0, 1, 1.8e-7, 2.0, 0.0)]
    assert trades_of(rows) == [11, 14, 13, 15]
    assert [row["side"] for name, row in rows if name == "crypto_trades"] == [1, -1, -1, -1]


def test_a_wrong_checksum_breaks_its_book_alone_and_it_is_asked_for_again() -> None:
    exchange = Bitfinex(
        4, saying("book", BTC, '"cs",1'), 5, order(50, "9349", "1"), level("30.26", 0, "-1")
    )

    rows, told = listened(exchange)

    assert (told, exchange.n_connections) == (None, 1)
    assert gaps_of(rows) == [("BTC-USD", "book", "checksum", None, None, 0)]
    assert changes_of(rows, "BTC-USD") == [(50, 1, 9349.0, 1.0, 0.0)]
    assert [asked["event"] for asked in exchange.asked[5:]] == ["unsubscribe", "subscribe"]
    assert (epochs_of(rows, "BTC-USD"), epochs_of(rows, "AVAX-USD")) == (2, 1)


def test_a_book_whose_checksum_stays_wrong_ends_the_connection() -> None:
    async def be_honest(line: Any) -> None:
        line.exchange.lies_of = set()

    exchange = Bitfinex(5, be_honest, 9, order(50, "9349", "1"))
    exchange.lies_of = {BTC}

    rows, told = listened(exchange)

    assert (told, exchange.n_connections) == (None, 2)
    assert [gap[:3] for gap in gaps_of(rows)] == [
        ("AVAX-USD", "book", "disconnect"),
        ("BTC-USD", "book", "checksum"),  # that of the first snapshot
        ("BTC-USD", "book", "checksum"),  # and of the second
    ]
    assert changes_of(rows, "BTC-USD") == [(50, 1, 9349.0, 1.0, 0.0)]


@pytest.mark.parametrize("end", [LOST, telling(20051)], ids=["lost", "told"])
def test_a_connection_that_ends_is_a_gap_of_every_book(end: Any) -> None:
    exchange = Bitfinex(4, order(50, "9349", "1"), end, 8, order(51, "9349", "2"))

    rows, told = listened(exchange)

    assert (told, exchange.n_connections) == (None, 2)
    assert gaps_of(rows) == [
        ("AVAX-USD", "book", "disconnect", 9, None, 0),
        ("BTC-USD", "book", "disconnect", 9, None, 0),
    ]
    assert changes_of(rows, "BTC-USD")[-1] == (51, 1, 9349.0, 2.0, 0.0)


def test_a_server_that_closes_at_once_is_asked_again() -> None:
    exchange = Bitfinex(LOST, LOST, 4, order(50, "9349", "1"))

    rows, told = listened(exchange)

    assert (told, exchange.n_connections, gaps_of(rows)) == (None, 3, [])
    assert len(changes_of(rows, "BTC-USD")) == 1


@pytest.mark.parametrize(
    ("fault", "found"), [(skip, 8), (repeat_number, 6)], ids=["dropped", "doubled"]
)
def test_a_number_out_of_turn_is_a_gap_at_once_and_ends_the_connection(
    fault: Any, found: int
) -> None:
    exchange = Bitfinex(4, fault, order(50, "9349", "1"), 8, order(51, "9349", "2"))

    rows, told = listened(exchange)

    assert (told, exchange.n_connections) == (None, 2)
    assert gaps_of(rows) == [
        ("AVAX-USD", "book", "gap", 7, found, 0),
        ("BTC-USD", "book", "gap", 7, found, 1),
    ]
    assert changes_of(rows, "BTC-USD") == [(51, 1, 9349.0, 2.0, 0.0)]


def test_maintenance_is_a_gap_until_the_books_are_asked_for_again() -> None:
    exchange = Bitfinex(4, telling(20060), telling(20061), 8, order(50, "9349", "1"))

    rows, told = listened(exchange)

    assert (told, exchange.n_connections) == (None, 1)
    assert gaps_of(rows) == [
        ("AVAX-USD", "book", "maintenance", 7, None, 0),
        ("BTC-USD", "book", "maintenance", 7, None, 0),
    ]
    assert [asked["event"] for asked in exchange.asked].count("unsubscribe") == 4
    assert trades_of(rows) == [11, 14, 13]


def test_a_book_that_crosses_is_asked_for_again() -> None:
    exchange = Bitfinex(4, saying("book", BTC, "[50,9351,1]"), 5, order(51, "9349", "2"))

    rows, told = listened(exchange)

    assert (told, exchange.n_connections) == (None, 1)
    assert gaps_of(rows) == [("BTC-USD", "book", "crossed", None, None, 1)]
    assert changes_of(rows, "BTC-USD") == [(51, 1, 9349.0, 2.0, 0.0)]


def test_a_silent_server_is_left() -> None:
    exchange = Bitfinex(8, order(51, "9349", "2"))

    rows, told = listened(exchange, silence_s=0.3)

    assert (told, exchange.n_connections) == (None, 2)
    assert [gap[2] for gap in gaps_of(rows)] == ["silence", "silence"]


def test_trades_that_went_on_meanwhile_come_with_the_next_snapshot_once() -> None:
    exchange = Bitfinex(4, trade(15, "1", "9350"), trade(16, "2", "9350", is_heard=False), LOST, 8)

    rows, _ = listened(exchange)

    assert trades_of(rows) == [11, 14, 13, 15, 16]
    assert {gap[1] for gap in gaps_of(rows)} == {"book"}


def test_trades_of_which_the_next_snapshot_knows_none_leave_a_gap() -> None:
    async def forget(line: Any) -> None:
        line.exchange.trades[BTC] = []

    exchange = Bitfinex(4, forget, trade(99, "2", "9350", is_heard=False), LOST, 8)

    rows, _ = listened(exchange)

    assert trades_of(rows) == [11, 14, 13, 99]
    assert [gap for gap in gaps_of(rows) if gap[1] == "trades"] == [
        ("BTC-USD", "trades", "disconnect", 7, None, 0)
    ]


def test_a_pair_that_does_not_exist_ends_it_with_a_sentence() -> None:
    rows, told = listened(Bitfinex(9), levels=["AVAX-USD", "NO-SUCH"])

    assert str(told) == (
        "bitfinex_book: Bitfinex answers 10001 'symbol: invalid' to tNO:SUCH; "
        "correct the pairs that it asks for"
    )
    assert epochs_of(rows, "BTC-USD") == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<html>", "Expecting value: line 1 column 1 (char 0): '<html>'"),
        ("[]", "not enough values to unpack"),
        ('[5,"hb",7]', "a channel that nobody subscribed to, 5: '"),
        ('[1001,"hb"]', "no number of the message, which flag 65536 brings: '"),
        ('[1001,[50,"dear",1],7]', "could not convert string to float: 'dear': '"),
        ("[1001,[50,9349,0],7]", "an amount of 0: '"),
        ("[1001,[50,-9349,1],7]", "a price of -9349: '"),
        ("[1001,[50,9349],7]", "not of a shape that it knows: '"),
        ("[1001,[50,9349.1234567890123456,1],7]", "a price of more than 15 decimals, 9349.12"),
        ('[1001,"os",[50],7]', "a message that it does not know, os: '"),
        ('{"event":"auth"}', "an event that it does not know, auth: '"),
        ('{"event":"info","code":20999}', "an info that it does not know, 20999: '"),
        ('{"event":"subscribed","channel":"book","chanId":7,"symbol":"tLTCUSD"}', "no 'prec' in"),
    ],
)
def test_a_message_that_it_does_not_understand_ends_it_and_what_came_before_stays(
    text: str, sentence: str
) -> None:
    rows, told = listened(Bitfinex(4, text))

    assert epochs_of(rows, "BTC-USD") == 1
    assert str(told).startswith(f"bitfinex_book: {sentence}")
    assert str(told).endswith("; mend the loader")


def test_another_version_of_the_protocol_ends_it() -> None:
    _, told = listened(Bitfinex(9, version=3))

    assert str(told).startswith("bitfinex_book: version 3 of a protocol known as version 2: '")


def test_flags_that_are_not_all_taken_end_it() -> None:
    exchange = Bitfinex(9)
    exchange.flags = 65536

    _, told = listened(exchange)

    assert re.match("bitfinex_book: flags 65536 where 229376 are needed: '", str(told))


def test_a_source_under_maintenance_is_asked_again() -> None:
    async def open_up(line: Any) -> None:
        line.exchange.info["platform"]["status"] = 1

    exchange = Bitfinex(open_up, 4, order(50, "9349", "1"), status=0)

    rows, told = listened(exchange)

    assert (told, exchange.n_connections) == (None, 2)
    assert len(changes_of(rows, "BTC-USD")) == 1


def test_a_refusal_of_the_moment_is_asked_again_and_one_that_stays_ends_it() -> None:
    busy = '{"event":"error","msg":"subscribe: failed","code":10300,"symbol":"tBTCUSD"}'
    full = '{"event":"error","msg":"limit","code":10305,"symbol":"tBTCUSD"}'
    exchange = Bitfinex(4, busy, 8, full)

    _, told = listened(exchange)

    assert exchange.n_connections == 2
    assert str(told) == (
        "bitfinex_book: Bitfinex answers 10305 'limit' to tBTCUSD; ask for fewer pairs"
    )


def test_its_pairs_fit_into_one_connection_and_more_are_refused() -> None:
    conf, *asked = Stream(PAIRS, LEVELS).greetings()

    assert (conf["flags"], len(asked)) == (FLAGS, 24)
    with pytest.raises(FeedError, match="26 channels, and Bitfinex has 25 a connection; name at"):
        list(Stream(PAIRS, (*LEVELS, "ONE-MORE")).greetings())


class Listing:
    """Answers with the pairs that are traded."""

    def json(self, url: str) -> Any:
        assert url.endswith("/v2/conf/pub:list:pair:exchange")
        many = [f"C{nth:02}USD" for nth in range(30)]
        return [["AVAX:USD", "BTCUSD", "TESTBTC:TESTUSD", "ETHUSD", "BTCUST", *many]]


def test_all_pairs_take_connections_of_twelve_and_the_first_are_kept_to_the_order() -> None:
    lines = list(bitfinex_book.lines(ALL, cast(Http, Listing())))

    first = lines[0].given
    assert (first["orders"], first["levels"][:2]) == (
        ["BTC-USD", "ETH-USD"],
        ["AVAX-USD", "BTC-USDT"],
    )
    assert [sum(map(len, line.given.values())) for line in lines] == [12, 12, 10]
    assert all(line.given["orders"] == [] for line in lines[1:])


def test_a_pair_that_is_not_traded_is_told_in_a_sentence() -> None:
    with pytest.raises(FeedError, match="Bitfinex trades no pair BTC-USDX; did you"):
        list(bitfinex_book.lines(["BTC-USDX"], cast(Http, Listing())))
