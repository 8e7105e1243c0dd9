"""Sample prints and quotes of four stocks, on and off exchange; no source is asked.

Source: invented here, from a seed; large prints, blocks, late prints and sweeps of known size are
    planted and told in events.
Limits: 40 sessions to 2024-02-16, some hundred prints a stock and session beside its two auctions,
    which hold most of its volume; the volume is not that of the sample's bars.
Quirks: a quote is told 300 ms before each print, and nothing between; conditions and venues are
    the tapes' letters, D is FINRA's; prints off exchange are published up to three seconds later;
    all that is planted lies in the last five sessions.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from leadline.feed import Batch, Feed, Http, Span
from loaders import _sample as sample
from loaders._sample import N_MINUTES, SIZES, TICKERS

FEED = Feed(writes=("events", "equity_trades", "equity_quotes"), step=0)

STOCKS = tuple((name, "AC"[place % 2]) for place, name in enumerate(TICKERS[:8:2]))
N_SESSIONS, N_WEEK = 40, 5
N_BEFORE = 24  # the first of them, which a score needs for its history
A_DAY = 110  # prints of a stock, on an ordinary day
VENUES = tuple("NPQTKZYJ")
# What an ordinary print is told with; odd lots and sweeps by their letters, W on tape A is B.
CONDITIONS = {"@": 0.68, "@,F": 0.2, "@,I": 0.07, "@,4": 0.03, "@,W": 0.02}
AUCTION_USD = 15_000_000  # each of two a session, so that a million is much for a day
MINUTE_US, MS_US = 60_000_000, 1_000

# What detectors ask at least, in USD.
LARGE, BLOCK, LATE, SWEEP = 1_000_000, 10_000_000, 10_000_000, 1_000_000


@dataclass
class Tape:
    """The prints and quotes of all sessions so far, and what was planted among them."""

    chance: np.random.Generator
    prints: list[dict[str, Any]] = field(default_factory=list)
    quotes: list[dict[str, Any]] = field(default_factory=list)
    events: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def quote(self, day: int, stock: int, at_us: int) -> tuple[float, float]:
        """Tell the quote that stands 300 ms before a moment of a session; return bid and ask."""
        market, place = sample.market(), TICKERS.index(STOCKS[stock][0])
        minute = min(at_us // MINUTE_US, N_MINUTES - 1)
        if (week := day - (N_SESSIONS - N_WEEK)) >= 0:
            mid = float(market.minutes[week, minute, place])
        else:
            before, after = market.closes[day - N_SESSIONS - 1 : day - N_SESSIONS + 1, place]
            mid = float(before + (after - before) * minute / N_MINUTES)
        half = 0.01 * int(self.chance.integers(1, 3))
        bid, ask = round(mid, 2) - half, round(mid, 2) + half
        self.quotes.append(
            {
                "stock": stock, "day": day, "at_us": at_us - 300 * MS_US,
                "bid": round(bid, 2), "ask": round(ask, 2),
                "bid_size": 100 * int(self.chance.integers(1, 30)),
                "ask_size": 100 * int(self.chance.integers(1, 30)),
            }
        )  # fmt: skip
        return bid, ask

    def add(
        self,
        day: int,
        stock: int,
        at_us: int,
        usd: float,
        price: float,
        venue: str,
        condition: str,
        *,
        least_usd: float = 0,
        delay_us: int = 400,
    ) -> None:
        """Add a print worth so much, rounded off the bound that it is drawn from."""
        whole = np.ceil if usd >= least_usd else np.floor
        tape = STOCKS[stock][1]
        self.prints.append(
            {
                "stock": stock, "day": day, "at_us": at_us, "known_us": at_us + delay_us,
                "price": round(price, 4), "size": max(int(whole(usd / price)), 1), "venue": venue,
                "conditions": condition.replace("W", "B") if tape == "A" else condition,
            }
        )  # fmt: skip

    def tell(self, detector: str, at: tuple[int, int, int], size: float, side: int) -> None:
        """Remember an order as an event, which counts for five seconds."""
        day, stock, at_us = at
        own = sample.sessions()[-N_SESSIONS:][day]
        starts_at = sample.opens_at(own) + timedelta(microseconds=at_us)
        name = STOCKS[stock][0]
        self.events.setdefault(detector, []).append(
            {
                "entity": name, "starts_at": starts_at, "ends_at": starts_at + LASTS[detector],
                "size": size, "direction": {1: "bull", -1: "bear"}.get(side),
                "note": f"{name} of {size:g} times what is asked at least",
            }
        )  # fmt: skip


LARGE_PRINT, BLOCK_PRINT = "off_exchange.large_print", "off_exchange.block"
LATE_PRINT, SWEPT = "off_exchange.late_print", "prices.sweep"
SECONDS = timedelta(seconds=5)
LASTS = {LARGE_PRINT: SECONDS, BLOCK_PRINT: SECONDS, SWEPT: SECONDS, LATE_PRINT: SECONDS}


def pull(span: Span, http: Http) -> Iterator[Batch]:
    """Yield the planted orders, every print and every quote."""
    tape = Tape(sample.rng("equity trades before"))
    for day in range(N_SESSIONS):
        if day == N_BEFORE:
            tape.chance = sample.rng("equity trades")
        for stock in range(len(STOCKS)):
            background(tape, day, stock)
    planted(tape)
    for detector, events in tape.events.items():
        yield sample.planted(detector, events)
    yield "equity_trades", trades(tape)
    yield "equity_quotes", quoted(tape)


def background(tape: Tape, day: int, stock: int) -> None:
    """Add a session's ordinary prints, none of them large, and its auctions."""
    chance, lasts = tape.chance, N_MINUTES * MINUTE_US
    pace = sample.pace() / sample.pace().sum()
    minutes = chance.choice(N_MINUTES, A_DAY, p=pace)
    moments = np.sort(minutes * MINUTE_US + chance.integers(MINUTE_US, size=A_DAY))
    for at_us in (int(each) for each in moments):
        bid, ask = tape.quote(day, stock, at_us)
        condition = str(chance.choice(list(CONDITIONS), p=list(CONDITIONS.values())))
        usd = min(float(np.exp(chance.normal(np.log(30_000), 0.8))), 400_000)
        is_dark = condition in ("@,4", "@,W") or (condition == "@" and chance.random() < 0.5)
        # Off exchange a part trades at the middle, a part at a fraction of a cent within.
        inside = (bid + ask) / 2 if chance.random() < 0.3 else ask - 0.0011
        price = float(chance.choice([bid, ask, inside])) if is_dark else (
            bid if chance.random() < 0.5 else ask
        )  # fmt: skip
        tape.add(
            day, stock, at_us, min(usd, 99 * price) if condition == "@,I" else usd, price,
            "D" if is_dark else str(chance.choice(VENUES)), condition,
            delay_us=int(chance.integers(400, 3_000_000)) if is_dark else 400,
        )  # fmt: skip
    for at_us, letter in ((1_000_000, "@,O"), (lasts + 2_000_000, "@,6")):
        bid, ask = tape.quote(day, stock, at_us)
        tape.add(day, stock, at_us, AUCTION_USD, (bid + ask) / 2, "N", letter)


