"""Gives a SELECT a total order, so that the same question has the same rows in the same order.

Threads hand rows on as they finish, so without one the order is any, and which rows a limit takes
with it. Rows that are equal in every column are one and the same to whoever reads them.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadline.engine import reader
from leadline.header import tokens
from leadline.syntax import nodes

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

_QUERY = Path("query")
_DEEPER = {
    "L_PAREN": 1,
    "L_BRACKET": 1,
    "L_BRACE": 1,
    "R_PAREN": -1,
    "R_BRACKET": -1,
    "R_BRACE": -1,
}
_AFTER = ("LIMIT", "OFFSET", "FETCH")  # what may follow an order
_BEFORE_A_NAME = ("ALIAS", "DOT")
_VIEWS_OWN = re.compile(r"^order by\b", re.MULTILINE)  # the house writes it at a line's begin


def in_total_order(sql: str, n_columns: Callable[[], int]) -> str:
    """Return one SELECT ordered by all of its columns, behind those that it is ordered by itself.

    `n_columns` says how many it answers with; it is asked only where there is an order already.
    """
    top = list(_at_the_top(tokens(_QUERY, sql)))
    begun = [place for place, token in enumerate(top) if token.token_type.name == "ORDER_BY"]
    after = [
        token
        for place, token in enumerate(top)
        if token.token_type.name in _AFTER
        and (not place or top[place - 1].token_type.name not in _BEFORE_A_NAME)
    ]
    ends = [token for token in top if token.token_type.name != "SEMICOLON"]
    at = after[0].start if after else ends[-1].end + 1
    if not begun:
        added = " order by all"
    elif top[begun[-1] + 1].text.lower() in ("all", "*"):
        return sql
    else:
        added = "".join(f", {number}" for number in range(1, n_columns() + 1))
    if after:  # a comment before it may end its line
        return f"{sql[:at].rstrip(' ')}{added} {sql[at:]}"
    return sql[:at] + added + sql[at:]


def keeps_order(sql: str, text_of: Callable[[str], str | None]) -> bool:
    """Say whether one SELECT only takes rows and columns of a view that has a total order itself.

    `text_of` returns the text of a view; the orders that views have are total.
    """
    with reader() as con:
        (root, *rest) = nodes(con, sql)
    node: dict[str, Any] = root["statements"][0]["node"]
    source = node.get("from_table") or {}
    if node["type"] != "SELECT_NODE" or source.get("type") != "BASE_TABLE":
        return False
    kinds = {each["type"] for each in node["modifiers"]}
    if kinds - {"LIMIT_MODIFIER"} or node["group_expressions"] or node["sample"]:
        return False
    if any(each.get("class") == "WINDOW" for each in rest):
        return False
    text = text_of(".".join(source["qualified_name"]["path"]).lower())
    return text is not None and _VIEWS_OWN.search(text) is not None


def _at_the_top(found: "list[Token]") -> "list[Token]":
    """Return the tokens that stand in no brackets; a bracket itself does."""
    top, depth = [], 0
    for token in found:
        step = _DEEPER.get(token.token_type.name, 0)
        if not depth or depth + step == 0:
            top.append(token)
        depth += step
    return top
