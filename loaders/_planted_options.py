"""Plants orders of options at odd moments, of every kind that the sample week has and of more.

Two of the six names get nothing but volume: there a session's calls or puts, or its balance of
both, is so many times what is unusual.
"""

from typing import Any

import numpy as np

from loaders import _sample as sample
from loaders import sample_option_trades as orders
from loaders._planted_volume import VOLUME_NAMES, Volumes, plant_volumes
from loaders._sample import SIZES, Ints
from loaders._sample_chains import EXPIRATIONS, N_SESSIONS, Chain, Contracts
from loaders.sample_option_trades import (
    MINUTE_US,
    MS_US,
    MULTIPLIER,
    SPLIT,
    VENUES,
    Planter,
    Tape,
)

N_TRADED = 48  # a balance is held against 20 sessions, each of which needs 20 before it
TEN = (*SIZES, 10.0)
REPEATER, N_REPEATS = 250_000, 4  # of all orders together; how many
RATIO, OVER_VOLUME = 1.25, 501  # of what was open the evening before; and contracts
PATIENCE = 60  # contracts that are turned down before anything goes
N_DECOYS = 8  # of each kind a week: they look like an order, and are none
N_THIN, THIN = 14, (420, 1_400)  # contracts of which little is open, and how much
CHEAP = (0.25, 2.5)  # USD


