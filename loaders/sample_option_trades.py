"""Sample option trades of six stocks, as OPRA tells them; no source is asked.

Source: invented here, from a seed; orders of known size are planted and told in events.
Limits: 26 sessions to 2024-02-16, some 230 prints a stock and session.
Quirks: the contracts and their worth are those of sample_options, moved by the stock within the
    day; prices lie on ticks at or between bid and ask; conditions and venues are OPRA's letters; a
    package's legs come at once, at one venue, by the code alone; all that is planted lies in the
    last five sessions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from leadline.feed import Batch, Feed, Http, Span
from loaders import _sample as sample
from loaders._sample import N_MINUTES, SIZES, TICKERS, Floats, Ints
from loaders._sample_chains import N_SESSIONS, UNDERLYINGS, Chain, Contracts, listed, quotes

FEED = Feed(writes=("events", "option_trades"), step=0)

N_TRADED = 26  # the sample week and a month before it, which baselines need
A_DAY = 200  # orders of a stock, on an ordinary day
VENUES = np.array(list("ABCDEHIJMNPQTUWXZ"))
# How orders come: on a book, as a sweep, in an auction, crossed, on a floor, late, or as packages.
CONDITIONS = {
    "I": 0.56, "S": 0.09, "a": 0.12, "c": 0.02, "e": 0.01, "B": 0.01, "f": 0.13, "j": 0.04,
    "n": 0.02,
}  # fmt: skip
MINUTE_US, SECOND_US, MS_US = 60_000_000, 1_000_000, 1_000
PACKAGES, MULTIPLIER = ("f", "j"), 100

# What detectors ask at least of a premium, in USD.
SWEEP, GOLDEN, SPLIT, BLOCK, HITS, FLOOR = 50_000, 1_000_000, 50_000, 100_000, 100_000, 100_000
PACKAGE, ROLL = 50_000, 50_000  # of what is left of the legs; of the dearer leg
STRIKES_ON, END_ON = 6, 14  # places from a contract to one of another strike, or expiration


@dataclass
class Tape:
    """The prints of all sessions so far, a list of equally long columns."""

    contracts: Contracts
    chain: Chain
    columns: dict[str, list[Any]] = field(default_factory=dict)

    def add(
        self,
        chance: np.random.Generator,
        day: int,
        contract: Ints,
        at_us: Ints,
        side: Ints,
        size: Ints,
        venue: Any,
        condition: Any,
    ) -> None:
        """Add prints of one session; their prices follow from their sides."""
        bid, ask, tick, spot = self.quote(day, contract, at_us)
        # Most orders take the other side's price; what has no side trades somewhere between.
        inside = bid + np.floor(chance.random(len(bid)) * ((ask - bid) / tick + 1)) * tick
        price = np.where(side > 0, ask, np.where(side < 0, bid, inside))
        own = {
            "day": np.full(len(contract), day), "contract": contract, "at_us": at_us, "size": size,
            "venue": venue, "condition": condition, "price": price, "bid": bid, "ask": ask,
            **{f"{name}_size": chance.integers(1, 60, len(contract)) for name in ("bid", "ask")},
            "spot": np.round(spot, 2),
        }  # fmt: skip
        for name, values in own.items():
            self.columns.setdefault(name, []).append(np.asarray(values))

    def quote(self, day: int, contract: Ints, at_us: Ints) -> tuple[Floats, Floats, Floats, Floats]:
        """Return bid, ask, tick and stock of contracts at moments of a session."""
        chain, spot = self.chain, spot_at(day, self.contracts.stock[contract], at_us)
        moved = spot - chain.spot[day, contract]
        mid = chain.price[day, contract] + chain.delta[day, contract] * moved
        tick = np.where(mid < 3, 0.01, 0.05)
        half = np.maximum(chain.ask[day, contract] - chain.bid[day, contract], tick) / 2
        bid = np.maximum(np.floor(np.maximum(mid - half, 0) / tick), 1) * tick
        ask = np.maximum(np.ceil((mid + half) / tick) * tick, bid + tick)
        return np.round(bid, 2), np.round(ask, 2), tick, spot


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the planted orders, and every print."""
    contracts = listed()
    tape = Tape(contracts, quotes(sample.rng("options"), contracts))
    chance = sample.rng("option trades")
    for day in range(N_SESSIONS - N_TRADED, N_SESSIONS):
        background(chance, tape, day)
    for detector, events in planted(sample.rng("planted option trades"), tape).items():
        yield sample.planted(detector, events)
    yield "option_trades", rows(tape)


