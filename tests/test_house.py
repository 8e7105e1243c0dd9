"""Tests the house: what its style promises of every file."""

import ast
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path, PurePath
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from leadline import cli, config, lock, project
from leadline.catalog import DETECTOR, View
from leadline.warehouse import Warehouse
from tests.doors import ROOT, catalog, door
from tests.sql_cases import NOTHING, read_cases

CATALOG = catalog()
VIEWS = {view.pinned: view for view in CATALOG.all()}
DETECTORS = [name for name, view in VIEWS.items() if view.is_detector]
THOUGHT = ("curated", "features", "scores")  # these run on Spark too
PORTABLE = [name for name, view in VIEWS.items() if view.schema in THOUGHT]
PORTABLE += DETECTORS
MODULES = sorted(
    path.relative_to(ROOT)
    for folder in ("leadline", "loaders", "models", "panel_app")
    for path in (ROOT / folder).rglob("*.py")
    if not path.name.startswith("__") and "def " in path.read_text()
)
FEEDS = project.feeds(ROOT)
MINE = ("*.py", "*.sql", "*.md", "*.toml", "*.txt", "*.lock", "Makefile", "run")
PASSED_OVER = {".venv", ".git", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".bench", "store"}


@cache
def tree(name: str) -> Any:
    """Return a view's syntax tree."""
    return sqlglot.parse_one(VIEWS[name].text, read="duckdb")


@cache
def nodes(name: str) -> list[Any]:
    """Return every node of it, which several tests look at."""
    return list(tree(name).walk())


def having(names: Iterable[str], kinds: Mapping[str, Callable[[Any], Any]]) -> list[str]:
    """Name each view in which something of these kinds is, and what it is like."""
    return [
        f"{name}: {like}"
        for name in names
        for like, is_it in kinds.items()
        if any(map(is_it, nodes(name)))
    ]


@cache
def files() -> list[Path]:
    """Return every file that we wrote."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in PASSED_OVER]
        found += [Path(folder, name) for name in names if any(map(PurePath(name).match, MINE))]
    return found


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Open every view over an empty store."""
    with door(tmp_path_factory.mktemp("empty")) as opened:
        yield opened


def test_every_view_binds_on_an_empty_store_and_every_detector_has_the_eleven_columns(
    house: Warehouse,
) -> None:
    columns = {name: house.columns(name) for name in VIEWS}

    assert [name for name in DETECTORS if columns[name] != list(DETECTOR)] == []


def test_every_view_and_every_column_says_what_it_is(house: Warehouse) -> None:
    house.complete()
    silent = house.con.execute(
        "select schema_name || '.' || table_name || '.' || column_name "
        "from duckdb_columns() as columns semi join duckdb_views() as views "
        "on columns.table_oid = views.view_oid and columns.database_oid = views.database_oid "
        "where database_name = current_database() and comment is null and not internal "
        "and schema_name not in ('engine', 'contract') "
        "order by all"
    ).fetchall()

    assert silent == []


def test_the_live_files_are_as_the_lock_has_them() -> None:
    assert lock.problems(CATALOG) == []


def cases_of(name: str) -> Path:
    """Return where a view's cases stand; a file of them that holds none can't be collected."""
    return ROOT / "tests" / VIEWS[name].path.relative_to(ROOT)


def test_every_view_has_its_cases_at_the_same_path() -> None:
    assert [name for name in VIEWS if not cases_of(name).exists()] == []


def test_every_detector_has_a_case_that_fires_and_one_that_stays_quiet() -> None:
    found = {name: read_cases(cases_of(name)) for name in DETECTORS}

    quiet = {
        name: sum(case.expected is None or case.columns == NOTHING for case in cases)
        for name, cases in found.items()
    }
    assert [name for name, cases in found.items() if not 0 < quiet[name] < len(cases)] == []


def test_every_module_has_its_tests_at_the_same_path() -> None:
    tests = {path: ROOT / "tests" / path.with_name(f"test_{path.name}") for path in MODULES}

    assert [str(path) for path, test in tests.items() if not test.exists()] == []


@pytest.mark.parametrize("feed", FEEDS)
def test_every_loader_says_source_limits_and_quirks(feed: str) -> None:
    said = ast.get_docstring(ast.parse(FEEDS[feed].read_text())) or ""

    words = [word for word in ("Source", "Limits", "Quirks") if f"\n{word}: " in said]
    assert words == ["Source", "Limits", "Quirks"]


