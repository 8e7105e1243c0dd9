"""Positions of a settlement date are known when they are surely out, and are asked for then."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline import clock
from leadline.clock import Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.load import over_network
from leadline.publication import Loaded
from leadline.store import Store
from loaders import _finra, finra_short_interest
from tests.finra import Finra
from tests.sites import Answer, answering
from tests.stores import ask, knowing_sessions, load_files

NAME = "finra_short_interest"
SAVED = Path(__file__).parent / "messages" / "consolidatedShortInterest_2026-09-15.json"
ROWS: list[dict[str, Any]] = json.loads(SAVED.read_text(), parse_float=str)
SESSIONS = Span(datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 10, 3, tzinfo=UTC))
OUT = Span(datetime(2026, 9, 25, tzinfo=UTC), datetime(2026, 9, 26, tzinfo=UTC))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(SESSIONS, tmp_path / "store") as store:
        yield store


@pytest.fixture
def finra(monkeypatch: pytest.MonkeyPatch) -> Iterator[Finra]:
    earlier = [row | {"settlementDate": "2026-08-31"} for row in ROWS]
    with answering(Finra(consolidatedShortInterest=[*ROWS, *earlier])) as finra:
        monkeypatch.setattr(_finra, "API", finra.url)
        yield finra


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    with Http(NAME, contact=None, folder=tmp_path / "http", per_second=1_000) as http:
        yield http


def pulled(store: Store, http: Http, span: Span = OUT) -> list[Loaded]:
    return list(over_network(NAME, finra_short_interest, store, span, http))


def by_symbol(store: Store) -> dict[str, dict[str, Any]]:
    return {row["symbol"]: row for row in ask(store.place, "raw.short_interest")}


def test_a_row_is_what_finra_says(store: Store) -> None:
    load_files(store, NAME, SAVED)

    row = by_symbol(store)["BRK.B"]
    assert {name: row[name] for name in (
        "session_date", "source_symbol", "issuer", "market_class", "short_position",
        "previous_position", "mean_volume", "days_to_cover", "is_revised", "is_split",
    )} == {
        "session_date": date(2026, 9, 15), "source_symbol": "BRK B",
        "issuer": "Berkshire Hathaway Inc. Class B", "market_class": "NYSE",
        "short_position": Decimal(14_301_200), "previous_position": Decimal(14_100_800),
        "mean_volume": Decimal(4_102_200), "days_to_cover": 3.49, "is_revised": True,
        "is_split": False,
    }  # fmt: skip


def test_what_is_not_told_is_not_there(store: Store) -> None:
    load_files(store, NAME, SAVED)

    row = by_symbol(store)["SPLT"]
    assert (row["market_class"], row["previous_position"]) == ("", None)
    assert (row["is_revised"], row["is_split"]) == (False, True)


def test_a_saved_answer_is_known_at_the_end_of_the_eighth_session_after(store: Store) -> None:
    load_files(store, NAME, SAVED)

    known = {row["known_at"] for row in ask(store.place, "raw.short_interest")}
    assert known == {datetime(2026, 9, 26, 4, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("settled", "out"),
    [
        (date(2023, 12, 15), date(2023, 12, 28)),
        (date(2024, 12, 31), date(2025, 1, 14)),  # New Year, and a day of mourning
    ],
)
def test_holidays_are_no_sessions(settled: date, out: date) -> None:
    assert finra_short_interest.published_on(settled) == out


def test_a_day_that_is_no_session_is_set_aside(store: Store, tmp_path: Path) -> None:
    odd = tmp_path / "consolidatedShortInterest_odd.json"
    odd.write_text(json.dumps([ROWS[0], ROWS[1] | {"settlementDate": "2026-09-13"}]))

    (loaded,) = load_files(store, NAME, odd)

    assert loaded.reasons == {"short_interest: session_date 2026-09-13 is no session of XNYS": 1}


def test_a_step_asks_for_the_dates_that_come_out_in_it(
    store: Store, http: Http, finra: Finra
) -> None:
    (loaded,) = pulled(store, http)

    assert (loaded.coverage, loaded.n_rows) == (SAVED.name, 3)
    assert [body["compareFilters"][0]["fieldValue"] for body in finra.bodies] == ["2026-09-15"]


def test_the_step_that_holds_now_asks_for_the_newest_two_and_knows_them_by_now(
    store: Store, http: Http, finra: Finra
) -> None:
    today = clock.midnight(clock.now().date())

    loads = pulled(store, http, Span(today, today + timedelta(days=1)))

    assert [loaded.n_rows for loaded in loads] == [3, 3]
    assert all(row["known_at"] <= clock.now() for row in ask(store.place, "raw.short_interest"))


def test_a_day_on_which_nothing_comes_out_asks_for_the_list_alone(
    store: Store, http: Http, finra: Finra
) -> None:
    day = datetime(2026, 9, 24, tzinfo=UTC)

    assert pulled(store, http, Span(day, day + timedelta(days=1))) == []
    assert finra.bodies == []


@pytest.mark.parametrize("body", [b"{}", b'{"availablePartitions": []}'])
def test_a_list_of_another_shape_stops(store: Store, http: Http, finra: Finra, body: bytes) -> None:
    finra.answers = [Answer(body=body)]

    with pytest.raises(FeedError, match=r"no 'availablePartitions' in it|lists no settlement date"):
        pulled(store, http)
