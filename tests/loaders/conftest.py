"""A store of its own for each test that fills one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from leadline.store import Store
from tests.stores import opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "store") as store:
        yield store
