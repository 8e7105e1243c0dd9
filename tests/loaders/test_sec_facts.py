"""A count of shares is that of the first filing that told it, known in its day's evening."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import BEGINNING, Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.load import over_network
from leadline.publication import Loaded
from leadline.store import Store
from loaders import sec_facts
from tests.edgar import Edgar
from tests.sites import Answer, answering
from tests.stores import ask

MESSAGE = Path(__file__).parent / "messages" / "shares_0000320193.json"
SPAN = Span(BEGINNING, datetime(2022, 1, 1, tzinfo=UTC))
NO_KEY = b"<Error><Code>NoSuchKey</Code></Error>"


class Facts(Edgar):
    """Has concepts of one company; what is not there is a 404."""

    def answer(self, asked: Any) -> Answer:
        body = self.files.get(asked.path)
        return Answer(404, NO_KEY) if body is None else Answer(200, body)

    def says(self, concept: str, body: bytes) -> None:
        self.files[f"/api/xbrl/companyconcept/CIK0000320193/{concept}.json"] = body


def concept(*rows: tuple[str, str, Any]) -> bytes:
    """Return a concept of counts: day, filing date, number."""
    told = [{"end": end, "filed": filed, "val": val} for end, filed, val in rows]
    return json.dumps({"cik": 320193, "units": {"shares": told}}).encode()


@pytest.fixture
def edgar(monkeypatch: pytest.MonkeyPatch) -> Iterator[Facts]:
    with answering(Facts()) as edgar:
        monkeypatch.setattr(sec_facts, "DATA", edgar.url)
        yield edgar


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    folder = tmp_path / "http"
    with Http("sec_facts", contact="me@example.org", folder=folder, per_second=1_000) as http:
        http.symbols, http.wanted = ("AAPL",), lambda: owning("AAPL")
        yield http


def owning(*symbols: str) -> list[dict[str, Any]]:
    standing = {"cik": "0000320193", "valid_to": None, "withdrawn_at": None}
    return [{**standing, "ticker": symbol} for symbol in symbols]


def pulled(store: Store, http: Http) -> list[Loaded]:
    return list(over_network("sec_facts", sec_facts, store, SPAN, http))


def told(store: Store) -> list[tuple[Any, ...]]:
    rows = ask(store.place, "raw.shares_outstanding")
    return sorted((row["as_of_date"], row["shares"], row["known_at"]) for row in rows)


def test_a_cover_count_is_the_first_filings_and_known_in_its_evening(
    store: Store, http: Http, edgar: Facts
) -> None:
    edgar.says(sec_facts.COVER, MESSAGE.read_bytes())

    (loaded,) = pulled(store, http)

    assert loaded.coverage == "shares_0000320193.json"
    assert told(store) == [
        (date(2021, 7, 16), Decimal(16_530_166_000), datetime(2021, 7, 29, 2, tzinfo=UTC)),
        (date(2021, 10, 15), Decimal(16_406_397_000), datetime(2021, 10, 30, 2, tzinfo=UTC)),
    ]


def test_balance_sheets_count_where_no_cover_had_spoken_for_200_days(
    store: Store, http: Http, edgar: Facts
) -> None:
    edgar.says(sec_facts.COVER, concept(("2021-07-16", "2021-07-28", 20_000)))
    edgar.says(sec_facts.BALANCE, concept(
        ("2021-03-31", "2021-04-28", 30_000),
        ("2021-06-30", "2021-07-28", 30_001),
        ("2021-12-31", "2022-01-28", 30_002),
        ("2022-03-31", "2022-04-28", 30_003),
    ))  # fmt: skip

    pulled(store, http)

    assert [(day, int(shares)) for day, shares, _ in told(store)] == [
        (date(2021, 3, 31), 30_000), (date(2021, 7, 16), 20_000), (date(2022, 3, 31), 30_003),
    ]  # fmt: skip


def test_what_holds_the_place_of_a_count_is_set_aside(
    store: Store, http: Http, edgar: Facts
) -> None:
    edgar.says(sec_facts.COVER, concept(
        ("2021-07-16", "2021-07-28", 100), ("2021-10-15", "2021-10-29", 0),
        ("2022-01-15", "2022-01-29", 10_000),
    ))  # fmt: skip

    (loaded,) = pulled(store, http)

    assert (loaded.n_rows, loaded.n_rejected) == (1, 2)


@pytest.mark.parametrize("body", [None, b'{"units":{"shares":{}}}', b'{"units":{}}'])
def test_what_is_absent_in_each_of_its_shapes_is_no_count(
    store: Store, http: Http, edgar: Facts, body: bytes | None
) -> None:
    if body:
        edgar.says(sec_facts.COVER, body)

    pulled(store, http)

    assert told(store) == []


def test_of_two_classes_nobody_is_asked(store: Store, http: Http, edgar: Facts) -> None:
    http.wanted = lambda: owning("AAPL", "AAPLB")

    assert pulled(store, http) == []
    assert edgar.asked == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{}", "no 'units' in it"),
        (concept(("2021-07-16", "2021-07-28", "many")), "val is 'many', and no number"),
        (concept(("2021-07", "2021-07-28", 20_000)), "Invalid isoformat string"),
        (b"<html>no</html>", "no JSON"),
    ],
)
def test_an_answer_of_another_shape_is_refused(
    store: Store, http: Http, edgar: Facts, body: bytes, said: str
) -> None:
    edgar.says(sec_facts.COVER, body)

    with pytest.raises(FeedError, match=said):
        pulled(store, http)
