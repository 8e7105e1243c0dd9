"""What Yahoo answers now lands as a capture does; a server here wants its cookie and its crumb."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from leadline import clock
from leadline.clock import Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.load import over_network
from leadline.publication import Loaded
from leadline.store import Store
from loaders import yahoo_chains
from tests.sites import Answer, Asked, Site, answering
from tests.stores import ask, knowing_sessions

NAME = "yahoo_chains"
RECORDED = (Path(__file__).parent / "messages" / "APRN.json").read_text()
NEAREST, NEXT = 1525996800, 1526601600
AT = datetime(2018, 5, 11, 14, 0, tzinfo=UTC)  # 10:00 in New York, on a Friday
SPAN = Span(datetime(2018, 5, 1, tzinfo=UTC), datetime(2018, 6, 1, tzinfo=UTC))
DENIED = '{"finance":{"result":null,"error":{"code":"Unauthorized"}}}'
PUT = {
    "contractSymbol": "APRN180518P00002500", "strike": 2.5, "currency": "USD", "lastPrice": 0.15,
    "volume": 40, "bid": 0.1, "ask": 0.0, "expiration": NEXT, "lastTradeDate": 1526046000,
    "impliedVolatility": 0.00001, "openInterest": 250,
}  # fmt: skip


def recorded(**quote: Any) -> dict[str, Any]:
    """Return the recorded answer's only result; its quote may say other things."""
    said: dict[str, Any] = json.loads(RECORDED)["optionChain"]["result"][0]
    said["quote"] |= quote
    return said


def later(*puts: dict[str, Any]) -> dict[str, Any]:
    """Return an answer for the next expiration."""
    said = recorded()
    said["options"] = [{"expirationDate": NEXT, "calls": [], "puts": list(puts)}]
    return said


class Yahoo(Site):
    """Sets a cookie, gives a crumb to who brings it, and a chain to who brings both."""

    def __init__(self) -> None:
        super().__init__()
        self.chains: dict[int | None, Any] = {None: recorded(), NEXT: later(PUT)}
        self.crumb = Answer(200, b"Qx.1/2")

    def answer(self, asked: Asked) -> Answer:
        place = urlsplit(asked.path)
        if place.path == "/cookie":
            return Answer(404, b"", {"Set-Cookie": "A3=d=AQAB; Path=/"})
        if "A3=d=AQAB" not in (asked.headers["Cookie"] or ""):
            return Answer(429, b"Too Many Requests")
        if place.path == "/getcrumb":
            return self.crumb
        query = parse_qs(place.query)
        if query.get("crumb") != ["Qx.1/2"]:
            return Answer(401, DENIED.encode())
        if not place.path.endswith("/APRN"):
            return Answer(404, b"{}")
        said = self.chains[int(query["date"][0]) if "date" in query else None]
        return Answer(200, json.dumps({"optionChain": {"result": said and [said]}}).encode())


@pytest.fixture
def yahoo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Yahoo]:
    with answering(Yahoo()) as yahoo:
        monkeypatch.setattr(yahoo_chains, "COOKIES", f"{yahoo.url}/cookie")
        monkeypatch.setattr(yahoo_chains, "CRUMBS", f"{yahoo.url}/getcrumb")
        monkeypatch.setattr(yahoo_chains, "ADDRESS", f"{yahoo.url}/options")
        monkeypatch.setattr(yahoo_chains, "UNDERLYINGS", ("APRN",))
        yield yahoo


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        yield store


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    with Http(NAME, contact=None, folder=tmp_path / "http", per_second=1_000) as http:
        yield http


def load(store: Store, http: Http, at: datetime = AT) -> list[Loaded]:
    """Load at a moment as the command line does, which says no span."""
    module = SimpleNamespace(
        FEED=yahoo_chains.FEED, pull=partial(yahoo_chains.pull, now=lambda: at)
    )
    span = Span(clock.BEGINNING, clock.now())
    return list(over_network(NAME, cast(Any, module), store, span, http))


