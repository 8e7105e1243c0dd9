"""Each expression of DuckDB as Spark says it, where the two would differ.

What stands in neither list below is carried over by nobody: its name and line are told.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from sqlglot import exp

from leadline.spark import kinds, lists
from leadline.spark.kinds import Kind
from leadline.spark.phrase import phrase
from leadline.spark.scope import kind_of
from leadline.spark.texts import as_text


class Stranger(Exception):
    """An expression that nobody carries over."""

    def __init__(self, node: exp.Expr, what: str) -> None:
        super().__init__(what)
        self.node = node


# What Spark says in the same words, or sqlglot for it.
SAME: tuple[type[exp.Expr], ...] = (
    exp.Abs, exp.And, exp.AnyValue, exp.Array, exp.ArrayAppend, 
    exp.ArrayToString, exp.Between, exp.Case, exp.Coalesce, exp.Contains, exp.Count, exp.DenseRank,
    exp.Exists, exp.Exp, exp.FirstValue, exp.Greatest, exp.If, exp.Lag, exp.LastValue, exp.Lead,
    exp.Least, exp.Ln, exp.LogicalAnd, exp.LogicalOr, exp.Lower, exp.MD5, exp.Max, exp.Min,
    exp.Nullif, exp.Or, exp.Pow, exp.Rank, exp.Replace, exp.RegexpLike, exp.RowNumber, exp.Split,
    exp.SplitPart, exp.Sqrt, exp.StartsWith, exp.Stddev, exp.StddevPop, exp.StddevSamp,
    exp.StrPosition, exp.Struct, exp.Substring, exp.Sum, exp.Trim, exp.Upper, exp.Pad, exp.Left,
    exp.Right,
)  # fmt: skip
_REFUSED = (exp.Unnest, exp.Lateral, exp.Pivot, exp.TableSample, exp.Lambda, exp.Slice)


def carried(node: exp.Expr) -> exp.Expr:
    """Return an expression as Spark says it, when all within it is Spark's already.

    A Stranger says that nobody knows how.
    """
    if isinstance(node, exp.Anonymous):
        if call := _CALLS.get(node.name.lower()):
            return call(node)
        raise Stranger(node, f"{node.name.lower()}()")
    for types, turn in _TURNS.items():
        if isinstance(node, types):
            return turn(node)
    if isinstance(node, _REFUSED) or (isinstance(node, exp.Func) and not isinstance(node, SAME)):
        raise Stranger(
            node, f"{node.sql_name().lower()}()" if isinstance(node, exp.Func) else node.key
        )
    return node


def _double(node: exp.Expr) -> exp.Expr:
    if kind_of(node).family == "double" and not isinstance(node, exp.Literal):
        return node
    return phrase("cast(x as double)", x=node)


def _number(value: float) -> exp.Expr:
    return phrase("cast(x as double)", x=exp.Literal.number(f"{value:g}"))


def _cast(node: exp.Expr) -> exp.Expr:
    own, to = kind_of(node.this), kinds.of(node.args["to"])
    if isinstance(node.this, exp.Literal) and to.family in ("instant", "timestamp"):
        return _moment(node.this.name, to)
    made = phrase(f"cast(x as {to.spark})", x=_before_cast(node.this, own, to))
    if to.family == "text":
        return as_text(node.this, own)
    return made


def _before_cast(node: exp.Expr, own: Kind, to: Kind) -> exp.Expr:
    """Round where Spark would cut off, and a double by its bits where Spark goes by its digits."""
    if to.family == "integer" and own.family == "double":
        return phrase("rint(x)", x=node)
    if to.family == "integer" and own.family == "decimal":
        return phrase("round(x, 0)", x=node)
    if to.family == "decimal" and own.family == "double":
        return _rounded(node, to.scale)
    return node


def _moment(text: str, to: Kind) -> exp.Expr:
    at = datetime.fromisoformat(text)
    if at.tzinfo:
        at = at.astimezone(UTC).replace(tzinfo=None)
    said = exp.Literal.string(at.isoformat(" "))
    return phrase(f"cast(x as {to.spark})", x=said)


def _rounded(node: exp.Expr, places: int) -> exp.Expr:
    if not places:
        return phrase("round(x)", x=node)
    return phrase("(round(x * power) / power)", x=_bracketed(node), power=_number(10.0**places))


def _bracketed(node: exp.Expr) -> exp.Expr:
    return exp.Paren(this=node.copy()) if isinstance(node, exp.Binary | exp.Unary) else node


def _round(node: exp.Expr) -> exp.Expr:
    places = node.args.get("decimals")
    if kind_of(node).family != "double":
        return node
    if places is None:
        return phrase("round(x)", x=node.this)
    if not isinstance(places, exp.Literal):
        power = phrase("power(cast(10 as double), n)", n=places)
        return phrase("(round(x * power) / power)", x=_bracketed(node.this), power=power)
    return _rounded(node.this, int(places.name))


def _floor(node: exp.Expr) -> exp.Expr:
    return phrase("cast(x as double)", x=node) if kind_of(node).family == "double" else node


def _divided(node: exp.Expr) -> exp.Expr:
    if kind_of(node.this).family == "interval":
        return node
    left, right = _double(node.this), _double(node.expression)
    return phrase("(x / y)", x=_bracketed(left), y=_bracketed(right))


def _whole(node: exp.Expr) -> exp.Expr:
    families = {kind_of(node.this).family, kind_of(node.expression).family}
    if families == {"integer"}:
        return phrase("(x div y)", x=_bracketed(node.this), y=_bracketed(node.expression))
    left, right = _double(node.this), _double(node.expression)
    return phrase("cast(floor(x / y) as double)", x=_bracketed(left), y=_bracketed(right))


def _moved(node: exp.Expr) -> exp.Expr:
    """Days and moments, added to or taken from one another."""
    left, right = kind_of(node.this), kind_of(node.expression)
    is_sum = isinstance(node, exp.Add)
    if left.family == right.family == "date":
        return phrase("cast(datediff(x, y) as bigint)", x=node.this, y=node.expression)
    if left.family == "integer" and right.family == "date":
        return phrase("date_add(x, cast(n as int))", x=node.expression, n=node.this)
    if left.family == "date" and right.family == "integer":
        name = "date_add" if is_sum else "date_sub"
        return phrase(f"{name}(x, cast(n as int))", x=node.this, n=node.expression)
    if left.family == "date" and right.family == "interval":
        sign = "+" if is_sum else "-"
        what = f"(cast(x as timestamp_ntz) {sign} y)"
        return phrase(what, x=node.this, y=_bracketed(node.expression))
    return node


def _mean(node: exp.Expr) -> exp.Expr:
    return exp.Avg(this=_double(node.this).copy())


def _median(node: exp.Expr) -> exp.Expr:
    own = kind_of(node.this)
    if own.family not in ("double", "integer"):
        raise Stranger(node, f"median() of {own.family}")
    return node


def _best(node: exp.Expr) -> exp.Expr:
    """DuckDB leaves out rows of which it would return nothing."""
    if node.args.get("count"):
        raise Stranger(node, f"{node.key}() of more than one")
    name = "max_by" if isinstance(node, exp.ArgMax) else "min_by"
    what = f"{name}(x, case when x is not null then y end)"
    return phrase(what, x=_bracketed(node.this), y=node.expression)


def _listed(node: exp.Expr) -> exp.Expr:
    """Keep nulls, for which a list goes through structs, and its own order."""
    own = node.this
    if isinstance(own, exp.Distinct):
        what = "array_distinct(transform(collect_list(named_struct('v', x)), each -> each.v))"
        return phrase(what, x=own.expressions[0])
    if not isinstance(own, exp.Order):
        return phrase("transform(collect_list(named_struct('v', x)), each -> each.v)", x=own)
    keys = own.expressions
    fields = ", ".join(f"'k{n}', k{n}" for n in range(len(keys)))
    rules = " ".join(_before(n, key) for n, key in enumerate(keys))
    what = (
        f"transform(array_sort(collect_list(named_struct({fields}, 'v', x)), "
        f"(one, other) -> case {rules} else 0 end), each -> each.v)"
    )
    return phrase(what, x=own.this, **{f"k{n}": key.this for n, key in enumerate(keys)})


def _before(n: int, key: exp.Expr) -> str:
    up = 1 if key.args.get("desc") else -1
    null = -1 if key.args.get("nulls_first") else 1
    return (
        f"when one.k{n} is null and other.k{n} is not null then {null} "
        f"when one.k{n} is not null and other.k{n} is null then {-null} "
        f"when one.k{n} < other.k{n} then {up} when one.k{n} > other.k{n} then {-up}"
    )


def _sorted(node: exp.Expr) -> exp.Expr:
    if node.args.get("asc") is not None or node.args.get("expression") is not None:
        raise Stranger(node, "list_sort() with an order of its own")
    return phrase("array_sort(x)", x=node.this)


def _truncated(node: exp.Expr) -> exp.Expr:
    unit = node.args["unit"].name.lower()
    if kind_of(node.this).family == "instant":
        return phrase(f"date_trunc('{unit}', x)", x=node.this)
    what = f"cast(date_trunc('{unit}', cast(x as timestamp)) as timestamp_ntz)"
    return phrase(what, x=node.this)


_APART = {
    "DAY": "cast(datediff(x, y) as bigint)",
    "QUARTER": "cast((year(x) - year(y)) * 4 + quarter(x) - quarter(y) as bigint)",
    "MONTH": "cast((year(x) - year(y)) * 12 + month(x) - month(y) as bigint)",
    "YEAR": "cast(year(x) - year(y) as bigint)",
}


def _apart(node: exp.Expr) -> exp.Expr:
    unit = node.args["unit"].name.upper()
    if unit not in _APART:
        raise Stranger(node, f"date_diff() of {unit.lower()}s")
    return phrase(_APART[unit], x=node.this, y=node.expression)


def _element(node: exp.Expr) -> exp.Expr:
    """Take an element; sqlglot counts a literal place from nought, any other as it was."""
    place = node.expressions[0]
    if kind_of(node.this).family != "list":
        raise Stranger(node, "[]")
    if isinstance(place, exp.Literal):
        place = exp.Literal.number(int(place.name) + 1)
    return phrase("try_element_at(x, cast(n as int))", x=node.this, n=place)


def _ignored(node: exp.Expr) -> exp.Expr:
    name = {exp.FirstValue: "first_value", exp.LastValue: "last_value"}.get(type(node.this))
    if not name:
        raise Stranger(node, "ignore nulls")
    return exp.Anonymous(this=name, expressions=[node.this.this.copy(), exp.true()])


def _joined(node: exp.Expr) -> exp.Expr:
    parts = [as_text(each, kind_of(each)).copy() for each in (node.this, node.expression)]
    return exp.DPipe(this=_bracketed(parts[0]), expression=_bracketed(parts[1]), safe=False)


def _concat_ws(node: exp.Expr) -> exp.Expr:
    first, *rest = node.expressions
    parts = [as_text(each, kind_of(each)).copy() for each in rest]
    return exp.Anonymous(this="concat_ws", expressions=[first.copy(), *parts])


def _log(node: exp.Expr) -> exp.Expr:
    base, of = node.this, node.args.get("expression")
    if of is not None and base.name != "10":
        raise Stranger(node, f"log() of base {base.sql()}")
    return exp.Anonymous(this="log10", expressions=[(of or base).copy()])


def _length(node: exp.Expr) -> exp.Expr:
    what = "array_size" if kind_of(node.this).family == "list" else "char_length"
    return exp.Anonymous(this=what, expressions=[node.this.copy()])


def _zoned(node: exp.Expr) -> exp.Expr:
    zone, at = node.expressions
    to_clock = kind_of(at).family == "instant"
    if zone.name == "UTC":
        return phrase("cast(x as timestamp_ntz)" if to_clock else "cast(x as timestamp)", x=at)
    if to_clock:
        return phrase("cast(from_utc_timestamp(x, zone) as timestamp_ntz)", x=at, zone=zone)
    return phrase("to_utc_timestamp(cast(x as timestamp), zone)", x=at, zone=zone)


def _microseconds(node: exp.Expr) -> exp.Expr:
    at = node.expressions[0]
    if kind_of(at).family == "interval":
        raise Stranger(node, "epoch_us() of an interval")
    return phrase("unix_micros(cast(x as timestamp))", x=at)


def _json(node: exp.Expr) -> exp.Expr:
    (own,) = node.expressions
    own = own.copy()
    if isinstance(own, exp.Struct):
        for field in own.expressions:
            if kind_of(field.expression).family in ("instant", "timestamp"):
                field.set("expression", as_text(field.expression, kind_of(field.expression)))
    return phrase("to_json(x, map('ignoreNullFields', 'false'))", x=own)


_SECONDS = {
    "WEEK": 604_800, "DAY": 86_400, "HOUR": 3_600, "MINUTE": 60, "SECOND": 1,
    "MILLISECOND": 0.001, "MICROSECOND": 0.000001,
}  # fmt: skip


def _stretch(node: exp.Expr) -> exp.Expr:
    """Give each stretch of time one type, which the bounds of a window have to share."""
    unit = node.args["unit"].name.upper().removesuffix("S") if node.args.get("unit") else ""
    if unit not in _SECONDS:
        return node
    if isinstance(node.this, exp.Literal):
        days, rest = divmod(Decimal(node.this.name) * Decimal(str(_SECONDS[unit])), 86_400)
        hours, rest = divmod(rest, 3_600)
        minutes, seconds = divmod(rest, 60)
        return phrase(
            f"interval '{days:.0f} {hours:.0f}:{minutes:.0f}:{seconds:.6f}' day to second"
        )
    power = exp.Literal.number(_SECONDS[unit])
    return phrase("(x * power * interval '1' second)", x=_bracketed(node.this), power=power)


def _position(node: exp.Expr) -> exp.Expr:
    within, what = node.expressions
    return phrase("nullif(array_position(x, y), 0)", x=within, y=what)


def _figure(node: exp.Expr) -> exp.Expr:
    if not lists.is_figure(node):
        raise Stranger(node, f"list_aggregate() by {node.expressions[-1].sql()}")
    return lists.figure(node)


_Turn = Callable[[exp.Expr], exp.Expr]
_CALLS: Mapping[str, _Turn] = {
    "epoch_us": _microseconds, "to_json": _json, "timezone": _zoned, "list_position": _position,
    "list_slice": lists.stretch, "list_aggregate": _figure,
    "make_timestamptz": lambda node: phrase("timestamp_micros(x)", x=node.expressions[0]),
}  # fmt: skip
_TURNS: Mapping[type[exp.Expr] | tuple[type[exp.Expr], ...], _Turn] = {
    exp.TryCast: _cast, exp.Cast: _cast, exp.Round: _round, (exp.Floor, exp.Ceil): _floor,
    exp.Div: _divided, exp.IntDiv: _whole, (exp.Add, exp.Sub): _moved, exp.Avg: _mean,
    exp.Median: _median, (exp.ArgMax, exp.ArgMin): _best, exp.ArrayAgg: _listed,
    exp.ArraySort: _sorted, (exp.TimestampTrunc, exp.DateTrunc): _truncated,
    exp.DateDiff: _apart, exp.Bracket: _element, exp.IgnoreNulls: _ignored,
    exp.DPipe: _joined, exp.ConcatWs: _concat_ws, exp.Log: _log,
    (exp.Length, exp.ArraySize): _length,
    exp.UnixToTime: lambda node: phrase(
        "timestamp_micros(cast(rint(x * 1000000) as bigint))", x=_bracketed(_double(node.this))
    ),
    exp.GenerateSeries: lambda node: node, exp.Interval: _stretch,
    exp.ArrayContains: lambda node: phrase(
        "case when x is not null then coalesce(array_contains(x, y), false) end",
        x=node.this, y=node.expression,
    ),
    exp.Sign: lambda node: phrase("cast(sign(x) as int)", x=node.this),
    exp.ArrayDistinct: lambda node: phrase("array_distinct(array_compact(x))", x=node.this),
}  # fmt: skip
