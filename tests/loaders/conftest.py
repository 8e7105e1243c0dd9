"""A store of its own for each test that fills one."""

from collections.abc import Iterator

import pytest

from leadline.store import Store
from tests.stores import begun


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with begun(tmp_path_factory.mktemp("begun") / "store") as store:
        yield store
