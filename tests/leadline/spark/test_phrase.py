import sqlglot

from leadline.spark.phrase import phrase


def test_an_expression_is_put_in_wherever_its_name_stands() -> None:
    x = sqlglot.parse_one("a + 1")

    assert phrase("max_by(x, case when x is null then y end)", x=x, y=x).sql("databricks") == (
        "MAX_BY(a + 1, CASE WHEN a + 1 IS NULL THEN a + 1 END)"
    )


def test_the_words_stay_as_they_were() -> None:
    one, other = sqlglot.parse_one("a"), sqlglot.parse_one("b")

    assert phrase("round(x)", x=one).sql() == "ROUND(a)"
    assert phrase("round(x)", x=other).sql() == "ROUND(b)"
    assert phrase("x", x=other).sql() == "b"
