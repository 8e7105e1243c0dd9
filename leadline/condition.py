"""A condition of a rule: one boolean expression over the columns of a view, and nothing more."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import duckdb

from leadline.engine import scratch
from leadline.errors import first_line, nearest
from leadline.quote import named, quoted
from leadline.syntax import nodes

# What DuckDB calls the same within a query, and what it lets anybody ask of the process.
_SAME = "CONSISTENT"
_CLOCK = "it takes the moment from the row, never from the clock"


def problem(condition: str, columns: Mapping[str, str]) -> str | None:
    """Return what is wrong with a condition over columns of these types, if anything is."""
    if not condition.strip():
        return "it says nothing; write one expression, as premium_usd > 1_000_000"
    if any("\ud800" <= letter <= "\udfff" for letter in condition):
        return "it holds half a letter, which is no UTF-8 text; write it anew"
    selected = f"select (\n{condition}\n)"
    with scratch() as con:
        try:
            said = con.extract_statements(selected)
            tree = list(nodes(con, selected))
        except duckdb.Error as error:
            return f"{first_line(error)}; write one expression, as premium_usd > 1_000_000"
        except RecursionError:
            return "it is nested too deeply; make a view of it"
        if len(said) != 1 or said[0].type != duckdb.StatementType.SELECT or tree[0]["error"]:
            return "it is no expression; it may not write, and holds no ';'"
        if wrong := _misplaced(tree, columns):
            return wrong
        row = ", ".join(f"cast(null as {kind}) as {named(name)}" for name, kind in columns.items())
        try:
            (kind,) = con.sql(f"{selected} from (select {row})").types
        except duckdb.Error as error:
            return f"{first_line(error).rstrip('.')}; mend it"
    return None if str(kind) == "BOOLEAN" else f"it is {str(kind).lower()}; compare it with a value"


def _misplaced(tree: list[dict[str, Any]], columns: Mapping[str, str]) -> str | None:
    """Return what stands in a syntax tree and has no place in a condition."""
    select = next(node for node in tree if node.get("type") == "SELECT_NODE")
    if len(select["select_list"]) != 1:
        return "it is more than one expression; join them with and"
    if select["from_table"]["type"] != "EMPTY" or select.get("modifiers"):
        return "it is no expression; leave out from, order by and limit"
    kinds = {"SUBQUERY": "a query", "WINDOW": "a window", "STAR": "a star", "PARAMETER": "a gap"}
    for node in tree:
        if what := kinds.get(str(node.get("class"))):
            return f"it holds {what}; it may only compare the columns of one row"
        if node.get("class") == "FUNCTION" and (
            found := _no_function(node["function_name"].lower())
        ):
            return found
    known = {name.lower(): name for name in columns}
    own = set(_parameters(tree))
    for node in tree:
        if node.get("class") == "COLUMN_REF":
            name = node["column_names"][0].lower()
            if name.startswith(("current_", "local")) and name not in known:
                return f"it asks for {name}; {_CLOCK}"
            if name not in known and name not in own:
                return f"there is no column '{name}'{nearest(name, known)}"
    return None


def _parameters(tree: list[dict[str, Any]]) -> Iterator[str]:
    for node in tree:
        if node.get("class") == "LAMBDA":
            todo: list[Any] = [node["lhs"]]
            while todo:
                each = todo.pop()
                if isinstance(each, list):
                    todo += each
                elif isinstance(each, dict):
                    yield from (name.lower() for name in each.get("column_names", ()))
                    todo += each.get("children", [])


def _no_function(name: str) -> str | None:
    """Return why a function may not be called, if so."""
    kinds = _functions()(name)
    if any(kind == "aggregate" for kind, _ in kinds):
        return f"{name}() adds rows up; a condition sees one row, so make a view of it"
    if name == "getenv" or any(how and how != _SAME for _, how in kinds):
        return f"{name}() may not be called; {_CLOCK}, and reads and writes nothing"
    return None


@cache
def _functions() -> Callable[[str], list[tuple[str, str | None]]]:
    """Return what asks DuckDB of which kind a function is, each name once."""

    @cache
    def ask(name: str) -> list[tuple[str, str | None]]:
        with scratch() as con:
            return con.execute(
                "select distinct function_type, stability from duckdb_functions() "
                f"where function_name = {quoted(name)} and function_type in ('scalar', 'aggregate')"
            ).fetchall()

    return ask
