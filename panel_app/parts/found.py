"""What a question of the workbench answered, what it took, and by which steps."""

from collections.abc import Mapping
from html import escape
from typing import Any

from panel_app import text
from panel_app.bench import SHOWN, Found
from panel_app.parts.part import Look
from panel_app.parts.table import Table

AT = "/smart-money/dashboard"
LINKS = {
    "symbol": f"{AT}/symbol?symbol={{}}", "underlying": f"{AT}/symbol?symbol={{}}",
    "pair": f"{AT}/whales?pair={{}}", "detector": f"{AT}/detectors?detector={{}}",
}  # fmt: skip


def told(found: Found) -> str:
    """Return rows, seconds, and what was read."""
    more = f", the first {SHOWN} shown" if found.n_rows > SHOWN else ""
    facts = [f"{found.n_rows:,} row{'' if found.n_rows == 1 else 's'}{more}",
             f"{found.seconds:.2f} s"]  # fmt: skip
    if found.measure:
        said = found.measure
        facts.append(f"scanned {said['rows_scanned']:,} rows, read {size(said['bytes_read'])}")
        facts.append(f"{said['cpu_s']:.2f} s of one core")
    cut = f'<p class="error" role="alert">{text.sentence(found.cut)}</p>' if found.cut else ""
    return f'<p class="took" role="status">{" · ".join(facts)}</p>{cut}'


def rows(found: Found, look: Look, sort: str = "") -> str:
    """Return the first rows as a table that a click on a head sorts."""
    if not found.n_rows:
        return '<p class="empty">No row answers it. Widen the span, or ask for less.</p>'
    part = Table(links=LINKS, sort="sort")
    part.look, part.sorted_by = look, sort
    own = (
        f'<p class="took">Sorted by {escape(sort.lstrip("-"))}, '
        f"{'down' if sort.startswith('-') else 'up'}; an export has the query's own order. "
        '<button type="button" class="action" data-set="sort" data-value="">'
        "As the query orders</button></p>"
    )
    return (own if sort else "") + part.show(found.rows.slice(0, SHOWN))


def steps(measure: Mapping[str, Any] | None) -> str:
    """Return the plan as it ran: each step with its rows and its time."""
    if not measure or not measure["steps"]:
        return ""
    body = "".join(
        f'<tr><td class="words" style="padding-left:{12 + 11 * min(step["depth"], 24)}px">'
        f"<b>{escape(step['operator'])}</b> {escape(step['detail'])}</td>"
        f'<td class="num">{step["rows"]:,}</td>'
        f'<td class="num">{_count(step["rows_scanned"])}</td>'
        f'<td class="num">{1_000 * step["seconds"]:.2f}</td></tr>'
        for step in measure["steps"]
    )
    return (
        f'<details class="plan"><summary>Plan, as it ran: {len(measure["steps"])} steps</summary>'
        f'<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">step</th>'
        f'<th scope="col" class="num">rows</th><th scope="col" class="num">scanned</th>'
        f'<th scope="col" class="num">ms</th></tr></thead><tbody>{body}</tbody></table></div>'
        f"</details>"
    )


def _count(n: int) -> str:
    return f"{n:,}" if n else ""


def size(n_bytes: float) -> str:
    """Return a number of bytes as people say it."""
    for unit, length in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= length:
            return f"{n_bytes / length:.3g} {unit}"
    return f"{n_bytes:.0f} bytes"
