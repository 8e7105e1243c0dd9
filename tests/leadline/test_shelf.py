"""A file's name says of each day whether it holds what is wanted."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from leadline import homes
from leadline.home import Home
from leadline.shelf import Shelf, days_of

STAMP = datetime(2024, 4, 2, 3, tzinfo=UTC)
LATE = STAMP + timedelta(microseconds=1)
DAYS = days_of(date(2024, 3, 1))
STAMPS = dict.fromkeys(DAYS, STAMP)


def shelf(folder: Path, *paths: Home) -> Shelf:
    for path in paths:
        (folder / path.name).touch()
    found = Shelf(homes.at(folder))
    found.look()
    return found


def test_a_whole_month_fits_into_a_file_s_name(tmp_path: Path) -> None:
    path = Shelf(homes.at(tmp_path)).month(STAMPS)

    assert len(path.name) <= 255
    assert shelf(tmp_path, path).found(STAMPS) == dict.fromkeys(DAYS, path)


def test_a_day_of_a_month_s_file_that_is_stamped_anew_is_left_out(tmp_path: Path) -> None:
    found = shelf(tmp_path, Shelf(homes.at(tmp_path)).month(STAMPS))

    served = found.found(STAMPS | {DAYS[4]: LATE})

    assert sorted(served) == [day for day in DAYS if day != DAYS[4]]


def test_a_day_s_own_file_serves_only_where_the_month_s_has_none_of_it(tmp_path: Path) -> None:
    named = Shelf(homes.at(tmp_path))
    month = named.month({day: STAMP for day in DAYS if day != DAYS[9]})
    own, odd = named.day(DAYS[9], STAMP), named.day(DAYS[4], LATE)

    wanted = STAMPS | {DAYS[4]: LATE}
    found = shelf(tmp_path, month, own, odd)

    assert found.found(wanted)[DAYS[9]] == own
    assert DAYS[4] not in found.found(wanted)
    assert found.made(wanted)[DAYS[4]] == odd


def test_of_two_files_of_a_month_the_one_that_holds_more_serves(tmp_path: Path) -> None:
    named = Shelf(homes.at(tmp_path))
    old, new = named.month(STAMPS), named.month(STAMPS | {DAYS[4]: LATE})

    found = shelf(tmp_path, old, new)

    assert set(found.found(STAMPS | {DAYS[4]: LATE}).values()) == {new}


def test_what_is_neither_a_day_nor_a_month_serves_nothing(tmp_path: Path) -> None:
    odd = (homes.at(tmp_path / name) for name in ("2024-03.odd.parquet", "x.part"))

    found = shelf(tmp_path, *odd)

    assert found.found(STAMPS) == {}
    assert len(found.outdated([])) == 2
