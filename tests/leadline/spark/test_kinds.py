import pytest

from leadline.spark import kinds


@pytest.mark.parametrize(
    ("duckdb", "spark"),
    [
        ("timestamp with time zone", "timestamp"),
        ("timestamp", "timestamp_ntz"),
        ("decimal(18,8)", "decimal(18, 8)"),
        ("hugeint", "decimal(38, 0)"),
        ("json", "string"),
        ("double[]", "array<double>"),
        ("struct(a bigint, b varchar)[]", "array<struct<`a`: bigint, `b`: string>>"),
    ],
)
def test_a_type_has_its_name_in_spark(duckdb: str, spark: str) -> None:
    assert kinds.read(duckdb).spark == spark


def test_a_field_is_found_by_its_name() -> None:
    leg = kinds.read("struct(strike decimal(18, 8), side tinyint)")

    assert leg.field("Strike") == kinds.decimal(18, 8)
    assert leg.field("price") == kinds.UNKNOWN


def test_what_is_one_of_several_kinds_is_the_widest() -> None:
    both = kinds.together((kinds.NULL, kinds.INTEGER, kinds.decimal(9, 2)))

    assert both == kinds.decimal(12, 2)
    assert kinds.together((both, kinds.DOUBLE)) == kinds.DOUBLE
    assert kinds.together((kinds.DATE, kinds.INSTANT)) == kinds.INSTANT
