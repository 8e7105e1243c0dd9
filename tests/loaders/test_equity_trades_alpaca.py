"""Alpaca's prints and quotes are loaded by quarters of an hour, each as soon as it is over."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import BEGINNING, Span
from leadline.errors import ConfigError, FeedError
from leadline.http import Http
from leadline.publication import Loaded
from leadline.store import Store
from loaders import equity_trades_alpaca
from tests.alpaca import KEYS, Alpaca
from tests.sites import answering, as_json
from tests.stores import ask, knowing_sessions, pulled_at, seen

NAME = "equity_trades_alpaca"
KNOWN = Span(datetime(2024, 6, 1, tzinfo=UTC), datetime(2024, 8, 1, tzinfo=UTC))
AT = datetime(2024, 7, 17, 14, 35, tzinfo=UTC)  # 10:35 in New York
SPAN = Span(datetime(2024, 7, 17, 14, tzinfo=UTC), AT)


def prints(symbol: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Return five prints at the begin of what is asked for."""
    facts = {"x": "D", "p": 10.5, "s": 100, "c": ["@"], "z": "C"}
    start = f"{since:%Y-%m-%dT%H:%M}"
    return [facts | {"i": n, "t": f"{start}:00.00000010{n}Z"} for n in range(5)]


def quotes(symbol: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
    facts = {"ax": "K", "ap": 10.6, "as": 1, "bx": "Q", "bp": 10.4, "bs": 4, "c": ["R"], "z": "C"}
    return [facts | {"t": f"{since:%Y-%m-%dT%H:%M}:00.5Z"}]


@pytest.fixture
def alpaca(monkeypatch: pytest.MonkeyPatch) -> Iterator[Alpaca]:
    with answering(Alpaca(lambda *_: [], {"trades": prints, "quotes": quotes})) as alpaca:
        monkeypatch.setattr(equity_trades_alpaca, "ADDRESS", f"{alpaca.url}/v2/stocks")
        monkeypatch.setattr(equity_trades_alpaca, "PAGE", 3)
        for name, value in {**KEYS, "LEADLINE_ALPACA_DELAY_MIN": "0"}.items():
            monkeypatch.setenv(name, value)
        yield alpaca


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    with Http(NAME, contact=None, folder=tmp_path / "http", per_second=1_000) as http:
        http.symbols = ("AAPL", "BRK.B")
        yield http


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(KNOWN, tmp_path / "store") as store:
        yield store


def pulled(store: Store, http: Http, span: Span = SPAN, at: datetime = AT) -> list[Loaded]:
    return list(pulled_at(equity_trades_alpaca, at, store, span, http))


def test_each_quarter_of_an_hour_that_is_over_is_a_load_of_quotes_and_one_of_prints(
    alpaca: Alpaca, store: Store, http: Http
) -> None:
    loads = pulled(store, http)

    assert [each.coverage.rpartition("_")[0] for each in loads] == [
        "quotes_20240717_1400", "trades_20240717_1400", "quotes_20240717_1415",
        "trades_20240717_1415",
    ]  # fmt: skip
    assert [each.n_rows for each in loads] == [2, 10, 2, 10]
    assert {query["feed"] for query in alpaca.queries} == {"sip"}
    found = ask(store.place, "raw.equity_trades")
    assert len(seen(found, "symbol", "known_at", "trade_id")) == 20
    assert {row["sequence"] % 1_000 for row in found} == set(range(100, 105))


def test_what_is_asked_for_again_adds_nothing_and_what_is_taken_back_a_version(
    alpaca: Alpaca, store: Store, http: Http
) -> None:
    pulled(store, http)
    again = pulled(store, http)
    alpaca.more = {
        "quotes": quotes,
        "trades": lambda *asked: [
            each | ({"u": "canceled"} if each["i"] == 4 else {}) for each in prints(*asked)
        ],
    }
    changed = pulled(store, http)

    assert not any(each.is_new for each in again)
    assert [each.n_rows for each in changed if each.is_new] == [2, 2]
    told = {row["conditions"] for row in ask(store.place, "raw.equity_trades")}
    assert told == {"@", "@,canceled"}


def test_a_day_that_is_over_has_its_night_and_its_evening_too(
    alpaca: Alpaca, store: Store, http: Http
) -> None:
    http.symbols = ("AAPL",)
    tuesday = Span(datetime(2024, 7, 16, 4, tzinfo=UTC), datetime(2024, 7, 16, 8, tzinfo=UTC))

    (*_, night) = pulled(store, http, tuesday)
    asked = [query for query in alpaca.queries if query["start"] == "2024-07-16T04:00:00Z"]

    assert night.coverage.startswith("trades_20240716_0400_1x")
    assert {query["end"] for query in asked} == {"2024-07-16T07:59:59.999999999Z"}
    assert len(equity_trades_alpaca.EDGES) == 67  # 64 quarters, a night and an evening


def test_what_is_not_over_on_this_plan_is_left_out(
    alpaca: Alpaca, store: Store, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADLINE_ALPACA_DELAY_MIN", "16")

    assert {each.coverage[:20] for each in pulled(store, http)} == {
        "quotes_20240717_1400", "trades_20240717_1400"
    }  # fmt: skip


def test_without_a_begin_nothing_is_asked_for(alpaca: Alpaca, store: Store, http: Http) -> None:
    with pytest.raises(FeedError, match="too many to begin with; say --since"):
        pulled(store, http, Span(BEGINNING, AT))

    assert alpaca.asked == []


def test_a_page_that_breaks_off_leaves_what_was_over_before_it(
    alpaca: Alpaca, store: Store, http: Http
) -> None:
    alpaca.more = {
        "quotes": quotes,
        "trades": lambda symbol, since, until: [
            each | ({"p": 10.5} if since.minute == 0 else {"t": "noon"})
            for each in prints(symbol, since, until)
        ],
    }

    with pytest.raises(FeedError, match="noon"):
        pulled(store, http)

    assert len(ask(store.place, "raw.equity_trades")) == 10
    assert len(ask(store.place, "raw.equity_quotes")) == 4


def test_a_price_below_zero_is_set_aside(alpaca: Alpaca, store: Store, http: Http) -> None:
    alpaca.more = {
        "quotes": quotes,
        "trades": lambda *asked: [each | {"p": 10 - 5 * each["i"]} for each in prints(*asked)],
    }

    reasons = [each.reasons for each in pulled(store, http) if each.n_rejected]

    assert reasons == [{"equity_trades: not price > 0": 6}] * 2


def test_a_plan_that_refuses_ends_it_and_keys_that_are_missing_are_named(
    alpaca: Alpaca, store: Store, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    alpaca.answers = [as_json(403, {"message": "subscription does not permit querying"})]
    with pytest.raises(FeedError, match="403"):
        pulled(store, http)

    monkeypatch.delenv("LEADLINE_ALPACA_SECRET")
    with pytest.raises(ConfigError, match="set LEADLINE_ALPACA_SECRET in the environment"):
        pulled(store, http)


def test_ten_stocks_are_asked_for_where_the_settings_name_none(
    alpaca: Alpaca, store: Store, http: Http
) -> None:
    http.symbols = ()

    pulled(store, http, Span(AT - timedelta(minutes=25), AT - timedelta(minutes=20)))

    assert len(alpaca.queries[0]["symbols"].split(",")) == 10
