"""Alpaca's answers are read to their last page, and the plan says how late they are."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leadline.errors import FeedError
from leadline.http import Http
from loaders import _alpaca
from tests.alpaca import KEYS, Alpaca
from tests.sites import answering, as_json

SINCE = datetime(2024, 7, 16, 14, tzinfo=UTC)
UNTIL = SINCE + timedelta(minutes=15) - timedelta(microseconds=1)


@pytest.fixture
def http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Http]:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with Http("feed", contact=None, folder=tmp_path, per_second=1_000) as http:
        _alpaca.show_keys(http)
        yield http


def test_a_page_may_end_inside_a_stock_and_a_last_microsecond_is_in_to_its_end(http: Http) -> None:
    times = [f"2024-07-16T14:00:0{n}Z" for n in range(3)]
    site = Alpaca(lambda *_: [], {"trades": lambda *_: [{"t": each} for each in times]})

    with answering(site):
        url = f"{site.url}/trades"
        found = list(_alpaca.pages("feed", url, "trades", ["B", "A"], SINCE, UNTIL, http, 2))

    assert [[(symbol, line["t"][-2]) for symbol, line in page] for page in found] == [
        [("A", "0"), ("A", "1")], [("A", "2"), ("B", "0")], [("B", "1"), ("B", "2")]
    ]  # fmt: skip
    assert site.queries[0] | {"start": "2024-07-16T14:00:00Z", "feed": "sip"} == site.queries[0]
    assert site.queries[0]["end"] == "2024-07-16T14:14:59.999999999Z"


def test_a_page_that_names_itself_and_one_without_its_rows_stop(http: Http) -> None:
    page = as_json(200, {"trades": None, "next_page_token": "x"})
    site = Alpaca(lambda *_: [])
    site.answers = [page, page, as_json(200, {"message": "odd"})]

    with answering(site):
        pages = [
            _alpaca.pages("feed", f"{site.url}/trades", "trades", ["A"], SINCE, UNTIL, http)
            for _ in range(2)
        ]
        with pytest.raises(FeedError, match="a page names itself as the next one"):
            list(pages[0])
        with pytest.raises(FeedError, match="no 'trades' in it"):
            list(pages[1])


def test_stocks_are_parted_as_an_address_can_hold_them() -> None:
    parts = list(_alpaca.chunks([f"T{n:05}" for n in range(3_000)]))

    assert sum(map(len, parts)) == 3_000
    assert all(len(",".join(part)) <= _alpaca.LETTERS for part in parts)
    assert _alpaca.named(parts[0]) != _alpaca.named(parts[1])


def test_a_delay_is_16_minutes_or_what_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("LEADLINE_ALPACA_DELAY_MIN", raising=False)
    assert _alpaca.delay("feed") == timedelta(minutes=16)

    monkeypatch.setenv("LEADLINE_ALPACA_DELAY_MIN", "soon")
    with pytest.raises(FeedError, match="LEADLINE_ALPACA_DELAY_MIN is 'soon'; it takes whole"):
        _alpaca.delay("feed")
