"""Personal watch lists: a list is checked against the securities master, and kept as a whole."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from leadline import clock
from leadline.clock import BEGINNING
from leadline.errors import QueryError, StoreError, nearest
from leadline.publication import Loaded, Publication
from leadline.store import Store
from leadline.warehouse import Warehouse

FEED = "watchlists"
HORIZONS = ("5m", "15m", "60m", "1d", "14d")
DIRECTIONS = ("up", "down")
_NAME = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True)
class Line:
    """One symbol of a list; what is None is left to the rule, as the table's comments say."""

    symbol: str
    threshold_pct: float | None = None
    threshold_sigma: float | None = None
    horizon: str | None = None
    direction: str | None = None
    quantity: float | None = None
    cost_usd: float | None = None
    is_active: bool = True
    note: str | None = None


COLUMNS = tuple(field.name for field in fields(Line))


@dataclass(frozen=True)
class Kept:
    """What became of a list: the symbols on it now, what changed, and who was refused and why."""

    watchlist: str
    symbols: Sequence[str]
    n_changed: int
    n_gone: int
    refused: Mapping[str, str]


class Watchlists:
    """The lists of a warehouse, and a store of the same place to append to."""

    def __init__(self, warehouse: Warehouse, store: Store) -> None:
        self._warehouse, self._store = warehouse, store
        if FEED not in store.contracts:
            raise StoreError("sql/tables/watchlists.sql: lists are appended to it; bring it back")

    def names(self) -> list[str]:
        """Return the names of the lists that have a line."""
        return list(self._standing)

    def lines(self, watchlist: str) -> list[Line]:
        """Return the lines of a list; a QueryError says which lists there are."""
        if watchlist not in self._standing:
            near = nearest(watchlist, self._standing)
            have = f"there are {', '.join(self._standing)}" if self._standing else "there is none"
            raise QueryError(f"{watchlist}: no watch list has this name{near or f'; {have}'}")
        return self._standing[watchlist]

    def put(
        self, watchlist: str, lines: Iterable[Line], origin: str, known_at: datetime | None = None
    ) -> Kept:
        """Make these lines the whole of a list, but for symbols that can't be watched.

        known_at is since when it counts; else from now on.
        """
        refused: dict[str, str] = {}
        accepted: dict[str, Line] = {}
        for line in lines:
            symbol, reason = self._checked(line.symbol)
            if symbol in accepted:
                raise QueryError(f"{origin}: {symbol} stands twice in {watchlist}; keep one line")
            if reason:
                refused[line.symbol] = reason
            else:
                accepted[symbol] = replace(line, symbol=symbol)
        loaded = self._publish(watchlist, list(accepted.values()), origin, known_at)
        return Kept(watchlist, list(accepted), loaded.n_rows, loaded.n_gone, refused)

    def add(
        self,
        watchlist: str,
        symbols: Iterable[str],
        given: Mapping[str, Any],
        known_at: datetime | None = None,
    ) -> Kept:
        """Add symbols to a list, or change lines of it; what is not given stays as it was."""
        before = {line.symbol: line for line in self._standing.get(watchlist, ())}
        refused: dict[str, str] = {}
        lines = dict(before)
        for said in symbols:
            symbol, reason = self._checked(said)
            if reason:
                refused[said] = reason
            else:
                lines[symbol] = replace(lines.get(symbol, Line(symbol)), **given)
        loaded = self._publish(watchlist, list(lines.values()), "leadline watch add", known_at)
        return Kept(watchlist, list(lines), loaded.n_rows, loaded.n_gone, refused)

    def remove(
        self, watchlist: str, symbols: Iterable[str], known_at: datetime | None = None
    ) -> Kept:
        """Take symbols off a list."""
        lines = {line.symbol: line for line in self.lines(watchlist)}
        refused: dict[str, str] = {}
        gone: dict[str, Line] = {}
        for said in symbols:
            symbol = next((each for each in spellings(said) if each in lines), None)
            if symbol is None:
                refused[said] = f"is not on {watchlist}{nearest(said, lines)}"
            else:
                gone[symbol] = lines.pop(symbol)
        # A publication of no row says nothing, so of a list's last symbols a quiet line is left.
        kept = list(lines.values()) or [replace(each, is_active=False) for each in gone.values()]
        loaded = self._publish(watchlist, kept, "leadline watch remove", known_at)
        return Kept(watchlist, list(lines), 0, loaded.n_gone or len(gone), refused)

    def _publish(
        self, watchlist: str, lines: Sequence[Line], origin: str, known_at: datetime | None
    ) -> Loaded:
        if not _NAME.fullmatch(watchlist):
            raise QueryError(
                f"{origin}: a list is named '{watchlist}'; it takes letters, digits, dots, dashes "
                f"and underscores"
            )
        if not lines:
            return Loaded(watchlist, "", False)
        own = [{"watchlist": watchlist, **asdict(line)} for line in lines]
        digest = hashlib.sha256(json.dumps(own, sort_keys=True).encode()).hexdigest()
        at = known_at or clock.now()
        rows = [{**row, "known_at": at} for row in own]
        loaded = self._store.load(
            Publication(FEED, watchlist, (FEED,), [(FEED, rows)], origin, digest, known_at=known_at)
        )
        self.__dict__.pop("_standing", None)
        return loaded

    @cached_property
    def _standing(self) -> dict[str, list[Line]]:
        asked = self._warehouse.ask("curated.watchlists", BEGINNING, clock.now())
        rows = asked.filter("withdrawn_at is null").order("watchlist, symbol").to_arrow_table()
        found: dict[str, list[Line]] = {}
        for row in rows.to_pylist():
            found.setdefault(row["watchlist"], []).append(
                Line(**{name: row[name] for name in COLUMNS})
            )
        return found

    def _checked(self, said: str) -> tuple[str, str | None]:
        """Return a symbol as the store spells it, and why it can't be watched, if it can't."""
        if ":" in said:
            return self._checked_pair(said)
        if not self._tickers:
            raise StoreError(
                f"{self._store.place}: it holds no securities master, so nobody knows '{said}'; "
                f"run leadline load lean_tickers, sec_fails or securities_csv first"
            )
        for symbol in spellings(said):
            if found := self._tickers.get(symbol):
                return symbol, _why_not(found)
        like = [each for each in self._tickers if each[:1] == said[:1].upper()]
        return said, f"is unknown{nearest(said.upper(), like)}"

    def _checked_pair(self, said: str) -> tuple[str, str | None]:
        venue, _, pair = said.partition(":")
        symbol = f"{venue.lower()}:{pair.upper()}"
        if symbol in self._pairs:
            return symbol, None
        if not self._pairs:
            return said, "is unknown, since the store holds no trade of any pair"
        return said, f"is unknown: no trade of it is in the store{nearest(symbol, self._pairs)}"

    @cached_property
    def _tickers(self) -> Mapping[str, Mapping[str, Any]]:
        rows = self._warehouse.ask("curated.symbols", BEGINNING, clock.now()).to_arrow_table()
        return {row["ticker"]: row for row in rows.to_pylist()}

    @cached_property
    def _pairs(self) -> set[str]:
        trades = self._warehouse.ask("raw.crypto_trades", BEGINNING, clock.now())
        pairs = trades.aggregate("venue || ':' || pair as symbol", "venue, pair").fetchall()
        return {symbol for (symbol,) in pairs}


def spellings(said: str) -> list[str]:
    """Return how the store may spell a ticker that a person wrote: `brk-b` is BRK.B."""
    upper = said.strip().upper()
    return list(dict.fromkeys((upper, upper.replace("-", ".").replace("/", "."))))


def _why_not(found: Mapping[str, Any]) -> str | None:
    n = found["n_securities"]
    if n == 1:
        return None
    if n > 1:
        names = f"{found['security_name']} and {found['other_name']}"
        return f"names {n} securities at once, {names} among them"
    if found["ended_date"]:
        return f"has not been listed since {found['ended_date']}"
    return "is not listed yet"
