"""A store of older contracts is carried on to those of today, and answers as a fresh one does."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import StoreError
from leadline.upgrade import FOLDER, upgrade
from tests.desks import SmallDesk, at, run, small_desk

Change = Callable[[str], str]


def changed(*pairs: tuple[str, str]) -> Change:
    """Return what makes the new contract of the old one's text."""

    def change(text: str) -> str:
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        return text

    return change


GAINED = changed(("    price bigint", "    size bigint,  -- shares\n    price bigint"))
WIDER = changed(("price bigint", "price decimal(28, 6)"))
MONTHLY = changed(("partition:  day", "partition:  month"))
TOGETHER = changed(("partition:  day", "partition:  none"))
NESTED = changed(("    price bigint", "    sizes bigint[],  -- shares\n    price bigint"))


def filled(desk: SmallDesk) -> SmallDesk:
    """Load two days, a correction, a row that vanishes, and one of another feed."""
    desk.prints(("a", 1, "05 15:00"), ("b", 2, "05 16:00"), ("c", 3, "06 15:00"))
    desk.prints(("a", 1, "05 15:00"), ("b", 20, "05 16:00"))
    desk.prints(("d", 4, "05 15:00"), ("e", 5, "07 15:00"), feed="other")
    return desk


def shaped(desk: SmallDesk, change: Change) -> SmallDesk:
    """Change the contract of prints."""
    path = desk.root / "sql" / "tables" / "prints.sql"
    desk.write("sql/tables/prints.sql", change(path.read_text()))
    return desk


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    return filled(small_desk(tmp_path_factory.mktemp("laid") / "desk"))


@pytest.fixture
def desk(laid: SmallDesk, tmp_path: Path) -> SmallDesk:
    return laid.copy(tmp_path / "desk")


def held(desk: SmallDesk, *, ids: bool = False) -> list[Any]:
    """Return every row of prints that a store holds, but for when its clock said so.

    A load of rows is named by what they were as their columns' types, so it stands for itself.
    """
    query = "select * exclude (recorded_at, known_at) from raw.prints order by all"
    with desk.warehouse() as house:
        asked = house.cursor("raw.prints", at("01 00:00"), at("30 00:00"))
        rows = asked.sql(query).to_arrow_table().to_pylist()
        lines = [(x["load_id"], x["feed"], x["n_rows"]) for x in house.store.ledger.lines]
    places = {line[0]: (n, line[1]) for n, line in enumerate(lines)}
    told = [row | {"load_id": places[row["load_id"]]} for row in rows]
    return [sorted(told, key=str), [line if ids else line[1:] for line in lines]]


def upgraded(desk: SmallDesk, **given: Any) -> list[Any]:
    with desk.store() as store:
        return list(upgrade(store, **given))


@pytest.mark.parametrize(
    ("change", "says", "is_anew"),
    [
        (GAINED, "gains size", False),
        (WIDER, "has price as decimal(28,6), not bigint", True),
        (MONTHLY, "lies by known_month, not by known_date", True),
        (TOGETHER, "lies by none, not by known_date", True),
        (NESTED, "gains sizes", True),
    ],
    ids=["a column", "a wider type", "months", "no folders", "a list"],
)
def test_it_answers_as_a_store_that_was_loaded_afresh(
    desk: SmallDesk, tmp_path: Path, change: Change, says: str, is_anew: bool
) -> None:
    fresh = filled(shaped(small_desk(tmp_path / "fresh"), change))
    shaped(desk, change)

    (done,) = upgraded(desk)

    assert (done.dataset, done.says, done.refused) == ("prints", (says,), "")
    assert (done.n_rewritten > 0) == is_anew
    assert held(desk, ids=change is not WIDER) == held(fresh, ids=change is not WIDER)
    assert upgraded(desk) == []


