"""A text in an address is a value of its column's type, or it is refused."""

import pytest

from panel_app.values import kind_of, null_or

NESTED = 'struct(dataset varchar, "n rows" decimal(18,2), days date[])[]'


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("varchar", "", ""),
        ("boolean", "true", "true"),
        ("bigint", "-9223372036854775808", "-9223372036854775808"),
        ("double", "-1.5e-3", "-1.5e-3"),
        ("decimal(18,8)", "1e3", "1000"),
        ("date", "20240301", "2024-03-01"),
        ("timestamp with time zone", "2024-03-01T15:00+02:00", "2024-03-01T13:00:00+00:00"),
    ],
)
def test_a_text_becomes_what_the_database_reads(kind: str, text: str, value: str) -> None:
    read = kind_of(kind).read

    assert read is not None
    assert read(text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("boolean", "1"),
        ("bigint", "1.5"),
        ("bigint", "9223372036854775808"),
        ("utinyint", "-1"),
        ("integer", "٣"),  # a digit elsewhere
        ("double", "nan"),
        ("double", "1e999"),
        ("double", " 1"),
        ("decimal(18,8)", "10000000000"),
        ("date", "2024-02-30"),
        ("date", ""),
        ("timestamp with time zone", "noon"),
    ],
)
def test_what_is_no_value_is_refused(kind: str, text: str) -> None:
    read = kind_of(kind).read
    assert read is not None

    with pytest.raises(ValueError):  # noqa: PT011 - the address's reader says which column
        read(text)


def test_a_type_says_what_its_cells_are_in_json() -> None:
    rows = kind_of(NESTED).schema

    one = rows["items"]["properties"]
    assert rows["type"] == "array"
    assert list(one) == ["dataset", "n rows", "days"]
    assert one["n rows"]["type"] == ["number", "null"]
    assert one["days"]["items"] == {"type": ["string", "null"], "format": "date"}
    assert null_or(kind_of("json").schema) == {}
    assert kind_of("hugeint").schema["maximum"] == 2**127 - 1
