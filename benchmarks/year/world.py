"""What the days of a generated year share: its days, its stocks, and what they cost.

Everything follows from the seed, so that a day can be made without the days before it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.figures import SEED

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
FEED = "generated_year"
SINCE, UNTIL = date(2024, 1, 1), date(2025, 1, 1)
BURST = date(2025, 1, 2)  # the session behind the year, which has ten times as many trades
N_SESSIONS = 252
N_NAMES = 6_000
DAY_US, SECOND_US = 86_400_000_000, 1_000_000
CENTS = 1_000_000  # of a decimal with eight places
_NEW_YORK = ZoneInfo("America/New_York")
_EPOCH = date(1970, 1, 1)
# No more than so many prints a name on average, so that a small store has few names too.
_PER_NAME = 40


@dataclass(frozen=True)
class World:
    """A year of so many option trades, to be made session by session."""

    rows: int

    def rows_of(self, day: date) -> int:
        """Return how many option trades a session has: more on Fridays, ten times behind it."""
        if day == BURST:
            return self.rows // N_SESSIONS * 10
        busy = (0.97, 0.95, 0.99, 1.0, 1.09)[day.weekday()]
        return int(self.rows / N_SESSIONS * busy * (0.9 + 0.2 * self.chance(day, "busy").random()))

    @cached_property
    def n_names(self) -> int:
        """How many stocks there are."""
        return max(12, min(N_NAMES, self.rows // N_SESSIONS // _PER_NAME))

    @cached_property
    def tickers(self) -> npt.NDArray[Any]:
        """Their tickers of four letters, in the order of the alphabet."""
        places = np.sort(self.chance(SINCE, "tickers").choice(26**4, self.n_names, replace=False))
        letters = [places // 26**power % 26 + 65 for power in (3, 2, 1, 0)]
        return np.stack(letters, axis=1).astype(np.uint8)

    @cached_property
    def names(self) -> pa.Array:
        """The tickers as text."""
        return texts(self.tickers)

    @cached_property
    def rank(self) -> Ints:
        """How many are traded more, a stock each."""
        return self.chance(SINCE, "rank").permutation(self.n_names).astype(np.int64)

    @cached_property
    def standing(self) -> Ints:
        """Their ranks as they would be among N_NAMES."""
        return np.asarray(self.rank * N_NAMES // self.n_names)

    @cached_property
    def weight(self) -> Floats:
        """What part of all trades is of each: by Zipf the first has a ninth."""
        weight = 1 / (1 + self.rank)
        return np.asarray(weight / weight.sum())

    @cached_property
    def closes(self) -> Floats:
        """What they cost at the end of each day of the calendar, a row a day, from SINCE - 1."""
        chance, n_days = self.chance(SINCE, "closes"), (BURST - SINCE).days + 2
        first = np.exp(chance.normal(np.log(60), 0.9, self.n_names))
        market = chance.normal(0.0003, 0.008, (n_days, 1))
        own = chance.normal(0, 0.016, (n_days, self.n_names))
        weekend = [(SINCE + timedelta(days=n - 1)).weekday() > 4 for n in range(n_days)]
        moves = np.where(np.array(weekend)[:, None], 0, market + own)
        return np.asarray(np.maximum(np.round(first * np.exp(np.cumsum(moves, axis=0)), 2), 1.0))

    def close(self, day: date) -> Floats:
        """Return what each stock cost at the end of a day."""
        return np.asarray(self.closes[(day - SINCE).days + 1])

    def spot(self, day: date, name: Ints, frac: Floats) -> Floats:
        """Return what stocks cost at moments of a session, of which that part is over."""
        before, after = self.close(day - timedelta(days=1))[name], self.close(day)[name]
        swing = 0.004 * np.sin(np.pi * frac) * np.sin(9 * frac + name + day.toordinal())
        price = before + (after - before) * frac + before * swing
        return np.asarray(np.maximum(np.round(price, 2), 0.5))

    def iv(self, day: date, name: Ints) -> Floats:
        """Return how volatile stocks are taken to be, annualised."""
        return np.asarray(0.25 + 0.4 * (name * 37 % 101) / 101 + 0.03 * np.sin(day.toordinal() / 9))

    def chance(self, day: date, what: str, piece: int = 0) -> np.random.Generator:
        """Return the dice of one thing of one day."""
        spelled = int.from_bytes(what.encode()[:8], "big")
        return np.random.default_rng((SEED, day.toordinal(), spelled, piece))


@dataclass(frozen=True)
class Session:
    """A session of the exchange; moments are microseconds since 1970."""

    day: date
    opens_us: int
    closes_us: int
    before: date  # the session before it

    @property
    def lasts_us(self) -> int:
        """How long it is open."""
        return self.closes_us - self.opens_us


def micros(when: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    return int(when.timestamp()) * SECOND_US


def local_us(day: date, hour: int, minute: int = 0) -> int:
    """Return a moment of New York as microseconds since 1970."""
    return micros(datetime.combine(day, time(hour, minute), _NEW_YORK))


def midnight_us(day: date) -> int:
    """Return the begin of a UTC day as microseconds since 1970."""
    return micros(datetime.combine(day, time(), UTC))


def moments(micro: Ints) -> pa.Array:
    """Return moments as Arrow has them, without a copy."""
    return pa.array(np.asarray(micro, dtype=np.int64)).view(pa.timestamp("us", "UTC"))


def days(day: date | Ints, n: int = 0) -> pa.Array:
    """Return days since 1970, or one day so many times, as Arrow has them."""
    if isinstance(day, date):
        return pa.repeat(pa.scalar(day, pa.date32()), n)
    return pa.array(day.astype(np.int32)).view(pa.date32())


def since_1970(day: date) -> int:
    """Return the number of a day."""
    return (day - _EPOCH).days


def decimals(value: Ints) -> pa.Array:
    """Return integers of 1e-8 as decimals with eight places, without a copy."""
    kind, whole = pa.decimal64(18, 8), np.ascontiguousarray(value, dtype=np.int64)
    return pa.Array.from_buffers(kind, len(whole), [None, pa.py_buffer(whole)])


def words(word: str, n: int) -> pa.Array:
    """Return one word so many times."""
    place = pa.array(np.zeros(n, dtype=np.int8))
    return pa.DictionaryArray.from_arrays(place, pa.array([word]))


def chosen(place: Ints, from_: pa.Array) -> pa.Array:
    """Return texts by their place."""
    return pa.DictionaryArray.from_arrays(pa.array(place.astype(np.int32)), from_)


def texts(letters: npt.NDArray[np.uint8]) -> pa.Array:
    """Return texts of one length from their letters, a row each."""
    n, width = letters.shape
    ends = np.arange(0, (n + 1) * width, width, dtype=np.int32)
    whole = np.ascontiguousarray(letters)
    return pa.Array.from_buffers(
        pa.string(), n, [None, pa.py_buffer(ends), pa.py_buffer(whole.reshape(-1))]
    )


def digits(value: Ints, width: int) -> npt.NDArray[np.uint8]:
    """Return numbers as digits, a row each, with zeros in front."""
    power = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (value[:, None] // power % 10 + 48).astype(np.uint8)
