"""Old rows go for good and nothing else does; what went is no damage, and fires no more."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leadline import clock, retention, upkeep
from leadline.alerts import Alerts
from leadline.clock import BEGINNING, FOREVER
from leadline.errors import ConfigError, QueryError, StoreError
from leadline.mend import Mending
from leadline.replay import replay
from leadline.retention import Dropped
from leadline.store import Store
from leadline.verify import verify
from tests.desks import SmallDesk, at, small_desk
from tests.doors import ROOT, catalog

PRINTS = (
    ("a", 500, "05 15:00"),
    ("b", 50, "06 15:00"),
    ("c", 500, "06 23:59"),
    ("d", 9, "07 15:00"),
)
NOW = at("17 12:00")
KEPT = {"prints": timedelta(days=10)}  # from the 7th on
FLOOR = datetime(2024, 3, 7, tzinfo=UTC)


def retaining(desk: SmallDesk) -> SmallDesk:
    desk.write("sql/tables/drops.sql", (ROOT / "sql/tables/drops.sql").read_text())
    return desk


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Lay out prints of three days, the alerts of two, in two loads."""
    desk = retaining(small_desk(tmp_path_factory.mktemp("laid") / "desk"))
    desk.prints(*PRINTS[:2], feed="first")
    desk.prints(*PRINTS[2:], feed="second")
    with desk.warehouse() as house, desk.store() as store:
        Alerts(house, store).tick()
    return desk


@pytest.fixture
def desk(laid: SmallDesk, tmp_path: Path) -> SmallDesk:
    return laid.copy(tmp_path / "desk")


@pytest.fixture
def store(desk: SmallDesk) -> Iterator[Store]:
    with desk.store() as store:
        yield store


def dropped(store: Store, *, kept: Any = KEPT, now: datetime = NOW, **how: Any) -> list[Dropped]:
    return list(retention.drop(store, kept, now, **how))


def told(desk: SmallDesk, view: str, column: str) -> list[str]:
    """Return what is seen of a dataset by somebody who has just come."""
    with desk.warehouse() as house:
        rows = house.ask(view, BEGINNING, FOREVER).order(column).project(column)
        return [value for (value,) in rows.fetchall()]


def amiss(desk: SmallDesk) -> list[str]:
    """Return what a verification, and then a mending, has to say."""
    with desk.store() as store:
        found = [each.what for each in verify(store) if each.is_error]
        return found + list(Mending(store).run())


def test_what_is_old_goes_and_nothing_else(desk: SmallDesk, store: Store) -> None:
    assert dropped(store) == [Dropped("prints", FLOOR, 3, 3)]

    assert told(desk, "raw.prints", "print_id") == ["d"]
    assert told(desk, "raw.alerts", "alert_key") == ["prices.high|a", "prices.high|c"]
    assert amiss(desk) == []


def test_nothing_goes_twice(desk: SmallDesk, store: Store) -> None:
    dropped(store)

    assert dropped(store) == []
    assert told(desk, "raw.drops", "of_load")[0] == ""


def test_a_dry_run_says_the_same_and_leaves_everything(desk: SmallDesk, store: Store) -> None:
    assert dropped(store, dry_run=True) == [Dropped("prints", FLOOR, 3, 3)]

    assert told(desk, "raw.prints", "print_id") == ["a", "b", "c", "d"]
    assert told(desk, "raw.drops", "of_load") == []


def test_a_file_that_is_old_in_part_is_written_anew(desk: SmallDesk, store: Store) -> None:
    assert dropped(store, kept={"alerts": timedelta(days=11)}) == [
        Dropped("alerts", datetime(2024, 3, 6, tzinfo=UTC), 1, 1)
    ]

    assert told(desk, "raw.alerts", "alert_key") == ["prices.high|c"]
    assert amiss(desk) == []


def test_an_alert_that_went_never_fires_again(desk: SmallDesk, store: Store) -> None:
    dropped(store, kept={"alerts": timedelta(days=11)})
    desk.prints(("late", 900, "05 16:00"), ("new", 900, "07 16:00"), feed="later")

    with desk.warehouse() as house, desk.store() as own:
        tick = Alerts(house, own).tick()

    assert [alert["alert_key"] for alert in tick.alerts] == ["prices.high|new"]


