"""The SEC's list of tickers says who has which now, and who is gone from it has none."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import BEGINNING, Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.store import Store
from loaders import sec_tickers
from tests.edgar import Edgar
from tests.sites import MARKS, Answer, answering
from tests.stores import ask, load_files, pulled_at

NAME = "sec_tickers"
MESSAGE = Path(__file__).parent / "messages" / "company_tickers.json"
NOW = datetime(2024, 3, 2, 12, tzinfo=UTC)
LISTED = (
    b'{"fields":["cik","name","ticker","exchange"],"data":[[320193,"Apple Inc.","AAPL","Nasdaq"],'
    b'[1067983,"BERKSHIRE HATHAWAY INC","BRK-B",null]]}'
)


@pytest.fixture
def edgar(monkeypatch: pytest.MonkeyPatch) -> Iterator[Edgar]:
    with answering(Edgar()) as edgar:
        monkeypatch.setattr(sec_tickers, "SITE", edgar.url)
        yield edgar


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    folder = tmp_path / "http"
    with Http(NAME, contact="me@example.org", folder=folder, per_second=1_000) as http:
        yield http


def issuers(store: Store) -> list[tuple[Any, ...]]:
    rows = ask(store.place, "raw.issuers")
    names = ("cik", "ticker", "issuer", "exchange", "is_gone")
    return sorted((tuple(row[name] for name in names) for row in rows), key=str)


def test_an_issuer_has_all_its_tickers_in_our_spelling(store: Store) -> None:
    load_files(store, NAME, MESSAGE)

    assert issuers(store) == [
        ("0000789019", "MSFT", "MICROSOFT CORP", None, False),
        ("0001067983", "BRK.A", "BERKSHIRE HATHAWAY INC", None, False),
        ("0001067983", "BRK.B", "BERKSHIRE HATHAWAY INC", None, False),
    ]


def test_the_list_over_the_network_says_exchanges_and_when_it_was_written(
    store: Store, http: Http, edgar: Edgar
) -> None:
    edgar.answers = [Answer(200, LISTED, MARKS)]

    list(pulled_at(sec_tickers, NOW, store, Span(BEGINNING, NOW), http))

    assert edgar.names == ["company_tickers_exchange.json"]
    assert issuers(store) == [
        ("0000320193", "AAPL", "Apple Inc.", "Nasdaq", False),
        ("0001067983", "BRK.B", "BERKSHIRE HATHAWAY INC", None, False),
    ]
    known = {row["known_at"] for row in ask(store.place, "raw.issuers")}
    assert known == {datetime(2024, 3, 1, 15, tzinfo=UTC)}


def test_who_is_gone_from_a_later_list_is_gone(store: Store, http: Http, edgar: Edgar) -> None:
    apple = LISTED[: LISTED.index(b",[1067983")] + b"]}"
    edgar.answers = [Answer(200, LISTED, MARKS), Answer(200, apple)]
    for _ in range(2):
        list(pulled_at(sec_tickers, NOW, store, Span(BEGINNING, NOW), http))

    gone = [row for row in issuers(store) if row[-1]]
    assert [row[1] for row in gone] == ["BRK.B"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>", "no JSON"),
        (b"{}", "a list without an issuer"),
        (b'{"0":{"cik":1}}', "no 'cik_str' in it"),
        (b"[1]", "not of a shape that it knows"),
    ],
)
def test_what_is_no_list_is_refused(
    store: Store, http: Http, edgar: Edgar, body: bytes, said: str
) -> None:
    edgar.answers = [Answer(200, body)]

    with pytest.raises(FeedError, match=said):
        list(pulled_at(sec_tickers, NOW, store, Span(BEGINNING, NOW), http))


@pytest.mark.real
def test_the_real_list_is_taken_whole(real: Path, store: Store) -> None:
    (loaded,) = load_files(store, NAME, real / "sec_edgar_index" / "company_tickers.json")

    assert (loaded.n_rows, loaded.n_rejected) == (9_610, 0)
