"""How studies print: shares with their intervals, in tables; talk goes to stderr."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from math import sqrt

_Z = 1.959964  # two-sided 95 %


def say(text: str) -> None:
    """Tell whoever waits what is being done."""
    print(text, file=sys.stderr, flush=True)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield a Markdown table."""
    for row in (head, ["---"] * len(head), *rows):
        cells = (f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row)
        yield f"| {' | '.join(cells)} |"


def share(n: int, of: int) -> str:
    """Return n of so many in percent, and nothing of nothing."""
    return f"{n / of:.1%}" if of else "no days"


def wilson(n: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, which is right for few and for none, too."""
    if not of:
        return 0.0, 1.0
    p, spread = n / of, _Z**2 / of
    middle, half = p + spread / 2, _Z * sqrt(p * (1 - p) / of + spread / of / 4)
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))


def interval(low: float, high: float) -> str:
    """Return both ends."""
    return f"{low:.3g} to {high:.3g}"
