"""One market of one day for all clients of the founding routes, who only read."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests import founding
from tests.dashboards import client
from tests.doors import opened


@pytest.fixture(scope="session")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load what is so by rule, for stores that are filled from there on."""
    place = tmp_path_factory.mktemp("rules") / "store"
    with opened(place) as store:
        founding.rules(store)
    return place


@pytest.fixture(scope="session")
def market(ruled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("founding") / "store"
    shutil.copytree(ruled, place)
    return founding.fill(place)


@pytest.fixture(scope="session")
def old(market: Path) -> Iterator[TestClient]:
    """Open the app as a client of the founding system sees it."""
    with client(market, founding.NOON) as asking:
        yield asking
