"""Massive's bars of stocks land by their folder, of a session or of a minute."""

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
from loaders import massive_equity_bars
from tests.stores import ask, contracts, knowing_sessions

NAME = "massive_equity_bars"
MESSAGES = Path(__file__).parent / "messages" / "us_stocks_sip"
DAY = "2026/05/2026-05-22.csv"
SPAN = Span(datetime(2026, 5, 18, tzinfo=UTC), datetime(2026, 5, 30, tzinfo=UTC))
KINDS = ("day_aggs_v1", "minute_aggs_v1")
FOLDERS = [MESSAGES / kind for kind in KINDS]

Rows = dict[tuple[str, str, datetime], Mapping[str, Any]]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path_factory.mktemp("store")) as store:
        yield store


def load(store: Store, *paths: Path) -> list[Loaded]:
    found = plan(NAME, massive_equity_bars, paths).files
    return list(from_files(NAME, massive_equity_bars, store, found))


@pytest.fixture(scope="module")
def rows(shared: Store) -> Rows:
    """Return what both files brought, by length, symbol and begin."""
    loads = load(shared, *FOLDERS)
    assert [each.coverage for each in loads] == [f"{kind}/{DAY}" for kind in KINDS]
    assert [each.n_rejected for each in loads] == [0, 0]
    told = ask(shared.place, "raw.equity_bars")
    return {(row["bar"], row["symbol"], row["starts_at"]): row for row in told}


OPEN = datetime(2026, 5, 22, 13, 30, tzinfo=UTC)
BEFORE, DURING = datetime(2026, 5, 22, 9, tzinfo=UTC), datetime(2026, 5, 22, 14, 1, tzinfo=UTC)


def test_every_line_is_a_row(rows: Rows) -> None:
    assert sorted(rows) == [
        ("1d", "A", OPEN), ("1d", "BRK.B", OPEN), ("1m", "A", BEFORE), ("1m", "A", DURING),
    ]  # fmt: skip


def test_a_row_is_what_the_line_says(rows: Rows) -> None:
    row = rows[("1d", "A", OPEN)]

    told = {name: row[name] for name in contracts()["equity_bars"].names if row[name] is not None}
    assert told == {
        "symbol": "A", "bar": "1d", "starts_at": OPEN, "session_date": date(2026, 5, 22),
        "open": Decimal("114.5"), "high": Decimal("115.2"), "low": Decimal("113.9"),
        "close": Decimal("114.79"), "volume": Decimal("2036584.149"), "adjusted": "none",
    }  # fmt: skip


def test_a_session_is_known_a_quarter_after_its_close_and_a_minute_at_its_end(rows: Rows) -> None:
    known = {key[0]: row["known_at"] for key, row in rows.items() if key[2] in (OPEN, DURING)}

    assert known == {
        "1d": datetime(2026, 5, 22, 20, 15, tzinfo=UTC),
        "1m": datetime(2026, 5, 22, 14, 2, tzinfo=UTC),
    }


BROKEN = [
    ("1779422400000000000", "1779508800000000000", "session_date 2026-05-23 is no session of XNYS"),
    ("\nA,", "\n,", "symbol is missing"),
    ("115.2,113.9", "113.9,115.2", "not (low <= open) AND (low <= "),
    ("114.5,114.79", "-114.5,114.79", "not (open > 0) AND (high > 0)"),
]


def test_what_breaks_the_contract_is_set_aside_with_its_reason(
    shared: Store, tmp_path: Path
) -> None:
    head, line, *_ = (FOLDERS[0] / DAY).read_text().splitlines(keepends=True)
    lines = [f"\n{line}".replace(old, new)[1:] for old, new, _ in BROKEN]
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
    card, day = massive_equity_bars.FEED, date(2026, 5, 22)
    keys = [f"{day:{form}}" for form in card.objects]

    assert keys == [f"us_stocks_sip/{kind}/{DAY}.gz" for kind in KINDS]
    assert [card.coverage(key) for key in keys] == [f"{kind}/{DAY}" for kind in KINDS]
