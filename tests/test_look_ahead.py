"""No view and no model of the house looks ahead, over the sample week.

CI asks a few of each kind, cut once; the soak asks all of them, as leadline check future does.
"""

from pathlib import Path
from typing import Any

import pytest

from leadline import future, model_future, project
from leadline.future import Looked
from leadline.warehouse import Warehouse
from tests.doors import ROOT, door

FEW = (
    "curated.equity_bars", "curated.short_volume", "features.price_levels", "features.short_share",
    "off_exchange.short_share",
)  # fmt: skip


def odd(found: list[Looked]) -> list[str]:
    """Name what changed, or could not be asked, with the first row."""
    return [
        f"{each.name}: {each.reason or [change.first for change in each.changes]}"
        for each in found
        if each.state in ("changed", "broken")
    ]


def looked(house: Warehouse, names: tuple[str, ...], n_cuts: int, **how: Any) -> list[Looked]:
    asked = future.plan(house, n_cuts, **how)
    return list(future.look(house, future.named(house, names), asked))


def test_a_few_views_of_each_kind_tell_the_same_without_what_came_later(sample: Path) -> None:
    with door(sample) as house:
        found = looked(house, FEW, 1, shifts=())

    assert odd(found) == []
    assert {each.name for each in found} == set(FEW)
    assert min(each.n_rows for each in found) > 0
    assert sum(each.n_rows for each in found) > 5_000


@pytest.mark.soak
@pytest.mark.timeout(7_200)
def test_every_live_view_tells_the_same_without_what_came_later(sample: Path) -> None:
    with door(sample) as house:
        found = looked(house, (), 5, n_rows=2)

    assert odd(found) == []
    assert sum(each.state == "ok" for each in found) > 200


@pytest.mark.soak
@pytest.mark.timeout(7_200)
def test_every_model_says_the_same_without_what_came_later(sample: Path) -> None:
    with door(sample) as house:
        modules = {name: project.model(ROOT, name) for name in project.models(ROOT)}
        found = list(model_future.look(house, modules, future.plan(house, 3)))

    assert odd(found) == []
    assert any(each.state == "ok" for each in found)
