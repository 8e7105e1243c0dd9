"""A week's rows are kept apart as FINRA tells them, known as they came out, asked for as due."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import stamina

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.load import over_network
from leadline.publication import Loaded
from leadline.store import Store
from loaders import _finra, finra_otc_weekly
from tests.finra import Finra
from tests.sites import Answer, answering
from tests.stores import ask, load_files, opened

NAME = "finra_otc_weekly"
SAVED = Path(__file__).parent / "messages" / "weeklySummary_2026-07-20_T1.json"
ROWS: list[dict[str, Any]] = json.loads(SAVED.read_text(), parse_float=str)
OUT = Span(
    datetime(2026, 8, 6, tzinfo=UTC), datetime(2026, 8, 13, tzinfo=UTC)
)  # the 10th is Monday
KEY = ("summary_type", "source_symbol", "mpid", "firm_crd", "product_type")


@pytest.fixture
def finra(monkeypatch: pytest.MonkeyPatch) -> Iterator[Finra]:
    with answering(Finra(weeklySummary=ROWS)) as finra:
        monkeypatch.setattr(_finra, "API", finra.url)
        yield finra


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    with Http(NAME, contact=None, folder=tmp_path / "http", per_second=1_000) as http:
        yield http


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], dict[str, Any]]:
    """Return what a load of the saved answer brought, by key."""
    with opened(tmp_path_factory.mktemp("saved")) as store:
        (loaded,) = load_files(store, NAME, SAVED)
        assert (loaded.n_rows, loaded.n_rejected) == (8, 0)
        return {tuple(row[n] for n in KEY): row for row in ask(store.place, "raw.otc_volume")}


def pulled(store: Store, http: Http, span: Span = OUT) -> list[Loaded]:
    return list(over_network(NAME, finra_otc_weekly, store, span, http))


def test_a_row_is_what_finra_says(rows: dict[tuple[str, ...], dict[str, Any]]) -> None:
    row = rows["ATS_W_SMBL_FIRM", "AAPL", "UBSA", "", "UTP"]

    assert {name: row[name] for name in (
        "week_date", "tier", "symbol", "issuer", "participant", "volume", "n_trades", "value_usd",
        "published_date", "updated_date", "reported_date",
    )} == {
        "week_date": date(2026, 7, 20), "tier": "T1", "symbol": "AAPL",
        "issuer": "Apple Inc. Common Stock", "participant": "UBS ATS",
        "volume": Decimal(6_311_870), "n_trades": 143_534, "value_usd": Decimal(2_058_000_000),
        "published_date": date(2026, 8, 10), "updated_date": date(2026, 8, 24),
        "reported_date": date(2026, 8, 21),
    }  # fmt: skip


def test_totals_and_details_firms_and_the_small_ones_together_are_rows_apart(
    rows: dict[tuple[str, ...], dict[str, Any]],
) -> None:
    assert {key for key in rows if key[1] == "AAPL"} == {
        ("ATS_W_SMBL", "AAPL", "", "", "UTP"), ("ATS_W_SMBL_FIRM", "AAPL", "UBSA", "", "UTP"),
        ("OTC_W_SMBL_FIRM", "AAPL", "", "116797", "UTP"),
        ("OTC_W_SMBL_FIRM", "AAPL", "", "", "UTP"),
    }  # fmt: skip
    assert rows["ATS_W_FIRM", "", "UBSA", "", ""]["symbol"] is None


def test_a_symbol_that_changed_its_tape_inside_the_week_has_two_rows(
    rows: dict[tuple[str, ...], dict[str, Any]],
) -> None:
    assert {key[4]: row["volume"] for key, row in rows.items() if key[1] == "CHG"} == {
        "CTS": 1_000, "UTP": 2_000,
    }  # fmt: skip


def test_numbers_that_come_as_text_and_fractions_of_shares_are_kept(
    rows: dict[tuple[str, ...], dict[str, Any]],
) -> None:
    row = rows["OTC_W_SMBL_FIRM", "AAPL", "", "116797", "UTP"]

    assert (row["volume"], row["value_usd"]) == (
        Decimal("20511870.251900"), Decimal("6693000000.25"),
    )  # fmt: skip


def test_a_row_is_known_at_the_end_of_the_day_on_which_it_came_out_or_was_restated(
    rows: dict[tuple[str, ...], dict[str, Any]],
) -> None:
    known = {key: row["known_at"] for key, row in rows.items()}

    assert known["ATS_W_SMBL", "AAPL", "", "", "UTP"] == datetime(2026, 8, 11, 4, tzinfo=UTC)
    assert known["ATS_W_SMBL_FIRM", "AAPL", "UBSA", "", "UTP"] == datetime(
        2026, 8, 25, 4, tzinfo=UTC
    )
    # It says neither: 21 days after the Monday.
    assert known["OTC_W_SMBL", "BRK B", "", "", "CTS"] == datetime(2026, 8, 11, 4, tzinfo=UTC)


def test_a_class_is_parted_by_our_dot(rows: dict[tuple[str, ...], dict[str, Any]]) -> None:
    assert rows["OTC_W_SMBL", "BRK B", "", "", "CTS"]["symbol"] == "BRK.B"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("weekStartDate", "2026-07-21", "week_date"),
        ("totalWeeklyShareQuantity", -1, "not volume >= 0"),
        ("totalWeeklyTradeCount", "1.5", "n_trades is 1.5, no bigint"),
        ("issueSymbolIdentifier", "", "source_symbol"),
    ],
)
def test_a_row_that_cannot_be_is_set_aside(
    store: Store, tmp_path: Path, field: str, value: object, reason: str
) -> None:
    odd = tmp_path / "weeklySummary_odd.json"
    odd.write_text(json.dumps([ROWS[0] | {field: value}, ROWS[1]]))

    (loaded,) = load_files(store, NAME, odd)

    ((said, n),) = loaded.reasons.items()
    assert (loaded.n_rows, n) == (1, 1)
    assert reason in said


@pytest.mark.parametrize("text", ['{"message": "no"}', '[{"tierIdentifier": "T1"}]'])
def test_an_answer_of_another_shape_is_refused(store: Store, tmp_path: Path, text: str) -> None:
    odd = tmp_path / "weeklySummary_odd.json"
    odd.write_text(text)

    with pytest.raises(FeedError, match="save the answer again"):
        load_files(store, NAME, odd)


def test_a_step_asks_for_the_weeks_that_come_out_in_it(
    store: Store, http: Http, finra: Finra
) -> None:
    (loaded,) = pulled(store, http)

    assert (loaded.coverage, loaded.n_rows) == (SAVED.name, 8)
    asked = {tuple(each["fieldValue"] for each in body["compareFilters"]) for body in finra.bodies}
    assert asked == {
        ("2026-07-20", "T1"), ("2026-07-06", "T2"), ("2026-07-06", "OTCE"), ("2026-06-29", "NA"),
    }  # fmt: skip


def test_what_was_saved_and_what_is_pulled_are_the_same_rows(
    store: Store, http: Http, finra: Finra
) -> None:
    load_files(store, NAME, SAVED)

    (loaded,) = pulled(store, http)

    assert (loaded.n_rows, loaded.n_gone) == (0, 0)


def test_pages_go_on_until_all_are_there_however_short_they_are(
    store: Store, http: Http, finra: Finra
) -> None:
    finra.page = 3

    (loaded,) = pulled(store, http)

    assert loaded.n_rows == 8
    offsets = [body["offset"] for body in finra.bodies if "T1" in str(body)]
    assert offsets == [0, 3, 6]


def test_rows_that_change_while_they_are_read_load_nothing(
    store: Store, http: Http, finra: Finra
) -> None:
    finra.datasets["weeklySummary"] = [ROWS[0], ROWS[0], *ROWS[2:]]

    with pytest.raises(FeedError, match="told 7 of 8 rows apart") as told:
        pulled(store, http)

    assert told.value.exit_code == 3
    assert ask(store.place, "raw.otc_volume") == []


def test_a_restated_row_is_a_version_that_is_known_as_it_is_loaded(
    store: Store, http: Http, finra: Finra
) -> None:
    pulled(store, http)
    restated = ROWS[0] | {"totalWeeklyShareQuantity": 40_000_000, "lastUpdateDate": "2026-08-17"}
    finra.datasets["weeklySummary"] = [restated, *ROWS[1:]]

    (loaded,) = pulled(store, http)

    versions = [
        row for row in ask(store.place, "raw.otc_volume")
        if (row["summary_type"], row["symbol"]) == ("ATS_W_SMBL", "AAPL")
    ]  # fmt: skip
    assert loaded.n_rows == 1
    first, second = sorted(versions, key=lambda row: row["recorded_at"])
    assert first["known_at"] == datetime(2026, 8, 11, 4, tzinfo=UTC)
    assert second["known_at"] > first["known_at"]
    assert second["volume"] == 40_000_000


def test_a_busy_source_is_asked_again_and_loses_nothing(
    store: Store, http: Http, finra: Finra
) -> None:
    finra.page = 3
    finra.answers = [
        Answer(204, b""), Answer(429, headers={"Retry-After": "0"}), Answer(503),
    ]  # fmt: skip

    with stamina.set_testing(True, attempts=4):
        (loaded,) = pulled(store, http)

    assert loaded.n_rows == 8


def test_a_refusal_stops(store: Store, http: Http, finra: Finra) -> None:
    finra.answers = [Answer(403, b"<html>blocked</html>")]

    with pytest.raises(FeedError, match="the source refused, which is no absence: stop"):
        pulled(store, http)


def test_the_weeks_before_are_looked_at_again_in_the_step_that_holds_now() -> None:
    day = date(2026, 8, 10)

    weeks = [week for week, tier in finra_otc_weekly.due([day], day) if tier == "T1"]

    assert weeks == [date(2026, 7, 6), date(2026, 7, 13), date(2026, 7, 20)]
    assert finra_otc_weekly.due([date(2026, 8, 17)], day) == []
