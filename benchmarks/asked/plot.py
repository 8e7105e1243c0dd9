"""Draws figures as SVG: a dot a value on a scale of powers of ten, a row a question."""

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10

COLOURS = {"ours": "#1f6f8b", "polars": "#d1495b", "chdb": "#d8973c", "pandas": "#6a4c93"}
ROW, LEFT, WIDE, TOP = 18, 300, 460, 46


def dots(title: str, rows: Mapping[str, Mapping[str, float]], line: float | None = None) -> str:
    """Return one figure; `line` is drawn through all rows."""
    values = [value for row in rows.values() for value in row.values() if value > 0]
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    high = max(high, low + 1)

    def place(value: float) -> float:
        return LEFT + WIDE * (log10(max(value, 10.0**low)) - low) / (high - low)

    tall = TOP + ROW * len(rows) + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDE + 30}" height="{tall}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="100%" height="100%" fill="white"/><text x="8" y="16">{title}</text>',
        *_legend([name for name in COLOURS if any(name in row for row in rows.values())]),
    ]
    for power in range(low, high + 1):
        x = place(10.0**power)
        parts.append(f'<path d="M{x:.1f} {TOP} V{tall - 12}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{TOP - 4}" text-anchor="middle">{10.0**power:g}</text>')
    if line:
        parts.append(f'<path d="M{place(line):.1f} {TOP} V{tall - 12}" stroke="#333"/>')
    for nth, (name, row) in enumerate(rows.items()):
        y = TOP + ROW * nth + 12
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{name}</text>')
        for engine, value in row.items():
            dot = f'<circle cx="{place(value):.1f}" cy="{y}" r="4" fill="{COLOURS[engine]}"/>'
            parts.append(dot)
    return "\n".join([*parts, "</svg>", ""])


def _legend(names: Sequence[str]) -> list[str]:
    return [
        f'<circle cx="{LEFT + 90 * nth}" cy="12" r="4" fill="{COLOURS[name]}"/>'
        f'<text x="{LEFT + 8 + 90 * nth}" y="16">{name}</text>'
        for nth, name in enumerate(names)
    ]
