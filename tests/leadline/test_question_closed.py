"""What a question may not call, and what is shown to the owner of the files alone."""

from collections.abc import Iterator
from typing import Any

import pytest

from leadline.clock import BEGINNING, FOREVER
from leadline.errors import QueryError
from leadline.question import Questions
from tests.desks import SmallDesk, small_desk
from tests.doors import alone


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    return small_desk(tmp_path_factory.mktemp("closed") / "desk")


@pytest.fixture(scope="module")
def questions(desk: SmallDesk) -> Iterator[Questions]:
    with alone(1) as engine, desk.warehouse(engine=engine) as house:
        yield Questions(house)


def answer(questions: Questions, sql: str) -> list[dict[str, Any]]:
    return list(questions.answer(sql, BEGINNING, FOREVER).read_all().to_pylist())


@pytest.mark.parametrize(
    "call",
    [
        "getenv('HOME')", "getvariable('until')", "current_setting('allowed_directories')",
        "sleep_ms(1)", "pg_sleep(1)", "write_log('x')", "system.main.getvariable('until')",
        "'until'.getvariable()",
    ],
)  # fmt: skip
def test_a_function_that_is_not_for_questions_is_refused(questions: Questions, call: str) -> None:
    with pytest.raises(QueryError, match=r"^query:2: \w+\(\) is not for questions; leave it out$"):
        answer(questions, f"select\n{call}")


def test_where_files_lie_is_shown_to_their_owner_alone(
    desk: SmallDesk, questions: Questions
) -> None:
    asked = ("duckdb_views()", "information_schema.views", "pg_catalog.pg_views")
    with alone(1) as engine, desk.warehouse(engine=engine) as house:
        others = Questions(house, shows_paths=False)
        for name in asked:
            with pytest.raises(QueryError, match=rf"^query:1: {name[:12]}\w*\S* tells where files"):
                answer(others, f"select * from {name}")
        listed = answer(others, "select 1 from information_schema.columns limit 1")
    own = answer(questions, "select view_name from duckdb_views() limit 1")

    assert len(own) == len(listed) == 1
