"""Puts a view's parameters where they are read: a literal reaches the scan, a join does not.

DuckDB joins `params` as it joins any table. A threshold that is read of it cuts rows only above
the windows and as-of joins that they go through, and each such join takes its time in the plan.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb

from leadline.engine import reader
from leadline.syntax import nodes
from leadline.texts import TEXTS

_PARAMS = "params"
_CROSS = b"cross"
_Place = tuple[int, int]


def folded(text: str, params: Mapping[str, str]) -> str:
    """Return a view's SQL with the literals in force, by name, in place of what it reads of params.

    Lines stay the lines that they were. A select of `*` keeps the join, which may be of it, and a
    text that DuckDB can't read stays as it is.
    """
    if not params:
        return text
    said = text.encode()
    for start, end, literal in TEXTS.recall("folds", text, lambda: _edits(text, params)):
        said = said[:start] + literal.encode() + said[end:]
    return said.decode()


def _edits(text: str, params: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Return what to put where in the text's bytes, the last one first."""
    said = text.encode()
    found: dict[_Place, str] = {}
    with reader() as con:
        root, *tree = nodes(con, text)
        values = {} if root["error"] or _has_another(tree) else _typed(con, params)
    for node in tree:  # a select comes before what it selects
        if node.get("type") == "SELECT_NODE":
            found.update(_of_select(node, values))
        elif name := _read(node, values):
            found.setdefault(_place(node), values[name])
    edits = []
    for (start, end), value in found.items():
        before = said[start:end]
        if not before.lower().startswith((_CROSS, _PARAMS.encode())):
            return []
        edits.append((start, end, value + "\n" * before.count(b"\n")))
    return sorted(edits, reverse=True)


def _has_another(tree: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether something else is called params as well: a step further in, or an alias."""
    steps = [node for node in tree if node.get("key") == _PARAMS]
    return len(steps) > 1 or any(node.get("alias") == _PARAMS for node in tree)


def _typed(con: duckdb.DuckDBPyConnection, params: Mapping[str, str]) -> dict[str, str]:
    """Return each literal with its type: a bare one takes that of what it is held against."""
    asked = ", ".join(f"typeof({literal})" for literal in params.values())
    (kinds,) = con.execute(f"select {asked}").fetchall()
    return {
        name: f"cast({literal} as {kind})"
        for (name, literal), kind in zip(params.items(), kinds, strict=True)
    }


def _of_select(node: Mapping[str, Any], values: Mapping[str, str]) -> Iterator[tuple[_Place, str]]:
    """Yield the columns that are parameters and have no other name, and the joins of params."""
    has_star = False
    for each in node["select_list"]:
        if (name := _read(each, values)) and not each["alias"]:
            yield _place(each), f"{values[name]} as {name}"
        elif each["type"] == "STAR" and each["relation_name"] == _PARAMS:
            yield _place(each), ", ".join(f"{said} as {name}" for name, said in values.items())
        elif each["type"] == "STAR":
            has_star = has_star or not each["relation_name"]
    table = node["from_table"]
    while table["type"] == "JOIN" and not has_star:
        right = table["right"]
        is_params = right["type"] == "BASE_TABLE" and right["qualified_name"]["path"] == [_PARAMS]
        if is_params and not right["alias"] and table["ref_type"] == "CROSS":
            yield _place(table), ""
        table = table["left"]


def _read(node: Mapping[str, Any], values: Mapping[str, str]) -> str | None:
    """Return which parameter a node reads, if it reads one."""
    names = node["column_names"] if node.get("class") == "COLUMN_REF" else []
    return names[1] if len(names) == 2 and names[0] == _PARAMS and names[1] in values else None


def _place(node: Mapping[str, Any]) -> _Place:
    start = node["query_location"]
    return start, start + node["query_location_length"]
