from datetime import date
from pathlib import Path

import pytest

from tests.desks import DOUBLES, SmallDesk, run, small_desk
from tests.fits import learning_desk, prices
from tests.leadline.test_kept import HOURS, PLAIN
from tests.leadline.test_model import CHEAP, DOUBLING


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    desk = small_desk(tmp_path_factory.mktemp("laid") / "desk")
    desk.write("sql/views/curated/plain.v1.sql", PLAIN)
    desk.write("sql/views/features/hours.v1.sql", HOURS)
    desk.prints(("a", 1, "05 15:00"), ("b", 2, "06 16:00"))
    return desk


@pytest.fixture
def desk(laid: SmallDesk, tmp_path: Path) -> SmallDesk:
    """Copy it, for tests change it."""
    return laid.copy(tmp_path / "desk")


def test_refresh_stores_each_closed_day_once(desk: SmallDesk) -> None:
    first = run(desk.root, "refresh")
    second = run(desk.root, "refresh", "features.hours")

    assert (first.code, first.out) == (0, "")
    assert [line.split(":")[0] for line in first.err.splitlines()] == [
        "features.hours 2024-03-05",
        "features.hours 2024-03-06",
        "2 days stored, of 1 views that keep them",
    ]
    assert second.err == "0 days stored, of 1 views that keep them\n"


def test_days_before_a_moment_are_left(desk: SmallDesk) -> None:
    ended = run(desk.root, "refresh", "--since", "2024-03-06")

    assert ended.err.splitlines()[:-1] == [
        line for line in ended.err.splitlines() if line.startswith("features.hours 2024-03-06:")
    ]
    assert ended.err.endswith("1 days stored, of 1 views that keep them\n")


def test_a_view_that_keeps_nothing_is_told(desk: SmallDesk) -> None:
    ended = run(desk.root, "refresh", "curated.plain")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "curated.plain: it keeps nothing, and is no model\n"


def test_refresh_runs_models_too_and_says_what_they_added(desk: SmallDesk) -> None:
    desk.write("sql/tables/doubles.sql", DOUBLES)
    desk.write("sql/views/features/cheap.v1.sql", CHEAP)
    model = desk.write("models/refresh_doubling.py", DOUBLING)

    first = run(desk.root, "refresh")
    second = run(desk.root, "refresh", model.stem)

    assert first.err.splitlines()[-3:] == [
        "refresh_doubling 2024-03-05: 1 rows of 1",
        "refresh_doubling 2024-03-06: 1 rows of 1",
        "refresh_doubling: added 2 rows of 2 days",
    ]
    assert (second.code, second.err) == (0, "refresh_doubling: added 0 rows of 0 days\n")


def test_refresh_walks_a_model_that_learns_month_by_month(tmp_path: Path) -> None:
    desk = learning_desk(tmp_path / "desk")
    empty = run(desk.root, "refresh", "distant")
    prices(desk, date(2024, 3, 1), [100 + day % 7 for day in range(33)])
    model = desk.root / "models/distant.py"
    model.rename(model.with_name("refresh_distant.py"))

    first = run(desk.root, "refresh")
    artefact = next((desk.root / "store/_models/refresh_distant").iterdir())
    artefact.write_bytes(b"broken")
    prices(desk, date(2024, 4, 3), [101], feed="later")
    later = run(desk.root, "refresh", "refresh_distant")
    left = run(desk.root, "refresh", "refresh_distant", "--since", "2024-05-01")

    assert empty.err.splitlines() == [
        "distant: nothing is loaded that features.priced is made of; load that first",
        "distant: added 0 rows of 0 months",
    ]
    assert first.err.splitlines() == [
        "refresh_distant 2024-03: 1 rows of 31, "
        "no fit: 0 of the 5 sessions that it needs are there",
        "refresh_distant 2024-04: 3 rows of 2, fitted on 30",
        "refresh_distant: added 4 rows of 2 months",
    ]
    assert later.err.splitlines() == [
        f"{artefact}: it is broken, or of another fit; it is fitted anew",
        "refresh_distant 2024-04: 1 rows of 3, fitted on 30",
        "refresh_distant: added 1 rows of 1 months",
    ]
    assert left.err == "refresh_distant: added 0 rows of 0 months\n"


def test_a_missing_library_ends_a_refresh_only_of_who_asked_for_it(desk: SmallDesk) -> None:
    desk.write("sql/tables/doubles.sql", DOUBLES)
    desk.write("sql/views/features/cheap.v1.sql", CHEAP)
    card = 'writes=("doubles",)'
    text = DOUBLING.replace(card, f'{card}, library="NoSuchLibrary", extra="greeks"')
    desk.write("models/refresh_missing.py", text)

    every = run(desk.root, "refresh")
    named = run(desk.root, "refresh", "refresh_missing")

    sentence = (
        "refresh_missing: it computes with NoSuchLibrary, which is missing; "
        "pip install 'leadline[greeks]'"
    )
    assert (every.code, every.err.splitlines()[-1]) == (0, sentence)
    assert (named.code, named.err) == (1, f"{sentence}\n")
