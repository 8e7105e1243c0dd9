"""Views and words on both engines: some from a seed here, all of the sample week in a soak."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import duckdb
import pytest
from pyspark.sql import SparkSession

from leadline.clock import BEGINNING
from leadline.errors import LeadlineError, QueryError, ViewError
from leadline.spark.answer import Asked, arrow
from leadline.spark.kinds import Columns, read
from leadline.spark.rewrite import rewritten, table_name
from leadline.spark.session import started
from leadline.warehouse import Warehouse
from tests.doors import ROOT, alone, door
from tests.soaks import SOAK, commit_of, write_page
from tests.sparks import SMALL, Both, cluster, differ, promised

SEED = 20240301
UNTIL = datetime(2024, 2, 17, tzinfo=UTC)
N_VIEWS = 4
MOST_BELOW = 4  # views that are laid out for one
DENSE = {"raw.book_tops", "raw.book_updates", "raw.crypto_trades", "raw.equity_bars"}
_TABLE = """
select * from (values
    (1, 2.5::double, 1.00000001::decimal(18, 8), date '2024-03-08', 'b,a,b', [3, 1, null],
        timestamptz '2024-03-10 06:59:59.250+00', true),
    (-7, -0.125::double, -2.5::decimal(18, 8), date '2024-11-03', 'A-B', [2],
        timestamptz '2024-11-03 05:30:00+00', false),
    (40, 12345678.5::double, 0::decimal(18, 8), date '1999-12-31', '', [],
        timestamptz '1999-12-31 23:59:59.999999+00', null),
    (0, 0.00001::double, 0.00000001::decimal(18, 8), date '2024-02-29', 'x', null,
        timestamptz '2024-02-29 12:00:00+00', true),
    (null, null, null, null, null, null, null, null)
) as t (n, x, d, day, name, items, seen_at, flag)
"""
WORDS = (
    "x / nullif(n, 0)",
    "d / 3", "n // 2", "round(x, 2)", "round(x)", "round(d, 1)", "cast(x as bigint)",
    "cast(d as bigint)", "cast(x as decimal(18, 2))", "floor(x)", "sign(x)", "abs(n)",
    "list_slice(items, n, 3)", "list_slice(items, 2, 1)", "list_slice(items, -2, -1)",
    "list_slice(items, 0, 1)", "list_aggregate(items, 'max')",
    "list_aggregate(items, 'sum')", "list_aggregate(items, 'median')",
    "list_aggregate(items, 'mad')", "list_aggregate(list_slice(items, 1, 1), 'median')",
    "list_aggregate(list_slice(items, 2, 1), 'sum')",
    "log10(abs(x) + 1)", "ln(abs(x) + 1)", "pow(x, 2)", "sqrt(abs(x))", "n % 3",
    "day - date '2024-01-01'", "day + 3", "day - 3", "day + interval 1 day",
    "date_diff('day', date '2024-01-01', day)", "date_diff('quarter', date '1970-01-01', day)",
    "date_trunc('hour', seen_at)", "date_trunc('month', day)", "epoch_us(seen_at)",
    "seen_at + interval 90 minutes", "seen_at - interval 250 milliseconds",
    "n * interval 1 hour + seen_at",
    "timezone('UTC', seen_at)", "timezone('America/New_York', seen_at)",
    "timezone('America/New_York', cast(day as timestamp))",
    "timezone('UTC', cast(day as timestamp))",
    "cast(seen_at as date)", "to_timestamp(x)", "make_timestamptz(epoch_us(seen_at) + 1)",
    "timestamptz '2024-03-01 15:00:00.5+01'",
    "name || n", "'x=' || x", "'d=' || d", "'at ' || seen_at", "'flag ' || flag", "name || day",
    "concat_ws('|', name, n, x, d, day, seen_at)", "cast(x as text)",
    "cast(cast(n as double) as text)",
    "cast(cast(n as double) * 1e7 as text)", "cast(x * 1e-4 as text)", "cast(x * 1e20 as text)",
    "split_part(name, '-', 2)", "string_split(name, ',')", "contains(name, 'a')",
    "left(name, 2)", "right(name, 2)", "lpad(name, 4, '0')", "length(name)", "upper(name)",
    "replace(name, ',', '.')", "regexp_matches(name, '^[A-Z]-[A-Z]$')", "md5(name)",
    "items[1]", "items[2]", "items[n]", "list_sort(items)", "list_sort(list_distinct(items))",
    "list_contains(items, 2)", "list_position(items, 1)", "list_append(items, 5)", "len(items)",
    "array_to_string(string_split(name, ','), ' ')", "struct_pack(a := n, b := name).b",
    "greatest(n, x)", "least(d, n)", "coalesce(x, d, n)", "nullif(n, 0)", "n is distinct from 1",
    "flag is not true", "case when n > 0 then d when n < 0 then 1 end", "try_cast(name as bigint)",
    "n between 0 and 5", "n in (1, 40)", "name like 'A%'", "name < 'b'",
)  # fmt: skip
GROUPED = (
    "arg_min(name, x)", "arg_max(name, struct_pack(d := d, n := n))", "avg(d)", "avg(n)", "sum(n)",
    "sum(d)", "median(x)", "median(n)", "count(distinct name)", "count(*)", "bool_or(flag)",
    "list(n order by n desc)", "list(name order by day)", "list_sort(list(distinct name))",
    "list_sort(list(n))", "stddev_samp(x)", "min(seen_at)", "max(day)",
)  # fmt: skip
WINDOWED = (
    "lag(n) over w", "lead(name) over w", "row_number() over w", "sum(n) over w",
    "last_value(flag ignore nulls) over w", "first_value(name) over w",
    "count(*) over (order by seen_at range between interval 30 days preceding "
    "and interval 1 hour preceding)",
    "max(x) over (order by n desc)",
)  # fmt: skip


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    with started("local[2]", SMALL) as session:
        yield session


@pytest.fixture(scope="module")
def week(sample: Path) -> Iterator[Warehouse]:
    with alone(1) as engine, door(sample, engine=engine) as warehouse:
        yield warehouse


def both(spark: SparkSession, text: str, *jsons: str) -> list[str]:
    """Return in what the engines' answers to a text over the table of words differ."""
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'; set threads = 1")
        con.execute(f"create table t as {_TABLE}")
        described = con.execute("describe t").fetchall()
        columns: Columns = {name: read(kind.lower()) for name, kind, *_ in described}
        table = con.sql("from t").to_arrow_table()
        own = con.sql(text).to_arrow_table()
    types = ", ".join(f"`{name}` {kind.spark}" for name, kind in columns.items())
    rows = [tuple(row.values()) for row in table.to_pylist()]
    spark.createDataFrame(rows, types).createOrReplaceTempView(table_name("test.t"))
    frame = spark.sql(
        rewritten("words", text.replace("from t", "from test.t"), {"test.t": columns})
    )
    return differ(arrow(frame, own.schema), own, jsons)


