import pytest

from studies.figures import share, table, wilson


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=1e-4)
    assert wilson(0, 0) == (0, 1)


def test_a_share_of_nothing_says_so() -> None:
    assert share(1, 8) == "12.5%"
    assert share(0, 0) == "no days"


def test_a_table_is_markdown() -> None:
    assert list(table(("a", "b"), [(1_000, "x")])) == [
        "| a | b |",
        "| --- | --- |",
        "| 1,000 | x |",
    ]
