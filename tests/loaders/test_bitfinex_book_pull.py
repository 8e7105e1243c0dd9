"""Past trades are asked for page by page, and none is told twice or left out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import stamina

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.feed import Http
from leadline.load import over_network
from leadline.publication import Loaded
from leadline.store import Store
from loaders import bitfinex_book
from loaders.bitfinex_book import LEVELS, PAGE, PAIRS
from tests.binance import Rerouted, of
from tests.sites import Answer, Asked, Site, answering, as_json
from tests.stores import ask

NAME = "bitfinex_book"
DAY = Span(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 2, tzinfo=UTC))
BEGIN_MS = 1_709_251_200_000


class History(Site):
    """Answers as /v2/trades/…/hist does: from start to end, the oldest first, a page at most."""

    def __init__(self) -> None:
        super().__init__()
        self.trades: dict[str, list[list[Any]]] = {}
        self.says: list[Answer] = []

    def answer(self, asked: Asked) -> Answer:
        if self.says:
            return self.says.pop(0)
        url = urlsplit(asked.path)
        query = {key: int(value) for key, (value,) in parse_qs(url.query).items()}
        assert (query["sort"], query["limit"]) == (1, PAGE)
        *_, trades, symbol, hist = url.path.split("/")
        assert (trades, hist) == ("trades", "hist")
        found = [
            trade
            for trade in self.trades.get(symbol, [])
            if query["start"] <= trade[1] <= query["end"]
        ]
        return as_json(200, found[:PAGE])

    def asked_for(self, symbol: str) -> int:
        return sum(f"/{symbol}/" in asked.path for asked in self.asked)


@pytest.fixture
def history() -> Iterator[History]:
    with answering(History()) as history:
        yield history


def pulled(store: Store, history: History, folder: Path) -> list[Loaded]:
    client = httpx.Client(transport=Rerouted(history.server_port))
    with (
        stamina.set_testing(True, attempts=3),  # it does not wait
        Http(NAME, contact=None, folder=folder, per_second=1_000, client=client) as http,
    ):
        return list(over_network(NAME, bitfinex_book, store, DAY, http))


def test_a_trade_is_the_takers_and_known_since_it_was_traded(
    store: Store, history: History, tmp_path: Path
) -> None:
    history.trades["tBTCUST"] = [[9, BEGIN_MS, -1.7e-7, 61837.63], [11, BEGIN_MS + 1, 2, 61838]]

    pulled(store, history, tmp_path)

    told = sorted(ask(store.place, "raw.crypto_trades"), key=lambda row: row["trade_id"])
    assert [of(row, "venue", "pair", "trade_id", "price", "size", "side") for row in told] == [
        ("bitfinex", "BTC-USDT", 9, 61837.63, 1.7e-7, -1),
        ("bitfinex", "BTC-USDT", 11, 61838.0, 2.0, 1),
    ]
    assert {row["known_at"] == row["traded_at"] for row in told} == {True}
    assert told[1]["traded_at"] == datetime(2024, 3, 1, 0, 0, 0, 1_000, tzinfo=UTC)


def test_every_pair_is_asked_for_and_the_end_of_the_span_is_out(
    store: Store, history: History, tmp_path: Path
) -> None:
    day_ms = 24 * 3_600_000
    history.trades["tBTCUSD"] = [[1, BEGIN_MS - 1, 1, 9], [2, BEGIN_MS + day_ms, 1, 9]]

    pulled(store, history, tmp_path)

    assert len(history.asked) == len(PAIRS) + len(LEVELS)
    assert ask(store.place, "raw.crypto_trades") == []


def test_a_page_that_is_cut_in_a_moment_goes_on_in_it(
    store: Store, history: History, tmp_path: Path
) -> None:
    cut = BEGIN_MS + PAGE - 2
    history.trades["tBTCUSD"] = [
        *([number, BEGIN_MS + number, 1, 9] for number in range(PAGE - 2)),
        *([PAGE + number, cut, 1, 9] for number in range(5)),
    ]

    pulled(store, history, tmp_path)

    assert history.asked_for("tBTCUSD") == 2
    ids = [row["trade_id"] for row in ask(store.place, "raw.crypto_trades")]
    assert (len(ids), len(set(ids))) == (PAGE + 3, PAGE + 3)


def test_a_page_of_one_moment_stops_for_the_rest_can_t_be_asked_for(
    store: Store, history: History, tmp_path: Path
) -> None:
    history.trades["tBTCUSD"] = [[number, BEGIN_MS, 1, 9] for number in range(PAGE + 1)]

    with pytest.raises(FeedError, match="BTC-USD has 10,000 trades in a ms; mend the loader"):
        pulled(store, history, tmp_path)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (as_json(200, ["error", 10020, "symbol: invalid"]), "Bitfinex answers 10020 'symbol: inv"),
        (as_json(200, [[1, BEGIN_MS]]), "not enough values to unpack"),
        (as_json(200, {"error": "ERR_RATE_LIMIT"}), "not of a shape that it knows"),
    ],
)
def test_an_answer_that_it_does_not_understand_loads_nothing(
    store: Store, history: History, tmp_path: Path, answer: Answer, sentence: str
) -> None:
    history.says = [answer]

    with pytest.raises(FeedError, match=f"bitfinex_book: .*{sentence}.*; mend the loader"):
        pulled(store, history, tmp_path)

    store.ledger.refresh()
    assert list(store.ledger.lines) == []


def test_a_busy_source_is_asked_again(store: Store, history: History, tmp_path: Path) -> None:
    history.trades["tBTCUSD"] = [[1, BEGIN_MS, 1, 9]]
    history.says = [as_json(429, ["error", 11010, "ratelimit: error"])]

    pulled(store, history, tmp_path)

    assert history.asked_for("tBTCUSD") == 2
    assert len(ask(store.place, "raw.crypto_trades")) == 1
