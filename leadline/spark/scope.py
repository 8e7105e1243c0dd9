"""Says of every expression of a query what it is, from the columns that the query reads."""

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import cast

from sqlglot import exp

from leadline.spark import kinds
from leadline.spark.kinds import Columns, Kind

_KIND, _COLUMNS = "kind", "columns"
_ROWS = (exp.Select, exp.SetOperation)
Tables = MutableMapping[str, Columns]


def kind_of(node: exp.Expr) -> Kind:
    """Return what an expression is, once its query was read."""
    return cast(Kind, node.meta.get(_KIND, kinds.UNKNOWN))


def say(node: exp.Expr, kind: Kind) -> exp.Expr:
    """Put down what an expression is."""
    node.meta[_KIND] = kind
    return node


def columns_of(star: exp.Star) -> list[str]:
    """Return the columns that a star stands for, once its query was read."""
    return list(star.meta[_COLUMNS])


def read(query: exp.Expr, views: Mapping[str, Columns]) -> Columns:
    """Put down what each expression of a query is, and return what its columns are."""
    return _rows(query, ChainMap({}, dict(views)), ())


class _Scope:
    """What a name means in one select: a column of what it reads, else one of its own above."""

    def __init__(self, outer: tuple["_Scope", ...]) -> None:
        self.sources: dict[str, Columns] = {}
        self.own: dict[str, Kind] = {}
        self.outer = outer

    def find(self, parts: list[str]) -> Kind | None:
        if len(parts) > 1 and (source := self.sources.get(parts[0])) is not None:
            found = source.get(parts[1])
            return _within(found, parts[2:]) if found else None
        if len(parts) > 2 and (source := self.sources.get(".".join(parts[:2]))) is not None:
            found = source.get(parts[2])
            return _within(found, parts[3:]) if found else None
        for source in (*self.sources.values(), self.own):
            if parts[0] in source:
                return _within(source[parts[0]], parts[1:])
        return next((found for each in self.outer if (found := each.find(parts))), None)


def _within(kind: Kind, names: Iterable[str]) -> Kind:
    for name in names:
        kind = kind.field(name)
    return kind


def _rows(query: exp.Expr, tables: Tables, outer: tuple[_Scope, ...]) -> Columns:
    tables = cast(Tables, ChainMap({}, tables))
    with_ = query.args.get("with_") or query.args.get("with")
    for step in with_.expressions if with_ else ():
        columns = _rows(step.this, tables, outer)
        tables[step.alias] = _renamed(columns, step.args["alias"].columns)
    if isinstance(query, exp.SetOperation):
        left, right = (_rows(each, tables, outer) for each in (query.left, query.right))
        pairs = zip(left.items(), right.values(), strict=True)
        return {name: kinds.together((one, other)) for (name, one), other in pairs}
    if isinstance(query, exp.Subquery):
        return _rows(query.this, tables, outer)
    assert isinstance(query, exp.Select), type(query)
    return _select(query, tables, outer)


def _select(select: exp.Select, tables: Tables, outer: tuple[_Scope, ...]) -> Columns:
    scope = _Scope(outer)
    begun = select.args.get("from_") or select.args.get("from")
    for each in ([begun.this] if begun else []) + [j.this for j in select.args.get("joins") or ()]:
        name, columns = _source(each, tables, scope)
        scope.sources[name] = columns
    found: dict[str, Kind] = {}
    for each in select.expressions:
        star = each if isinstance(each, exp.Star) else each.this
        if isinstance(star, exp.Star):
            table = each.args.get("table") if each is not star else None
            for instead in star.args.get("replace") or ():
                _said(instead, tables, scope)
            columns = _starred(star, table.name.lower() if table else None, scope)
            star.meta[_COLUMNS] = list(columns)
            found |= columns
        else:
            found[each.alias_or_name.lower()] = kind = _said(each, tables, scope)
            scope.own[each.alias_or_name.lower()] = kind
    for key, part in select.args.items():
        if key not in ("expressions", "from", "from_", "with", "with_", "joins"):
            for each in part if isinstance(part, list) else [part]:
                if isinstance(each, exp.Expr):
                    _said(each, tables, scope)
    for join in select.args.get("joins") or ():
        if on := join.args.get("on"):
            _said(on, tables, scope)
    return found


