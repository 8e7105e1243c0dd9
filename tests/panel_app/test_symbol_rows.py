"""The tables of a symbol are on its page, each under a name of its own, and wait for a symbol."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from panel_app.answers import Answers
from panel_app.dashboard import found
from panel_app.paced import Paced
from tests.dashboards import answering


@pytest.fixture(scope="module")
def answers(filled: Path) -> Iterator[Answers]:
    with answering(filled) as asked:
        yield asked


def test_each_table_asks_of_the_symbol_and_of_nothing_without_one(answers: Answers) -> None:
    desk = found()["symbol"].desk(Paced(answers), {"symbol": "AAPL"})
    found()["symbol"].lay(desk)

    asked = {name: each for name, (each, _) in desk.panels.items()}
    assert set(asked) >= {
        "flow", "movers", "off-exchange", "prints", "blocks", "insiders", "holders", "watch",
    }  # fmt: skip
    for name, each in asked.items():
        assert each.wants == ("symbol",), name
        assert desk.filled(each).binds["symbol"] == "AAPL", name
