"""Pairs are spread over connections, and what is not traded is told in a sentence."""

from typing import Any, cast

import pytest

from leadline.errors import FeedError
from leadline.feed import ALL, Http
from loaders import binance_book
from loaders._binance_pairs import address


class Exchange:
    """Answers with a list of so many pairs."""

    def __init__(self, n_pairs: int) -> None:
        names = [("ZRX", "BTC"), ("ETH", "USDT"), ("BTC", "USDT")]
        names += [(f"C{nth}", "USDT") for nth in range(n_pairs - 3)]
        self.symbols = [
            {"symbol": base + quote, "baseAsset": base, "quoteAsset": quote}
            for base, quote in names
        ]

    def json(self, url: str, **query: Any) -> Any:
        assert (url.rpartition("/")[2], query["symbolStatus"]) == ("exchangeInfo", "TRADING")
        return {"symbols": self.symbols}


def lines(n_pairs: int, *pairs: str) -> list[Any]:
    return list(binance_book.lines(pairs, cast(Http, Exchange(n_pairs))))


def test_all_pairs_take_as_many_connections_as_they_need_the_first_ones_first() -> None:
    told = lines(1_100, *ALL)

    assert [len(line.given["names"]) for line in told] == [100] * 11
    assert list(told[0].given["names"].values())[:3] == ["BTC-USDT", "ETH-USDT", "ZRX-BTC"]
    assert len({pair for line in told for pair in line.given["names"].values()}) == 1_100
    assert told[0].address.startswith(
        "wss://data-stream.binance.vision/stream?streams=btcusdt@depth@100ms/btcusdt@trade/ethusdt@"
    )
    assert all(len(line.address) < 8_000 for line in told)
    assert [line.silence_s for line in told] == [None] + [60] * 10
    assert len({id(line.given["snapshots"]) for line in told}) == 1


@pytest.mark.parametrize(("n", "depth"), [(20, 5_000), (110, 1_000), (200, 500), (1_100, 100)])
def test_books_begin_as_deep_as_all_can_within_a_minute(n: int, depth: int) -> None:
    assert lines(n, *ALL)[0].given["snapshots"].depth == depth


def test_pairs_that_are_named_are_those_that_are_listened_to() -> None:
    (line,) = lines(10, "ZRX-BTC", "ZRX-BTC", "C4-USDT")

    assert line.given["names"] == {"ZRXBTC": "ZRX-BTC", "C4USDT": "C4-USDT"}


def test_a_pair_that_is_not_traded_is_told_in_a_sentence() -> None:
    with pytest.raises(FeedError) as told:
        lines(10, "BTC-USDX")

    said = "binance_book: Binance trades no pair BTC-USDX; did you mean 'BTC-USDT'"
    assert str(told.value) == said


def test_a_name_of_other_letters_is_written_as_an_address_has_it() -> None:
    assert address(["币安USDT"]).endswith(
        "=%E5%B8%81%E5%AE%89usdt@depth@100ms/%E5%B8%81%E5%AE%89usdt@trade"
    )