def _starred(star: exp.Star, table: str | None, scope: _Scope) -> dict[str, Kind]:
    out = {each.name.lower() for each in star.args.get("except_") or star.args.get("except") or ()}
    sources = [scope.sources[table]] if table else scope.sources.values()
    instead = {each.alias.lower(): kind_of(each) for each in star.args.get("replace") or ()}
    return {
        name: instead.get(name, kind)
        for own in sources
        for name, kind in own.items()
        if name not in out
    }


def _source(each: exp.Expr, tables: Tables, scope: _Scope) -> tuple[str, Columns]:
    alias = each.args.get("alias")
    renamed = alias.columns if alias else []
    if isinstance(each, exp.Table) and isinstance(each.this, exp.Func):
        return each.alias.lower(), _renamed({"range": kinds.BIGINT}, renamed)
    if isinstance(each, exp.Table):
        name = ".".join(part.name for part in each.parts).lower()
        if name not in tables:
            raise KeyError(name)
        return (each.alias or name).lower(), _renamed(tables[name], renamed)
    if isinstance(each, exp.Values):
        rows = [row.expressions for row in each.expressions]
        cells = [
            kinds.together(_said(c, tables, scope) for c in cell)
            for cell in zip(*rows, strict=True)
        ]
        names = [column.name for column in renamed] or [f"col{n}" for n in range(len(cells))]
        return each.alias.lower(), dict(zip(names, cells, strict=True))
    inner = each.this if isinstance(each, exp.Subquery | exp.Paren) else each
    if isinstance(inner, exp.Values | exp.Table):
        if alias and not inner.args.get("alias"):
            inner.set("alias", alias.copy())
            each.set("alias", None)
        return _source(inner, tables, scope)
    return each.alias_or_name.lower(), _renamed(_rows(inner, tables, ()), renamed)


def _renamed(columns: Columns, names: Iterable[exp.Expr]) -> Columns:
    named = [each.name.lower() for each in names]
    own = list(columns.items())
    return dict([*zip(named, (kind for _, kind in own), strict=False), *own[len(named) :]])


def _said(node: exp.Expr, tables: Tables, scope: _Scope) -> Kind:
    """Put down what an expression and all within it are."""
    if isinstance(node, exp.Subquery | exp.Exists) and isinstance(node.this, _ROWS):
        columns = _rows(node.this, tables, (scope, *scope.outer))
        kind = kinds.BOOLEAN if isinstance(node, exp.Exists) else next(iter(columns.values()))
    elif isinstance(node, _ROWS):
        kind = next(iter(_rows(node, tables, (scope, *scope.outer)).values()))
    elif isinstance(node, exp.Column):
        found = scope.find([part.name.lower() for part in node.parts])
        if found is None:
            raise KeyError(node.sql())
        kind = found
    else:
        for child in node.iter_expressions():
            if not isinstance(child, exp.DataType):
                _said(child, tables, scope)
        kind = _answer(node)
    say(node, kind)
    return kind


def _answer(node: exp.Expr) -> Kind:
    for types, answer in _ANSWERS:
        if isinstance(node, types):
            return answer(node) if callable(answer) else answer
    return kinds.UNKNOWN


def _literal(node: exp.Expr) -> Kind:
    if node.args["is_string"]:
        return kinds.TEXT
    text = node.name.lower()
    if "e" in text:
        return kinds.DOUBLE
    if "." in text:
        return kinds.decimal(len(text.replace(".", "").lstrip("0")), len(text.partition(".")[2]))
    return (
        kinds.INTEGER if int(text) < 2**31 else kinds.BIGINT if int(text) < 2**63 else kinds.HUGEINT
    )


