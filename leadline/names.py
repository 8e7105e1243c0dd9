"""Where one SELECT names a view: DuckDB's own syntax tree says where and what it is."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from leadline.catalog import sentence
from leadline.errors import QueryError
from leadline.header import tokens

_SELECTS = ("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE")


@dataclass(frozen=True)
class Name:
    """Where a query names a view, or a column by its view's whole name; the end is out."""

    view: str
    start: int
    end: int
    line: int
    has_alias: bool = False
    is_column: bool = False


@dataclass(frozen=True)
class Names:
    """What one SELECT names: its views in their places, and its table functions by their line."""

    views: Sequence[Name]
    functions: Sequence[tuple[str, int]]


def names(where: Path, sql: str) -> Names:
    """Find every name of a view; anything else than one SELECT is a QueryError."""
    no_select = f"{where}: it is no SELECT; a question reads and changes nothing"
    nodes = _parsed(where, sql, no_select)
    steps = {step["key"].lower() for node in nodes for step in _steps(node)}
    places = {token.start: place for place, token in enumerate(tokens(where, sql))}
    found, functions = [], []
    for node in nodes:
        kind = str(node.get("type"))
        if (kind.endswith("_NODE") and kind not in _SELECTS) or kind == "SHOW_REF":
            raise QueryError(no_select)
        at = len(sql.encode()[: node.get("query_location", 0)].decode(errors="replace"))
        line = sql.count("\n", 0, at) + 1
        if kind == "TABLE_FUNCTION":
            functions.append((node["function"]["function_name"].lower(), line))
        if kind == "BASE_TABLE":
            path = node["qualified_name"]["path"]
            # A step may shade a view, but never a file.
            if len(path) > 1 or path[0].lower() not in steps or "/" in path[0]:
                alias = bool(node["alias"])
                found.append(_placed(where, sql, places, path, at, line, has_alias=alias))
        if kind == "COLUMN_REF" and len(node["column_names"]) > 2:
            path = node["column_names"][:2]
            found.append(_placed(where, sql, places, path, at, line, is_column=True))
    return Names(found, functions)


def replaced(sql: str, found: Iterable[Name], put: Callable[[str], str]) -> str:
    """Put something else in the place of each view that it knows; all else stays as it is."""
    for name in sorted(found, key=lambda each: -each.start):
        other = put(name.view)
        if other == name.view:
            continue
        own = name.view.partition(".")[2]
        text = own if name.is_column else other + ("" if name.has_alias else f" as {own}")
        sql = sql[: name.start] + text + sql[name.end :]
    return sql


def _parsed(where: Path, sql: str, no_select: str) -> list[dict[str, Any]]:
    """Return every node of the syntax tree of one SELECT."""
    with duckdb.connect() as con:
        try:
            said = con.extract_statements(sql)
        except duckdb.Error as error:
            raise QueryError(sentence(where, error)) from error
        if len(said) != 1:
            raise QueryError(f"{where}: it holds {len(said)} statements; ask with one SELECT")
        if said[0].type != duckdb.StatementType.SELECT:
            raise QueryError(no_select)
        tree = con.execute("select json_serialize_sql(?)", [sql]).fetchall()[0][0]
    try:
        nodes = list(_nodes(json.loads(tree)))
    except RecursionError as error:
        raise QueryError(f"{where}: it is nested too deeply; part it into steps") from error
    if nodes[0]["error"]:
        raise QueryError(f"{where}: {nodes[0]['error_message']}; ask with one plain SELECT")
    return nodes


def _placed(
    where: Path,
    sql: str,
    places: Mapping[int, int],
    path: list[str],
    at: int,
    line: int,
    *,
    has_alias: bool = False,
    is_column: bool = False,
) -> Name:
    """Return a name with the place of its last token, since DuckDB counts its alias in."""
    view = ".".join(path).lower()
    if at not in places:
        raise QueryError(f"{where}:{line}: '{view}' can't be found in its text; name it plainly")
    last = tokens(where, sql)[places[at] + 2 * (len(path) - 1)]
    return Name(view, at, last.end + 1, line, has_alias, is_column)


def _steps(node: Mapping[str, Any]) -> list[dict[str, Any]]:
    steps = node.get("cte_map")
    return steps["map"] if isinstance(steps, dict) else []


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    todo = [tree]
    while todo:
        each = todo.pop()
        if isinstance(each, dict):
            yield each
            todo += each.values()
        elif isinstance(each, list):
            todo += each
