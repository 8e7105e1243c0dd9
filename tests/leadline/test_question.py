from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import BEGINNING, FOREVER
from leadline.engine import Engine
from leadline.errors import LateError, QueryError
from leadline.question import Questions, whole
from tests.desks import CALLED, FOLLOWED, SmallDesk, at, small_desk
from tests.doors import alone

CHANGES = "query: it is no SELECT; a question reads and changes nothing"
LONG = "select count(*) from range(1_000_000_000_000) as t(n) where hash(n) = 1"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Lay out a small project with two versions of a view and three prints."""
    desk = small_desk(tmp_path_factory.mktemp("question") / "desk")
    second = FOLLOWED.replace("90s", "90s\n-- changed: v1 said nothing of twice").replace(
        "price, known_at,", "price, known_at, price * 2 as twice,"
    )
    desk.write("sql/views/curated/followed.v2.sql", second)
    desk.prints(("a", 10, "05 14:59"), ("b", 200, "05 15:00"), ("c", 300, "05 15:30"))
    return desk


@pytest.fixture(scope="module")
def questions(desk: SmallDesk) -> Iterator[Questions]:
    """Open the locked door."""
    with alone(1) as engine, desk.warehouse(engine=engine) as house:
        yield Questions(house)


def answer(
    questions: Questions, sql: str, since: datetime = BEGINNING, **binds: Any
) -> list[tuple[Any, ...]]:
    """Return the rows of an answer."""
    found = questions.answer(sql, since, FOREVER, binds).read_all()
    return [tuple(row.values()) for row in found.to_pylist()]


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 1) to '{tmp}'",
        "copy raw.prints to '{tmp}'",
        "insert into contract.prints select * from contract.prints",
        "update contract.prints set price = 1",
        "delete from contract.prints",
        "truncate contract.prints",
        "create table t as select 1",
        "create or replace view raw.prints as select 1",
        "drop view raw.prints",
        "alter view raw.prints rename to p",
        "attach '{tmp}' as other",
        "detach memory",
        "pragma database_list",
        "set threads = 1",
        "set variable until = timestamptz '9999-01-01'",
        "reset threads",
        "call pragma_version()",
        "install httpfs",
        "load httpfs",
        "export database '{tmp}'",
        "import database '{tmp}'",
        "begin",
        "checkpoint",
        "vacuum",
        "prepare p as select 1",
        "explain analyze select 1",
        "describe raw.prints",
        "with x as (copy (select 1) to '{tmp}') select * from x",
        "with x as (insert into contract.prints select * from contract.prints) select * from x",
        "with x as (delete from contract.prints returning *) select * from x",
        "select * from (with x as (update contract.prints set price = 1 returning *) from x)",
    ],
)
def test_what_changes_something_is_refused(
    questions: Questions, tmp_path: Path, capfd: pytest.CaptureFixture[str], sql: str
) -> None:
    target = tmp_path / "stolen.csv"

    with pytest.raises(QueryError) as told:
        answer(questions, sql.replace("{tmp}", str(target)))

    assert str(told.value) == CHANGES
    assert not target.exists()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("sql", "count"), [("select 1; select 2", 2), ("select 1; drop view raw.prints", 2), ("", 0)]
)
def test_anything_but_one_statement_is_refused(questions: Questions, sql: str, count: int) -> None:
    with pytest.raises(QueryError) as told:
        answer(questions, sql)

    assert str(told.value) == f"query: it holds {count} statements; ask with one SELECT"


@pytest.mark.parametrize(
    "source",
    [
        "read_csv('/etc/passwd')",
        "read_text('/etc/passwd')",
        "read_blob('/etc/passwd')",
        "glob('/etc/*')",
        "parquet_metadata('/etc/passwd')",
        "sniff_csv('/etc/passwd')",
        "read_parquet('{store}/prints/*/*.parquet')",
        "glob('{store}/*')",
        "query('select * from raw.prints')",
        "query_table('raw.prints')",
        "which_secret('a', 'b')",
    ],
)
def test_a_function_that_reads_no_view_is_refused(
    desk: SmallDesk, questions: Questions, source: str
) -> None:
    name = source.partition("(")[0]

    with pytest.raises(QueryError) as told:
        answer(questions, f"select *\nfrom {source}".replace("{store}", str(desk.root / "store")))

    assert str(told.value) == f"query:2: {name}() reads no view; a question reads views only"


def test_a_file_is_no_view_even_under_the_name_of_a_step(
    desk: SmallDesk, questions: Questions
) -> None:
    path = next((desk.root / "store" / "prints").glob("*/*.parquet"))

    with pytest.raises(QueryError, match="there is no view"):
        answer(questions, f"from '{path}'")
    with pytest.raises(QueryError, match="there is no view"):
        answer(questions, f'from (with "{path}" as (select 1) select 1), "{path}"')


@pytest.mark.parametrize(
    "name", ["engine.stamps", "contract.prints", "memory.raw.prints", "prints"]
)
def test_what_lies_behind_the_views_is_not_theirs_to_name(questions: Questions, name: str) -> None:
    with pytest.raises(QueryError, match=rf"^query:1: there is no view '{name}'"):
        answer(questions, f"select * from {name}")


@pytest.mark.parametrize("setting", ["lock_configuration", "enable_external_access"])
def test_the_instance_is_locked(questions: Questions, setting: str) -> None:
    con = questions.warehouse.con
    said = con.execute(f"select current_setting('{setting}')").fetchall()

    assert said == [(setting == "lock_configuration",)]


FORMS = {
    "plain": "select print_id from curated.followed",
    "from first": "from curated.followed select print_id",
    "a step": "with x as (select * from curated.followed) select print_id from x",
    "a step of the same name": "with followed as (from curated.followed) "
    "select followed.print_id from followed",
    "a step of the whole name": 'with "curated.followed" as (from curated.followed) '
    'select print_id from "curated.followed"',
    "a subquery": "select print_id from (select * from curated.followed)",
    "a subquery with an alias": "select x.print_id from (select * from curated.followed) as x",
    "its own name as prefix": "select followed.print_id from curated.followed",
    "its whole name as prefix": "select curated.followed.print_id from curated.followed",
    "an alias": "select f.print_id from curated.followed as f where f.price > 0",
    "an alias without as": "select f.print_id from curated.followed f",
    "an alias with columns": "select f.x from curated.followed as f(x)",
    "quoted": 'select print_id from "curated"."followed"',
    "upper case": "SELECT PRINT_ID FROM CURATED.FOLLOWED",
    "spaces": "select print_id from curated . followed",
    "comments": "-- curated.followed\nselect print_id /* curated.followed */ from curated.followed",
    "text": "select print_id from curated.followed where 'curated.followed' <> print_id || 'é'",
    "after a letter of two bytes": "select print_id, 'é' as e from curated.followed",
    "a semicolon": "select print_id from curated.followed;",
    "a union": "select print_id from curated.followed where price < 250 union all "
    "select print_id from curated.followed where price >= 250",
    "twice": "select f.print_id from curated.followed as f "
    "inner join curated.followed as g on f.print_id = g.print_id",
    "pinned": "select print_id from curated.followed_v1",
    "qualify": "select print_id from curated.followed "
    "qualify row_number() over (partition by print_id order by known_at) = 1",
    "as of": "select f.print_id from curated.followed as f "
    "asof join raw.prints as p on f.known_at >= p.known_at",
    "a lambda": "select list_transform([print_id], lambda x: x || '')[1] from curated.followed",
    "a scalar subquery": "select print_id from curated.followed "
    "where known_at >= (select min(known_at) from curated.followed)",
    "exists": "select print_id from raw.prints as p where exists "
    "(select 1 from curated.followed as f where f.print_id = p.print_id)",
    "a recursion": "with recursive n as (select 0 as i union all select i + 1 from n where i < 2) "
    "select print_id from curated.followed inner join n on n.i = 0",
    "lateral": "select print_id from curated.followed, lateral (select price) as l(p)",
}


@pytest.mark.parametrize("form", FORMS)
def test_without_a_span_nothing_is_cut(questions: Questions, form: str) -> None:
    found = answer(questions, FORMS[form])

    assert sorted(row[0] for row in found) == ["a", "b", "c"]


@pytest.mark.parametrize("form", FORMS)
def test_with_a_span_each_named_view_is_cut_as_its_own_ask(questions: Questions, form: str) -> None:
    found = answer(questions, FORMS[form], since=at("05 15:00"))

    assert sorted(row[0] for row in found) == ["b", "c"]


def test_a_cut_view_still_sees_what_it_needs(questions: Questions) -> None:
    sql = "select previous_id from curated.followed order by known_at"

    found = answer(questions, sql, since=at("05 15:00"))

    assert found == [("a",), ("b",)]


def test_datasets_beside_a_view_are_cut_above_only(questions: Questions) -> None:
    sql = "select count(*) from raw.prints union all select count(*) from curated.followed"

    found = answer(questions, sql, since=at("05 15:00"))

    assert found == [(3,), (2,)]


def test_nothing_of_the_future_is_seen(questions: Questions) -> None:
    sql = (
        "select max(known_at) from raw.prints union all select max(known_at) from curated.followed"
    )

    found = questions.answer(sql, BEGINNING, at("05 15:30")).read_all()

    assert found.column(0).to_pylist() == [at("05 15:00")] * 2


def test_binds_fill_names(questions: Questions) -> None:
    sql = "select print_id from curated.followed where price > $least and print_id <> $but"

    found = answer(questions, sql, least=100, but="c")

    assert found == [("b",)]


@pytest.mark.parametrize("binds", [{}, {"least": 1, "more": 2}])
def test_a_bind_that_lacks_or_is_left_over_is_told(
    questions: Questions, binds: dict[str, Any]
) -> None:
    with pytest.raises(QueryError, match=r"^query: .*; mend the statement$"):
        answer(questions, "select print_id from curated.followed where price > $least", **binds)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (
            "select 1,\n  prise\nfrom curated.followed",
            "query:2: Referenced column \"prise\" not found in FROM clause; did you mean 'price'",
        ),
        (
            "-- a comment\n\nselect f.prise\nfrom curated.followed as f",
            'query:3: Values list "f" does not have a column named "prise"; did you mean \'price\'',
        ),
        (
            "select *\nfrom curated.folowed",
            "query:2: there is no view 'curated.folowed'; did you mean 'curated.followed'",
        ),
        ("select *\nfrom followd", "query:2: there is no view 'followd'; did you mean "),
        ("select\n  fooo(1)", "query:2: Scalar Function with name fooo does not exist"),
        ("select 1\nfrm x", 'query:2: syntax error at or near "x"; mend the statement'),
        ("select\n'open", "query"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_nearest_name(
    questions: Questions, sql: str, said: str
) -> None:
    with pytest.raises(QueryError) as told:
        answer(questions, sql)

    assert str(told.value).startswith(said)
    assert "\n" not in str(told.value)


def test_a_mistake_in_a_cut_question_is_told_with_its_line_too(questions: Questions) -> None:
    with pytest.raises(QueryError, match=r"^query:3: .* did you mean 'price'$"):
        answer(questions, "select *\nfrom curated.followed\nwhere prise > 1", since=at("05 15:00"))


def test_a_text_that_is_no_json_is_told_in_letters_of_many_bytes_too(questions: Questions) -> None:
    with pytest.raises(QueryError, match="cast to JSON and is none"):
        answer(questions, f"select cast('{'😀' * 200}' as json)")


def test_a_query_that_is_nested_too_deeply_is_told(questions: Questions) -> None:
    with pytest.raises(QueryError, match="too deep"):
        answer(questions, "select " + " + ".join(["1"] * 900))


def test_a_question_that_needs_more_memory_is_told_what_helps(desk: SmallDesk) -> None:
    little = {"memory_limit": "32MB", "threads": "1"}
    much = "select length(string_agg(hash(n))) from range(9_000_000) t(n)"
    with (
        closing(Engine(little)) as engine,
        desk.warehouse(engine=engine) as house,
        pytest.raises(QueryError) as told,
    ):
        answer(Questions(house), much)

    assert str(told.value).startswith("query: ")
    assert str(told.value).endswith("; ask for less, or with more --memory")


def test_a_time_limit_stops_a_long_question(desk: SmallDesk) -> None:
    with alone(1) as engine, desk.warehouse(engine=engine) as house:
        questions = Questions(house, limit_s=0.2)

        with pytest.raises(LateError) as told:
            questions.answer(LONG, BEGINNING, FOREVER).read_all()
        short = answer(questions, "select count(*) from raw.prints")

    assert str(told.value) == "query: stopped after 0.2 s; ask for less"
    assert short == [(3,)]


def test_a_question_may_have_a_limit_of_its_own(questions: Questions) -> None:
    with pytest.raises(LateError, match=r"stopped after 0\.1 s"):
        questions.answer(LONG, BEGINNING, FOREVER, limit_s=0.1).read_all()


@pytest.mark.parametrize("limit_s", [None, 60])
def test_an_answer_that_is_interrupted_on_its_way_is_told_in_a_sentence(
    desk: SmallDesk, limit_s: float | None
) -> None:
    with alone(1) as engine, desk.warehouse(engine=engine) as house:
        rows = Questions(house).answer(
            "select n from range(1_000_000_000) t(n)", BEGINNING, FOREVER, limit_s=limit_s
        )
        rows.read_next_batch()
        house.interrupt()

        with pytest.raises(QueryError, match=r"^query: [^:]+; ask "):
            whole(rows)


def test_what_the_store_learned_later_is_left_out(questions: Questions) -> None:
    sql = "select count(*) from raw.prints"

    found = questions.answer(sql, BEGINNING, FOREVER, recorded_until=at("01 00:00")).read_all()

    assert found.column(0).to_pylist() == [0]


def test_threads_may_ask_at_once(questions: Questions) -> None:
    asked = ["curated.followed", "curated.followed_v1", "prices.high"] * 4

    def count(view: str) -> list[tuple[Any, ...]]:
        since = at("05 15:30") if view.endswith("_v1") else BEGINNING
        view = {"prices.high": "detectors.prices_high"}.get(view, view)
        return answer(questions, f"select count(*) from {view}", since=since)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(count, asked))

    assert found == [[(3,)], [(1,)], [(2,)]] * 4


def test_views_may_be_described(questions: Questions) -> None:
    found = answer(
        questions,
        "select comment from duckdb_columns() "
        "where table_name = 'followed' and column_name = 'price'",
    )

    assert found == [("USD",)]


def test_a_detector_over_nothing_but_state_is_cut_to_the_span(tmp_path: Path) -> None:
    desk = small_desk(tmp_path)
    moments = {"old": at("01 00:00"), "new": at("05 15:30")}
    desk.load("names", [{"name": name, "known_at": when} for name, when in moments.items()])
    desk.write("sql/detectors/prices/called.v1.sql", CALLED)

    with alone(1) as engine, desk.warehouse(engine=engine) as house:
        found = answer(
            Questions(house), "select entity from detectors.prices_called", at("05 15:00")
        )

    assert found == [("new",)]
