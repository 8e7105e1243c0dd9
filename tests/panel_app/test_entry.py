"""What the catalog says of a name."""

import pytest

from leadline.errors import QueryError
from panel_app.entry import entry
from tests.desks import SmallDesk, small_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    return small_desk(tmp_path_factory.mktemp("entry") / "desk")


def test_a_parameter_says_what_is_in_force_and_why(desk: SmallDesk) -> None:
    with desk.warehouse(params={"prices.high": {"min_price": 7}}) as house:
        (param,) = entry(house, "prices.high").params

    assert (param.name, param.value, param.default) == ("min_price", "7", "100")
    assert param.meaning


def test_a_dataset_and_what_the_engine_lays_out_are_known_too(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        dataset, engine = entry(house, "raw.prints"), entry(house, "ops.clock")

    assert dataset.path == "sql/tables/prints.sql"
    assert "known_at" in [name for name, *_ in dataset.columns]
    assert (engine.text, engine.view) == ("", None)


@pytest.mark.parametrize(
    ("name", "version", "says"),
    [
        ("prices.hihg", None, "did you mean 'prices.high'"),
        ("raw.nothing", None, "no such view"),
        ("prices.high", 3, "prices.high: it has no version 3; it has 1"),
    ],
)
def test_what_is_unknown_names_what_is_near(
    desk: SmallDesk, name: str, version: int | None, says: str
) -> None:
    with desk.warehouse() as house, pytest.raises(QueryError, match=says):
        entry(house, name, version)
