"""Numbers are written alike in SQL and in Python, and only options are contracts."""

import random
from decimal import Decimal

import duckdb
import pytest

from loaders import _massive


def asked(sql: str) -> object:
    with duckdb.connect() as con:
        ((found,),) = con.execute(f"select {sql}").fetchall()
    return found


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (Decimal("16.20"), "16.2"),
        (Decimal("0.05"), "0.05"),
        (Decimal("1E+2"), "100"),
        (Decimal("10.00000001"), "10.00000001"),
        (100, "100"),
        (0, "0"),
        (Decimal("-2.50"), "-2.5"),
    ],
)
def test_a_number_is_written_in_its_shortest_form(number: Decimal | int, said: str) -> None:
    assert _massive.shortened(number) == said
    assert asked(_massive.shortest(f"cast('{number:f}' as decimal(18, 8))")) == said


def test_sql_and_python_write_every_number_alike() -> None:
    drawn = random.Random(20_260_522)
    numbers = [
        Decimal(drawn.randrange(10 ** drawn.randrange(1, 11))).scaleb(-drawn.randrange(9))
        for _ in range(2_000)
    ]
    listed = ", ".join(
        f"({n}, cast('{each:f}' as decimal(18, 8)))" for n, each in enumerate(numbers)
    )
    each = _massive.shortest("number")

    found = asked(f"list({each} order by n) from (values {listed}) as given (n, number)")

    assert found == [_massive.shortened(number) for number in numbers]


@pytest.mark.parametrize("said", ["16.2", None, 1.5])
def test_what_is_no_number_of_the_source_is_refused(said: object) -> None:
    with pytest.raises(ValueError, match="no number, "):
        _massive.shortened(said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ticker", "contract"),
    [("O:A260618C00100000", "A260618C00100000"), ("AAPL", None), ("X:BTCUSD", None)],
)
def test_only_what_is_marked_as_an_option_is_a_contract(ticker: str, contract: str | None) -> None:
    assert asked(f"{_massive.CONTRACT} from (select '{ticker}' as ticker)") == contract
