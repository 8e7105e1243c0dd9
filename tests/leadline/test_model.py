"""A model is run for the days whose input changed, and what it adds is known as its input is."""

from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pytest

from leadline import model, project
from leadline.errors import MissingError
from leadline.model import Computed, Model
from leadline.warehouse import Warehouse
from tests.desks import DOUBLES, SmallDesk, at, small_desk
from tests.doors import rows

CHEAP = """\
-- what:    Prints that a model is given.
-- grain:   one row per print and version
-- status:  live
-- needs:   0s

with params as (
    select 1_000 as max_price  -- more is no print
)

select prints.print_id, prints.price, prints.known_at
from raw.prints as prints
cross join params
where not prints.is_gone and prints.price < params.max_price
"""
DOUBLING = '''\
"""Doubles prices."""

from leadline.model import Model

MODEL = Model(reads="features.cheap", writes=("doubles",))


def compute(given):
    """Yield a row for each print."""
    rows = given.to_pylist()
    yield "doubles", [{**row, "price": 2 * row["price"]} for row in rows]
'''


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    desk = small_desk(tmp_path / "desk")
    desk.write("sql/tables/doubles.sql", DOUBLES)
    desk.write("sql/views/features/cheap.v1.sql", CHEAP)
    desk.write("models/doubling.py", DOUBLING)
    return desk


def doubling(desk: SmallDesk, **card: Any) -> ModuleType:
    """Import the desk's own model as it is now; a process has one project's models only."""
    module = ModuleType("doubling")
    module.__file__ = str(desk.root / "models/doubling.py")
    exec(Path(module.__file__).read_text(), module.__dict__)
    if card:
        module.__dict__["MODEL"] = Model(reads="features.cheap", writes=("doubles",), **card)
    return module


def run(desk: SmallDesk, module: ModuleType | None = None) -> list[Computed]:
    with desk.warehouse() as house, desk.store() as store:
        return list(model.run(house, store, "doubling", module or doubling(desk)))


def told(made: list[Computed]) -> list[tuple[int, int, int]]:
    return [(each.day.day, each.loaded.n_rows, each.loaded.n_gone) for each in made]


def doubles(desk: SmallDesk) -> list[tuple[Any, ...]]:
    with desk.warehouse() as house:
        found = rows(house.ask("raw.doubles", at("01 00:00"), at("20 00:00")))
        return sorted((row["print_id"], row["price"], row["known_at"]) for row in found)


def test_each_day_is_one_load_and_a_result_is_known_when_its_input_is(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"), ("b", 2, "05 16:00"), ("c", 3, "07 09:00"))

    made = run(desk)

    assert told(made) == [(5, 2, 0), (7, 1, 0)]
    assert doubles(desk) == [
        ("a", 2, at("05 15:00")), ("b", 4, at("05 16:00")), ("c", 6, at("07 09:00")),
    ]  # fmt: skip


def test_running_again_asks_nothing_and_a_new_load_asks_its_own_day(
    desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.prints(("a", 1, "05 15:00"), ("b", 2, "06 16:00"))
    run(desk)
    asked, inputs = [], model.inputs

    def heard(house: Warehouse, view: str, day: date) -> pa.Table:
        asked.append(day.day)
        return inputs(house, view, day)

    monkeypatch.setattr(model, "inputs", heard)

    again = run(desk)
    desk.prints(("c", 3, "06 09:00"), feed="other")
    later = run(desk)

    assert (told(again), told(later), asked) == ([], [(6, 1, 0)], [6])


def test_what_was_seen_may_be_deleted_and_adds_nothing(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"))
    run(desk)
    (desk.root / "store/_models/doubling.json").unlink()

    assert run(desk) == []


def test_another_maker_adds_what_differs_and_it_is_known_as_its_input_is(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"), ("b", 2, "05 16:00"))
    run(desk)
    desk.write("models/doubling.py", DOUBLING.replace('2 * row["price"]', 'row["price"] ** 2'))

    made = run(desk)

    assert told(made) == [(5, 1, 0)]
    assert doubles(desk)[0] == ("a", 1, at("05 15:00"))


def test_a_parameter_of_its_view_computes_anew(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"), ("b", 2, "05 16:00"))
    run(desk)
    desk.write("leadline.toml", '[params."features.cheap"]\nmax_price = 2\n')

    assert told(run(desk)) == [(5, 0, 1)]


def test_a_day_whose_input_was_forgotten_is_forgotten_too(desk: SmallDesk) -> None:
    kept = desk.prints(("a", 1, "05 15:00"))
    wrong = desk.prints(("b", 2, "06 16:00"), feed="other")
    run(desk)
    with desk.store() as store:
        store.forget(wrong.load_id)

    made = run(desk)

    assert kept.is_new
    assert [(each.day.day, each.n_inputs, each.loaded.n_gone) for each in made] == [(6, 0, 1)]
    assert doubles(desk) == [("a", 2, at("05 15:00"))]


def test_a_library_that_is_missing_is_told_once_there_is_something_to_compute(
    desk: SmallDesk,
) -> None:
    module = doubling(desk, library="NoSuchLibrary", extra="greeks")

    assert run(desk, module) == []
    desk.prints(("a", 1, "05 15:00"))
    with pytest.raises(MissingError) as error:
        run(desk, module)

    assert str(error.value) == (
        "doubling: it computes with NoSuchLibrary, which is missing; pip install 'leadline[greeks]'"
    )


def test_a_dataset_that_the_card_leaves_out_stops_the_model(desk: SmallDesk) -> None:
    desk.write("models/doubling.py", DOUBLING.replace('yield "doubles"', 'yield "prints"'))
    desk.prints(("a", 1, "05 15:00"))

    with pytest.raises(KeyError, match="doubling writes prints"):
        run(desk)


def test_models_are_files_and_none_is_imported(desk: SmallDesk) -> None:
    desk.write("models/_shared.py", "raise RuntimeError('imported')")

    assert list(project.models(desk.root)) == ["doubling"]
