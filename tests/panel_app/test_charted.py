"""The columns of a chart: what the address says where it fits, else what the types suggest."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from leadline.errors import QueryError
from panel_app.charted import NONE, Charted, charted, kind_of

ROWS = pa.table(
    {
        "symbol": ["ALFA", "ALFA", "BRAV"], "put_call": ["call", "put", "call"],
        "n": [3, 1, 2], "session_date": [date(2024, 3, 4)] * 3, "premium_usd": [1.5, None, 2.0],
        "legs": [[1], [2], [3]],
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "x", "ys", "by"),
    [
        ("line", "session_date", ("n",), "symbol"),
        ("scatter", "session_date", ("n",), ""),
        ("bars", "symbol", ("n",), "put_call"),
        ("histogram", "", ("n",), ""),
        ("heat", "session_date", ("n",), "symbol"),
    ],
)
def test_types_suggest_what_is_drawn(kind: str, x: str, ys: tuple[str, ...], by: str) -> None:
    assert charted(ROWS, kind) == Charted(kind, x, ys, by)


def test_what_the_address_says_is_drawn_where_it_fits() -> None:
    chosen = charted(ROWS, "line", "n", "premium_usd", NONE)
    many = charted(ROWS, "bars", "put_call", "premium_usd,n", "symbol")

    assert chosen == Charted("line", "n", ("premium_usd",), "")
    assert many == Charted("bars", "put_call", ("premium_usd", "n"), "symbol")


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"x": "symbl"}, "x: the answer has no 'symbl' to draw; did you mean 'symbol'; drawn is"),
        ({"x": "symbol"}, "x: 'symbol' holds words, and line can have moments or numbers there"),
        ({"y": "symbol,n"}, "y: 'symbol' holds words, and line can have numbers there; drawn is n"),
        ({"by": "legs"}, "by: the answer has no 'legs' to draw"),
    ],
)
def test_what_does_not_fit_is_a_sentence_and_the_suggested_one_is_drawn(
    said: dict[str, str], fault: str
) -> None:
    chosen = charted(ROWS, "line", **said)

    assert [each[: len(fault)] for each in chosen.faults] == [fault]
    assert (chosen.x, chosen.ys) == ("session_date", ("n",))


def test_a_heat_map_has_one_shade_and_always_something_upwards() -> None:
    chosen = charted(ROWS, "heat", "symbol", "premium_usd,n", NONE)

    assert (chosen.x, chosen.ys, chosen.by) == ("symbol", ("premium_usd",), "put_call")
    assert chosen.faults == ("y: a heat map has one shade; drawn is premium_usd",)


def test_of_what_nothing_can_be_drawn_one_sentence_says_so() -> None:
    with pytest.raises(QueryError, match="the answer has no column of numbers"):
        charted(pa.table({"symbol": ["ALFA"]}), "bars")
    with pytest.raises(QueryError, match="it needs a second column"):
        charted(pa.table({"symbol": ["ALFA"], "n": [1]}), "heat")


def test_a_column_is_a_moment_a_number_or_a_word() -> None:
    at = pa.array([datetime(2024, 3, 4, tzinfo=UTC)])
    kinds = pa.table({"at": at, "is": [True], "d": [pa.scalar(1).as_py()], "s": [{"a": 1}]})

    assert [kind_of(each) for each in kinds.schema] == ["moment", "word", "number", ""]
