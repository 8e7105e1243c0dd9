import pytest

from leadline.errors import ViewError
from tests.desks import FOLLOWED, HIGH, SmallDesk


def comments(desk: SmallDesk, name: str) -> dict[str, str | None]:
    """Return what DuckDB shows of a view and its columns."""
    schema, view = name.split(".")
    with desk.warehouse() as house:
        house.complete()
        of_view = house.con.execute(
            "select '', comment from duckdb_views() "
            "where database_name = current_database() and schema_name = ? and view_name = ?",
            [schema, view],
        ).fetchall()
        of_columns = house.con.execute(
            "select column_name, comment from duckdb_columns() "
            "where database_name = current_database() and schema_name = ? and table_name = ? "
            "order by column_index",
            [schema, view],
        ).fetchall()
    return dict(of_view + of_columns)


@pytest.mark.parametrize("name", ["curated.followed", "curated.followed_v1"])
def test_a_view_and_its_columns_say_what_they_are(desk: SmallDesk, name: str) -> None:
    found = comments(desk, name)

    assert found == {
        "": "Prints, each with the one before and the one after.",
        "print_id": "its number",
        "price": "USD",
        "known_at": "when the world could know this row",
        "previous_id": "the print before",
        "next_id": "the print after",
        "n_seen": "prints that were opened",
    }


@pytest.mark.parametrize("name", ["raw.prints", "detectors.prices_high", "detectors.all_live"])
def test_nothing_is_left_unsaid(desk: SmallDesk, name: str) -> None:
    found = comments(desk, name)

    assert [column for column, comment in found.items() if not comment] == []


def test_a_column_says_what_the_dataset_says_that_its_view_reads(desk: SmallDesk) -> None:
    names = (desk.root / "sql/tables/names.sql").read_text()
    other = names.replace("table names", "table others").replace("is called", "never was")
    desk.write("sql/tables/others.sql", other)
    head = "-- what:    Names.\n-- grain:   one row per name\n-- status:  live\n\n"
    desk.write("sql/views/curated/called.v1.sql", head + "select name from raw.names\n")

    found = comments(desk, "curated.called")

    assert found["name"] == "what it is called"


def test_a_detector_without_the_eleven_columns_is_told_which(desk: SmallDesk) -> None:
    path = desk.write("sql/detectors/prices/high.v1.sql", HIGH.replace("as headline", "as title"))

    with pytest.raises(ViewError) as told, desk.warehouse():
        pass

    assert str(told.value) == (
        f"{path}: its columns are not the eleven in their order; look at headline, title"
    )


def test_a_detectors_column_of_another_type_is_told_to_be_cast(desk: SmallDesk) -> None:
    wrong = HIGH.replace("cast(1 as double)", "1.0")
    path = desk.write("sql/detectors/prices/high.v1.sql", wrong)

    with pytest.raises(ViewError) as told, desk.warehouse():
        pass

    assert str(told.value) == f"{path}: confidence is decimal(2,1); cast it to double"


def test_a_view_that_does_not_bind_is_told_with_its_line_and_the_nearest_column(
    desk: SmallDesk,
) -> None:
    wrong = FOLLOWED.replace(
        "    print_id, price, known_at,", "    print_id,\n    prise, known_at,"
    )
    path = desk.write("sql/views/curated/followed.v1.sql", wrong)

    with pytest.raises(ViewError) as told, desk.warehouse():
        pass

    assert str(told.value) == (
        f"{path}:8: Referenced column \"prise\" not found in FROM clause; did you mean 'price'"
    )


def test_a_view_that_is_no_sql_is_told_with_its_line(desk: SmallDesk) -> None:
    path = desk.write(
        "sql/views/curated/followed.v1.sql", FOLLOWED.replace("window in", "windw in")
    )

    with pytest.raises(ViewError, match=rf"{path}:12: syntax error"), desk.warehouse():
        pass


def test_no_live_detector_leaves_an_empty_union(desk: SmallDesk) -> None:
    desk.write("sql/detectors/prices/high.v1.sql", HIGH.replace("live", "draft"))

    with desk.warehouse() as house:
        columns = house.columns("detectors.all_live")

    assert len(columns) == 15
    assert columns[11:] == ["detector", "version", "fingerprint", "severity"]


def test_what_a_detector_misses_can_be_asked(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        found = house.con.sql("select view, misses, noisy from ops.views order by view").fetchall()

    assert found == [
        ("curated.followed", None, None),
        ("prices.high", "lower prints", "when prices are high"),
    ]
