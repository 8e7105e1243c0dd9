"""Filled stores for the tests that only read them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from leadline.question import Questions
from panel_app.answers import Answers
from tests import founding
from tests.dashboards import NOON, client, fill
from tests.doors import alone, door, opened


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("shown") / "store")


@pytest.fixture(scope="session")
def questions(filled: Path) -> Iterator[Questions]:
    with alone() as engine, door(filled, engine=engine) as warehouse:
        yield Questions(warehouse)


@pytest.fixture
def answers(questions: Questions) -> Answers:
    return Answers(questions, lambda: NOON)


@pytest.fixture(scope="session")
def shown(filled: Path) -> Iterator[TestClient]:
    with client(filled) as asking:
        yield asking


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
