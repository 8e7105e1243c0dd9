"""One filled store for the tests that only read it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from leadline.question import Questions
from panel_app.answers import Answers
from tests.dashboards import NOON, client, fill
from tests.doors import alone, door


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
