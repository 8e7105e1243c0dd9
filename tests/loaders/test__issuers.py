"""Stocks are asked for at the SEC by the numbers of those who issue them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import FeedError
from leadline.http import Http
from loaders import _issuers


def issuer(ticker: str, cik: str, **given: Any) -> dict[str, Any]:
    return {"ticker": ticker, "cik": cik, "valid_to": None, "withdrawn_at": None, **given}


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    with Http("feed", contact=None, folder=tmp_path) as http:
        http.wanted = lambda: [
            issuer("TSLA", "0001318605"), issuer("BRK.B", "0001067983"),
            issuer("BRK.A", "0001067983"), issuer("TSLA", "0000000009", withdrawn_at="then"),
            issuer("OLD", "0000000008", valid_to="then"),
        ]  # fmt: skip
        yield http


def test_an_issuer_is_asked_for_once_with_all_its_tickers_or_by_its_number(http: Http) -> None:
    http.symbols = ("BRK.B", "TSLA", "BRK.A", "17", "1067983", "OLD")

    assert _issuers.tickers(http) == {
        "0001067983": ["BRK.A", "BRK.B"], "0001318605": ["TSLA"], "0000000017": [],
    }  # fmt: skip


def test_who_has_no_number_is_told_where_to_get_it(http: Http) -> None:
    http.symbols = ("OLD", "NONE")

    with pytest.raises(FeedError, match="OLD, NONE: no number at the SEC is known; load sec_tick"):
        _issuers.tickers(http)


@pytest.mark.parametrize(
    ("own", "common"),
    [
        (["AAPL"], "AAPL"),
        (["BAC", "BAC.PB", "BAC.PE"], "BAC"),
        (["BRK.A", "BRK.B"], None),
        (["GOOG", "GOOGL"], None),
        (["HEI", "HEI.A"], None),
        ([], None),
    ],
)
def test_a_count_is_of_a_ticker_only_where_there_is_one_class(
    own: list[str], common: str | None
) -> None:
    assert _issuers.of_common_stock(own) == common
