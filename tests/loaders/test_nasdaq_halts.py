"""Nasdaq Trader's list becomes halts, and an end that is filled in later a later version."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from leadline.clock import BEGINNING, Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.publication import Loaded
from leadline.store import Store
from loaders import nasdaq_halts
from tests.sites import Answer, Site, answering
from tests.stores import ask, load_files, pulled_at

NAME = "nasdaq_halts"
SAVED = Path(__file__).parent / "messages" / "tradehalts_01212022.xml"
BODY = SAVED.read_bytes()
OPEN = (
    BODY.replace(b"<ndaq:ResumptionTradeTime>13:30:48</ndaq:ResumptionTradeTime>", b"")
    .replace(b"<ndaq:ResumptionQuoteTime>13:25:48</ndaq:ResumptionQuoteTime>", b"")
)  # fmt: skip
HALTED_AT = datetime(2022, 1, 21, 18, 25, 48, tzinfo=UTC)
AT = datetime(2022, 1, 21, 18, 26, 10, tzinfo=UTC)
LATER = AT + timedelta(minutes=1)
LATELY = Span(AT - timedelta(minutes=1), AT)


def halts(store: Store, symbol: str = "OFED") -> list[dict[str, Any]]:
    found = [row for row in ask(store.place, "raw.halts") if row["symbol"] == symbol]
    return sorted(found, key=lambda row: row["known_at"])


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with answering(Site()) as site:
        monkeypatch.setattr(nasdaq_halts, "ADDRESS", f"{site.url}/rss.aspx")
        yield site


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    with Http(NAME, contact=None, folder=tmp_path / "http", per_second=1_000) as http:
        yield http


def pulled(store: Store, http: Http, at: datetime = AT, span: Span = LATELY) -> list[Loaded]:
    return list(pulled_at(nasdaq_halts, at, store, span, http))


def test_a_saved_list_is_its_halts_each_known_when_it_happened(store: Store) -> None:
    (loaded,) = load_files(store, NAME, SAVED)

    begin, end = halts(store)
    assert (loaded.coverage, loaded.n_rows) == (SAVED.name, 5)
    assert begin | end == begin | {
        "step": "resumed", "quotes_at": HALTED_AT, "trades_at": HALTED_AT + timedelta(minutes=5),
        "known_at": HALTED_AT + timedelta(minutes=5),
    }  # fmt: skip
    assert {name: begin[name] for name in (
        "halted_at", "known_at", "reason", "issuer", "listed_on", "pause_price", "trades_at"
    )} == {
        "halted_at": HALTED_AT, "known_at": HALTED_AT, "reason": "LUDP",
        "issuer": "Oconee Federal Financial Corp.", "listed_on": "NASDAQ", "pause_price": None,
        "trades_at": None,
    }  # fmt: skip


def test_a_newer_list_has_milliseconds_behind_a_blank_and_calls_the_market_otherwise(
    store: Store,
) -> None:
    load_files(store, NAME, SAVED)

    begin, _ = halts(store, "ABCD")
    assert begin["halted_at"] == datetime(2022, 1, 21, 14, 32, 12, 540_000, tzinfo=UTC)
    assert (begin["listed_on"], begin["pause_price"]) == ("NASDAQ", Decimal("12.34"))


def test_an_end_that_is_filled_in_later_is_known_when_it_was_seen(
    store: Store, http: Http, site: Site
) -> None:
    site.answers = [Answer(body=OPEN), Answer(body=OPEN), Answer(body=BODY)]

    loads = [pulled(store, http, at) for at in (AT, AT, LATER)]

    assert [[each.n_rows for each in own if each.is_new] for own in loads] == [[1, 3], [], [1]]
    begin, end = halts(store)
    assert (begin["step"], begin["known_at"]) == ("halted", AT)
    assert end["step"] == "resumed"
    assert end["known_at"] >= LATER


def test_a_halt_that_today_no_longer_has_is_withdrawn_and_an_older_one_is_not(
    store: Store, http: Http, site: Site
) -> None:
    whole = BODY.decode()
    begin, end = whole.index("<item>"), whole.rindex("<item>")
    without = whole[:begin] + whole[whole.index("<item>", begin + 1) : end] + whole[end:]
    gone = without.replace("<ndaq:numItems>3", "<ndaq:numItems>2")
    alone = gone[:begin] + gone[gone.index("<item>", begin) : gone.rindex("<item>")]
    alone = (alone + "</channel></rss>").replace("<ndaq:numItems>2", "<ndaq:numItems>1")
    site.answers = [Answer(body=each.encode()) for each in (whole, gone, alone)]

    for minute in range(3):
        pulled(store, http, AT + timedelta(minutes=minute))

    assert [row["is_gone"] for row in halts(store)] == [False, False, True, True]
    assert [row["is_gone"] for row in halts(store, "ROCC")] == [False]


def test_past_days_are_asked_for_one_by_one_and_are_known_as_they_happened(
    store: Store, http: Http, site: Site
) -> None:
    site.answers = [Answer(body=b""), Answer(body=BODY), Answer(body=BODY)]
    since = Span(datetime(2022, 1, 20, tzinfo=UTC), datetime(2022, 1, 22, tzinfo=UTC))

    loads = pulled(store, http, datetime(2022, 1, 24, 15, tzinfo=UTC), since)

    queries = [parse_qs(urlsplit(asked.path).query) for asked in site.asked]
    assert [query["haltdate"] for query in queries] == [["01202022"], ["01212022"]]
    assert [each.coverage for each in loads][-1] == "nasdaq_halts_20220121"
    assert [row["known_at"] for row in halts(store)] == [
        HALTED_AT, HALTED_AT + timedelta(minutes=5)
    ]  # fmt: skip


def test_without_a_span_only_the_list_as_it_is_now_is_asked_for(
    store: Store, http: Http, site: Site
) -> None:
    site.answers = [Answer(body=BODY)]

    pulled(store, http, span=Span(BEGINNING, AT))

    (asked,) = site.asked
    assert "haltdate" not in asked.path
    assert asked.headers["User-Agent"].startswith("Mozilla/5.0 (compatible; leadline")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"<html>Access denied</html>", "a page in place of the list: '<html>Access denied"),
        (BODY[:-30], "XML that breaks off, "),
        (BODY.replace(b"<ndaq:numItems>3", b"<ndaq:numItems>4"), "it says 4 items and has 3;"),
        (BODY.replace(b"<ndaq:ReasonCode>T12<", b"<ndaq:ReasonCode><"), "no 'ReasonCode' in it"),
        (BODY.replace(b"19:50:01", b"7:50 pm"), "time data '01/20/2022 7:50pm' does not match"),
    ],
)  # fmt: skip
def test_another_body_is_refused_in_one_sentence(
    store: Store, http: Http, site: Site, body: bytes, sentence: str
) -> None:
    site.answers = [Answer(body=body)]

    with pytest.raises(FeedError) as told:
        pulled(store, http)

    assert sentence in str(told.value)
    assert ask(store.place, "raw.halts") == []


def test_an_end_before_its_halt_and_a_price_below_zero_are_set_aside(
    store: Store, tmp_path: Path
) -> None:
    odd = tmp_path / "tradehalts_odd.xml"
    odd.write_bytes(BODY.replace(b">13:30:48<", b">13:20:48<").replace(b">12.34<", b">-1<"))

    (loaded,) = load_files(store, NAME, odd)

    assert loaded.n_rows == 2
    assert loaded.reasons == {
        "halts: not pause_price > 0": 2, "halts: not trades_at >= halted_at": 1
    }  # fmt: skip
