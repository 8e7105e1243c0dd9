"""DuckDB's own syntax tree of a text, node by node."""

import json
from collections.abc import Iterator
from typing import Any

import duckdb


def nodes(con: duckdb.DuckDBPyConnection, sql: str) -> Iterator[dict[str, Any]]:
    """Yield the nodes of a text's tree, the root first; the root has `error` where it has none.

    A RecursionError says that the text is nested too deeply.
    """
    ((said,),) = con.execute("select json_serialize_sql(?)", [sql]).fetchall()
    todo = [json.loads(said)]
    while todo:
        each = todo.pop()
        if isinstance(each, dict):
            yield each
            todo += each.values()
        elif isinstance(each, list):
            todo += each