@pytest.mark.parametrize("feed", FEEDS)
def test_every_loader_that_asks_a_source_has_a_recorded_message(feed: str) -> None:
    module = project.feed(ROOT, feed)
    asks_nobody = "no source is asked" in (module.__doc__ or "")
    names = [path.name.removesuffix(".gz") for path in (ROOT / "tests/loaders/messages").rglob("*")]

    assert asks_nobody or any(module.FEED.knows(name) for name in names)


@pytest.mark.parametrize("feed", FEEDS)
def test_every_feed_that_asks_edgar_keeps_its_one_pace_and_says_whom_to_write_to(feed: str) -> None:
    module = project.feed(ROOT, feed)

    asks_edgar = "sec.gov" in (module.__doc__ or "") and hasattr(module, "pull")
    assert not asks_edgar or (module.FEED.source == "sec.gov" and module.FEED.has_contact)
    assert module.FEED.source != "sec.gov" or module.FEED.per_second <= 8


def reaches_events(view: View) -> bool:
    """Say whether a view reads events, itself or through others."""
    return not CATALOG.is_state(view.stable)


def meets_others(name: str) -> bool:
    """Say whether a view lays rows beside others, by a window, as of a time or by itself."""
    windows = [node for node in nodes(name) if isinstance(node, exp.Window)]
    as_of = [node for node in nodes(name) if isinstance(node, exp.Join) and node.method == "ASOF"]
    sources = [
        Counter(table.name for table in select.find_all(exp.Table) if table.parent_select is select)
        for select in nodes(name)
        if isinstance(select, exp.Select)
    ]
    itself = [table for found in sources for table, count in found.items() if count > 1]

    return bool(windows or as_of or itself)


def test_needs_is_there_where_a_row_meets_other_rows() -> None:
    of_events = [name for name, view in VIEWS.items() if reaches_events(view)]

    silent = [name for name in of_events if not VIEWS[name].header.get("needs")]
    assert [name for name in silent if meets_others(name)] == []
    assert sum(map(meets_others, of_events)) > 50


def calls(*names: str) -> Callable[[Any], Any]:
    """Return whether a node calls one of these functions, which sqlglot has no class for."""
    return lambda node: isinstance(node, exp.Anonymous) and node.name.lower() in names


def kinds(*classes: Any, **having: bool) -> Callable[[Any], Any]:
    """Return whether a node is of one of these classes, and has these parts."""
    return lambda node: isinstance(node, classes) and all(node.args.get(part) for part in having)


# Each construct that the portable list leaves out, as an example, and how it is recognised.
CLOCK: dict[str, Callable[[Any], Any]] = {
    "select now()": calls("now", "get_current_timestamp"),
    "select current_date": kinds(exp.CurrentDate, exp.CurrentTimestamp, exp.CurrentTime),
}
FORBIDDEN = CLOCK | {
    "from (pivot a on b using sum(c))": kinds(exp.Pivot),
    "select 1 from a inner join b using (c)": kinds(exp.Join, using=True),
    "select distinct on (x) x from a": kinds(exp.Distinct, on=True),
    "with recursive t as (select 1) select * from t": kinds(exp.With, recursive=True),
    "select sum(x) filter (where y) from a": kinds(exp.Filter),
    "select [x for x in y] from a": kinds(exp.Comprehension),
    "select x[1:2] from a": kinds(exp.Slice),
    "select unnest(x) from a": kinds(exp.Explode, exp.Unnest),
    "select x::time from a": lambda node: isinstance(node, exp.DataType) and node.is_type("time"),
    "select extract(hour from x) from a": kinds(exp.Extract, exp.Hour, exp.Minute, exp.Day),
    "select month(x) from a": kinds(exp.Month, exp.Year),
    "select format('{}', x) from a": kinds(exp.Format, exp.TimeToStr),
    "select map {'a': 1} from a": kinds(exp.ToMap, exp.Map, exp.JSONObject),
    "select first(x order by y) from a": lambda node: (
        isinstance(node, exp.First | exp.Last) and node.find(exp.Order)
    ),
    "select quantile_cont(x, 0.5) from a": kinds(exp.PercentileCont, exp.Quantile),
    "select median(x) over (order by y) from a": lambda node: (
        isinstance(node, exp.Window) and isinstance(node.this, exp.Median)
    ),
    "select count(distinct x) over (order by y) from a": lambda node: (
        isinstance(node, exp.Window) and node.this.find(exp.Distinct)
    ),
    "select mad(x), printf('%d', x) from a": calls("mad", "printf", "json_object", "date_part"),
}


