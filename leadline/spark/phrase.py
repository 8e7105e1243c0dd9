"""Spark's words with a query's own expressions put in."""

from functools import cache

import sqlglot
from sqlglot import exp

DIALECT = "databricks"  # Spark's own, which knows `qualify` as Spark 4 does


@cache
def _parsed(text: str) -> exp.Expr:
    return sqlglot.parse_one(text, read=DIALECT)


def phrase(text: str, **parts: exp.Expr) -> exp.Expr:
    """Return an expression of Spark, in which each of these names is an expression."""
    found = _parsed(text).copy()
    for column in list(found.find_all(exp.Column)):
        if not column.table and (part := parts.get(column.name)) is not None:
            if column is found:
                return part.copy()
            column.replace(part.copy())
    return found
