import pytest
import sqlglot
from sqlglot import exp

from leadline.spark.asof import without_asof
from leadline.spark.functions import Stranger


def without(sql: str) -> str:
    tree = sqlglot.parse_one(sql, read="duckdb")
    assert isinstance(tree, exp.Select)
    without_asof(tree)
    return tree.sql("databricks")


def test_an_equal_moment_is_seen_or_not_as_the_comparison_says() -> None:
    seen = without("select a.x from a asof left join b on a.k = b.k and a.t >= b.t")
    unseen = without("select a.x from a asof left join b on a.k = b.k and b.t < a.t")

    assert "1 AS asof_side FROM a" in seen
    assert "0 AS asof_side FROM b" in seen
    assert "0 AS asof_side FROM a" in unseen
    assert "1 AS asof_side FROM b" in unseen


def test_a_later_row_is_looked_for_backwards() -> None:
    text = without("select a.x from a asof left join b on a.k = b.k and a.t <= b.t")

    assert "ORDER BY asof_at DESC NULLS FIRST" in text


def test_what_was_joined_before_goes_with_it_and_the_rest_follows() -> None:
    text = without(
        "select a.x from a cross join p asof left join b on a.t > b.t "
        "asof left join c on b.k = c.k and a.t > c.t inner join d on a.x = d.x"
    )

    assert "STRUCT(a.*) AS a, STRUCT(p.*) AS p, NULL AS b" in text
    assert text.count("LAST_VALUE(") == 2
    assert text.endswith("INNER JOIN d ON a.x = d.x")


@pytest.mark.parametrize(
    "join",
    [
        "asof join b on a.t > b.t",
        "asof left join b on a.k = b.k",
        "asof left join b on a.t > b.t and a.u > b.u",
        "asof left join b on a.t > b.t + a.u",
    ],
)
def test_another_form_is_refused(join: str) -> None:
    with pytest.raises(Stranger, match="asof join"):
        without(f"select a.x from a {join}")
