"""What a question took, step by step, from DuckDB's profile; it names no file."""

from collections.abc import Iterator, Mapping
from typing import Any

# What of a step is told; the rest holds paths, or nothing that a reader could use.
_TOLD = (
    "Join Type", "Conditions", "Groups", "Aggregates", "Order By", "Filters", "Expression",
    "Projections", "CTE Name", "Top",
)  # fmt: skip
_LONGEST = 160  # letters of a step's words
MOST = 300  # steps


def measure(profile: Mapping[str, Any]) -> dict[str, Any]:
    """Return rows and bytes that were read, seconds of cores, and the steps in their depth."""
    query = profile.get("query", {})
    steps = [
        step
        for root in profile.get("operator", [])
        for step in _steps(root, 0)
    ]  # fmt: skip
    return {
        "rows_scanned": int(query.get("total_rows_scanned", 0)),
        "bytes_read": int(profile.get("io", {}).get("total_bytes_read", 0)),
        "cpu_s": float(query.get("cpu_time", 0)),
        "steps": steps[:MOST],
    }


def _steps(node: Mapping[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    """Yield a step and all below it, but for those that only hold the answer."""
    kind = str(node.get("type", ""))
    is_told = kind not in ("RESULT_COLLECTOR", "EXPLAIN_ANALYZE")
    if is_told:
        yield {
            "depth": depth, "operator": kind.lower().replace("_", " "),
            "detail": _detail(node.get("extra_info", {})),
            "rows": int(node.get("intermediate_rows", 0)),
            "rows_scanned": int(node.get("rows_scanned", 0)),
            "seconds": float(node.get("timing", 0)),
        }  # fmt: skip
    for child in node.get("children", []):
        yield from _steps(child, depth + is_told)


def _detail(said: Mapping[str, Any]) -> str:
    words = []
    for name in _TOLD:
        value = said.get(name)
        if value:
            listed = value if isinstance(value, str) else ", ".join(map(str, value))
            words.append(f"{name.lower()} {listed}")
    whole = "; ".join(words).replace("\n", " ")
    return whole if len(whole) <= _LONGEST else whole[: _LONGEST - 1] + "…"
