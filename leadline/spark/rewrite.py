"""A text of DuckDB as a text of Spark, with the same rows."""

from collections.abc import Mapping
from typing import Any

import sqlglot
from sqlglot import exp

from leadline.errors import ViewError
from leadline.quote import literal
from leadline.spark import scope
from leadline.spark.asof import without_asof
from leadline.spark.functions import Stranger, carried
from leadline.spark.kinds import Columns
from leadline.spark.phrase import DIALECT


def table_name(view: str) -> str:
    """Return the name under which a view stands in Spark, whose own have no schema."""
    return view.replace(".", "__")


def rewritten(
    where: str,
    sql: str,
    views: Mapping[str, Columns],
    binds: Mapping[str, Any] | None = None,
    n_ordered: int = 0,
) -> str:
    """Return what one SELECT is in Spark, over views of which these are the columns.

    `where` names the text; binds fill `$name`; n_ordered is how many columns `order by all` means.
    A ViewError names what Spark has no word for, and its line.
    """
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
        _fill(tree, binds or {})
        _order(tree, n_ordered)
        scope.read(tree, views)
        nodes = list(tree.bfs())
        for node in reversed(nodes):
            tree = _put(tree, node)
        for step in tree.find_all(exp.CTE):
            step.set("materialized", None)  # a word to DuckDB, which Spark has not
        for select in reversed(list(tree.find_all(exp.Select))):
            _replace(select)
            without_asof(select)
    except Stranger as stranger:
        line = _line(stranger.node)
        raise ViewError(
            f"{where}{f':{line}' if line else ''}: {stranger} has no word in Spark; "
            f"ask without --engine spark"
        ) from stranger
    return tree.sql(DIALECT, comments=False)


def _fill(tree: exp.Expr, binds: Mapping[str, Any]) -> None:
    for node in list(tree.find_all(exp.Parameter, exp.Placeholder)):
        value = literal(binds[node.name])
        node.replace(sqlglot.parse_one(value, read="duckdb"))


def _order(tree: exp.Expr, n_columns: int) -> None:
    """Write out `order by all`."""
    order = tree.args.get("order")
    if order is not None and order.expressions[0].this.name.upper() == "ALL" and n_columns:
        is_desc = order.expressions[0].args.get("desc")
        places = [exp.Literal.number(n + 1) for n in range(n_columns)]
        said = [exp.Ordered(this=place, desc=is_desc, nulls_first=False) for place in places]
        order.set("expressions", said)


def _replace(select: exp.Select) -> None:
    """Name the columns of a star some of which are replaced."""
    said: list[exp.Expr] = []
    for each in select.expressions:
        star = each if isinstance(each, exp.Star) else each.this
        instead = star.args.get("replace") if isinstance(star, exp.Star) else None
        if not instead:
            said.append(each)
            continue
        own = {replaced.alias.lower(): replaced for replaced in instead}
        table = each.args.get("table") if each is not star else None
        said += [
            own[name].copy() if name in own else exp.column(name, table=table and table.copy())
            for name in scope.columns_of(star)
        ]
    select.set("expressions", said)


def _put(tree: exp.Expr, node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Table):
        _name(node)
        return tree
    made = carried(node)
    if made is not node:
        scope.say(made, scope.kind_of(node))
        if node is tree:
            return made
        node.replace(made)
    return tree


def _name(table: exp.Table) -> None:
    """Put a view's name in Spark in its place; it is still called by its last part."""
    if isinstance(table.this, exp.GenerateSeries):
        _count(table)
    if table.db:
        if not table.alias:
            table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
        table.set("this", exp.to_identifier(table_name(f"{table.db}.{table.name}")))
        table.set("db", None)


def _count(table: exp.Table) -> None:
    """Put Spark's own range in the place of DuckDB's; both leave out the end."""
    series = table.this
    if not series.args.get("is_end_exclusive"):
        raise Stranger(series, "generate_series()")
    ends = [series.args[key].copy() for key in ("start", "end", "step") if series.args.get(key)]
    table.set("this", exp.Anonymous(this="range", expressions=ends))


def _line(node: exp.Expr) -> int:
    """Return the line on which an expression stands, as far as its words tell."""
    for each in (node, *node.walk(), *_above(node)):
        if line := each.meta.get("line"):
            return int(line)
    return 0


def _above(node: exp.Expr) -> list[exp.Expr]:
    found = []
    while node.parent:
        node = node.parent
        found += list(node.walk())[:50]
    return found
