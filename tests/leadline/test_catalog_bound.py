"""What is bound with a view: parameters in the place of literals, and a fingerprint of it all."""

from pathlib import Path
from typing import Any

import pytest

from leadline.catalog import Catalog
from leadline.errors import ConfigError, ViewError
from tests.catalogs import TRADES, Made, detector, params, prints, view
from tests.desks import measured_desk

READER = view("from curated.prints")
PRINTS = view("from raw.trades where price > 5")


def test_an_override_takes_the_place_of_a_literal(made: Made) -> None:
    catalog = made({"detectors/options/sweep.v1": detector(params("2 as min_n", "3 as max_n"))})

    (bound,) = catalog.bind({"options.sweep": {"min_n": 5}})

    assert bound.params == {"min_n": "5", "max_n": "3"}
    assert "5 as min_n, 3 as max_n" in bound.sql


def test_an_override_of_one_version_leaves_the_others(made: Made) -> None:
    v1, v2 = detector(params("2 as n")), detector(params("2 as n"), changed="all")
    catalog = made({"detectors/options/sweep.v1": v1, "detectors/options/sweep.v2": v2})

    bound = catalog.bind({"options.sweep": {"n": 5}, "options.sweep.v1": {"n": 7}})

    assert {each.view.version: each.params["n"] for each in bound} == {1: "7", 2: "5"}


def test_an_old_version_need_not_have_the_parameter_of_the_one_in_force(made: Made) -> None:
    v1 = detector(params("2 as min_n"), status="retired")
    v2 = detector(params("2 as min_exchanges"), changed="the name")
    catalog = made({"detectors/options/sweep.v1": v1, "detectors/options/sweep.v2": v2})

    bound = catalog.bind({"options.sweep": {"min_exchanges": 3}})

    assert {each.view.version: each.params for each in bound} == {
        1: {"min_n": "2"},
        2: {"min_exchanges": "3"},
    }


def test_an_override_of_an_unknown_parameter_is_told(made: Made, tmp_path: Path) -> None:
    catalog = made({"detectors/options/sweep.v1": detector(params("2 as min_exchanges"))})

    with pytest.raises(ConfigError) as told:
        catalog.bind({"options.sweep": {"min_exchange": 3}})

    path = tmp_path / "sql/detectors/options/sweep.v1.sql"
    said = "params has no 'min_exchange'; did you mean 'min_exchanges'"
    assert str(told.value) == f"{path}:12: {said}"


@pytest.mark.parametrize(
    "given", [{"overrides": {"options.swep": {}}}, {"pins": {"options.swep": 1}}]
)
def test_an_override_or_a_pin_of_an_unknown_view_is_told(given: dict[str, Any], made: Made) -> None:
    catalog = made({"detectors/options/sweep.v1": detector()})

    with pytest.raises(ViewError) as told:
        catalog.bind(**given)

    said = "params: there is no view 'options.swep'; did you mean 'options.sweep'"
    assert str(told.value) == said


@pytest.mark.parametrize(
    "changed",
    [
        {"views/curated/prints.v1": view("-- why\nFROM raw.trades\nWHERE price > 5  -- cheap")},
        {"views/curated/prints.v1": PRINTS.replace("A view.", "Another.")},
        {"views/curated/other.v1": view("select 2 as two")},
        {"tables/trades": TRADES.replace("-- USD", "-- US dollars")},
    ],
)
def test_a_fingerprint_stays_where_nothing_that_is_read_changes(
    changed: dict[str, str], made: Made
) -> None:
    before = {"views/curated/prints.v1": PRINTS, "views/features/volume.v1": READER}
    was = prints(made(before))["features.volume_v1"]

    now = prints(made(changed))["features.volume_v1"]

    assert now == was


@pytest.mark.parametrize(
    "changed",
    [
        {"views/features/volume.v1": view("from curated.prints limit 1")},
        {"views/curated/prints.v1": PRINTS.replace("5", "6")},
        {"views/curated/prints.v2": view("select 1 as price", changed="all")},
        {"tables/trades": TRADES.replace("price > 0", "price > 1")},
    ],
)
def test_a_fingerprint_changes_with_anything_that_is_read(
    changed: dict[str, str], made: Made
) -> None:
    before = {"views/curated/prints.v1": PRINTS, "views/features/volume.v1": READER}
    was = prints(made(before))["features.volume_v1"]

    now = prints(made(changed))["features.volume_v1"]

    assert now != was


def test_a_fingerprint_changes_with_a_parameter_and_comes_back_with_it(made: Made) -> None:
    catalog = made({"detectors/options/sweep.v1": detector(params("2 as n"))})

    was, other, again = (prints(catalog, overrides={"options.sweep": {"n": n}}) for n in (2, 3, 2))

    assert was != other
    assert was == again == prints(catalog)


def test_the_fingerprint_of_a_view_of_all_alerts_is_that_of_its_detectors_too(
    tmp_path: Path,
) -> None:
    catalog = Catalog(measured_desk(tmp_path).root)

    found = [
        {each.view.stable: each.fingerprint for each in catalog.bind(params)}
        for params in ({}, {"prices.high": {"min_price": 80}})
    ]

    assert found[0]["backtest.matches"] != found[1]["backtest.matches"]