def spot_at(day: int, stock: Ints, at_us: Ints) -> Floats:
    """Return stocks at moments of a session, counted from its open; the last week has minutes."""
    market = sample.market()
    minute = np.minimum(at_us // MINUTE_US, N_MINUTES - 1)
    if (week := day - (N_SESSIONS - 5)) >= 0:
        return np.asarray(market.minutes[week, minute, stock])
    closes = market.closes[-N_SESSIONS - 1 :]
    before, after = closes[day, stock], closes[day + 1, stock]
    return np.asarray(before + (after - before) * minute / N_MINUTES)


def minutes(day: int) -> int:
    """Return how many minutes a session has."""
    return 210 if sample.sessions()[-N_SESSIONS:][day] in sample.HALF else N_MINUTES


def background(chance: np.random.Generator, tape: Tape, day: int) -> None:
    """Add a session's ordinary orders: near the money, near the end, large ones seldom."""
    own = sample.sessions()[-N_SESSIONS:][day]
    contracts, n_minutes = tape.contracts, minutes(day)
    pace = sample.pace()[:n_minutes] / sample.pace()[:n_minutes].sum()
    left = np.array([max((end - own).days, 0) for end in contracts.expiration])
    away = np.abs(np.log(contracts.strike / tape.chain.spot[day]))
    likely = np.exp(-12 * away - left / 40) * (tape.chain.price[day] > 0.03)
    lively = np.exp(0.3 * sample.market().stress[-N_SESSIONS:][day])
    for name in UNDERLYINGS:
        ours = np.flatnonzero(contracts.stock == TICKERS.index(name))
        n = int(chance.poisson(A_DAY * lively * np.exp(chance.normal(0, 0.15)) * n_minutes / 390))
        contract = chance.choice(ours, n, p=likely[ours] / likely[ours].sum())
        at_us = chance.choice(n_minutes, n, p=pace) * MINUTE_US + chance.integers(0, MINUTE_US, n)
        condition = chance.choice(list(CONDITIONS), n, p=list(CONDITIONS.values()))
        size = 1 + np.floor(chance.exponential(5, n) * np.where(chance.random(n) < 0.02, 15, 1))
        venue = chance.choice(VENUES, n)
        side = np.where(chance.random(n) < 0.8, chance.choice([-1, 1], n), 0)
        tape.add(chance, day, contract, at_us, side, size.astype(np.int64), venue, condition)
        # The other leg: the next strike of the same end and kind, two places on.
        is_leg = np.isin(condition, PACKAGES)
        other = np.where(contract[is_leg] + 2 <= ours[-1], contract[is_leg] + 2, contract[is_leg])
        is_pair = (contracts.strike[other] > contracts.strike[contract[is_leg]]) & np.array(
            [contracts.expiration[a] == contracts.expiration[b]
             for a, b in zip(other, contract[is_leg], strict=True)], dtype=bool
        )  # fmt: skip
        second = np.flatnonzero(is_leg)[is_pair]
        tape.add(
            chance, day, other[is_pair], at_us[second], -side[second],
            size[second].astype(np.int64), venue[second], condition[second],
        )  # fmt: skip


@dataclass
class Planter:
    """Plants orders at moments of their own, and remembers them as events."""

    chance: np.random.Generator
    tape: Tape
    events: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _n: int = 0

    def place(self) -> tuple[int, int]:
        """Return a session of the last week and a moment of it; each is five minutes apart."""
        day, slot = self._n % 5, self._n // 5
        self._n += 1
        assert slot < 60
        at_us = (45 + 5 * slot) * MINUTE_US + int(self.chance.integers(0, SECOND_US))
        return N_SESSIONS - 5 + day, at_us

    def contract(self, day: int, lowest: float, highest: float) -> int:
        """Choose a contract of the last week that costs so much and does not end yet."""
        own = sample.sessions()[-N_SESSIONS:][day]
        price, contracts = self.tape.chain.ask[day], self.tape.contracts
        fits = (price >= lowest) & (price <= highest)
        fits &= np.array([end > own for end in contracts.expiration])
        return int(self.chance.choice(np.flatnonzero(fits)))

    def moments(self, at_us: int, n: int, gap_ms: int) -> Ints:
        """Return when each of an order's prints comes."""
        return np.asarray(at_us + np.arange(n) * gap_ms * MS_US)

    def price(self, at: tuple[int, int], contract: int, side: int) -> float:
        """Return what a contract costs to buy, or brings when it is sold."""
        day, at_us = at
        bid, ask, _, _ = self.tape.quote(day, np.array([contract]), np.array([at_us]))
        return float(bid[0] if side < 0 else ask[0])

    def legs(self, at: tuple[int, int], legs: Sequence[tuple[int, int]], size: int) -> None:
        """Add a package of contracts and sides, coded as one, at one venue."""
        day, at_us = at
        contracts, sides = (np.array(each) for each in zip(*legs, strict=True))
        venue, n = str(self.chance.choice(VENUES)), len(legs)
        self.tape.add(
            self.chance, day, contracts, np.full(n, at_us), sides, np.full(n, size),
            np.full(n, venue), np.full(n, "f"),
        )  # fmt: skip

    def order(
        self,
        at: tuple[int, int],
        contract: int,
        side: int,
        premium_usd: float,
        least_usd: float,
        conditions: Sequence[str],
        venues: Any,
        gap_ms: int = 12,
    ) -> None:
        """Add one order cut into as many prints as there are venues, rounded off its threshold."""
        (day, at_us), n = at, len(venues)
        worth = self.price(at, contract, side) * MULTIPLIER
        whole = np.ceil if premium_usd >= least_usd else np.floor
        size = np.full(n, int(whole(premium_usd / worth))) // n
        size[: int(whole(premium_usd / worth)) - size.sum()] += 1
        self.tape.add(
            self.chance, day, np.full(n, contract), self.moments(at_us, n, gap_ms),
            np.full(n, side), size, np.array(venues), np.array(conditions),
        )  # fmt: skip

    def tell(
        self,
        detector: str,
        at: tuple[int, int],
        contract: int,
        size: float,
        side: int,
        note: str,
        *,
        is_of_contract: bool = True,
    ) -> None:
        """Remember an order as an event, which counts for five minutes."""
        day, contracts = at[0], self.tape.contracts
        starts_us = sample.micros(sample.opens_at(sample.sessions()[-N_SESSIONS:][day])) + at[1]
        starts_at = sample.moments([starts_us])[0].as_py()
        is_bull = (side > 0) == bool(contracts.is_call[contract])
        self.events.setdefault(detector, []).append(
            {
                "entity": contracts.underlying[contract],
                "subject": contracts.symbol[contract] if is_of_contract else None,
                "starts_at": starts_at, "ends_at": starts_at + sample.FIVE_MINUTES,
                "size": size, "note": f"{contracts.symbol[contract]} {note}",
                "direction": None if side == 0 else "bull" if is_bull else "bear",
            }
        )  # fmt: skip


def planted(chance: np.random.Generator, tape: Tape) -> dict[str, list[dict[str, Any]]]:
    """Plant orders of every kind, so many times over what detectors ask at least."""
    planter = Planter(chance, tape)
    for size in (*SIZES, *SIZES):
        sweep(planter, size)
    for size in SIZES:
        golden_sweep(planter, size)
        split(planter, size)
        block(planter, size)
        repeated_hits(planter, size)
        sweep_then_floor(planter, size)
    for size in SIZES:
        multi_leg(planter, size)
        roll(planter, size)
    return planter.events


def sweep(planter: Planter, size: float) -> None:
    """Plant an order that several venues fill at once."""
    at, side = planter.place(), int(planter.chance.choice([-1, 1]))
    contract = planter.contract(at[0], 1, 12)
    n = int(planter.chance.integers(3, 6))
    venues = planter.chance.choice(VENUES, n, replace=False)
    planter.order(at, contract, side, size * SWEEP, SWEEP, ["S"] * n, venues)
    planter.tell("options.sweep", at, contract, size, side, f"swept on {n} venues")


def golden_sweep(planter: Planter, size: float) -> None:
    """Plant a sweep of six prints around a million dollars: a sweep and repeated hits too."""
    at, side = planter.place(), int(planter.chance.choice([-1, 1]))
    contract = planter.contract(at[0], 2, 20)
    venues = planter.chance.choice(VENUES, 6, replace=False)
    planter.order(at, contract, side, size * GOLDEN, GOLDEN, ["S"] * 6, venues)
    floors = {"golden_sweep": GOLDEN, "sweep": SWEEP, "repeated_hits": HITS}
    for name, least in floors.items():
        own, note = size * GOLDEN / least, "swept on 6 venues for a fortune"
        planter.tell(f"options.{name}", at, contract, own, side, note)


def split(planter: Planter, size: float) -> None:
    """Plant an order that one venue fills in several prints."""
    at, side = planter.place(), int(planter.chance.choice([-1, 1]))
    contract = planter.contract(at[0], 1, 12)
    venues = [str(planter.chance.choice(VENUES))] * 3
    planter.order(at, contract, side, size * SPLIT, SPLIT, ["I"] * 3, venues, gap_ms=40)
    planter.tell("options.split", at, contract, size, side, "in 3 prints of one venue")


def block(planter: Planter, size: float) -> None:
    """Plant a single print, every other one crossed; cheap enough for a hundred contracts."""
    is_cross = len(planter.events.get("options.sweep_then_floor", ())) % 2 == 1
    at, side = planter.place(), 0 if is_cross else int(planter.chance.choice([-1, 1]))
    contract = planter.contract(at[0], 1, 4)
    condition, venues = "c" if is_cross else "I", [str(planter.chance.choice(VENUES))]
    planter.order(at, contract, side, size * BLOCK, BLOCK, [condition], venues)
    planter.tell("options.block", at, contract, size, side, "in one print")


def repeated_hits(planter: Planter, size: float) -> None:
    """Plant seven hits within a tenth of a second, which are a split too."""
    at, side = planter.place(), int(planter.chance.choice([-1, 1]))
    contract = planter.contract(at[0], 1, 12)
    venues = [str(planter.chance.choice(VENUES))] * 7
    planter.order(at, contract, side, size * HITS, SPLIT, ["I"] * 7, venues, gap_ms=9)
    note = "hit 7 times on one venue"
    planter.tell("options.repeated_hits", at, contract, size, side, note)
    planter.tell("options.split", at, contract, size * HITS / SPLIT, side, note)


def sweep_then_floor(planter: Planter, size: float) -> None:
    """Plant ten small sweeps, each second one, and then a print on a floor."""
    (day, at_us), side = planter.place(), int(planter.chance.choice([-1, 1]))
    contract = planter.contract(day, 1, 6)
    for nth in range(10):
        venues = planter.chance.choice(VENUES, 2, replace=False)
        planter.order(
            (day, at_us + nth * 2 * SECOND_US), contract, side, 4_000, SWEEP, ["S"] * 2, venues
        )
    at = (day, at_us + 60 * SECOND_US)
    planter.order(at, contract, 0, size * FLOOR, FLOOR, ["e"], ["X"])
    note = "on a floor after 10 sweeps"
    planter.tell("options.sweep_then_floor", at, contract, size, side, note)
    planter.tell("options.block", at, contract, size, 0, note)


def multi_leg(planter: Planter, size: float) -> None:
    """Plant a vertical spread, three strikes wide so that it bets on a direction."""
    at, contracts = planter.place(), planter.tape.contracts
    while True:
        low = planter.contract(at[0], 2, 12)
        high = low + STRIKES_ON
        if high < len(contracts.strike) and contracts.expiration[low] == contracts.expiration[high]:
            net = planter.price(at, low, 1) - planter.price(at, high, -1)
            delta = np.abs(planter.tape.chain.delta[at[0], [low, high]])
            if net > 0.5 and abs(delta[0] - delta[1]) > 0.4 * delta.sum():
                break
    whole = np.ceil if size >= 1 else np.floor
    planter.legs(at, [(low, 1), (high, -1)], int(whole(size * PACKAGE / (net * MULTIPLIER))))
    told = f"bought and {contracts.symbol[high]} sold"
    planter.tell("options.multi_leg", at, low, size, 1, told, is_of_contract=False)


def roll(planter: Planter, size: float) -> None:
    """Plant a cheap calendar spread: the near contracts are sold, and as many later ones bought."""
    at, own = planter.place(), planter.tape.contracts
    while True:
        near = planter.contract(at[0], 0.3, 1.5)
        far = min(near + END_ON, len(own.strike) - 1)
        is_same = (own.underlying[near], own.strike[near]) == (own.underlying[far], own.strike[far])
        if is_same and near < far and (price := planter.price(at, far, 1)) < 2:
            break
    whole = np.ceil if size >= 1 else np.floor
    planter.legs(at, [(near, -1), (far, 1)], int(whole(size * ROLL / (price * MULTIPLIER))))
    note = f"bought for {own.symbol[near]}"
    planter.tell("options.roll", at, far, size, 1, note, is_of_contract=False)


def rows(tape: Tape) -> pa.Table:
    """Return the prints in the order of their moments."""
    found = {name: np.concatenate(parts) for name, parts in tape.columns.items()}
    own = sample.sessions()[-N_SESSIONS:]
    opens = np.array([sample.micros(sample.opens_at(day)) for day in own])
    at = opens[found["day"]] + found["at_us"]
    order = np.lexsort((found["contract"], at))
    found = {name: values[order] for name, values in found.items()}
    at, day, contract = at[order], found["day"], found["contract"]
    contracts, chain, n = tape.contracts, tape.chain, len(at)
    numbers = np.arange(1, n + 1)

    def named(values: Sequence[object]) -> list[object]:
        return [values[place] for place in contract]

    return pa.table(
        {
            "contract": named(contracts.symbol),
            "venue": found["venue"].tolist(),
            "trade_id": numbers.astype(str).tolist(),
            "traded_at": sample.moments(at),
            "known_at": sample.moments(at),
            "calendar": ["XNYS"] * n,
            "session_date": pa.array([own[place] for place in day], pa.date32()),
            "root": named(contracts.underlying),
            "expiration": pa.array(named(contracts.expiration), pa.date32()),
            "strike": contracts.strike[contract],
            "put_call": np.where(contracts.is_call[contract], "call", "put").tolist(),
            "price": np.round(found["price"], 2),
            "size": found["size"],
            "currency": ["USD"] * n,
            "condition": found["condition"].tolist(),
            "bid": np.round(found["bid"], 2),
            "ask": np.round(found["ask"], 2),
            "bid_size": found["bid_size"],
            "ask_size": found["ask_size"],
            "underlying_price": found["spot"],
            "iv": np.round(chain.iv[day, contract], 6),
            "delta": np.round(chain.delta[day, contract], 6),
            "sequence": numbers,
        }
    )