def _first(node: exp.Expr) -> Kind:
    return kind_of(node.this)


def _sum(node: exp.Expr) -> Kind:
    own = _first(node)
    if own.family == "decimal":
        return kinds.decimal(38, own.scale)
    return kinds.HUGEINT if own.family in ("integer", "boolean") else own


def _added(node: exp.Expr) -> Kind:
    left, right = kind_of(node.this), kind_of(node.expression)
    families = {left.family, right.family}
    if families == {"date"}:
        return kinds.BIGINT
    if families == {"date", "integer"}:
        return kinds.DATE
    if families == {"date", "interval"}:
        return kinds.TIMESTAMP
    if families <= {"instant", "timestamp"}:
        return kinds.INTERVAL
    for family in ("instant", "timestamp", "interval"):
        if family in families:
            return {"instant": kinds.INSTANT, "timestamp": kinds.TIMESTAMP}.get(
                family, kinds.INTERVAL
            )
    wide = kinds.together((left, right))
    return kinds.decimal(wide.precision + 1, wide.scale) if wide.family == "decimal" else wide


def _multiplied(node: exp.Expr) -> Kind:
    left, right = kind_of(node.this), kind_of(node.expression)
    if "interval" in (left.family, right.family):
        return kinds.INTERVAL
    wide = kinds.together((left, right))
    if wide.family != "decimal":
        return wide
    one, other = kinds.digits(left), kinds.digits(right)
    return kinds.decimal(one[0] + other[0], one[1] + other[1])


def _divided(node: exp.Expr) -> Kind:
    return kinds.INTERVAL if kind_of(node.this).family == "interval" else kinds.DOUBLE


def _rounded(node: exp.Expr) -> Kind:
    own, places = _first(node), node.args.get("decimals")
    if own.family != "decimal":
        return own
    kept = int(places.name) if isinstance(places, exp.Literal) else 0
    return kinds.decimal(own.precision, min(kept, own.scale))


def _floored(node: exp.Expr) -> Kind:
    own = _first(node)
    return kinds.decimal(own.precision, 0) if own.family == "decimal" else own


def _both(node: exp.Expr) -> Kind:
    return kinds.together((kind_of(node.this), kind_of(node.expression)))


def _any(node: exp.Expr) -> Kind:
    parts = [node.this, *node.expressions] if node.this else node.expressions
    return kinds.together(kind_of(each) for each in parts)


def _cases(node: exp.Expr) -> Kind:
    parts = [case.args["true"] for case in node.args["ifs"]]
    return kinds.together(kind_of(each) for each in [*parts, node.args.get("default")] if each)


def _if(node: exp.Expr) -> Kind:
    parts = (node.args.get("true"), node.args.get("false"))
    return kinds.together(kind_of(each) for each in parts if each)


def _struct(node: exp.Expr) -> Kind:
    return kinds.struct((each.name, kind_of(each.expression)) for each in node.expressions)


def _list(node: exp.Expr) -> Kind:
    return kinds.listed(kinds.together(map(kind_of, node.expressions)))


def _aggregated(node: exp.Expr) -> Kind:
    own = node.this
    while isinstance(own, exp.Order | exp.Distinct):
        own = own.expressions[0] if isinstance(own, exp.Distinct) else own.this
    return kinds.listed(kind_of(own))


def _bracket(node: exp.Expr) -> Kind:
    own = _first(node)
    if own.family == "struct":
        return own.field(node.expressions[0].name)
    return own.item or kinds.TEXT


def _truncated(node: exp.Expr) -> Kind:
    own = _first(node)
    return kinds.TIMESTAMP if own.family == "date" else own


def _timezone(node: exp.Expr) -> Kind:
    own = kind_of(node.expressions[1])
    return kinds.TIMESTAMP if own.family == "instant" else kinds.INSTANT


def _named(node: exp.Expr) -> Kind:
    answer = _CALLS.get(node.name.lower(), kinds.UNKNOWN)
    return answer(node) if callable(answer) else answer


