"""Parameters stand as literals where they are read, and a view says what it said before."""

import duckdb
import pytest

from leadline.fold import folded

NUMBERS = "range(40) as facts (n)"
PARAMS = {"least": "20", "part": "0.25", "wait": "interval 5 minutes", "kind": "'a'"}
HEAD = "with params as (select " + ", ".join(f"{v} as {k}" for k, v in PARAMS.items()) + ")\n"


def told(sql: str) -> tuple[list[object], list[tuple[object, ...]]]:
    """Return names and types of columns, and the rows in an order of their own."""
    with duckdb.connect() as con:
        columns = con.execute(f"describe {sql}").fetchall()
        return [each[:2] for each in columns], sorted(con.execute(sql).fetchall())


@pytest.mark.parametrize(
    "sql",
    [
        f"select facts.n from {NUMBERS} cross join params where facts.n >= params.least",
        f"select facts.n, params.least, params.part as share from {NUMBERS} cross join params",
        f"select facts.*, params.* from {NUMBERS} cross join params",
        f"select * from {NUMBERS} cross join params where facts.n < params.least",
        f"select params.kind, count(*) as c from {NUMBERS} cross join params group by params.kind",
        f"select params.least, max(facts.n) as m from {NUMBERS}\ncross\njoin params "
        f"group by facts.n // params.least, params.least order by m, params.least",
        f"select greatest(facts.n, params.least, 3) as top from {NUMBERS} cross join params "
        f"inner join range(3) as others (k) on facts.n = others.k + params.least",
        f"select facts.n, sum(facts.n) over (order by facts.n desc) as s from {NUMBERS} "
        f"cross join params qualify sum(facts.n) over (order by facts.n desc) > params.least",
        f"select facts.n, (select max(part) from params) as p from {NUMBERS}",
        "select p.least from params as p",
        "select 'ä params.least' as said, params.least from params",
    ],
)  # fmt: skip
def test_the_rows_and_their_types_are_the_same(sql: str) -> None:
    plain, put = (told(text) for text in (HEAD + sql, folded(HEAD + sql, PARAMS)))

    assert put == plain


def test_a_literal_has_its_type_and_no_line_moves() -> None:
    sql = f"{HEAD}select facts.n\nfrom {NUMBERS}\ncross join\n    params\nwhere n = params.least"

    assert folded(sql, PARAMS) == (
        f"{HEAD}select facts.n\nfrom {NUMBERS}\n\n\nwhere n = cast(20 as INTEGER)"
    )


def test_a_threshold_is_no_join() -> None:
    sql = f"{HEAD}select facts.n from {NUMBERS} cross join params where facts.n >= params.least"

    def plan(text: str) -> str:
        with duckdb.connect() as con:
            ((_, said),) = con.execute(f"explain {text}").fetchall()
        return str(said)

    assert "Loop Join" in plan(sql)
    assert "Join" not in plan(folded(sql, PARAMS))


@pytest.mark.parametrize(
    ("sql", "params"),
    [
        ("select 1 as one", {}),
        (f"{HEAD}select params.least from from x", PARAMS),
        (f"{HEAD}select params.least from range(3) as params (least)", PARAMS),
        (
            f"{HEAD}from (with params as (select 1 as least) select params.least from params)",
            PARAMS,
        ),
    ],
)
def test_what_has_no_parameters_or_can_not_be_told_stays(sql: str, params: dict[str, str]) -> None:
    assert folded(sql, params) == sql
