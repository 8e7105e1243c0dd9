import pytest

from leadline.errors import ViewError
from leadline.spark import kinds
from leadline.spark.rewrite import rewritten, table_name

COLUMNS = {
    "price": "decimal(18, 8)", "size": "bigint", "rate": "double", "day": "date",
    "known_at": "timestamp with time zone", "name": "varchar", "sizes": "bigint[]",
    "leg": "struct(strike decimal(18, 8), side tinyint)", "is_big": "boolean",
}  # fmt: skip
VIEWS = {
    name: {column: kinds.read(kind) for column, kind in COLUMNS.items()}
    for name in ("curated.prints", "curated.quotes")
}


def spark(sql: str) -> str:
    return rewritten("query", sql, VIEWS)


def of(expression: str) -> str:
    text = spark(f"select {expression} as x from curated.prints as prints")
    return text.removeprefix("SELECT ").removesuffix(" AS x FROM curated__prints AS prints")


@pytest.mark.parametrize(
    ("duckdb", "carried"),
    [
        ("rate / size", "(rate / CAST(size AS DOUBLE))"),
        ("price / 2", "(CAST(price AS DOUBLE) / CAST(2 AS DOUBLE))"),
        ("size // 2", "(size DIV 2)"),
        ("round(rate, 6)", "(ROUND(rate * CAST(1e+06 AS DOUBLE)) / CAST(1e+06 AS DOUBLE))"),
        ("round(price, 2)", "ROUND(price, 2)"),
        ("cast(rate as bigint)", "CAST(RINT(rate) AS BIGINT)"),
        ("cast(price as bigint)", "CAST(ROUND(price, 0) AS BIGINT)"),
        ("floor(rate)", "CAST(FLOOR(rate) AS DOUBLE)"),
        ("log10(rate)", "LOG10(rate)"),
        ("day - day", "CAST(DATEDIFF(DAY, day, day) AS BIGINT)"),
        ("epoch_us(known_at)", "UNIX_MICROS(CAST(known_at AS TIMESTAMP))"),
        ("timezone('UTC', known_at)", "CAST(known_at AS TIMESTAMP_NTZ)"),
        ("date_trunc('hour', known_at)", "DATE_TRUNC('HOUR', known_at)"),
        ("timestamptz '2024-03-01 15:00+01'", "CAST('2024-03-01 14:00:00' AS TIMESTAMP)"),
        ("arg_min(name, size)", "MIN_BY(name, CASE WHEN NOT name IS NULL THEN size END)"),
        ("avg(price)", "AVG(CAST(price AS DOUBLE))"),
        ("sizes[2]", "TRY_ELEMENT_AT(sizes, CAST(2 AS INT))"),
        ("sizes[size]", "TRY_ELEMENT_AT(sizes, CAST(size AS INT))"),
        ("leg.strike", "leg.strike"),
        ("len(sizes)", "ARRAY_SIZE(sizes)"),
        ("length(name)", "CHAR_LENGTH(name)"),
        ("sign(rate)", "CAST(SIGN(rate) AS INT)"),
        ("list_sort(sizes)", "ARRAY_SORT(sizes)"),
        ("name || known_at", "name || CONCAT(CAST(known_at AS STRING), '+00')"),
        ("list(distinct name)",
         "ARRAY_DISTINCT(TRANSFORM(COLLECT_LIST(STRUCT(name AS v)), each -> each.v))"),
    ],
)  # fmt: skip
def test_an_expression_is_said_as_spark_says_it(duckdb: str, carried: str) -> None:
    assert of(duckdb) == carried


def test_a_list_keeps_its_order_and_its_nulls() -> None:
    text = of("list(size order by name desc)")

    assert "COLLECT_LIST(STRUCT(name AS k0, size AS v))" in text
    assert "WHEN one.k0 < other.k0 THEN 1" in text
    assert "WHEN one.k0 IS NULL AND NOT other.k0 IS NULL THEN 1" in text


def test_evidence_keeps_its_nulls_and_says_moments_as_duckdb_does() -> None:
    text = of("to_json(struct_pack(at := known_at, price := price))")

    assert "CONCAT(CAST(known_at AS STRING), '+00') AS at" in text
    assert "MAP('ignoreNullFields', 'false')" in text


def test_a_view_stands_under_a_name_of_its_own() -> None:
    assert table_name("curated.prints") == "curated__prints"
    assert spark("select name from curated.prints") == (
        "SELECT name FROM curated__prints AS prints"
    )


@pytest.mark.parametrize("word", ["materialized", "not materialized"])
def test_a_word_on_how_often_a_step_is_computed_is_for_duckdb_alone(word: str) -> None:
    said = spark(f"with few as {word} (select size from curated.prints) select size from few")

    assert said == "WITH few AS (SELECT size FROM curated__prints AS prints) SELECT size FROM few"


def test_what_a_window_chooses_stays_where_it_stands() -> None:
    text = spark(
        "select name from curated.prints "
        "window w as (order by size) qualify row_number() over w = 1"
    )

    assert text.endswith(
        "WINDOW w AS (ORDER BY size NULLS LAST) QUALIFY ROW_NUMBER() OVER w = 1"
    )  # fmt: skip


def test_an_as_of_join_is_a_window_over_both_sides() -> None:
    text = spark(
        "select prints.name, quotes.rate from curated.prints as prints "
        "asof left join curated.quotes as quotes "
        "on prints.name = quotes.name and prints.known_at > quotes.known_at"
    )

    assert "ASOF" not in text
    assert "LAST_VALUE(quotes) IGNORE NULLS OVER (PARTITION BY asof_key0 ORDER BY asof_at" in text
    assert "0 AS asof_side FROM curated__prints AS prints" in text  # stands before an equal one
    assert "1 AS asof_side FROM curated__quotes AS quotes" in text


def test_a_bind_is_put_in() -> None:
    text = rewritten("query", "select name from curated.prints where size > $n", VIEWS, {"n": 7})

    assert text.endswith("WHERE size > 7")


def test_an_order_by_all_names_every_column_and_puts_nulls_last() -> None:
    text = rewritten(
        "query", "select name, size from curated.prints order by all", VIEWS, n_ordered=2
    )

    assert text.endswith("ORDER BY 1 NULLS LAST, 2 NULLS LAST")


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select\n    name,\n    strftime(day, '%Y') as y\nfrom curated.prints", r"q:3: .*time"),
        ("select 1 as x\nfrom curated.prints\nwhere hamming(name, 'a') = 1", r"q:3: hamming\(\)"),
        ("select quantile_cont(rate, 0.3) as x from curated.prints", "q:1: percentile"),
        ("select median(price) as x from curated.prints", r"median\(\) of decimal"),
        (
            "select * from curated.prints as prints asof left join curated.quotes as quotes "
            "on prints.name = quotes.name and prints.day >= quotes.day",
            "star beside an asof join",
        ),
    ],
)
def test_what_has_no_word_in_spark_is_named_with_its_line(sql: str, said: str) -> None:
    with pytest.raises(ViewError, match=said):
        rewritten("q", sql, VIEWS)