@pytest.mark.parametrize("change", [GAINED, WIDER, MONTHLY], ids=["a column", "a type", "months"])
def test_what_is_loaded_and_joined_afterwards_lands_beside_it(
    desk: SmallDesk, tmp_path: Path, change: Change
) -> None:
    fresh = filled(shaped(small_desk(tmp_path / "fresh"), change))
    upgraded(shaped(desk, change))

    for each in (desk, fresh):
        each.prints(("a", 1, "05 15:00"), ("b", 21, "05 16:00"), ("f", 6, "05 17:00"))
    mixed = held(desk)
    joined = run(desk.root, "store", "compact", "prints")
    verified = run(desk.root, "store", "verify")

    assert mixed == held(fresh) == held(desk)
    assert (joined.code, verified.code, verified.out) == (0, 0, "")


def test_a_column_that_comes_back_has_what_it_had(desk: SmallDesk) -> None:
    text = (desk.root / "sql" / "tables" / "prints.sql").read_text()
    upgraded(shaped(desk, GAINED))
    desk.load("prints", [{"print_id": "g", "price": 1, "size": 7, "known_at": at("08 15:00")}], "g")
    before = held(desk)

    desk.write("sql/tables/prints.sql", text)
    (dropped,) = upgraded(desk)
    gone = held(desk)
    (done,) = upgraded(shaped(desk, GAINED))

    assert (dropped.says, dropped.n_rewritten) == (("no longer has size",), 0)
    assert "size" not in gone[0][0]
    assert (done.says, done.n_rewritten) == (("gains size",), done.n_files)
    assert held(desk) == before


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (changed(("price bigint", "price utinyint")), "1 of 8 rows have a price that utinyint"),
        (changed(("price bigint", "size bigint not null,  -- shares\n    price bigint")),
         "7 of 8 rows have no size"),
        (changed(("key:        print_id", "key:        price")), "which the key names"),
        (changed(("-- USD\n", "-- USD\n    check (price < 20)\n"),
                 ("not null  -- USD", "not null,  -- USD")), "2 of 8 rows break (price < 20)"),
    ],
    ids=["narrower", "required", "key", "check"],
)  # fmt: skip
def test_rows_that_do_not_fit_are_counted_and_left_as_they_were(
    desk: SmallDesk, change: Change, why: str
) -> None:
    path = desk.root / "sql" / "tables" / "prints.sql"
    desk.prints(("g", 300, "08 15:00"), feed="third")
    before, text = held(desk), path.read_text()
    shaped(desk, change)

    (left,) = upgraded(desk)

    assert why in left.refused
    desk.write("sql/tables/prints.sql", text)
    assert held(desk) == before


def test_who_looks_a_store_over_is_told_to_upgrade_it(desk: SmallDesk) -> None:
    place = desk.root / "store" / "prints"
    path = desk.root / "sql" / "tables" / "prints.sql"
    shaped(desk, GAINED)

    verified, examined = run(desk.root, "store", "verify"), run(desk.root, "doctor", "--json")
    joined = run(desk.root, "store", "compact", "prints")

    said = f"{place}: {path} gains size; run leadline store upgrade"
    assert verified.out == f"error: {said}\n"
    found = json.loads(examined.out)["findings"]
    told = [each["fix"] for each in found if each["where"] == str(place)]
    assert "run leadline store upgrade" in told
    assert (joined.code, joined.err) == (1, f"{said}\n")


def lying(desk: SmallDesk) -> list[Path]:
    """Return what lies in the store, but for the journal of what was done to it."""
    paths = sorted((desk.root / "store").rglob("*"))
    return [path for path in paths if "_acts" not in path.parts]


def test_a_dry_run_says_the_same_and_changes_nothing(desk: SmallDesk) -> None:
    before = held(desk)
    path = desk.root / "sql" / "tables" / "prints.sql"
    text = path.read_text()
    files = lying(desk)
    shaped(desk, WIDER)

    ended = run(desk.root, "store", "upgrade", "--dry-run")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("prints: has price as decimal(28,6), not bigint; ")
    assert lying(desk) == files
    desk.write("sql/tables/prints.sql", text)
    assert held(desk) == before


