import sqlglot

from leadline.spark import kinds
from leadline.spark.texts import as_text

X = sqlglot.parse_one("x")


def test_text_stays_and_whole_numbers_are_cast() -> None:
    assert as_text(X, kinds.TEXT) is X
    assert as_text(X, kinds.BIGINT).sql("databricks") == "CAST(x AS STRING)"


def test_a_moment_ends_with_its_zone() -> None:
    text = as_text(X, kinds.INSTANT).sql("databricks")

    assert text == "CONCAT(CAST(x AS STRING), '+00')"


def test_a_decimal_has_all_its_digits_also_where_spark_would_count_them() -> None:
    assert as_text(X, kinds.decimal(18, 2)).sql("databricks") == "CAST(x AS STRING)"
    assert "100000000 AS BIGINT" in as_text(X, kinds.decimal(18, 8)).sql("databricks")
