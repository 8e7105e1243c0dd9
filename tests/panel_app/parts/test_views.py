"""A view in all its sides."""

import pytest

from panel_app.entry import entry
from panel_app.parts import views
from tests.desks import SmallDesk, small_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    return small_desk(tmp_path_factory.mktemp("views") / "desk")


def test_what_the_settings_changed_is_told_beside_the_default(desk: SmallDesk) -> None:
    with desk.warehouse(params={"prices.high": {"min_price": 7}}) as house:
        said = views.parameters(house, entry(house, "prices.high"))
        none = views.parameters(house, entry(house, "curated.followed"))

    assert "<code>7</code>" in said
    assert "leadline.toml; default <code>100</code>" in said
    assert "It has no parameters" in none


def test_the_drawing_has_a_link_for_each_and_a_path_for_each_arrow(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        said = views.drawn(house, entry(house, "prices.high"))

    assert said.count("<path") == 2
    assert said.count("<a class=") == 3
    assert 'class="node detectors here"' in said