def _figure(node: exp.Expr) -> Kind:
    """Return what a list's elements come to: as a column of them would."""
    own, name = kind_of(node.expressions[0]).item, node.expressions[-1].name
    if own is None or name in ("median", "mad"):
        return kinds.DOUBLE if own else kinds.UNKNOWN
    return kinds.HUGEINT if name == "sum" and own.family == "integer" else own


def _median(node: exp.Expr) -> Kind:
    own = _first(node)
    return kinds.DOUBLE if own.family == "integer" else own


_Answer = Kind | Callable[[exp.Expr], Kind]
_CALLS: Mapping[str, _Answer] = {
    "epoch_us": kinds.BIGINT, "epoch_ms": kinds.BIGINT, "to_json": kinds.TEXT,
    "list_position": kinds.INTEGER, "make_timestamptz": kinds.INSTANT, "timezone": _timezone,
    "to_microseconds": kinds.INTERVAL, "list_slice": lambda node: kind_of(node.expressions[0]),
    "list_aggregate": _figure,
}  # fmt: skip
_ANSWERS: list[tuple[tuple[type[exp.Expr], ...], _Answer]] = [
    ((exp.Literal,), _literal),
    ((exp.Null,), kinds.NULL),
    ((exp.Cast,), lambda node: kinds.of(node.args["to"])),
    ((exp.Interval,), kinds.INTERVAL),
    ((exp.IntDiv, exp.Mod, exp.Nullif), _both),
    ((exp.Add, exp.Sub), _added),
    ((exp.Mul,), _multiplied),
    ((exp.Div,), _divided),
    ((exp.DPipe, exp.Concat, exp.ConcatWs, exp.Lower, exp.Upper, exp.Trim, exp.Left, exp.Right,
      exp.Substring, exp.Replace, exp.SplitPart, exp.Pad, exp.MD5, exp.ArrayToString), kinds.TEXT),
    ((exp.Length, exp.StrPosition, exp.RowNumber, exp.Count, exp.DateDiff, exp.ArraySize,
      exp.Rank, exp.DenseRank), kinds.BIGINT),
    ((exp.UnixToTime,), kinds.INSTANT),
    ((exp.Sign,), Kind("integer", "tinyint")),
    ((exp.Round,), _rounded),
    ((exp.Floor, exp.Ceil), _floored),
    ((exp.Sqrt, exp.Exp, exp.Ln, exp.Log, exp.Pow, exp.Avg, exp.Stddev, exp.StddevSamp,
      exp.StddevPop), kinds.DOUBLE),
    ((exp.Median,), _median),
    ((exp.Sum,), _sum),
    ((exp.LogicalOr, exp.LogicalAnd), kinds.BOOLEAN),
    ((exp.Case,), _cases),
    ((exp.If,), _if),
    ((exp.Coalesce, exp.Greatest, exp.Least), _any),
    ((exp.PropertyEQ, exp.Predicate, exp.And, exp.Or, exp.Not, exp.Boolean, exp.ArrayContains,
      exp.Contains, exp.StartsWith), kinds.BOOLEAN),
    ((exp.Struct,), _struct),
    ((exp.Array,), _list),
    ((exp.ArrayAgg,), _aggregated),
    ((exp.Split,), kinds.listed(kinds.TEXT)),
    ((exp.Bracket,), _bracket),
    ((exp.Dot,), lambda node: _first(node).field(node.expression.name)),
    ((exp.TimestampTrunc, exp.DateTrunc), _truncated),
    ((exp.Anonymous,), _named),
    ((exp.Paren, exp.Alias, exp.Neg, exp.Abs, exp.Min, exp.Max, exp.ArgMax, exp.ArgMin, exp.Window,
      exp.FirstValue, exp.LastValue, exp.Lag, exp.Lead, exp.IgnoreNulls, exp.ArraySort,
      exp.ArrayDistinct, exp.ArrayAppend, exp.Ordered, exp.AnyValue), _first),
]  # fmt: skip
