"""Sample watch list: who follows which stocks, how far they may move; no source is asked.

Source: invented here, over the prices of sample_prices; each line's threshold is set by how far
    its stock goes on Friday, so that what is planted lies over or under it.
Limits: one list, desk, of eight stocks.
Quirks: the list is told on Friday before the open, so that nothing but that session counts.
"""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from leadline.feed import Batch, Feed, Http, Row, Span
from loaders import _sample as sample
from loaders._sample import SIZES, TICKERS, Floats

FEED = Feed(writes=("events", "watchlists"), step=0)

LIST = "desk"
HORIZONS = ("1d", "15m")


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the planted crossings, and the list that they cross."""
    lines, events = planted()
    yield sample.planted("prices.watch_move", events)
    yield "watchlists", lines


def planted() -> tuple[list[Row], list[dict[str, object]]]:
    """Return the list's lines, and what they should bring."""
    market, session = sample.market(), sample.WEEK[-1]
    lines: list[Row] = []
    events: list[dict[str, object]] = []
    for number, size in enumerate(SIZES):
        ticker, horizon = (number * 3 + 1) % len(TICKERS), HORIZONS[number % 2]
        before = float(market.closes[-2, ticker])
        way, furthest = extreme(changes(market.minutes[-1, :, ticker], before, horizon))
        line: Row = {
            "watchlist": LIST,
            "symbol": TICKERS[ticker],
            "threshold_pct": furthest / size,
            "threshold_sigma": None,
            "horizon": horizon,
            "direction": "up" if way > 0 else "down",
            "quantity": float(100 * (number + 1)),
            "cost_usd": round(before, 2),
            "is_active": True,
            "note": "planted",
            "known_at": sample.at(session, 8),
        }
        lines.append(line)
        events.append(
            {
                "entity": TICKERS[ticker],
                "starts_at": sample.opens_at(session),
                "ends_at": sample.closes_at(session) + timedelta(hours=1),
                "size": size,
                "direction": "bull" if way > 0 else "bear",
                "note": f"{LIST} allows {furthest / size:.6f} % over {horizon}; it goes {furthest} "
                f"% in two minutes in a row",
            }
        )
    return lines, events


def changes(prices: Floats, before: float, horizon: str) -> Floats:
    """Return the change of each minute of a session, in per cent; 15 minutes since the close."""
    then = np.full(len(prices), before)
    if horizon == "15m":
        then[15:] = prices[:-15]
    return np.asarray(100 * (prices / then - 1))


def extreme(moves: Floats) -> tuple[int, float]:
    """Return which way, and how far, the moves of two minutes in a row go at most."""
    up = float(np.minimum(moves[1:], moves[:-1]).max())
    down = float(np.minimum(-moves[1:], -moves[:-1]).max())
    return (1, round(up, 6)) if up >= down else (-1, round(down, 6))
