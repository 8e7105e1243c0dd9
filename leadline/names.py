"""What one SELECT names: views, columns by their views' whole names, and functions of rows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from leadline.catalog import sentence
from leadline.engine import scratch
from leadline.errors import QueryError, first_line
from leadline.header import tokens
from leadline.syntax import nodes

WHERE = Path("query")
_NO_SELECT = "query: it is no SELECT; a question reads and changes nothing"
_SELECTS = ("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE")
# Others read files, or name views where no cut can reach them.
_FUNCTIONS = re.compile(
    r"range|generate_series|unnest|repeat|json_each|json_tree|duckdb_(columns|views|functions|types)"
)
# These wait, write, or tell of the machine and of the question's own bounds.
_CLOSED = re.compile(
    r"current_setting|getvariable|getenv|sleep_ms|pg_sleep|write_log|current_query|pg_get_viewdef|"
    r"nextval|currval|setval|setseed|parse_duckdb_log_message"
)


@dataclass(frozen=True)
class Name:
    """Where a query names a view, a column by its view's whole name, or a function of rows."""

    view: str
    start: int
    end: int
    line: int
    has_alias: bool = False
    is_column: bool = False
    is_call: bool = False


def tables_of(sql: str) -> list[str]:
    """Return the views that one SELECT names; anything else than one SELECT is a QueryError."""
    return sorted({name.view for name in names_of(sql) if not (name.is_column or name.is_call)})


@lru_cache(256)
def names_of(sql: str) -> list[Name]:
    """Find every name of a view; DuckDB's own syntax tree says where and what it is."""
    with scratch() as con:
        try:
            said = con.extract_statements(sql)
        except duckdb.Error as error:
            if is_full(error):
                raise QueryError(f"query: {first_line(error)}; ask for less") from error
            raise QueryError(sentence(WHERE, error)) from error
        if len(said) != 1:
            raise QueryError(f"query: it holds {len(said)} statements; ask with one SELECT")
        if said[0].type != duckdb.StatementType.SELECT:
            raise QueryError(_NO_SELECT)
        try:
            all_nodes = list(nodes(con, sql))
        except RecursionError as error:
            raise QueryError("query: it is nested too deeply; part it into steps") from error
        except duckdb.OutOfMemoryException as error:
            raise QueryError(f"query: {first_line(error)}; ask for less") from error
    if all_nodes[0]["error"]:
        raise QueryError(f"query: {all_nodes[0]['error_message']}; ask with one plain SELECT")
    found = []
    steps = {step["key"].lower() for node in all_nodes for step in _steps(node)}
    places = {token.start: place for place, token in enumerate(tokens(WHERE, sql))}
    for node in all_nodes:
        kind = str(node.get("type"))
        if (kind.endswith("_NODE") and kind not in _SELECTS) or kind == "SHOW_REF":
            raise QueryError(_NO_SELECT)
        at = len(sql.encode()[: node.get("query_location", 0)].decode(errors="replace"))
        line = sql.count("\n", 0, at) + 1
        if kind == "TABLE_FUNCTION":
            name = node["function"]["function_name"].lower()
            if not _FUNCTIONS.fullmatch(name):
                what = f"{name}() reads no view; a question reads views only"
                raise QueryError(f"query:{line}: {what}")
            found.append(Name(name, at, at, line, is_call=True))
        if kind == "FUNCTION" and _CLOSED.fullmatch(name := node["function_name"].lower()):
            raise QueryError(f"query:{line}: {name}() is not for questions; leave it out")
        if kind == "BASE_TABLE":
            path = node["qualified_name"]["path"]
            # A step may shade a view, but never a file.
            if len(path) > 1 or path[0].lower() not in steps or "/" in path[0]:
                found.append(_placed(sql, places, path, at, line, bool(node["alias"])))
        if kind == "COLUMN_REF" and len(node["column_names"]) > 2:
            path = node["column_names"][:2]
            found.append(_placed(sql, places, path, at, line, is_column=True))
    return found


def _placed(
    sql: str,
    places: Mapping[int, int],
    path: list[str],
    at: int,
    line: int,
    has_alias: bool = False,
    is_column: bool = False,
) -> Name:
    """Return a name with the place of its last token, since DuckDB counts its alias in."""
    view = ".".join(path).lower()
    if at not in places:
        raise QueryError(f"query:{line}: '{view}' can't be found in its text; name it plainly")
    last = tokens(WHERE, sql)[places[at] + 2 * (len(path) - 1)]
    return Name(view, at, last.end + 1, line, has_alias, is_column)


def _steps(node: Mapping[str, Any]) -> list[dict[str, Any]]:
    steps = node.get("cte_map")
    return steps["map"] if isinstance(steps, dict) else []


def is_full(error: Exception) -> bool:
    """Say whether memory ran out."""
    is_told = isinstance(error, duckdb.OutOfMemoryException)
    return is_told or "allocation failure" in str(error).lower()  # as its parser says
