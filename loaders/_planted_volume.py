"""Plants sessions in which a name's calls, puts or their balance are unusual, and says how much.

The measures are those of the rule book's A5 and A6, reckoned here from the tape by themselves.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from loaders import _sample as sample
from loaders._sample import TICKERS, Floats, Ints
from loaders._sample_chains import N_SESSIONS, UNDERLYINGS
from loaders.sample_option_trades import MINUTE_US, MULTIPLIER, VENUES, Tape

VOLUME_NAMES = UNDERLYINGS[4:]
N_MARKS, HALF_HOUR_US = 13, 30 * MINUTE_US
CUT = 2.5  # of both measures
KAPPA = 100  # contracts at the usual share, which a thin day is mixed with
LEAST_USD, LEAST_MEDIAN, LEAST_VOLUME = 100_000, 100, 500
# Both measures are of logarithms: five times the cut would be a million contracts.
SIZES_OF_LOGS = (0.5, 0.7, 0.9, 1.1, 1.1, 1.5, 1.5, 2.0, 2.0, 2.5)
TOLD = 0.5  # what is not half of the cut is no event
MOST = 60_000  # contracts; a quiet month asks for as many where its spread is wide
HIGH, BALANCE = "options.high_volume", "options.call_put_imbalance"


class Planting(Protocol):
    """What plants."""

    chance: np.random.Generator
    tape: Tape


@dataclass(frozen=True)
class Volumes:
    """Contracts and dollars from the open to each mark: session, name, calls and puts, mark."""

    days: list[int]  # those that trades are of, of the sessions that chains have
    contracts: Ints
    usd: Floats

    @classmethod
    def of(cls, tape: Tape) -> "Volumes":
        """Add a tape up."""
        found = {name: np.concatenate(parts) for name, parts in tape.columns.items()}
        days = sorted(set(found["day"].tolist()))
        shape = (len(days), len(UNDERLYINGS), 2, N_MARKS)
        stock = tape.contracts.stock[found["contract"]]
        name = np.searchsorted([TICKERS.index(each) for each in UNDERLYINGS], stock)
        kind = np.where(tape.contracts.is_call[found["contract"]], 0, 1)
        place = (found["day"] - days[0], name, kind, np.minimum(found["at_us"] // HALF_HOUR_US, 12))
        contracts, usd = np.zeros(shape, dtype=np.int64), np.zeros(shape)
        np.add.at(contracts, place, found["size"])
        np.add.at(usd, place, found["size"] * found["price"] * MULTIPLIER)
        return cls(days, contracts.cumsum(axis=3), usd.cumsum(axis=3))

    def usual(self, day: int, name: int, kind: int) -> tuple[Floats, Floats, Floats]:
        """Return middle and spread of the logarithms at each mark, and the median volume."""
        before = self.contracts[max(0, day - 60) : day, name, kind]
        logs = np.log1p(before)
        middle = np.median(logs, axis=0)
        spread = np.median(np.abs(logs - middle), axis=0) / 0.6745
        return middle, spread, np.median(before, axis=0)

    def volume_size(self, day: int, name: int, kind: int) -> float:
        """Return how many times over the cut the volume is at the mark at which it is most."""
        middle, spread, median = self.usual(day, name, kind)
        z = (np.log1p(self.contracts[day, name, kind]) - middle) / spread
        fits = (median >= LEAST_MEDIAN) & (self.usd[day, name, kind] >= LEAST_USD)
        return float(np.max(np.where(fits, z, 0))) / CUT

    def logits(self, name: int) -> Floats:
        """Return each session's balance at each mark, mixed with that of its month before."""
        calls, puts = self.contracts[:, name, 0], self.contracts[:, name, 1]
        found = np.full(calls.shape, np.nan)
        for day in range(10, len(calls)):
            month = slice(max(0, day - 20), day)
            both = (calls[month] + puts[month]).sum(axis=0)
            share = calls[month].sum(axis=0) / np.maximum(both, 1)
            found[day] = np.log((calls[day] + KAPPA * share) / (puts[day] + KAPPA * (1 - share)))
        return found

    def balance_size(self, day: int, name: int) -> float:
        """Return how many times over the cut the balance is, below zero for puts."""
        logits = self.logits(name)
        month = logits[day - 20 : day]
        z = (logits[day] - month.mean(axis=0)) / month.std(axis=0, ddof=1)
        fits = self.contracts[day, name].sum(axis=0) >= LEAST_VOLUME
        fits &= self.usd[day, name].sum(axis=0) >= LEAST_USD
        z = np.where(fits, z, 0)
        return float(z[np.argmax(np.abs(z))]) / CUT

    def told(self) -> dict[str, list[dict[str, Any]]]:
        """Return every name and session of the week that is unusual, whatever made it so."""
        events: dict[str, list[dict[str, Any]]] = {HIGH: [], BALANCE: []}
        for day in range(len(self.days) - 5, len(self.days)):
            for name, ticker in enumerate(UNDERLYINGS):
                for kind, put_call in enumerate(("call", "put")):
                    if (size := self.volume_size(day, name, kind)) >= TOLD:
                        events[HIGH].append(self._event(day, ticker, size, None, put_call))
                if abs(size := self.balance_size(day, name)) >= TOLD:
                    way = "bull" if size > 0 else "bear"
                    events[BALANCE].append(self._event(day, ticker, abs(size), way, None))
        return events

    def _event(
        self, day: int, ticker: str, size: float, way: str | None, subject: str | None
    ) -> dict[str, Any]:
        session = sample.sessions()[-N_SESSIONS:][self.days[day]]
        return {
            "entity": ticker, "subject": subject, "size": size, "direction": way,
            "starts_at": sample.opens_at(session), "ends_at": sample.at(session, 16, 30),
            "note": "of what is unusual by this time of day",
        }  # fmt: skip


