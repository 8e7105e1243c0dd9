"""The VIX lands as four series of macro, and as its close alone where it had no other."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline.load import from_files, plan
from leadline.store import Store
from loaders import cboe_vix
from tests.stores import ask, contracts, opened

NAME = "cboe_vix"
MESSAGE = Path(__file__).parent / "messages" / "vix-daily.csv"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "store", contracts()) as store:
        yield store


def load(store: Store, path: Path) -> list[dict[str, Any]]:
    list(from_files(NAME, cboe_vix, store, plan(NAME, cboe_vix, [path]).files))
    return ask(store.place, "raw.macro")


def test_a_day_is_four_figures_from_1992_on(store: Store) -> None:
    found = {(row["day"], row["series"]): row["value"] for row in load(store, MESSAGE)}

    assert {key[1]: value for key, value in found.items() if key[0] == date(2026, 7, 23)} == {
        "vix_open": 17.67, "vix_high": 20.31, "vix_low": 17.32, "vix_close": 18.7,
    }  # fmt: skip
    assert {key for key in found if key[0] < date(1992, 1, 1)} == {
        (date(1990, 1, 2), "vix_close"), (date(1991, 12, 31), "vix_close"),
    }  # fmt: skip


def test_it_is_known_at_half_past_four(store: Store) -> None:
    known = {row["day"]: row["known_at"] for row in load(store, MESSAGE)}

    assert known[date(2026, 7, 23)] == datetime(2026, 7, 23, 20, 30, tzinfo=UTC)
    assert known[date(1992, 1, 2)] == datetime(1992, 1, 2, 21, 30, tzinfo=UTC)


def test_the_days_of_cboe_itself_are_read_too(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "VIX_History.csv"
    path.write_text(MESSAGE.read_text().replace("2026-07-23", "07/23/2026"))

    assert date(2026, 7, 23) in {row["day"] for row in load(store, path)}


def test_what_is_no_day_or_no_figure_is_set_aside(store: Store, tmp_path: Path) -> None:
    path = tmp_path / MESSAGE.name
    path.write_text(MESSAGE.read_text() + "then,1,1,1,1\n2026-07-24,1,1,1,-1\n")

    load(store, path)

    reasons = sorted(row["reason"] for row in ask(store.place, "raw.rejected"))
    assert len(reasons) == 5
    assert reasons[:4] == ["day is missing"] * 4
    assert "series !~~ 'vix_%'" in reasons[4]