def test_every_word_means_the_same_on_both_engines(spark: SparkSession) -> None:
    said = ", ".join(f"{word} as w{n}" for n, word in enumerate(WORDS))
    grouped = ", ".join(f"{word} as w{n}" for n, word in enumerate(GROUPED))
    windowed = ", ".join(f"{word} as w{n}" for n, word in enumerate(WINDOWED))

    assert both(spark, f"select {said} from t") == []
    assert both(spark, f"select {grouped} from t") == []
    assert both(spark, f"select {windowed} from t window w as (order by n nulls first)") == []


def test_evidence_says_the_same_on_both_engines(spark: SparkSession) -> None:
    fields = "n := n, x := x, d := d, at := seen_at, day := day, name := name, items := items"

    assert both(spark, f"select to_json(struct_pack({fields})) as e from t", "e") == []


def chosen(warehouse: Warehouse, seed: int) -> list[str]:
    """Return some promised views from a seed, of those that have few others below them."""
    found = []
    for name in promised(warehouse):
        below = warehouse.below([name])
        few = len([each for each in below if not each.startswith(("raw.", "ops."))]) <= MOST_BELOW
        if few and not below & DENSE and name.startswith(("curated.", "features.", "detectors.")):
            found.append(name)
    return random.Random(seed).sample(found, N_VIEWS)


