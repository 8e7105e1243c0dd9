"""What the sample feeds share: invented names, one market that moves them all, planted events.

Nobody can take it for real: tickers, issuers, managers and the venue are invented, the CUSIPs
lie in the range that is left to everybody's own use, the CIKs where the SEC has given none.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any, TypeVar
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

T = TypeVar("T")

SEED = 20240212  # of the sample week; a benchmark draws others
TICKERS = (
    "ALFA", "BRVO", "CHRL", "DLTA", "ECHO", "FXTR", "GLFF", "HOTL", "IDIA", "JULI", "KILO", "LIMA",
    "MYKE", "NOVB", "OSKR", "PAPA", "QUBC", "ROMI", "SIER", "TNGO", "UNFM", "VKTR", "WHSK", "XRAE",
    "YNKE", "ZULO",
)  # fmt: skip
# Of the detector's threshold: half of them cross it, and two hardly.
SIZES = (0.5, 0.7, 0.9, 1.1, 1.5, 2.0, 3.0, 5.0)

FIRST, LAST = date(2023, 3, 31), date(2024, 2, 16)
WEEK = tuple(date(2024, 2, 12) + timedelta(days=n) for n in range(5))
CLOSED = {
    date(2023, 4, 7), date(2023, 5, 29), date(2023, 6, 19), date(2023, 7, 4), date(2023, 9, 4),
    date(2023, 11, 23), date(2023, 12, 25), date(2024, 1, 1), date(2024, 1, 15),
}  # fmt: skip
HALF = {date(2023, 7, 3), date(2023, 11, 24)}
NEW_YORK = ZoneInfo("America/New_York")
MONDAY = datetime(2024, 2, 12, tzinfo=UTC)
N_MINUTES = 390  # of a whole session
FIVE_MINUTES = timedelta(minutes=5)
N_SECTORS = 4


@dataclass(frozen=True)
class Market:
    """What moves all families: one row a session or minute, one column a ticker."""

    factor: Floats  # log return of the whole market, each minute of the week from Monday 00:00Z
    stress: Floats  # how lively each session is; 0 on average
    closes: Floats  # USD
    volumes: Ints  # shares
    opens: Floats  # USD, the week's five sessions
    minutes: Floats  # USD at each minute's end, the week's five sessions


_seed = ContextVar("seed", default=SEED)


@contextmanager
def drawn(seed: int) -> Iterator[None]:
    """Draw another week meanwhile: the same calendar and names, other markets and plants."""
    token = _seed.set(seed)
    try:
        yield
    finally:
        _seed.reset(token)


def is_hidden() -> bool:
    """Say whether plants come at odd moments: in the sample week they come at round ones."""
    return _seed.get() != SEED


def of_seed(made: Callable[[], T]) -> Callable[[], T]:
    """Keep what is made of each of the last seeds."""
    kept = lru_cache(maxsize=2)(lambda seed: made())
    return lambda: kept(_seed.get())


def rng(name: str) -> np.random.Generator:
    """Return a source of chance that is the same in every run of a seed."""
    return np.random.default_rng([_seed.get(), crc32(name.encode())])


def cusip(number: int, issue: int = 10) -> str:
    """Return the CUSIP of the nth invented issuer, with its check digit."""
    head = f"99{number:04d}{issue:02d}"
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(head)]
    return head + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


@cache
def sessions() -> tuple[date, ...]:
    """Return the sessions of New York from the end of March 2023 to the sample week's Friday."""
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return tuple(day for day in days if day.weekday() < 5 and day not in CLOSED)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment of New York's clock."""
    return datetime.combine(day, time(hour, minute), NEW_YORK).astimezone(UTC)


def opens_at(day: date) -> datetime:
    """Return when a session opens."""
    return at(day, 9, 30)


def closes_at(day: date) -> datetime:
    """Return when a session closes."""
    return at(day, 13 if day in HALF else 16)


