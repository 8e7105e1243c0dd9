"""What Spark says for a stretch of a list, and for a figure of its elements."""

from sqlglot import exp

from leadline.spark.phrase import phrase
from leadline.spark.scope import kind_of

_PLACE = "case when n < 0 then array_size(x) + n + 1 else n end"
_MIDDLE = """case when array_size(x) > 0 then (
    cast(try_element_at(array_sort(x), cast((array_size(x) + 1) div 2 as int)) as double)
    + cast(try_element_at(array_sort(x), cast(array_size(x) div 2 + 1 as int)) as double)
) / 2 end"""
_APART = _MIDDLE.replace("(x)", "(transform(x, each -> abs(each - middle)))")
_SUM = """case when array_size(x) > 0 then
    aggregate(x, cast(0 as decimal(38, 0)), (one, other) -> cast(one + other as decimal(38, 0)))
end"""
_FIGURES = {
    "max": ("integer", "double"), "sum": ("integer",), "median": ("integer", "double"),
    "mad": ("integer", "double"),
}  # fmt: skip


def stretch(node: exp.Expr) -> exp.Expr:
    """Return `list_slice(list, first, last)`, which count from the end where they are negative."""
    what, first, last = node.expressions
    begin = phrase(f"greatest(1, {_PLACE})", x=what, n=first)
    length = phrase(f"greatest(0, {_PLACE} - begin + 1)", x=what, n=last, begin=begin)
    return phrase("slice(x, cast(a as int), cast(n as int))", x=what, a=begin, n=length)


def is_figure(node: exp.Expr) -> bool:
    """Say whether a `list_aggregate(list, name)` is one that Spark can say."""
    what, name = node.expressions[0], node.expressions[-1].name
    item = kind_of(what).item
    return item is not None and item.family in _FIGURES.get(name, ())


def figure(node: exp.Expr) -> exp.Expr:
    """Return `list_aggregate(list, name)`; nulls are not counted, and of none there is nothing."""
    what, name = phrase("array_compact(x)", x=node.expressions[0]), node.expressions[-1].name
    if name == "max":
        return phrase("array_max(x)", x=what)
    if name == "sum":
        return phrase(_SUM, x=what)
    if name == "median":
        return phrase(_MIDDLE, x=what)
    return phrase(f"try_element_at(transform(array({_MIDDLE}), middle -> {_APART}), 1)", x=what)
