"""Each maturity of a day's curve is a row, and none where it was not issued."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline.load import from_files, plan
from leadline.store import Store
from loaders import treasury_curves
from tests.stores import ask, contracts, opened

NAME = "treasury_curves"
MESSAGE = Path(__file__).parent / "messages" / "treasury_curves.csv"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with opened(tmp_path_factory.mktemp("macro"), contracts()) as store:
        list(from_files(NAME, treasury_curves, store, plan(NAME, treasury_curves, [MESSAGE]).files))
        yield store


def curve(store: Store, day: date) -> dict[str, Any]:
    rows = ask(store.place, "raw.macro")
    return {row["series"]: row["value"] for row in rows if row["day"] == day}


def test_each_maturity_is_a_series_in_the_order_of_the_file(store: Store) -> None:
    assert curve(store, date(2014, 6, 6)) == {
        "treasury_1m": 0.0004, "treasury_3m": 0.0004, "treasury_6m": 0.0006, "treasury_1y": 0.001,
        "treasury_2y": 0.0041, "treasury_3y": 0.0085, "treasury_5y": 0.0166, "treasury_7y": 0.0217,
        "treasury_10y": 0.026, "treasury_20y": 0.0316, "treasury_30y": 0.0344,
    }  # fmt: skip


def test_what_was_not_issued_then_is_no_row(store: Store) -> None:
    old = curve(store, date(1990, 1, 2))

    assert len(old) == 9
    assert old.keys().isdisjoint({"treasury_1m", "treasury_20y"})


def test_a_curve_is_known_on_the_next_morning_of_new_york(store: Store) -> None:
    known = {row["day"]: row["known_at"] for row in ask(store.place, "raw.macro")}

    assert known[date(2014, 6, 6)] == datetime(2014, 6, 7, 10, 30, tzinfo=UTC)
    assert known[date(1990, 1, 2)] == datetime(1990, 1, 3, 11, 30, tzinfo=UTC)


def test_a_day_that_is_none_is_set_aside(tmp_path: Path) -> None:
    odd = tmp_path / "treasury_curves.csv"
    odd.write_text(MESSAGE.read_text().replace("2014-06-06", "2014-06-31"))

    with opened(tmp_path / "store", contracts()) as own:
        (loaded,) = from_files(NAME, treasury_curves, own, plan(NAME, treasury_curves, [odd]).files)

    assert (loaded.n_rows, loaded.n_rejected) == (20, 11)


@pytest.mark.real
def test_every_yield_of_the_real_file_is_there(real: Path, tmp_path: Path) -> None:
    source = real / "macro_vix_rates" / "treasury_curves.csv"
    cells = [line.split(",")[1:] for line in source.read_text().splitlines()[1:]]

    with opened(tmp_path / "store", contracts()) as own:
        (loaded,) = from_files(
            NAME, treasury_curves, own, plan(NAME, treasury_curves, [source]).files
        )

    assert loaded.n_rows == sum(cell != "" for line in cells for cell in line)
    assert (len(cells), loaded.n_rejected) == (6_816, 0)