def pulled(http: Http, at: datetime = AT) -> dict[str, list[dict[str, Any]]]:
    """Return the rows that are pulled at a moment, by dataset."""
    told: dict[str, list[dict[str, Any]]] = {}
    for dataset, extract in yahoo_chains.pull(Span(clock.BEGINNING, clock.now()), http, lambda: at):
        told.setdefault(dataset, []).extend(cast(Any, extract).rows)
    return told


def by_contract(store: Store, dataset: str = "option_chains") -> dict[str, dict[str, Any]]:
    return {row["contract"]: row for row in ask(store.place, f"raw.{dataset}")}


def test_each_expiration_is_asked_once_and_covers_itself(
    yahoo: Yahoo, store: Store, http: Http
) -> None:
    loads = load(store, http)

    assert yahoo.names == ["cookie", "getcrumb", "APRN", "APRN"]
    assert [(loaded.coverage, loaded.n_rows, loaded.n_rejected) for loaded in loads] == [
        ("APRN_20180511_20180511.json", 2, 0),
        ("APRN_20180511_20180518.json", 2, 0),
    ]


def test_a_row_is_what_the_answer_says(yahoo: Yahoo, store: Store, http: Http) -> None:
    load(store, http)

    row = by_contract(store)["APRN180511C00001500"]

    wanted = {
        "session_date": date(2018, 5, 11), "underlying": "APRN", "strike": Decimal("1.5"),
        "expiration": date(2018, 5, 11), "put_call": "call", "currency": "USD",
        "bid": Decimal("0.75"), "ask": Decimal("1.05"), "last": Decimal("1.1"),
        "iv": 10.312503554687503, "underlying_price": Decimal("2.45"), "known_at": AT,
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted


def test_a_volume_counts_only_if_it_is_of_the_session(yahoo: Yahoo, http: Http) -> None:
    rows = pulled(http)["option_chains"]

    volumes = {row["contract"]: row["volume"] for row in rows}

    assert volumes == {"APRN180511C00001500": 0, "APRN180518P00002500": 40}


def test_what_is_0_or_a_placeholder_is_none(yahoo: Yahoo, http: Http) -> None:
    _, row = pulled(http)["option_chains"]

    assert (row["bid"], row["ask"], row["iv"]) == (Decimal("0.1"), None, None)


def test_open_interest_is_that_of_the_session_before(
    yahoo: Yahoo, store: Store, http: Http
) -> None:
    load(store, http)

    row = by_contract(store, "open_interest")["APRN180518P00002500"]

    assert (row["open_interest"], row["oi_date"]) == (250, date(2018, 5, 10))
    assert row["known_at"] == datetime(2018, 5, 11, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize("gone", ["volume", "openInterest", "bid", "ask", "impliedVolatility"])
def test_a_part_may_be_missing(yahoo: Yahoo, http: Http, gone: str) -> None:
    yahoo.chains[NEXT] = later({name: value for name, value in PUT.items() if name != gone})

    rows = pulled(http)

    assert len(rows["option_chains"]) == 2
    assert len(rows["open_interest"]) == (1 if gone == "openInterest" else 2)


def test_the_same_answers_again_add_nothing_and_later_ones_what_differs(
    yahoo: Yahoo, store: Store, http: Http
) -> None:
    load(store, http)
    again = load(store, http)
    yahoo.chains[NEXT] = later(PUT | {"bid": 0.11})

    loads = load(store, http, datetime(2018, 5, 11, 15, 0, tzinfo=UTC))

    assert [loaded.is_new for loaded in again] == [False, False]
    assert [(loaded.n_rows, loaded.n_gone) for loaded in loads] == [(0, 0), (1, 0)]


def test_who_is_turned_away_is_told_so_at_once(yahoo: Yahoo, http: Http) -> None:
    yahoo.crumb = Answer(429, b"Too Many Requests")

    with pytest.raises(FeedError) as told:
        pulled(http)

    assert str(told.value) == (
        "yahoo_chains: 127.0.0.1 says 'Too Many Requests'; it turns away clients that are no "
        "browser; load captures from files"
    )
    assert yahoo.names == ["cookie", "getcrumb"]


@pytest.mark.parametrize("crumb", [b"", b"<html>consent</html>"])
def test_a_page_is_no_crumb(yahoo: Yahoo, http: Http, crumb: bytes) -> None:
    yahoo.crumb = Answer(200, crumb)

    with pytest.raises(FeedError, match=r"Yahoo gives no crumb but '.*'; try again later"):
        pulled(http)


def test_a_crumb_that_does_not_hold_is_a_refusal(yahoo: Yahoo, http: Http) -> None:
    yahoo.crumb = Answer(200, b"another")

    with pytest.raises(FeedError, match=r"401 Unauthorized .* the source refused"):
        pulled(http)


@pytest.mark.parametrize(
    ("nearest", "told"),
    [
        (recorded(symbol="APR"), "APRN was asked, and 'APR' answered"),
        (recorded(regularMarketTime=1525960400), "shows the session of 2018-05-10, at most"),
        (recorded(regularMarketTime="now"), "not of a shape that it knows"),
        (recorded() | {"expirationDates": []}, "APRN has no contracts; try again later"),
        ([], "APRN has no contracts; try again later"),
        (recorded() | {"options": []}, "not enough values to unpack"),
        (later(PUT), "APRN was asked for 2018-05-11, and another expiration answered"),
        (recorded() | {"quote": {}}, "no 'symbol' in it"),
    ],
)
def test_an_answer_that_is_not_what_was_asked_is_refused(
    yahoo: Yahoo, http: Http, nearest: Any, told: str
) -> None:
    yahoo.chains[None] = nearest

    with pytest.raises(FeedError, match=told):
        pulled(http)


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2018, 5, 11, 13, 44, tzinfo=UTC), "shows the session of 2018-05-11, at most"),
        (datetime(2018, 5, 12, 14, 0, tzinfo=UTC), "shows the session of 2018-05-11, at most"),
    ],
)
def test_before_the_open_and_on_a_saturday_nothing_is_taken(
    yahoo: Yahoo, http: Http, at: datetime, told: str
) -> None:
    with pytest.raises(FeedError, match=told):
        pulled(http, at)


