"""NYSE's list becomes halts, whichever of its forms it comes in."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.publication import Loaded
from leadline.store import Store
from loaders import nyse_halts
from tests.sites import Answer, Site, answering
from tests.stores import ask, load_files, pulled_at

NAME = "nyse_halts"
SAVED = Path(__file__).parent / "messages" / "trade-halts_202403.csv"
BODY = SAVED.read_bytes()
PAUSED_AT = datetime(2024, 3, 12, 14, 41, 7, tzinfo=UTC)
AGAIN_AT = datetime(2024, 3, 12, 14, 46, 7, tzinfo=UTC)
MARCH = Span(datetime(2024, 3, 12, tzinfo=UTC), datetime(2024, 3, 14, tzinfo=UTC))
AT = datetime(2024, 3, 14, 0, 30, tzinfo=UTC)  # 20:30 in New York of the 13th


def told(store: Store, symbol: str) -> list[tuple[Any, ...]]:
    rows = [row for row in ask(store.place, "raw.halts") if row["symbol"] == symbol]
    names = ("halted_at", "reason", "step", "trades_at", "known_at")
    return sorted((tuple(row[name] for name in names) for row in rows), key=str)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with answering(Site()) as site:
        monkeypatch.setattr(nyse_halts, "ADDRESS", f"{site.url}/historical/download")
        yield site


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    with Http(NAME, contact=None, folder=tmp_path / "http", per_second=1_000) as http:
        yield http


def pulled(store: Store, http: Http, span: Span = MARCH, at: datetime = AT) -> list[Loaded]:
    return list(pulled_at(nyse_halts, at, store, span, http))


def test_a_line_that_comes_twice_is_one_halt_with_its_end(store: Store) -> None:
    (loaded,) = load_files(store, NAME, SAVED)

    assert (loaded.n_rows, loaded.n_rejected) == (7, 0)
    assert told(store, "ABCD") == [
        (PAUSED_AT, "LULD pause", "halted", None, PAUSED_AT),
        (PAUSED_AT, "LULD pause", "resumed", AGAIN_AT, AGAIN_AT),
    ]


def test_a_halt_that_another_goes_on_with_is_extended_and_one_without_an_end_is_open(
    store: Store,
) -> None:
    load_files(store, NAME, SAVED)

    assert [row[1:3] for row in told(store, "SBXD.WS")] == [
        ("News Pending", "extended"), ("News Pending", "halted"), ("LULD pause", "halted")
    ]  # fmt: skip
    issuers = {row["symbol"]: row["issuer"] for row in ask(store.place, "raw.halts")}
    assert issuers["SBXD.WS"] == "Example Acquisition, Warrants"


def test_the_json_says_the_same_under_its_own_names(store: Store, tmp_path: Path) -> None:
    halt = {
        "formatedHaltDate": "2024-03-12", "formatedHaltTime": "10:41:07", "symbol": "ABCD",
        "issuerName": "Example Corp", "sourceExchange": "Nasdaq", "reason": "LULD pause",
        "formatedResumptionDate": None, "formatedResumptionTime": None,
    }  # fmt: skip
    over = halt | {"symbol": "EFGH", "formatedResumptionDate": "See Subsequent Halt"}
    path = tmp_path / "trade-halts_current.json"
    results = {"lastUpdatedTime": "2024-03-12 10:42", "tradeHalts": [halt, over]}
    path.write_text(json.dumps({"totalCount": 2, "results": results}))

    load_files(store, NAME, path)

    assert told(store, "ABCD") == [(PAUSED_AT, "LULD pause", "halted", None, PAUSED_AT)]
    assert [row[2] for row in told(store, "EFGH")] == ["extended", "halted"]


def test_a_span_is_asked_for_by_month_and_each_day_is_a_load(
    store: Store, http: Http, site: Site
) -> None:
    empty = Answer(body=BODY.splitlines(keepends=True)[0])
    site.answers = [empty, Answer(body=BODY)]
    since = Span(datetime(2024, 2, 28, tzinfo=UTC), MARCH.until)

    loads = pulled(store, http, since)

    queries = [parse_qs(urlsplit(asked.path).query, True) for asked in site.asked]
    assert [(query["haltDateFrom"], query["haltDateTo"]) for query in queries] == [
        (["2024-02-28"], ["2024-02-29"]), (["2024-03-01"], ["2024-03-13"])
    ]  # fmt: skip
    assert [each.coverage for each in loads] == ["nyse_halts_20240312", "nyse_halts_20240313"]


def test_past_days_are_known_as_they_happened_and_today_when_it_was_asked_for(
    store: Store, http: Http, site: Site
) -> None:
    site.answers = [Answer(body=BODY), Answer(body=BODY)]

    pulled(store, http)
    again = pulled(store, http)

    assert [row[4] for row in told(store, "ABCD")] == [PAUSED_AT, AGAIN_AT]
    assert {row[4] for row in told(store, "BRK.B")} == {AT}
    assert not any(each.is_new for each in again)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"<html>no</html>", "its columns are not Halt Date,Halt Time,Symbol"),
        (BODY.replace(b",Nasdaq,LULD", b",LULD"), "a line of another number of fields"),
        (BODY.replace(b"ABCD", b""), "a halt without Symbol"),
        (BODY.replace(b"2024-03-12,10:41:07", b"03/12/2024,10:41:07"), "time data '03/12/2024 10"),
    ],
)
def test_another_body_is_refused_in_one_sentence(
    store: Store, http: Http, site: Site, body: bytes, sentence: str
) -> None:
    site.answers = [Answer(body=body)]

    with pytest.raises(FeedError, match=r"; fetch it again$") as refused:
        pulled(store, http)

    assert sentence in str(refused.value)


def test_an_address_that_is_gone_is_told(store: Store, http: Http, site: Site) -> None:
    with pytest.raises(FeedError, match="NYSE has no list from 2024-03-12 to 2024-03-13"):
        pulled(store, http)
