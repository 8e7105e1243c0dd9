"""A model that learns from what came later is found, whether it is fitted or computed a day."""

from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from leadline import future, model_future
from leadline.future import Looked
from tests.desks import DOUBLES, SmallDesk
from tests.fits import PRICED, distant, learning_desk, prices

CHEAP = """\
-- what:    Prints that a model is given.
-- grain:   one row per print
-- status:  live
-- needs:   0s

select print_id, price, known_at
from raw.prints
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


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Lay out a model that learns and one that does not, with two months of prices."""
    desk = learning_desk(tmp_path_factory.mktemp("models") / "desk")
    desk.write("sql/tables/doubles.sql", DOUBLES)
    desk.write("sql/views/features/cheap.v1.sql", CHEAP)
    desk.write("models/doubling.py", DOUBLING)
    found = [10 + 3 * n % 17 for n in range(70)]
    prices(desk, date(2024, 3, 1), found)
    desk.load("prints", [
        {"print_id": f"noon {n}", "price": 50 + n, "known_at": at} for n, at in enumerate(noons())
    ], feed="noon")  # fmt: skip
    return desk


def noons() -> list[object]:
    from datetime import UTC, datetime, timedelta

    return [datetime(2024, 3, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range(70)]


def doubling(desk: SmallDesk, text: str = DOUBLING) -> ModuleType:
    """Import the desk's model with a text of its own."""
    module = ModuleType("doubling")
    module.__file__ = str(desk.root / "models/doubling.py")
    exec(text, module.__dict__)
    return module


def looked(desk: SmallDesk, name: str, module: ModuleType, n_cuts: int = 3) -> Looked:
    with desk.warehouse() as house:
        asked = future.plan(house, n_cuts=n_cuts, n_rows=0)
        (found,) = model_future.look(house, {name: module}, asked)
    return found


def test_a_model_of_each_row_says_the_same_without_what_came_later(desk: SmallDesk) -> None:
    found = looked(desk, "doubling", doubling(desk))

    assert (found.name, found.state, found.n_cuts) == ("models/doubling", "ok", 3)
    assert found.n_rows >= 3


def test_a_model_that_takes_a_mean_of_the_whole_day_is_found(desk: SmallDesk) -> None:
    text = DOUBLING.replace('2 * row["price"]', 'sum(each["price"] for each in rows)')

    found = looked(desk, "doubling", doubling(desk, text), n_cuts=6)

    assert found.state == "changed"
    assert "price is " in found.changes[0].first


def test_a_fitted_model_says_the_same_and_leaves_nothing_in_the_store(desk: SmallDesk) -> None:
    before = sorted(path for path in (desk.root / "store").rglob("*"))

    found = looked(desk, "distant", distant(desk))

    assert (found.state, found.n_cuts) == ("ok", 2)
    assert found.n_rows > 5
    assert sorted(path for path in (desk.root / "store").rglob("*")) == before


def test_a_fitted_model_whose_input_looks_ahead_is_found(desk: SmallDesk, tmp_path: Path) -> None:
    own = desk.copy(tmp_path / "desk")
    text = PRICED.replace("    prints.price,", "    prints.price + count(*) over () as price,")
    own.write("sql/views/features/priced.v1.sql", text)

    found = looked(own, "distant", distant(own))

    assert found.state == "changed"


def test_a_model_without_input_is_left_out_and_says_why(tmp_path: Path) -> None:
    own = learning_desk(tmp_path / "desk")
    own.prints(("a", 5_000, "05 15:00"))

    found = looked(own, "distant", distant(own))

    assert (found.state, found.reason) == ("left out", model_future.NO_INPUT)
