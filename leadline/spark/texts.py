"""Values as text, letter for letter as DuckDB writes them."""

from sqlglot import exp

from leadline.spark.kinds import Kind
from leadline.spark.phrase import phrase

# Spark writes 1.0E7 where DuckDB still writes 10000000.0, and 1.0E-5 for 1e-05.
_DOUBLE = """
case
    when abs(x) >= 1E16D or (abs(x) < 1E-4D and x <> 0) then
        regexp_replace(
            regexp_replace(
                regexp_replace(lower(cast(x as string)), 'e(-?)([0-9])$', 'e$10$2'),
                'e([0-9])', 'e+$1'
            ), '[.]0e', 'e'
        )
    when abs(x) >= 1E7D or abs(x) < 1E-3D and x <> 0 then
        regexp_replace(
            regexp_replace(cast(cast(x as decimal(38, 20)) as string), '0+$', ''), '[.]$', '.0'
        )
    else cast(x as string)
end
"""
# And 0E-8, or 1E-8.
_DECIMAL = """
case
    when abs(x) >= 0.000001 then cast(x as string)
    when x is not null then concat(
        case when x < 0 then '-0.' else '0.' end,
        lpad(cast(cast(abs(x) * power as bigint) as string), digits, '0')
    )
end
"""


def as_text(node: exp.Expr, kind: Kind) -> exp.Expr:
    """Return a value as the text that DuckDB makes of it."""
    if kind.family == "text":
        return node
    if kind.family == "double":
        return phrase(_DOUBLE, x=node)
    if kind.family == "decimal" and kind.scale > 6:
        power = exp.Literal.number(10**kind.scale)
        return phrase(_DECIMAL, x=node, power=power, digits=exp.Literal.number(kind.scale))
    if kind.family == "instant":
        return phrase("concat(cast(x as string), '+00')", x=node)
    return phrase("cast(x as string)", x=node)
