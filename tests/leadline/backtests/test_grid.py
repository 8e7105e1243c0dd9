"""A grid is a product, a name is the nearest holder's, and a typo is told."""

from pathlib import Path

import pytest

from leadline.backtests import grid
from leadline.errors import ConfigError, QueryError, ViewError
from tests.moving_desk import DETECTOR, moving_desk


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out the project without rows."""
    return moving_desk(tmp_path_factory.mktemp("moving") / "desk").root


def test_a_grid_is_the_product_of_its_lists(root: Path) -> None:
    catalog = moving_desk(root).catalog()
    views = grid.versions(catalog, "prices.mark")

    found = grid.trials(catalog, views, {"min_weight": ["1", "2"], "scale": ["3", "4"]}, {})

    assert [(each.number, each.said) for each in found] == [
        (1, '{"min_weight": 1, "scale": 3}'),
        (2, '{"min_weight": 1, "scale": 4}'),
        (3, '{"min_weight": 2, "scale": 3}'),
        (4, '{"min_weight": 2, "scale": 4}'),
    ]
    assert len({each.fingerprint for each in found}) == 4
    assert grid.varied(found) == {"prices.mark.v1", "features.weights.v1"}


def test_settings_hold_where_the_grid_says_nothing(root: Path) -> None:
    catalog = moving_desk(root).catalog()
    views = grid.versions(catalog, "prices.mark")

    (alone,) = grid.trials(catalog, views, {}, {})
    (same,) = grid.trials(catalog, views, {"min_weight": ["1"]}, {})
    (other,) = grid.trials(catalog, views, {}, {"prices.mark": {"min_weight": 2}})

    assert alone.fingerprint == same.fingerprint != other.fingerprint
    assert (alone.said, same.said) == ("{}", '{"min_weight": 1}')


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"min_wieght": ["1"]}, r"^--param: neither prices\.mark v1 .*; did you mean 'min_weight'"),
        ({"min_weight": ["heavy"]}, r"min_weight is 1, and 'heavy' is no integer; give one"),
        ({"min_weight": ["2", "2"]}, r"^--param: 'min_weight' has a value twice"),
        ({"min_weight": []}, r"^--param: 'min_weight' has no value"),
        (
            {"min_weight": [str(n) for n in range(200)], "scale": [str(n) for n in range(200)]},
            r"^--param: 40,000 sets; try at most 10,000",
        ),
    ],
)
def test_a_grid_that_cannot_be_tried_is_told(
    root: Path, given: dict[str, list[str]], said: str
) -> None:
    catalog = moving_desk(root).catalog()

    with pytest.raises(ConfigError, match=said):
        grid.trials(catalog, grid.versions(catalog, "prices.mark"), given, {})


def test_versions_are_those_that_are_meant(tmp_path: Path) -> None:
    desk = moving_desk(tmp_path / "desk")
    second = DETECTOR.replace("-- misses:", "-- changed: it was too quiet\n-- misses:")
    desk.write("sql/detectors/prices/mark.v2.sql", second)
    catalog = desk.catalog()

    one, two = grid.versions(catalog, "prices.mark", [1, 2])
    (newest,) = grid.versions(catalog, "prices.mark")
    found = grid.trials(catalog, [one, two], {"min_weight": ["1", "2"]}, {})

    assert (one.version, two.version, newest.version) == (1, 2, 2)
    assert [(each.view.version, each.number) for each in found] == [(1, 1), (1, 2), (2, 3), (2, 4)]
    with pytest.raises(ViewError, match=r"^prices\.mark: it has no version 3; it has 1, 2$"):
        grid.versions(catalog, "prices.mark", [3])
    with pytest.raises(QueryError, match=r"^features\.weights: it is no detector"):
        grid.versions(catalog, "features.weights")
    with pytest.raises(ViewError, match=r"did you mean 'prices\.mark'"):
        grid.versions(catalog, "prices.marc")