def test_only_the_portable_list_is_used() -> None:
    assert having(PORTABLE, FORBIDDEN) == []


# What DuckDB 1.2 can't read back out of a published file.
TOO_NEW: dict[str, Callable[[Any], Any]] = {
    "select lead(x, 10) over (order by y) from a": kinds(exp.Lead, exp.Lag, offset=True),
    "select lag(x, 1) over (order by y) from a": kinds(exp.Lead, exp.Lag, offset=True),
    "select list_transform(x, lambda y: y + 1) from a": kinds(exp.Lambda),
}


def test_no_view_is_too_new_for_duckdb_1_2() -> None:
    assert having(VIEWS, TOO_NEW) == []


@pytest.mark.parametrize("example", TOO_NEW)
def test_each_construct_that_is_too_new_is_recognised(example: str) -> None:
    assert any(map(TOO_NEW[example], sqlglot.parse_one(example, read="duckdb").walk()))


def test_every_view_is_ascii_for_else_each_question_over_it_is_read_letter_by_letter() -> None:
    longer = [path for path in sorted(Path("sql/views").rglob("*.sql")) + sorted(
        Path("sql/detectors").rglob("*.sql")
    ) if not path.read_text().isascii()]  # fmt: skip

    assert longer == []


def test_no_view_looks_at_the_wall_clock() -> None:
    assert having(VIEWS, CLOCK) == []


@pytest.mark.parametrize("example", FORBIDDEN)
def test_each_forbidden_construct_is_recognised(example: str) -> None:
    assert any(map(FORBIDDEN[example], sqlglot.parse_one(example, read="duckdb").walk()))


def test_every_parameter_says_why() -> None:
    silent = [
        f"{name}: {param.name}"
        for name, view in VIEWS.items()
        for param in view.params
        if "  -- " not in view.text.splitlines()[param.line - 1]
    ]
    assert silent == []


def commands() -> Iterator[str]:
    """Yield every command of the command line, and each of its options."""
    import typer

    todo: list[tuple[str, Any]] = [("leadline", typer.main.get_command(cli.app))]
    while todo:
        name, command = todo.pop()
        todo += [(f"{name} {word}", sub) for word, sub in getattr(command, "commands", {}).items()]
        if not hasattr(command, "commands"):
            yield name
        # Of an option with two names the docs may say either.
        yield from (min(param.opts, key=len) for param in command.params if "-" in param.opts[0])


def test_the_docs_name_every_command_option_setting_live_view_and_dataset() -> None:
    docs = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    text = "\n".join(path.read_text() for path in docs)
    # A draft is nobody's to rely on; it is named when it becomes live.
    live = [view for view in VIEWS.values() if view.status == "live"]
    stable = {view.id if view.is_detector else view.stable for view in live}

    named = {*commands(), *config.DEFAULTS, *stable, *CATALOG.contracts}
    missing = [name for name in sorted(named) if not re.search(rf"{re.escape(name)}(?!\w)", text)]
    assert missing == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    read = [path for path in files() if path.suffix != ".lock"]  # a line a view, by a command
    long = {str(path): len(path.read_text().splitlines()) for path in read}

    assert {path: lines for path, lines in long.items() if lines > 400} == {}


def test_no_file_names_the_host_of_a_package_registry() -> None:
    hosts = ("pypi" + ".org", "python" + "hosted.", "conda" + ".anaconda", "npm" + "js.")

    found = [
        (str(path), host)
        for path in {*files(), *(ROOT / ".ci").iterdir()}
        for host in hosts
        if host in path.read_text()
    ]
    assert found == []


def slug(heading: str) -> str:
    """Return what a link calls a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def test_every_link_of_the_docs_leads_to_a_file_and_a_heading_that_are_there() -> None:
    broken = []
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        links = re.findall(r"\]\(([^)#\s:]*)(?:#([^)\s]+))?\)", page.read_text())
        for name, heading in links:
            there = (page.parent / name).resolve() if name else page
            text = there.read_text() if there.suffix == ".md" and there.is_file() else ""
            known = {slug(each) for each in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}
            if not there.exists() or (heading and heading not in known):
                broken.append((page.name, name, heading))

    assert broken == []
