from pathlib import Path

import sqlglot

from leadline.spark import kinds, scope
from leadline.spark.kinds import Columns
from leadline.spark.layout import columns_of
from tests.doors import door
from tests.sparks import promised

PRINTS = {"price": kinds.decimal(18, 8), "at": kinds.INSTANT, "size": kinds.BIGINT}


def of(sql: str) -> Columns:
    return scope.read(sqlglot.parse_one(sql, read="duckdb"), {"raw.prints": PRINTS})


def test_a_column_keeps_its_kind_through_steps_stars_and_subqueries() -> None:
    found = of(
        "with big as (select * exclude (at), prints.at as moment from raw.prints as prints), "
        "both as (select size from big union all select 2.5 as size) "
        "select both.size, big.moment, (select max(price) from raw.prints) as top, big.price "
        "from both cross join big"
    )

    assert found == {
        "size": kinds.decimal(20, 1), "moment": kinds.INSTANT,
        "top": kinds.decimal(18, 8), "price": kinds.decimal(18, 8),
    }  # fmt: skip


def test_a_name_of_the_same_select_is_known() -> None:
    assert of("select size / 2 as half, half > 1 as is_big from raw.prints") == {
        "half": kinds.DOUBLE,
        "is_big": kinds.BOOLEAN,
    }


def test_every_column_of_every_promised_view_has_the_kind_that_duckdb_binds(
    tmp_path: Path,
) -> None:
    with door(tmp_path) as warehouse:
        views = columns_of(warehouse)
        names = set(promised(warehouse))
        bound = {each.view.stable: each for each in warehouse.bound if each.view.stable in names}

    wrong = []
    for name, each in bound.items():
        found = scope.read(sqlglot.parse_one(each.sql, read="duckdb"), views)
        for column, kind in views[name].items():
            same = kind.family == found[column].family and kind.scale == found[column].scale
            wrong += [] if same else [f"{name}.{column}: {found[column]} is {kind}"]
    assert len(bound) > 200
    assert wrong == []