def planted(tape: Tape) -> None:
    """Plant orders of every kind, so many times over what detectors ask at least."""
    nth = 0
    for kind in (large_print, block, late_print, sweep):
        for size in SIZES:
            # Ten minutes apart on a stock, so that none counts for another.
            day, slot = N_SESSIONS - N_WEEK + nth % N_WEEK, nth // N_WEEK
            at_us = (20 + slot * 45) * MINUTE_US + int(tape.chance.integers(30_000_000))
            kind(tape, (day, nth % len(STOCKS), at_us), size)
            nth += 1


def alone(
    tape: Tape, at: tuple[int, int, int], usd: float, side: int, condition: str, least: int
) -> None:
    """Add one print at the quote on its side; a late one comes half an hour after."""
    day, stock, at_us = at
    bid, ask = tape.quote(day, stock, at_us)
    delay_us = 30 * MINUTE_US if condition == "@,Z" else 900_000
    price = ask if side >= 0 else bid
    tape.add(day, stock, at_us, usd, price, "D", condition, least_usd=least, delay_us=delay_us)


def large_print(tape: Tape, at: tuple[int, int, int], size: float) -> None:
    """Plant a print around a million dollars off exchange."""
    side = int(tape.chance.choice([-1, 1]))
    alone(tape, at, size * LARGE, side, "@", LARGE)
    tape.tell(LARGE_PRINT, at, size, side)