def test_an_alert_whose_rows_went_says_so_when_it_is_replayed(
    desk: SmallDesk, store: Store
) -> None:
    dropped(store)

    with desk.warehouse() as house, pytest.raises(QueryError) as error:
        replay(house, "prices.high|a")

    assert str(error.value) == (
        "prices.high|a: rows of prints before 2024-03-07 are gone, as [retention] says, "
        "so it can't be replayed"
    )


def test_a_later_turn_goes_on_from_the_first(desk: SmallDesk, store: Store) -> None:
    dropped(store, kept={"prints": timedelta(days=11)})

    assert dropped(store) == [Dropped("prints", FLOOR, 2, 2)]
    assert amiss(desk) == []


def test_of_loads_that_are_as_old_nothing_is_told_one_by_one(desk: SmallDesk, store: Store) -> None:
    dropped(store, now=clock.now() + timedelta(days=30))

    assert told(desk, "raw.prints", "print_id") == []
    assert told(desk, "raw.drops", "of_load") == [""]
    assert amiss(desk) == []


def test_damage_among_what_stays_is_told_all_the_same(desk: SmallDesk, store: Store) -> None:
    dropped(store)
    (path,) = store.tables["prints"].paths()
    Path(path).unlink()

    found = amiss(desk)

    assert any("the log names it and it is not there" in each for each in found)
    assert any("rows of it are lost, so it is forgotten" in each for each in found)


def test_a_run_that_was_broken_off_is_no_damage_and_is_ended_by_the_next(
    desk: SmallDesk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(retention, "_take_out", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            dropped(store)

    assert amiss(desk) == []
    assert dropped(store) == [Dropped("prints", FLOOR, 3, 3)]
    assert amiss(desk) == []


def test_files_that_another_joins_meanwhile_are_left_for_the_next_time(
    desk: SmallDesk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_down = retention._write_down

    def joined(*given: Any) -> None:
        write_down(*given)
        with desk.store() as other:
            assert list(upkeep.compact(other, ["prints"]))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(retention, "_write_down", joined)
        (skipped,) = dropped(store)

    assert skipped.skipped == "another writer was first"
    assert told(desk, "raw.prints", "print_id") == ["a", "b", "c", "d"]
    assert [each.n_rows for each in dropped(store)] == [3]
    assert told(desk, "raw.prints", "print_id") == ["d"]


def test_loading_the_same_again_brings_nothing_back(desk: SmallDesk, store: Store) -> None:
    dropped(store)

    assert not desk.prints(*PRINTS[:2], feed="first").is_new


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"preset": "foundling"}, "preset is 'foundling'; it takes founding"),
        ({"prnts": "30 days"}, "prnts: there is no such dataset; did you mean 'prints'"),
        ({"names": "30 days"}, "names: its old rows say what holds today; only events and alerts "
                               "may go"),
        ({"prints": "soon"}, "prints is 'soon'; it takes a length such as 30 days"),
        ({"prints": 30}, "prints is '30'; it takes a length such as 30 days"),
        ({"prints": "0 days"}, "prints is '0 days'; it takes a length such as 30 days"),
    ],
)  # fmt: skip
def test_a_setting_that_can_not_be_is_told(desk: SmallDesk, said: Any, error: str) -> None:
    with pytest.raises(ConfigError) as found:
        retention.wanted(said, desk.catalog().contracts)

    assert str(found.value) == f"leadline.toml: retention.{error}"


def test_the_founding_lengths_are_of_real_datasets_and_give_way() -> None:
    contracts = catalog().contracts

    assert retention.wanted({"preset": "founding", "alerts": "1 day"}, contracts) == {
        "equity_trades": timedelta(days=30), "alerts": timedelta(days=1),
    }  # fmt: skip
    assert retention.wanted({}, contracts) == {}


def test_a_project_without_the_dataset_says_so(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")

    with desk.store() as store, pytest.raises(StoreError, match="retention needs it"):
        dropped(store)
