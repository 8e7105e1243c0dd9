"""Writes what viewers change on watch lists, by the code of `leadline watch`.

Questions go to the served warehouse, which knows the lists already; its engine is locked and busy,
so what is written is written by a DuckDB of its own with one core.
Whoever reaches a page may change lists: a server that others reach asks them for a secret first.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from threading import Lock

from leadline.errors import QueryError
from leadline.warehouse import Warehouse
from leadline.watch import COLUMNS, Kept, Watchlists
from leadline.watch_file import line
from panel_app.beside import store_beside

_NUMBERS = ("quantity", "cost_usd", "threshold_pct", "threshold_sigma")
_ONE = Lock()  # of all viewers: a list is kept as a whole


class Watching:
    """Changes the lists of the store that is served; call it from a thread."""

    def __init__(self, warehouse: Warehouse, now: Callable[[], datetime]) -> None:
        self._warehouse, self._now = warehouse, now

    def keep(self, watchlist: str, said: Mapping[str, str]) -> tuple[str, datetime]:
        """Put a symbol on a list, or change its line: what is empty is left to the rule.

        Return what to tell the viewer, and the moment since when it counts.
        """
        name, symbol = watchlist.strip(), said.get("symbol", "").strip()
        if not name:
            raise QueryError("watch: no list is named; write its name, as desk")
        if not symbol:
            raise QueryError(f"{name}: no symbol is named; write one, as AAPL or binance:BTC-USDT")
        plain = {column: said[column].strip() for column in COLUMNS if column in said}
        plain |= {column: _plain(plain[column]) for column in _NUMBERS if column in plain}
        meant = vars(line(f"{name}: {symbol}", plain))
        given = {column: meant[column] for column in plain if column != "symbol"}
        now = self._now()
        with self._lists() as lists:
            kept = lists.add(name, [symbol], given, now)
        _check(kept)
        what = "saved" if kept.n_changed else "was so already"
        return f"{name}: {symbol.upper()} {what}; {len(kept.symbols):,} on the list", now

    def drop(self, watchlist: str, symbol: str) -> tuple[str, datetime]:
        """Take a symbol off a list."""
        now = self._now()
        with self._lists() as lists:
            kept = lists.remove(watchlist, [symbol], now)
        _check(kept)
        return f"{watchlist}: {symbol} taken off; {len(kept.symbols):,} on the list", now

    @contextmanager
    def _lists(self) -> Iterator[Watchlists]:
        with _ONE, store_beside(self._warehouse) as (store, _):
            yield Watchlists(self._warehouse, store)


def _check(kept: Kept) -> None:
    for symbol, reason in kept.refused.items():
        raise QueryError(f"{kept.watchlist}: {symbol} {reason}")


def _plain(said: str) -> str:
    """Return a number as people write it, `$1,250.50`, without what adorns it."""
    return re.sub(r"[$,\s]", "", said)