def test_a_day_without_a_session_is_refused_whatever_traded(yahoo: Yahoo, http: Http) -> None:
    saturday = datetime(2018, 5, 12, 14, 0, tzinfo=UTC)
    yahoo.chains[None] = recorded(regularMarketTime=int(saturday.timestamp()))

    with pytest.raises(FeedError, match="2018-05-12 is no session of XNYS, and Yahoo says it"):
        pulled(http, saturday)


def test_a_contract_that_is_no_osi_symbol_stops_the_load(yahoo: Yahoo, http: Http) -> None:
    yahoo.chains[NEXT] = later(PUT | {"contractSymbol": "APRN 18MAY18 2.5 P"})

    with pytest.raises(FeedError, match=r"'APRN 18MAY18 2.5 P' is no OSI symbol; mend the loader"):
        pulled(http)


def test_an_underlying_that_yahoo_does_not_know_is_named(
    yahoo: Yahoo, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yahoo_chains, "UNDERLYINGS", ("SPX",))

    with pytest.raises(FeedError) as told:
        pulled(http)

    what = "SPX is nothing that Yahoo knows; an index is written ^SPX"
    assert str(told.value) == f"yahoo_chains: {what}"


def test_a_span_that_has_passed_is_refused_and_nobody_is_asked(yahoo: Yahoo, http: Http) -> None:
    with pytest.raises(FeedError, match="is not the present, which is all that Yahoo tells"):
        next(yahoo_chains.pull(SPAN, http))

    assert yahoo.asked == []
