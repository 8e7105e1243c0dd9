"""One filled store for the tests that only read it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.dashboards import client, fill


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("shown") / "store")


@pytest.fixture(scope="session")
def shown(filled: Path) -> Iterator[TestClient]:
    with client(filled) as asking:
        yield asking