def block(tape: Tape, at: tuple[int, int, int], size: float) -> None:
    """Plant a print around ten million dollars off exchange, which is a large one too."""
    side = int(tape.chance.choice([-1, 1]))
    alone(tape, at, size * BLOCK, side, "@", BLOCK)
    tape.tell(BLOCK_PRINT, at, size, side)
    tape.tell(LARGE_PRINT, at, size * BLOCK / LARGE, side)


def late_print(tape: Tape, at: tuple[int, int, int], size: float) -> None:
    """Plant a print around ten million dollars that is told half an hour late, as a block is."""
    alone(tape, at, size * LATE, 1, "@,Z", LATE)
    told = (*at[:2], at[2] + 30 * MINUTE_US)
    tape.tell(LATE_PRINT, told, size, 0)
    tape.tell(BLOCK_PRINT, told, size * LATE / BLOCK, 0)
    tape.tell(LARGE_PRINT, told, size * LATE / LARGE, 0)


def sweep(tape: Tape, at: tuple[int, int, int], size: float) -> None:
    """Plant an order that six exchanges fill within 50 ms."""
    day, stock, at_us = at
    side = int(tape.chance.choice([-1, 1]))
    bid, ask = tape.quote(day, stock, at_us)
    venues = tape.chance.choice(VENUES, 6, replace=False)
    for nth, venue in enumerate(venues):
        tape.add(
            day, stock, at_us + nth * 9 * MS_US, size * SWEEP / 6, ask if side > 0 else bid,
            str(venue), "@,F", least_usd=SWEEP / 6,
        )  # fmt: skip
    tape.tell(SWEPT, at, size, side)


def opens_us() -> list[int]:
    """Return when each session opens, in microseconds since 1970."""
    return [sample.micros(sample.opens_at(day)) for day in sample.sessions()[-N_SESSIONS:]]


def trades(tape: Tape) -> pa.Table:
    """Return the prints in the order of their publication."""
    opens, own = opens_us(), sample.sessions()[-N_SESSIONS:]
    rows = sorted(tape.prints, key=lambda row: (row["day"], row["known_us"], row["stock"]))
    numbers = list(range(1, len(rows) + 1))
    return pa.table(
        {
            "symbol": [STOCKS[row["stock"]][0] for row in rows],
            "venue": [row["venue"] for row in rows],
            "facility": pa.array(
                ["FINN" if row["venue"] == "D" else None for row in rows], pa.string()
            ),
            "trade_id": [str(number) for number in numbers],
            "traded_at": sample.moments([opens[row["day"]] + row["at_us"] for row in rows]),
            "session_date": pa.array([own[row["day"]] for row in rows], pa.date32()),
            "tape": [STOCKS[row["stock"]][1] for row in rows],
            "price": [row["price"] for row in rows],
            "size": [row["size"] for row in rows],
            "conditions": [row["conditions"] for row in rows],
            "known_at": sample.moments([opens[row["day"]] + row["known_us"] for row in rows]),
            "sequence": numbers,
        }
    )


def quoted(tape: Tape) -> pa.Table:
    """Return the quotes in the order of their moments."""
    opens, own = opens_us(), sample.sessions()[-N_SESSIONS:]
    rows = sorted(tape.quotes, key=lambda row: (row["day"], row["at_us"], row["stock"]))
    moments = sample.moments([opens[row["day"]] + row["at_us"] for row in rows])
    return pa.table(
        {
            "symbol": [STOCKS[row["stock"]][0] for row in rows],
            "quoted_at": moments,
            "place": list(range(1, len(rows) + 1)),
            "session_date": pa.array([own[row["day"]] for row in rows], pa.date32()),
            **{
                name: [row[name] for row in rows] for name in ("bid", "ask", "bid_size", "ask_size")
            },
            "bid_venue": ["N"] * len(rows),
            "ask_venue": ["P"] * len(rows),
            "known_at": moments,
        }
    )
