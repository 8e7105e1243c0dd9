import pytest
import sqlglot
from sqlglot import exp

from leadline.spark import kinds, scope
from leadline.spark.functions import SAME, Stranger, carried


def test_a_function_that_nobody_knows_is_refused_and_one_that_is_the_same_stays() -> None:
    tree = sqlglot.parse_one("select coalesce(a, 1) as x, kurtosis(a) as y", read="duckdb")
    same, strange = tree.find(exp.Coalesce), tree.find(exp.Kurtosis)
    assert same is not None
    assert strange is not None

    assert isinstance(same, SAME)
    assert carried(same) is same
    with pytest.raises(Stranger, match=r"kurtosis\(\)"):
        carried(strange)


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        (kinds.DATE, kinds.DATE, "CAST(DATEDIFF(DAY, b, a) AS BIGINT)"),
        (kinds.DATE, kinds.INTEGER, "DATE_ADD(a, CAST(b AS INT) * -1)"),
        (kinds.DATE, kinds.INTERVAL, "(CAST(a AS TIMESTAMP_NTZ) - b)"),
        (kinds.INSTANT, kinds.INTERVAL, "a - b"),
    ],
)
def test_days_and_moments_are_taken_from_one_another(
    left: kinds.Kind, right: kinds.Kind, said: str
) -> None:
    node = sqlglot.parse_one("a - b")
    assert isinstance(node, exp.Sub)
    scope.say(node.left, left)
    scope.say(node.right, right)

    assert carried(node).sql("databricks") == said
