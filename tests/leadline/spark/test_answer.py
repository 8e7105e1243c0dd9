from datetime import UTC, datetime

import pytest

from leadline.errors import LeadlineError, QueryError, ViewError
from leadline.spark.answer import Asked
from tests.desks import SmallDesk, at, small_desk
from tests.doors import alone

UNTIL = datetime(2024, 3, 31, tzinfo=UTC)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    return small_desk(tmp_path_factory.mktemp("spark") / "desk")


@pytest.mark.parametrize(
    ("sql", "kind", "told"),
    [
        ("select nope from curated.followed", QueryError, 'column "nope" not found'),
        ("from curated.follow", QueryError, "there is no view 'curated.follow'"),
        ("from ops.views", QueryError, "ops.views stays on DuckDB"),
        ("select 1 as x; select 2 as x", QueryError, "it holds 2 statements"),
        ("select hamming(print_id, 'a') as x from curated.followed", ViewError, "query:1: hamming"),
    ],
)
def test_what_spark_does_not_answer_is_told_before_it_is_started(
    desk: SmallDesk, sql: str, kind: type[LeadlineError], told: str
) -> None:
    with (
        alone(1) as engine,
        desk.warehouse(engine=engine) as warehouse,
        pytest.raises(kind, match=told),
    ):
        Asked(warehouse, sql, at("01 00:00"), UNTIL)