class Hidden(Planter):
    """A planter whose orders come at odd moments and in contracts of their own."""

    def __init__(self, chance: np.random.Generator, tape: Tape, interest: Ints) -> None:
        super().__init__(chance, tape)
        self.interest, self.least_open = interest, float(THIN[1] * 2)
        slots = [(day, slot) for day in range(5) for slot in range(36)]
        self._slots = [slots[place] for place in chance.permutation(len(slots))]
        self.taken: set[tuple[int, int]] = set()
        self._asked = 0

    def place(self) -> tuple[int, int]:
        """Return a session of the week and a moment of it, at least three minutes from others."""
        day, slot = self._slots.pop()
        at_us = (20 + 8 * slot) * MINUTE_US + int(self.chance.integers(5 * MINUTE_US))
        return N_SESSIONS - 5 + day, at_us

    def moments(self, at_us: int, n: int, gap_ms: int) -> Ints:
        """Return when each of an order's prints comes, never later than evenly spaced."""
        gaps = self.chance.integers(gap_ms * MS_US // 3, gap_ms * MS_US + 1, n)
        return np.asarray(at_us + np.concatenate([[0], np.cumsum(gaps[1:])]))

    def contract(self, day: int, lowest: float, highest: float) -> int:
        """Choose a contract of the week, rather one that nothing else was planted in that day.

        Who asks again and again asks for more than a price: he gets a wider choice each time.
        """
        self._asked += 1
        own, open_ = sample.sessions()[-N_SESSIONS:][day], self.interest[day - 1]
        price, contracts = self.tape.chain.ask[day], self.tape.contracts
        fits = [
            place
            for place in np.flatnonzero((price >= lowest) & (price <= highest)).tolist()
            if contracts.expiration[place] > own
            and (contracts.underlying[place] not in VOLUME_NAMES or self._asked > 2 * PATIENCE)
        ]
        free = [
            place
            for place in fits
            if open_[place] >= self.least_open and (day, place) not in self.taken
        ]
        return int(self.chance.choice(free if free and self._asked < PATIENCE else fits))

    def order(self, at: tuple[int, int], contract: int, *rest: Any, **named: Any) -> None:
        """Add one order, and leave its contract alone for the day."""
        self.taken.add((at[0], contract))
        self._asked = 0
        super().order(at, contract, *rest, **named)

    def legs(self, at: tuple[int, int], legs: Any, size: int) -> None:
        """Add a package, and leave its contracts alone for the day."""
        self.taken |= {(at[0], contract) for contract, _ in legs}
        self._asked = 0
        super().legs(at, legs, size)


def planted(
    chance: np.random.Generator, tape: Tape, interest: Ints
) -> dict[str, list[dict[str, Any]]]:
    """Plant orders of every kind, so many times over what is asked at least."""
    planter = Hidden(chance, tape, interest)
    kinds = (
        orders.sweep, orders.golden_sweep, orders.split, orders.block, orders.repeated_hits,
        orders.sweep_then_floor, orders.multi_leg, orders.roll, repeater,
    )  # fmt: skip
    for kind in (*kinds, orders.sweep, orders.block):
        for size in TEN:
            rolled = 2 * size * orders.ROLL / MULTIPLIER if kind is orders.roll else 0
            planter.least_open = max(float(THIN[1] * 2), rolled)
            kind(planter, size)
            if rolled and not was_open(tape, interest):
                planter.events["options.roll"].pop()
    for _ in range(N_DECOYS):
        two_sided(planter)
        slow(planter)
    for size in TEN:
        volume_over_interest(planter, interest, size)
    plant_volumes(planter)
    volumes = Volumes.of(tape)
    for detector, rows in volumes.told().items():
        planter.events.setdefault(detector, []).extend(rows)
    return planter.events


def was_open(tape: Tape, interest: Ints) -> bool:
    """Say whether as much was open as the last package sold: a roll of more than that is none."""
    day, near, size = (int(tape.columns[name][-1][0]) for name in ("day", "contract", "size"))
    return size <= int(interest[day - 1, near])


def two_sided(planter: Hidden) -> None:
    """Add a burst on four venues that is no order: half of it buys, and half of it sells."""
    at = planter.place()
    contract = planter.contract(at[0], 1, 12)
    venues = planter.chance.choice(VENUES, 4, replace=False)
    for side, own in ((1, venues[:2]), (-1, venues[2:])):
        planter.order(at, contract, side, 0.75 * orders.SWEEP, np.inf, ["S"] * 2, own)


def slow(planter: Hidden) -> None:
    """Add six small orders to one side, half a minute apart: much together, and no one's."""
    day, at_us = planter.place()
    contract, side = planter.contract(day, 1, 12), int(planter.chance.choice([-1, 1]))
    for _ in range(6):
        venue = [str(planter.chance.choice(VENUES))]
        planter.order((day, at_us), contract, side, 0.4 * orders.SPLIT, np.inf, ["I"], venue)
        at_us += int(planter.chance.integers(20_000_000, 40_000_000))


def repeater(planter: Hidden, size: float) -> None:
    """Plant four equal orders of one contract within an hour, each of which is a split too."""
    (day, at_us), side = planter.place(), int(planter.chance.choice([-1, 1]))
    contract, each = planter.contract(day, 1, 12), size * REPEATER / N_REPEATS
    least = 0 if size >= 1 else np.inf  # rounded up, or down
    began = (day, at_us)
    for _ in range(N_REPEATS):
        venues = [str(planter.chance.choice(VENUES))] * 3
        planter.order(
            (day, at_us), contract, side, each, least, ["I"] * 3, venues, gap_ms=40
        )  # fmt: skip
        planter.tell(
            "options.split", (day, at_us), contract, each / SPLIT, side, "one of four orders"
        )
        at_us += int(planter.chance.integers(6 * MINUTE_US, 18 * MINUTE_US))
    planter.tell("options.repeater", began, contract, size, side, "in four equal orders")
    told = planter.events["options.repeater"][-1]
    told["ends_at"] += sample.FIVE_MINUTES * 12


def volume_over_interest(planter: Hidden, interest: Ints, size: float) -> None:
    """Plant a day of small prints: so much more of a contract than was open of it."""
    tape, chance = planter.tape, planter.chance
    day, began_us = planter.place()
    began_us //= 3
    thin = np.flatnonzero(interest[day - 1] <= THIN[1] * 2).tolist()
    fits = [
        place
        for place in cheap(tape.contracts, tape.chain)
        if place in thin and (day, place) not in planter.taken
    ]
    if not fits:
        return
    contract = int(chance.choice(fits))
    planter.taken.add((day, contract))
    asked = max(RATIO * float(interest[day - 1, contract]), OVER_VOLUME)
    left = int((np.ceil if size >= 1 else np.floor)(size * asked)) - traded(tape, day, contract)
    n = int(np.clip(left // 12, 8, 220))
    weights = chance.uniform(0.5, 1.5, n)
    sizes = np.maximum(np.floor(weights / weights.sum() * left), 1).astype(np.int64)
    sizes[-1] += left - sizes.sum()
    if sizes[-1] < 1:  # what the tape has by itself is nearly enough
        return
    at_us = np.sort(began_us + chance.integers(0, 380 * MINUTE_US - began_us, n))
    side = np.where(chance.random(n) < 0.8, chance.choice([-1, 1], n), 0)
    tape.add(
        chance, day, np.full(n, contract), at_us, side, sizes, chance.choice(VENUES, n),
        np.full(n, "I"),
    )  # fmt: skip
    own = (day, int(at_us[0]))
    planter.tell("options.volume_oi", own, contract, size, 0, "traded more than was open")
    session = sample.sessions()[-N_SESSIONS:][day]
    planter.events["options.volume_oi"][-1]["ends_at"] = sample.closes_at(session)


def cheap(contracts: Contracts, chain: Chain) -> list[int]:
    """Return the contracts that are cheap all week and end after it."""
    ask, last = chain.ask[-5:], sample.WEEK[-1]
    fits = (ask >= CHEAP[0]).all(axis=0) & (ask <= CHEAP[1]).all(axis=0)
    return [
        place
        for place in np.flatnonzero(fits).tolist()
        if contracts.expiration[place] > last and contracts.underlying[place] not in VOLUME_NAMES
    ]


def thin_out(
    chance: np.random.Generator, contracts: Contracts, chain: Chain, interest: Ints
) -> None:
    """Leave little open of some cheap contracts, in all sessions alike."""
    fits = cheap(contracts, chain)
    for place in chance.permutation(fits)[:N_THIN].tolist():
        level = float(interest[-6, place])
        if level > 0:
            interest[:, place] = np.rint(interest[:, place] * chance.uniform(*THIN) / level)


def traded(tape: Tape, day: int, contract: int) -> int:
    """Return how many contracts the tape has by now."""
    return sum(
        int(sizes[(days == day) & (contracts == contract)].sum())
        for days, contracts, sizes in zip(
            tape.columns["day"], tape.columns["contract"], tape.columns["size"], strict=True
        )
    )


def jump_volatility(
    chance: np.random.Generator, seed: int, contracts: Contracts, chain: Chain
) -> list[dict[str, Any]]:
    """Raise the volatility of a name's chain for one session, by so many times what is unusual.

    Of a jump are asked 3.5 robust deviations of the changes before, and two points at least. The
    first chains have no expiration within 30 days, so that 20 changes are there by Thursday.
    """
    own, events = sample.sessions()[-N_SESSIONS:], []
    names = list(dict.fromkeys(contracts.underlying))
    for nth, name in enumerate(names):
        size = TEN[(seed * len(names) + nth) % len(TEN)]
        place = N_SESSIONS - 2 + int(chance.integers(2))
        ours = np.array([each == name for each in contracts.underlying])
        first = next(day for day, each in enumerate(own) if (EXPIRATIONS[0] - each).days <= 30)
        spot, strikes = chain.spot[first : place + 1, ours], contracts.strike[ours]
        if not ((strikes.min() < spot) & (spot < strikes.max())).all():
            continue  # without strikes around the money a session has no volatility
        changes = np.diff(thirty_days(contracts, chain, ours)[first:place])
        middle = float(np.median(changes))
        spread = float(np.median(np.abs(changes - middle))) / 0.6745
        today = float(np.diff(thirty_days(contracts, chain, ours)[place - 1 : place + 1])[0])
        rise = size * max(0.02, middle + 3.5 * spread) - today
        years = np.array([max((end - own[place]).days, 0.25) for end in contracts.expiration]) / 365
        vega = chain.gamma[place] * chain.spot[place] ** 2 * chain.iv[place] * years
        more = np.where(ours, np.maximum(vega * rise, 0), 0)
        chain.iv[place] += np.where(ours, rise, 0)
        for prices in (chain.price, chain.bid, chain.ask):
            tick = np.where(chain.price[place] < 3, 0.01, 0.05)
            up = np.rint(more / tick) * tick
            prices[place] = np.round(prices[place] + np.where(prices[place] > 0, up, 0), 2)
        events.append(
            {
                "entity": name,
                "starts_at": sample.opens_at(own[place]),
                "ends_at": sample.at(own[place], 17),
                "size": size,
                "note": f"volatility of {name} rises by {rise:.4f}",
            }
        )
    return events


def thirty_days(contracts: Contracts, chain: Chain, ours: Any) -> Any:
    """Return the volatility at the money of a name in 30 days, each session."""
    own = sample.sessions()[-N_SESSIONS:]
    ends = sorted({end for end, is_ours in zip(contracts.expiration, ours, strict=True) if is_ours})
    found = []
    for day, session in enumerate(own):
        left = np.array([(end - session).days for end in ends], dtype=float)
        ivs = []
        for end in ends:
            at = np.flatnonzero(ours & np.array([each == end for each in contracts.expiration]))
            away = np.log(contracts.strike[at] / chain.spot[day, at])
            strikes = np.unique(away)
            by_strike = [float(chain.iv[day, at[away == each]].mean()) for each in strikes]
            ivs.append(float(np.interp(0.0, strikes, by_strike)))
        variance = np.array(ivs) ** 2 * left
        is_used = left >= 2
        found.append(np.sqrt(np.interp(30, left[is_used], variance[is_used]) / 30))
    return np.array(found)
