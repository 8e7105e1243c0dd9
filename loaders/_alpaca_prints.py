"""Prints and quotes of stocks as rows, as Alpaca answers and pushes them alike."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from leadline.feed import Json
from loaders._massive import SHARES_SINCE_US
from loaders._new_york import day_of

Line = tuple[str, Json]  # of which stock, and what is said of it

_MINUTE_NS = 60_000_000_000
_MOMENT = pa.timestamp("us", "UTC")
_TAPES = {"A", "B", "C"}


def prints(lines: Sequence[Line]) -> pa.Table:
    """Return prints; `at` beside the tape's time is when one was executed that is taken back."""
    told = [line for _, line in lines]
    ns = moments([line["t"] for line in told])
    traded = moments([line.get("at") or line["t"] for line in told])
    return pa.table(
        {
            "symbol": [symbol for symbol, _ in lines],
            "venue": [str(line["x"]) for line in told],
            "trade_id": [str(line["i"]) for line in told],
            "traded_at": microseconds(traded),
            "known_at": microseconds(ns),
            "session_date": _days(ns),
            "tape": pa.array([_tape(line) for line in told], pa.string()),
            "price": [str(line["p"]) for line in told],
            "size": [str(line["s"]) for line in told],
            "conditions": pa.array([_conditions(line) for line in told], pa.string()),
            "sequence": ns,
        }
    )


def quotes(lines: Sequence[Line]) -> pa.Table:
    """Return national best quotes, which all stocks' lines of a microsecond have to be among."""
    told = [line for _, line in lines]
    ns = moments([line["t"] for line in told])
    at = microseconds(ns)
    lots = [100 if us < SHARES_SINCE_US else 1 for us in pc.cast(at, pa.int64()).to_pylist()]
    counts: Counter[tuple[str, int]] = Counter()
    places = []
    for (symbol, _), us in zip(lines, pc.cast(at, pa.int64()).to_pylist(), strict=True):
        counts[symbol, us] += 1
        places.append(counts[symbol, us])
    columns: dict[str, Any] = {
        "symbol": [symbol for symbol, _ in lines], "quoted_at": at, "known_at": at,
        "place": places, "session_date": _days(ns), "sequence": ns,
    }  # fmt: skip
    for side, letter in (("bid", "b"), ("ask", "a")):
        price, size, venue = (letter + part for part in "psx")
        is_there = [line[price] != 0 for line in told]
        sides: dict[str, list[str | None]] = {
            side: [str(line[price]) for line in told],
            f"{side}_size": [str(line[size] * n) for line, n in zip(told, lots, strict=True)],
            f"{side}_venue": [str(line[venue]).strip() or None for line in told],
        }
        for name, values in sides.items():
            there = [v if ok else None for v, ok in zip(values, is_there, strict=True)]
            columns[name] = pa.array(there, pa.string())
    return pa.table(columns)


def moments(said: Sequence[str]) -> pa.Array:
    """Return moments of up to nine places as nanoseconds since 1970."""
    return pc.cast(pc.cast(pa.array(said, pa.string()), pa.timestamp("ns", "UTC")), pa.int64())


def microseconds(ns: pa.Array) -> pa.Array:
    """Return moments without what is finer than a microsecond."""
    return pc.cast(pc.cast(pc.divide(ns, 1_000), pa.int64()), _MOMENT)


def _days(ns: pa.Array) -> list[date]:
    return [day_of(minute) for minute in pc.divide(ns, _MINUTE_NS).to_pylist()]


def _tape(line: Json) -> str | None:
    return line["z"] if line.get("z") in _TAPES else None


def _conditions(line: Json) -> str | None:
    """Return the tapes' letters, a blank for none, and what became of the print behind them."""
    letters = [each.strip() for each in line.get("c") or ()]
    return ",".join(filter(None, [*letters, line.get("u")])) or None
