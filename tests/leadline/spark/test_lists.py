import pytest
import sqlglot
from sqlglot import exp

from leadline.spark import kinds, scope
from leadline.spark.functions import Stranger, carried


def told(said: str, item: kinds.Kind) -> exp.Expr:
    """Read a function of a list of such elements."""
    node = sqlglot.parse_one(said, read="duckdb")
    assert isinstance(node, exp.Anonymous)
    scope.say(node.expressions[0], kinds.listed(item))
    return node


@pytest.mark.parametrize(
    ("name", "item", "kind"),
    [
        ("max", kinds.BIGINT, kinds.BIGINT),
        ("max", kinds.DOUBLE, kinds.DOUBLE),
        ("sum", kinds.BIGINT, kinds.HUGEINT),
        ("median", kinds.BIGINT, kinds.DOUBLE),
        ("mad", kinds.DOUBLE, kinds.DOUBLE),
    ],
)
def test_a_figure_of_a_list_is_of_the_kind_that_a_column_of_its_elements_has(
    name: str, item: kinds.Kind, kind: kinds.Kind
) -> None:
    columns = {"test.t": {"x": kinds.listed(item)}}
    query = sqlglot.parse_one(f"select list_aggregate(x, '{name}') as y from test.t", read="duckdb")

    assert scope.read(query, columns) == {"y": kind}


@pytest.mark.parametrize(
    ("name", "item"),
    [("histogram", kinds.BIGINT), ("sum", kinds.DOUBLE), ("median", kinds.DATE)],
)
def test_a_figure_that_spark_would_say_otherwise_is_refused(name: str, item: kinds.Kind) -> None:
    with pytest.raises(Stranger, match=rf"list_aggregate\(\) by '{name}'"):
        carried(told(f"list_aggregate(x, '{name}')", item))


def test_a_stretch_of_a_list_is_said_by_its_begin_and_its_length() -> None:
    said = carried(told("list_slice(x, 2, 4)", kinds.BIGINT)).sql("databricks")

    assert said.startswith("SLICE(x, CAST(GREATEST(1, CASE WHEN 2 < 0")
