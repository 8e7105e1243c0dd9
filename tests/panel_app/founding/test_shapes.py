"""A shape shows an example of itself that it would accept, and no field goes unsaid."""

import re

import pytest
from pydantic import ValidationError

from panel_app.founding import (
    alerts,
    analytics,
    blocks,
    dark_pool,
    dashboard,
    demo,
    institutional,
)
from panel_app.founding.shapes import Shape

FAMILIES = (alerts, analytics, blocks, dark_pool, dashboard, demo, institutional)
SHAPES = [
    each for family in FAMILIES for each in vars(family).values()
    if isinstance(each, type) and issubclass(each, Shape) and each is not Shape
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_an_example_is_whole(shape: type[Shape]) -> None:
    for example in shape.model_json_schema().get("examples", []):
        assert shape.model_validate(example).model_dump() == example


def test_a_moment_has_no_zone_and_no_fraction() -> None:
    (example,) = dark_pool.Print.model_json_schema()["examples"]
    assert re.fullmatch(r"[\d-]{10}T[\d:]{8}", example["timestamp"])

    for odd in ("2025-11-18T10:30:00Z", "2025-11-18 10:30:00", "2025-11-18T10:30:00.5"):
        with pytest.raises(ValidationError):
            dark_pool.Print.model_validate(example | {"timestamp": odd})
