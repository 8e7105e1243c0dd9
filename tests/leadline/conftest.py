"""An empty store that knows a few sessions, for the tests that ask no more of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from leadline.store import Store
from tests.stores import load_sessions, opened


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(place: Path) -> Iterator[Store]:
    with opened(place) as store:
        load_sessions(store)
        yield store
