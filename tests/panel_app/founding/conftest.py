"""One market of one day for all clients of the founding routes, who only read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests import founding
from tests.dashboards import client


@pytest.fixture(scope="session")
def old(market: Path) -> Iterator[TestClient]:
    """Open the app as a client of the founding system sees it."""
    with client(market, founding.NOON) as asking:
        yield asking
