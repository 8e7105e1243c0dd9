"""As-of joins for an engine that has none: both sides in one order, the last of the right kept.

Each side becomes a struct under its own name, so that what the select says of them still holds.
"""

import sqlglot
from sqlglot import exp

from leadline.spark.functions import Stranger
from leadline.spark.phrase import DIALECT

_JOINED = """
select {names}, {right}
from (
    select
        {names},
        last_value({right}, true) over (
            partition by {keys} order by asof_at {way} nulls first, asof_side
            rows between unbounded preceding and current row
        ) as {right},
        asof_side
    from (
        select {structs}, null as {right}, {left_keys},
            {left_at} as asof_at, {left_side} as asof_side
        {left}
        union all
        select {nothing}, struct({right}.*) as {right}, {right_keys},
            {right_at} as asof_at, {right_side} as asof_side
        from {source}
        where {told}
    )
)
where asof_side = {left_side}
"""
_FLIPPED = {exp.GT: exp.LT, exp.GTE: exp.LTE, exp.LT: exp.GT, exp.LTE: exp.GTE}


def without_asof(select: exp.Select) -> None:
    """Put a plain query in the place of a select's as-of joins, and of all joined before them."""
    done: set[str] = set()
    while (place := _place(select)) is not None:
        joins = select.args["joins"]
        begun = select.args["from_"]
        join, before = joins[place], joins[:place]
        left = [begun.this, *(each.this for each in before)]
        names = [
            name for each in left for name in ([each.alias_or_name] if each.alias_or_name else done)
        ]
        names = list(dict.fromkeys([*done, *names]))
        text = _text(join, names, done, " ".join(each.sql(DIALECT) for each in (begun, *before)))
        select.set(
            "from_", sqlglot.parse_one(f"select 1 from ({text})", read=DIALECT).args["from_"]
        )
        select.set("joins", joins[place + 1 :])
        done |= {*names, join.this.alias_or_name}
    if done:
        _spread(select, sorted(done))


def _place(select: exp.Select) -> int | None:
    joins = select.args.get("joins") or ()
    found = (n for n, each in enumerate(joins) if str(each.args.get("method")).upper() == "ASOF")
    return next(found, None)


def _text(join: exp.Join, names: list[str], done: set[str], left: str) -> str:
    if str(join.side).upper() != "LEFT":
        raise Stranger(join, "asof join that is no left join")
    right = join.this.alias_or_name
    keys, at = [], None
    for each in (
        join.args["on"].flatten() if isinstance(join.args["on"], exp.And) else [join.args["on"]]
    ):
        pair = _sided(each.unnest(), right)
        if pair is None or (not isinstance(pair[0], exp.EQ) and at is not None):
            raise Stranger(join, "asof join on more than keys and one order")
        if isinstance(pair[0], exp.EQ):
            keys.append(pair)
        else:
            at = pair
    if at is None:
        raise Stranger(join, "asof join without an order")
    is_strict = isinstance(at[0], exp.GT | exp.LT)
    named = ", ".join(f"asof_key{n}" for n in range(len(keys))) or "1"
    told = [each.sql(DIALECT) + " is not null" for _, _, each in (*keys, at)]
    structs = (name if name in done else f"struct({name}.*) as {name}" for name in names)
    return _JOINED.format(
        names=", ".join(names), right=right, keys=named,
        way="asc" if isinstance(at[0], exp.GT | exp.GTE) else "desc",
        structs=", ".join(structs),
        left_keys=_keyed(keys, 1), left_at=at[1].sql(DIALECT), left_side=0 if is_strict else 1,
        left=left, nothing=", ".join(f"null as {name}" for name in names),
        right_keys=_keyed(keys, 2), right_at=at[2].sql(DIALECT), right_side=1 if is_strict else 0,
        source=join.this.sql(DIALECT), told=" and ".join(told),
    )  # fmt: skip


def _keyed(keys: list[tuple[exp.Expr, exp.Expr, exp.Expr]], side: int) -> str:
    said = (f"{each[side].sql(DIALECT)} as asof_key{n}" for n, each in enumerate(keys))
    return ", ".join(said) or "1 as asof_key0"


def _sided(each: exp.Expr, right: str) -> tuple[exp.Expr, exp.Expr, exp.Expr] | None:
    """Return a comparison with its left and right side; None where it is of neither kind."""
    if not isinstance(each, exp.EQ | exp.GT | exp.GTE | exp.LT | exp.LTE):
        return None
    sides = [
        {column.parts[0].name for column in s.find_all(exp.Column)}
        for s in (each.this, each.expression)
    ]
    if sides[1] == {right} and right not in sides[0]:
        return each, each.this, each.expression
    if sides[0] == {right} and right not in sides[1]:
        flipped = _FLIPPED.get(type(each), type(each))
        return flipped(this=each.expression, expression=each.this), each.expression, each.this
    return None


def _spread(select: exp.Select, names: list[str]) -> None:
    """Refuse a star, which would mean the sides and no longer their columns."""
    for each in list(select.expressions):
        if isinstance(each, exp.Star):
            raise Stranger(each, "star beside an asof join; name the table before it")