def micros(when: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    return int(when.timestamp()) * 1_000_000 + when.microsecond


def moments(values: Any) -> pa.Array:
    """Return microseconds since 1970 as moments."""
    return pa.array(np.asarray(values, dtype=np.int64)).cast(pa.timestamp("us", "UTC"))


def heavy(chance: np.random.Generator, size: Any, freedom: float = 4) -> Floats:
    """Return Student's t, scaled to a variance of 1: shocks as markets have them."""
    return np.asarray(chance.standard_t(freedom, size) * np.sqrt((freedom - 2) / freedom))


def drift(chance: np.random.Generator, n: int, keeps: float, spread: float) -> Floats:
    """Return a first-order autoregression of a given spread that starts in its own law."""
    shocks = chance.normal(0, spread * np.sqrt(1 - keeps**2), n)
    shocks[0] = chance.normal(0, spread)
    path = np.empty(n)
    last = 0.0
    for place, shock in enumerate(shocks.tolist()):
        last = keeps * last + shock
        path[place] = last
    return path


def drawn_market() -> Market:
    """Draw the market; volatility comes in clusters, shocks are heavy-tailed."""
    chance = rng("market")
    n_days, n = len(sessions()), len(TICKERS)
    sector = np.arange(n) % N_SECTORS
    beta = chance.uniform(0.6, 1.6, n)
    own = chance.uniform(0.008, 0.016, n)  # daily volatility of a name by itself
    mood = drift(chance, n_days, 0.93, 0.35)
    shocks = heavy(chance, n_days) * np.exp(mood)
    groups = heavy(chance, (n_days, N_SECTORS)) * 0.004
    returns = 0.0004 + 0.008 * shocks[:, None] * beta + groups[:, sector]
    returns += heavy(chance, (n_days, n)) * own * np.exp(0.5 * mood)[:, None]
    returns[0] = 0
    first = np.exp(chance.normal(np.log(90), 0.6, n))

    factor = _week(chance, mood[-5:])
    opens, minutes = np.empty((5, n)), np.empty((5, N_MINUTES, n))
    closes = first * np.exp(np.cumsum(returns, axis=0))
    pace = _u_shape()[:, None]
    since = 0
    for day, session in enumerate(WEEK):
        place = n_days - 5 + day
        start = (micros(opens_at(session)) - micros(MONDAY)) // 60_000_000
        night = factor[since:start].sum() * beta + heavy(chance, n) * own * 0.3
        trade = factor[start : start + N_MINUTES, None] * beta
        trade = trade + (heavy(chance, (N_MINUTES, N_SECTORS)) * 0.0002)[:, sector] * pace
        trade += heavy(chance, (N_MINUTES, n)) * own / np.sqrt(N_MINUTES) * pace
        opens[day] = np.maximum(np.round(closes[place - 1] * np.exp(night), 2), 0.01)
        minutes[day] = np.round(opens[day] * np.exp(np.cumsum(trade, axis=0)), 2)
        closes[place] = minutes[day, -1]
        shocks[place] = factor[since : start + N_MINUTES].sum() / 0.008
        since = start + N_MINUTES
    stress = np.abs(shocks) / np.abs(shocks).mean() - 1
    typical = np.exp(chance.normal(np.log(4e6), 0.7, n))
    noise = np.stack([drift(chance, n_days, 0.35, 0.2) for _ in range(n)], axis=1)
    volumes = np.rint(typical * np.exp(0.12 * stress[:, None] + noise)).astype(np.int64)
    volumes[[day in HALF for day in sessions()]] //= 2
    return Market(factor, stress, np.round(closes, 2), volumes, opens, minutes)


market = of_seed(drawn_market)


def _week(chance: np.random.Generator, mood: Floats) -> Floats:
    """Return the market's minutes of the week: lively while New York is open, quiet else."""
    clusters = np.exp(drift(chance, 5 * 1_440, 0.98, 0.4))
    pace = np.full(5 * 1_440, 0.00012)
    for day, session in enumerate(WEEK):
        start = (micros(opens_at(session)) - micros(MONDAY)) // 60_000_000
        pace[start : start + N_MINUTES] = 0.0004 * _u_shape() * np.exp(mood[day])
    return np.asarray(heavy(chance, 5 * 1_440) * clusters * pace)


def _u_shape() -> Floats:
    """Return how lively each minute of a session is; 1 on average."""
    minute = np.arange(N_MINUTES)
    shape = 0.7 + 1.6 * np.exp(-minute / 22) + 0.9 * np.exp(-(N_MINUTES - 1 - minute) / 18)
    return np.asarray(shape / shape.mean())


def pace() -> Floats:
    """Return the share of a session's volume that each of its minutes has."""
    shape = _u_shape() ** 1.3
    shape[-1] *= 6  # the closing auction
    return np.asarray(shape / shape.sum())


def planted(detector: str, rows: Sequence[dict[str, Any]]) -> tuple[str, pa.Table]:
    """Return planted events of a detector as a batch; they are known as they begin."""
    columns = {
        "event_id": [f"sample:{detector}:{number:02d}" for number in range(1, len(rows) + 1)],
        "label": ["planted"] * len(rows),
        "detector": [detector] * len(rows),
        "entity": [row["entity"] for row in rows],
        "subject": pa.array([row.get("subject") for row in rows], pa.string()),
        "starts_at": moments([micros(row["starts_at"]) for row in rows]),
        "ends_at": moments([micros(row["ends_at"]) for row in rows]),
        "size": [float(row["size"]) for row in rows],
        "direction": pa.array([row.get("direction") for row in rows], pa.string()),
        "note": [row["note"] for row in rows],
        "known_at": moments([micros(row["starts_at"]) for row in rows]),
    }
    return "events", pa.table(columns)
