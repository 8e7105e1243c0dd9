"""Massive's bars land by their folder: a session's from its open, a minute's from its begin."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.load import from_files, plan
from leadline.publication import Loaded
from leadline.store import Store
from loaders import massive_option_bars
from tests.stores import ask, contracts, knowing_sessions

NAME = "massive_option_bars"
MESSAGES = Path(__file__).parent / "messages" / "us_options_opra"
DAY = "2026/05/2026-05-22.csv"
SPAN = Span(datetime(2026, 5, 18, tzinfo=UTC), datetime(2026, 5, 30, tzinfo=UTC))
KINDS = ("day_aggs_v1", "minute_aggs_v1")
FOLDERS = [MESSAGES / kind for kind in KINDS]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path_factory.mktemp("store")) as store:
        yield store


def load(store: Store, *paths: Path) -> list[Loaded]:
    found = plan(NAME, massive_option_bars, paths).files
    return list(from_files(NAME, massive_option_bars, store, found))


@pytest.fixture(scope="module")
def rows(shared: Store) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return what both recorded files brought, by length and contract."""
    loads = load(shared, *FOLDERS)
    assert [each.coverage for each in loads] == [f"{kind}/{DAY}" for kind in KINDS]
    assert [each.n_rejected for each in loads] == [0, 0]
    return {(row["bar"], row["contract"]): row for row in ask(shared.place, "raw.option_bars")}


Rows = dict[tuple[str, str], Mapping[str, Any]]


def test_every_line_is_a_row(rows: Rows) -> None:
    assert sorted(rows) == [
        ("1d", "A260618C00100000"),
        ("1d", "SPXW260522P05900000"),
        ("1m", "A260618C00100000"),
        ("1m", "AAPL1260618P00002500"),
    ]


def test_a_row_is_what_the_line_says(rows: Rows) -> None:
    row = rows[("1d", "SPXW260522P05900000")]

    assert {name: row[name] for name in contracts()["option_bars"].names} == {
        "contract": "SPXW260522P05900000",
        "bar": "1d",
        "starts_at": datetime(2026, 5, 22, 13, 30, tzinfo=UTC),
        "session_date": date(2026, 5, 22),
        "root": "SPXW",
        "expiration": date(2026, 5, 22),
        "strike": Decimal(5_900),
        "put_call": "put",
        "open": Decimal("1.1"),
        "high": Decimal("1.25"),
        "low": Decimal("0.05"),
        "close": Decimal("0.05"),
        "volume": Decimal("2036584.5"),
        "n_trades": 48_211,
    }


def test_a_session_is_known_a_quarter_of_an_hour_after_its_close(rows: Rows) -> None:
    row = rows[("1d", "A260618C00100000")]

    assert row["known_at"] == datetime(2026, 5, 22, 20, 15, tzinfo=UTC)


def test_a_minute_begins_where_the_line_says_and_is_known_at_its_end(rows: Rows) -> None:
    row = rows[("1m", "A260618C00100000")]

    assert row["starts_at"] == datetime(2026, 5, 22, 14, 1, tzinfo=UTC)
    assert row["known_at"] == datetime(2026, 5, 22, 14, 2, tzinfo=UTC)


BROKEN = [
    ("1779422400000000000", "1779508800000000000", "session_date 2026-05-23 is no session of XNYS"),
    ("C00100000", "C001O0000", "strike is missing"),
    ("O:A", "X:A", "contract is missing"),
    (",1\n", ",1.5\n", "n_trades is 1.50, no bigint"),
    ("16.2,16.2,16.2,16.2", "16.2,16.2,16.1,16.2", "not (low <= open) AND (low <= "),
]


def test_what_breaks_the_contract_is_set_aside_with_its_reason(
    shared: Store, tmp_path: Path
) -> None:
    head, line, *_ = (FOLDERS[0] / DAY).read_text().splitlines(keepends=True)
    lines = [line.replace(old, new) for old, new, _ in BROKEN]
    path = tmp_path / "day_aggs_v1" / "2026-05-21.csv"
    path.parent.mkdir()
    path.write_text(head + "".join(lines))

    (loaded,) = load(shared, tmp_path)

    assert (loaded.n_rows, loaded.n_rejected) == (0, len(BROKEN))
    said = {row["position"]: row["reason"] for row in ask(shared.place, "raw.rejected")}
    for place, (*_, reason) in enumerate(BROKEN, start=1):
        assert said[place].startswith(reason)


def test_a_file_outside_the_sources_folders_is_refused(shared: Store, tmp_path: Path) -> None:
    (tmp_path / "2026-05-22.csv").write_text((FOLDERS[0] / DAY).read_text())

    with pytest.raises(FeedError, match=r"csv: its path has no day_aggs_v1 and no minute_aggs_v1"):
        load(shared, tmp_path)


def test_its_objects_are_the_sources_own() -> None:
    card, day = massive_option_bars.FEED, date(2026, 5, 22)
    keys = [f"{day:{form}}" for form in card.objects]

    assert keys == [f"us_options_opra/{kind}/{DAY}.gz" for kind in KINDS]
    assert [card.coverage(key) for key in keys] == [f"{kind}/{DAY}" for kind in KINDS]