@pytest.mark.soak
def test_a_choice_of_views_has_the_same_rows_on_both_engines(
    spark: SparkSession, week: Warehouse
) -> None:
    names = chosen(week, SEED)
    asked = Both(spark, week, names, BEGINNING, UNTIL)

    asked.lay_out()
    told = {name: asked.differ(name) for name in names}
    asked.layout.close()

    assert {name: different for name, (_, different) in told.items() if different} == {}
    assert sum(n_rows for n_rows, _ in told.values()) > 0


def test_a_question_is_answered_with_duckdbs_types_over_its_span_and_in_total_order(
    spark: SparkSession, sample: Path
) -> None:
    since, until = datetime(2024, 2, 14, tzinfo=UTC), datetime(2024, 2, 16, tzinfo=UTC)
    said = "select symbol, sum(short_volume) as n from {} where symbol > {} group by 1"
    sql = said.format("curated.short_volume", "$s")
    with alone(1) as engine, door(sample, engine=engine) as warehouse:
        own = warehouse.ask("curated.short_volume", since, until).to_arrow_table()
        asked = Asked(warehouse, sql, since, until, {"s": "B"}, is_ordered=True)

        rows = asked.rows(spark).read_all()

    with duckdb.connect() as con:
        con.register("own", own)
        ordered = con.sql(said.format("own", "'B'") + " order by 1").to_arrow_table()
    assert rows.equals(ordered)
    assert rows.num_rows > 0


@pytest.mark.parametrize(
    ("sql", "kind", "said"),
    [
        ("from reports.symbols", QueryError, "reports.symbols stays on DuckDB"),
        (
            "select hamming(symbol, symbol) as x from curated.short_volume", ViewError,
            r"query:1: hamming\(\) has no word in Spark",
        ),
    ],
)  # fmt: skip
def test_what_stays_on_duckdb_is_told_before_spark_is_asked(
    tmp_path: Path, sql: str, kind: type[LeadlineError], said: str
) -> None:
    with (
        alone(1) as engine, door(tmp_path, engine=engine) as warehouse,
        pytest.raises(kind, match=said),
    ):  # fmt: skip
        Asked(warehouse, sql, BEGINNING, UNTIL)


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_every_promised_view_has_the_same_rows_on_a_cluster(sample: Path, tmp_path: Path) -> None:
    begun = monotonic()
    done = SOAK / "spark" / f"{commit_of(ROOT)}.json"
    done.parent.mkdir(parents=True, exist_ok=True)
    told: dict[str, int] = json.loads(done.read_text()) if done.exists() else {}
    wrong: dict[str, list[str]] = {}
    with alone(1) as engine, door(sample, engine=engine) as warehouse:
        names = promised(warehouse)
        todo = [name for name in names if name not in told]
        with cluster(tmp_path) as master, started(master, SMALL) as session:
            asked = Both(session, warehouse, names, BEGINNING, UNTIL)
            if todo:
                asked.lay_out()
            for name in todo:
                n_rows, different = asked.differ(name)
                if different:
                    wrong[name] = different[:2]
                else:
                    told[name] = n_rows
                    done.write_text(json.dumps(told))

    assert wrong == {}
    assert sorted(told) == sorted(names)
    write_page(
        f"| spark | {len(told)} promised views of the sample week, {sum(told.values()):,} rows, "
        f"on a standalone master with two workers | | `{commit_of(ROOT)[:12]}` | "
        f"{monotonic() - begun:,.0f} | every row as DuckDB has it, doubles within 1e-9 |"
    )