def plant_volumes(planting: Planting) -> None:
    """Raise calls or puts of the names that nothing else is planted in, each session once."""
    sizes = [float(size) for size in planting.chance.permutation(SIZES_OF_LOGS)]
    for day in range(N_SESSIONS - 5, N_SESSIONS):
        for ticker in VOLUME_NAMES:
            place = UNDERLYINGS.index(ticker)
            is_call, mark = (
                bool(planting.chance.random() < 0.5),
                int(planting.chance.integers(4, 9)),
            )
            size, volumes = sizes.pop(), Volumes.of(planting.tape)
            own = volumes.days.index(day)
            if len(sizes) % 2:
                more = volume_asked(volumes, own, place, 0 if is_call else 1, mark, size)
            else:
                more = balance_asked(volumes, own, place, is_call, mark, size)
            if 0 < more < MOST:
                spread_out(planting, day, ticker, is_call, mark, more)


def volume_asked(volumes: Volumes, day: int, name: int, kind: int, mark: int, size: float) -> int:
    """Return how many contracts more make a volume so unusual at a mark."""
    middle, spread, _ = volumes.usual(day, name, kind)
    asked = np.expm1(middle[mark] + size * CUT * spread[mark])
    return int(np.ceil(asked)) - int(volumes.contracts[day, name, kind, mark])


def balance_asked(
    volumes: Volumes, day: int, name: int, is_call: bool, mark: int, size: float
) -> int:
    """Return how many calls or puts more make a balance so unusual at a mark."""
    logits = volumes.logits(name)[day - 20 : day, mark]
    way = 1 if is_call else -1
    asked = logits.mean() + way * size * CUT * logits.std(ddof=1)
    calls, puts = (int(volumes.contracts[day, name, kind, mark]) for kind in (0, 1))
    month = volumes.contracts[day - 20 : day, name, :, mark].sum(axis=0)
    share = month[0] / month.sum()
    mixed = calls + KAPPA * share, puts + KAPPA * (1 - share)
    if is_call:
        return int(np.ceil(np.exp(asked) * mixed[1] - mixed[0]))
    return int(np.ceil(mixed[0] / np.exp(asked) - mixed[1]))


def spread_out(
    planting: Planting, day: int, ticker: str, is_call: bool, mark: int, contracts: int
) -> None:
    """Add so many contracts in small prints within the half hour before a mark ends."""
    tape, chance = planting.tape, planting.chance
    stock, price = TICKERS.index(ticker), tape.chain.ask[day]
    session = sample.sessions()[-N_SESSIONS:][day]
    fits = (tape.contracts.stock == stock) & (tape.contracts.is_call == is_call)
    fits &= (price > 1) & np.array([end > session for end in tape.contracts.expiration])
    n = int(np.clip(contracts // 9, 3, 400))
    weights = chance.uniform(0.5, 1.5, n)
    sizes = np.maximum(np.floor(weights / weights.sum() * contracts), 1).astype(np.int64)
    sizes[0] += max(contracts - int(sizes.sum()), 0)
    at_us = mark * HALF_HOUR_US + np.sort(chance.integers(0, HALF_HOUR_US, n))
    side = np.where(chance.random(n) < 0.8, chance.choice([-1, 1], n), 0)
    tape.add(
        chance, day, chance.choice(np.flatnonzero(fits), n), at_us, side, sizes,
        chance.choice(VENUES, n), np.full(n, "I"),
    )  # fmt: skip
