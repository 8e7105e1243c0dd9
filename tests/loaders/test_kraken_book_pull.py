"""A day's trades are asked for page by page, and none of them twice or left out."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import stamina

from leadline import clock
from leadline.clock import Span
from leadline.errors import FeedError
from leadline.feed import Http
from leadline.load import over_network
from leadline.publication import Loaded
from leadline.store import Store
from loaders import kraken_book
from tests.binance import Rerouted
from tests.levels import of
from tests.sites import Answer, Asked, Site, answering, as_json
from tests.stores import ask

NAME = "kraken_book"
DAY = Span(datetime(2025, 11, 10, tzinfo=UTC), datetime(2025, 11, 11, tzinfo=UTC))
NOON_S = 1762776000


class Kraken(Site):
    """Answers what follows `since`, the oldest first, a page at a time."""

    def __init__(self, *trades: tuple[str, int], page: int = 3) -> None:
        super().__init__()
        self.trades, self.page = list(trades), page
        self.says: list[Any] = []  # before it answers
        self.queries: list[dict[str, str]] = []

    def answer(self, asked: Asked) -> Answer:
        query = {key: value for key, (value,) in parse_qs(urlsplit(asked.path).query).items()}
        self.queries.append(query)
        if self.says:
            return as_json(200, self.says.pop(0))
        since = int(query["since"])
        trades = self.trades if query["pair"] == "XBTUSD" else []
        found = [(ns(moment), moment, n) for moment, n in trades if ns(moment) > since]
        last = found[: self.page][-1][0] if found else since
        rows = ",".join(
            f'["105433.60000","0.00027625",{moment},"{"bs"[n % 2]}","l","",{n}]'
            for _, moment, n in found[: self.page]
        )
        body = f'{{"error":[],"result":{{"XXBTZUSD":[{rows}],"last":"{last}"}}}}'
        return Answer(200, body.encode())


def ns(seconds: str) -> int:
    whole, _, fraction = seconds.partition(".")
    return int(whole) * 10**9 + int(f"{fraction:0<9}")


@pytest.fixture
def kraken() -> Iterator[Kraken]:
    trades = [(f"{NOON_S + n}.9822779", 100 + n) for n in range(7)]
    before, after = (f"{NOON_S - 43_201}.5", 90), (f"{NOON_S + 43_200}.0", 200)
    with answering(Kraken(before, (f"{NOON_S - 43_200}", 91), *trades, after)) as kraken:
        yield kraken


def pulled(store: Store, kraken: Kraken, folder: Path, span: Span = DAY) -> list[Loaded]:
    client = httpx.Client(transport=Rerouted(kraken.server_port))
    with (
        stamina.set_testing(True, attempts=5),  # it does not wait
        Http(NAME, contact=None, folder=folder, per_second=1_000, client=client) as http,
    ):
        return list(over_network(NAME, kraken_book, store, span, http))


def test_a_day_is_every_trade_of_it_and_nothing_else(
    store: Store, kraken: Kraken, tmp_path: Path
) -> None:
    pulled(store, kraken, tmp_path)

    told = sorted(ask(store.place, "raw.crypto_trades"), key=lambda row: row["trade_id"])
    assert [row["trade_id"] for row in told] == [91, *range(100, 107)]
    assert of(told[1:3], "venue", "pair", "price", "size", "side", "is_aggregate") == [
        ("kraken", "BTC-USD", 105433.6, 0.00027625, 1, False),
        ("kraken", "BTC-USD", 105433.6, 0.00027625, -1, False),
    ]
    assert told[1]["known_at"] == datetime(2025, 11, 10, 12, 0, 0, 982277, tzinfo=UTC)
    assert ask(store.place, "raw.rejected") == []


def test_each_page_begins_where_the_one_before_ended(
    store: Store, kraken: Kraken, tmp_path: Path
) -> None:
    pulled(store, kraken, tmp_path)

    begins = [int(query["since"]) for query in kraken.queries if query["pair"] == "XBTUSD"]
    assert begins == [
        (NOON_S - 43_200) * 10**9 - 1, ns(f"{NOON_S + 1}.9822779"), ns(f"{NOON_S + 4}.9822779"),
    ]  # fmt: skip
    assert [query["pair"] for query in kraken.queries[3:]] == ["ETHUSD"]


def test_pulling_again_adds_nothing(store: Store, kraken: Kraken, tmp_path: Path) -> None:
    pulled(store, kraken, tmp_path)
    pulled(store, kraken, tmp_path)

    assert len(ask(store.place, "raw.crypto_trades")) == 8


def test_a_day_that_runs_is_not_pulled(store: Store, kraken: Kraken, tmp_path: Path) -> None:
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)

    pulled(store, kraken, tmp_path, Span(today, today + timedelta(days=1)))

    assert kraken.queries == []


def test_what_kraken_refuses_is_one_sentence(store: Store, kraken: Kraken, tmp_path: Path) -> None:
    kraken.says = [{"error": ["EQuery:Unknown asset pair"]}]

    with pytest.raises(FeedError) as refused:
        pulled(store, kraken, tmp_path)

    assert str(refused.value) == "kraken_book: Kraken answers EQuery:Unknown asset pair"


def test_a_limit_of_kraken_passes(store: Store, kraken: Kraken, tmp_path: Path) -> None:
    kraken.says = [{"error": ["EAPI:Rate limit exceeded"]}]

    with pytest.raises(FeedError) as refused:
        pulled(store, kraken, tmp_path)

    assert refused.value.exit_code == 3
    assert str(refused.value).endswith("Rate limit exceeded; try again later")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"error": []}, "no 'result' in it"),
        ({"error": [], "result": {"last": "1"}}, "not enough values to unpack"),
        ({"error": [], "result": {"A": [["1", "1", 1.5, "x", "l", "", 1]], "last": "1"}}, "'x' is"),
        ({"error": [], "result": {"A": [["1", "1"]], "last": "1"}}, "not enough values to unpack"),
    ],
)
def test_an_answer_of_another_shape_stops(
    store: Store, kraken: Kraken, tmp_path: Path, said: Any, sentence: str
) -> None:
    kraken.says = [said]

    with pytest.raises(FeedError) as refused:
        pulled(store, kraken, tmp_path)

    assert str(refused.value).startswith("kraken_book: ")
    assert sentence in str(refused.value)


@pytest.mark.real
def test_a_real_answer_is_a_thousand_trades(real: Path) -> None:
    path = real / "crypto_misc_nautilus" / "kraken" / "http_trades.json"
    answer = json.loads(path.read_text())

    said, last = kraken_book.page(answer)
    rows = [kraken_book.pulled("BTC-USDT", each) for each in said]

    assert len({row["trade_id"] for row in rows}) == 1_000
    assert last == 1762820035982277754
    assert all(a["traded_at"] <= b["traded_at"] for a, b in pairwise(rows))
    assert rows[-1]["traded_at"] == datetime(2025, 11, 11, 0, 13, 55, 982277, tzinfo=UTC)