def test_a_ledger_of_an_older_shape_is_carried_on(desk: SmallDesk) -> None:
    before = held(desk)
    path = desk.root / "sql" / "tables" / "loads.sql"
    text = path.read_text()
    desk.write("sql/tables/loads.sql", text.replace(
        "    origin text", "    host text,  -- whose machine loaded it\n    origin text"
    ))  # fmt: skip

    asked = run(desk.root, "sql", "from raw.prints")
    (done,) = upgraded(desk)
    desk.prints(("h", 9, "08 15:00"), feed="third")

    assert asked.err.endswith("loads.sql gains host; run leadline store upgrade\n")
    assert (done.dataset, done.n_rewritten) == ("loads", 0)
    assert [row for row in held(desk)[0] if row["print_id"] != "h"] == before[0]


def test_a_store_of_no_format_takes_the_mark_and_nothing_else(desk: SmallDesk) -> None:
    for log in (desk.root / "store").glob(f"*/_delta_log/{0:020}.json"):
        text = log.read_text()
        end = text.index('"leadline.format"')
        log.write_text(text[: end - 2] + text[text.index("}}", end) :])
    before = held(desk)

    ended = run(desk.root, "store", "upgrade")
    again = run(desk.root, "store", "upgrade")

    assert "prints: takes the mark of its format; none of " in ended.out
    assert (again.out, again.err) == ("", f"{desk.root}/store: it is as sql/tables says\n")
    assert held(desk) == before


def test_of_a_store_of_no_format_all_rows_are_looked_at(desk: SmallDesk) -> None:
    for log in (desk.root / "store").glob(f"*/_delta_log/{0:020}.json"):
        text = log.read_text()
        end = text.index('"leadline.format"')
        log.write_text(text[: end - 2] + text[text.index("}}", end) :])
    shaped(desk, GAINED)

    done = {each.dataset: each for each in upgraded(desk)}

    assert done["prints"].says == ("gains size",)
    assert not any(each.refused for each in done.values())


_KILLED = """
import os, signal, sys
from pathlib import Path
from leadline import upgrade, whole
from leadline.catalog import Catalog
from leadline.engine import Engine
from leadline.store import Store
from leadline.config import Config

root, after = Path(sys.argv[1]), int(sys.argv[2])
kept, n_kept = whole.write, 0
def write(*given):
    global n_kept
    kept(*given)
    n_kept += 1
    if n_kept == after:
        os.kill(os.getpid(), signal.SIGKILL)
upgrade.whole.write = write
store = Store(str(root / "store"), Catalog(root).contracts, Engine(Config("").engine()))
list(upgrade.upgrade(store))
"""


def test_killed_on_its_way_it_goes_on_and_nothing_is_twice(desk: SmallDesk, tmp_path: Path) -> None:
    fresh = filled(shaped(small_desk(tmp_path / "fresh"), WIDER))
    text = (desk.root / "sql" / "tables" / "prints.sql").read_text()
    before = held(desk)
    shaped(desk, WIDER)

    killed = subprocess.run([sys.executable, "-c", _KILLED, str(desk.root), "2"], env=os.environ)
    parts = set((desk.root / "store" / "prints").rglob("*.parquet"))
    desk.write("sql/tables/prints.sql", text)
    as_it_was = held(desk)
    shaped(desk, WIDER)
    (done,) = upgraded(desk)

    after = set((desk.root / "store" / "prints").rglob("*.parquet"))
    assert killed.returncode == -signal.SIGKILL
    assert as_it_was == before
    assert len(after - parts) == done.n_rewritten - 2  # what was written is not written again
    assert held(desk) == held(fresh)
    assert not list((desk.root / "store" / FOLDER).glob("*.json"))


def test_two_at_once_and_a_folder_without_a_store_are_told(desk: SmallDesk, tmp_path: Path) -> None:
    shaped(desk, GAINED)
    with desk.store() as store, desk.store() as other:
        first = upgrade(store)
        next(first)
        with pytest.raises(StoreError, match="another process upgrades it"):
            list(upgrade(other))

    ended = run(desk.root, "--store", tmp_path / "none", "store", "upgrade")

    assert ended.err == f"{tmp_path}/none: there is no store; leadline load makes one\n"
    assert run(desk.root, "store", "upgrade", "prnts").code == 1
