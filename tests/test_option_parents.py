"""Parent orders of 12,000 prints through the real door, and what plain Python makes of them."""

import math
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from leadline.clock import BEGINNING, FOREVER
from leadline.publication import Publication
from leadline.warehouse import Warehouse
from tests.doors import door, rows
from tests.stores import load_sessions

SEED, N = 13, 12_000
BEGIN = datetime(2024, 3, 1, 15, 0, tzinfo=UTC)
MS, SECOND = 1_000, 1_000_000  # microseconds
Alerts = dict[str, dict[str, Any]]
CONTRACTS = [f"AAPL240315C00{strike}000" for strike in (170, 175, 180, 185, 190, 195)]
VENUES = ("A", "B", "C", "X")
# Gaps within an order and around the longest one, and pauses between orders.
GAPS = (0, 1, 5 * MS, 20 * MS, 99_999, 100 * MS, 100_001, 150 * MS, 3 * SECOND, 10 * SECOND)
CLASSES = {
    "I": ("regular", False), "S": ("regular", True), "a": ("auction", False),
    "b": ("auction", True), "e": ("floor", False), "f": ("multi_leg", False),
    "A": ("cancel", False),
}  # fmt: skip
WEIGHTS = (60, 20, 5, 10, 1, 4)
DETECTORS = (
    "sweep", "golden_sweep", "split", "block", "repeated_hits", "repeater", "sweep_then_floor",
)  # fmt: skip
NOW = ("block", "sweep_then_floor")
AMONG = [pytest.param(n, marks=() if n in NOW else pytest.mark.soak) for n in DETECTORS]
# So that few minutes of orders are enough of them.
LOWER = {
    "options.golden_sweep": {"min_premium_usd": 150_000},
    "options.repeated_hits": {"min_premium_giant_usd": 10_000},
    "options.block": {"min_size": 40, "min_premium_usd": 20_000},
    "options.sweep_then_floor": {"min_premium_usd": 10_000},
}


@dataclass(frozen=True)
class Print:
    """A print as its venue sent it; moments are microseconds."""

    contract: str
    venue: str
    number: int
    traded_at: int
    known_at: int
    sequence: int
    code: str
    side: int | None
    price: Decimal
    size: int
    cancelled_at: int | None

    @property
    def id(self) -> str:
        return f"{self.venue}:{self.number}"

    @property
    def is_through(self) -> bool:
        return self.price >= Decimal("5.05") if self.side == 1 else self.price <= Decimal("4.95")


@pytest.fixture(scope="module")
def prints() -> list[Print]:
    chance = random.Random(SEED)
    now = dict.fromkeys(CONTRACTS, 0)
    made = []
    for number in range(N):
        contract = chance.choice(CONTRACTS)
        now[contract] += chance.choice(GAPS)
        late = chance.choice([0] * 40 + [SECOND, SECOND + 1, 60 * SECOND, 600 * SECOND])
        known_at = now[contract] + (late or chance.randrange(200 * MS))
        cancelled_at = known_at + chance.choice([1, 500 * MS, 2 * SECOND, 900 * SECOND])
        is_cancelled = chance.random() < 0.03
        made.append(
            Print(
                contract, chance.choice(VENUES), number // 3, now[contract], known_at,
                chance.randrange(N), chance.choices(list(CLASSES)[:-1], WEIGHTS)[0],
                chance.choice([1, 1, 1, -1, None]),
                Decimal(chance.choice([490, 495, 500, 505, 510])) / 100,
                # A size of its own, so that nobody doubts what is cancelled.
                1_000 + number if is_cancelled else chance.choice([1, 10, 10, 20, 50]),
                cancelled_at if is_cancelled else None,
            )
        )  # fmt: skip
    return list({(each.contract, each.id): each for each in made}.values())


@pytest.fixture(scope="module")
def house(prints: list[Print], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Open the views over a store of these prints and their cancels."""
    told = [row(each) for each in prints]
    told += [
        row(each) | {
            "condition": "A", "trade_id": f"cancel of {each.number}", "sequence": N,
            "known_at": moment(each.cancelled_at), "traded_at": moment(each.cancelled_at),
        }
        for each in prints if each.cancelled_at
    ]  # fmt: skip
    random.Random(SEED).shuffle(told)
    conditions = [
        {
            "source_feed": "composed", "asset": "option", "tape": "any", "condition": code,
            "name": code,
            "trade_class": trade_class, "is_iso": is_iso, "is_floor": trade_class == "floor",
            "meaning": code, "valid_from": date(1970, 1, 1), "known_at": BEGINNING,
        }
        for code, (trade_class, is_iso) in CLASSES.items()
    ]  # fmt: skip
    with door(tmp_path_factory.mktemp("parents") / "store", params=LOWER) as warehouse:
        load_sessions(warehouse.store, date(2024, 1, 2), date(2024, 3, 28))
        for name, batch in (("conditions", conditions), ("option_trades", told)):
            own = Publication("composed", name, (name,), [(name, batch)], name)
            assert warehouse.store.load(own).n_rejected == 0
        yield warehouse


def row(told: Print) -> dict[str, Any]:
    """Return a print as a row of option_trades; without a side its quotes are locked."""
    is_locked = told.side is None
    return {
        "contract": told.contract, "venue": told.venue, "trade_id": str(told.number),
        "traded_at": moment(told.traded_at), "known_at": moment(told.known_at),
        "sequence": told.sequence, "calendar": "XNYS", "session_date": BEGIN.date(),
        "root": "AAPL", "expiration": date(2024, 3, 15), "strike": Decimal(told.contract[-6:-3]),
        "put_call": "call", "price": told.price, "size": Decimal(told.size), "currency": "USD",
        "condition": told.code, "side": told.side,
        "bid": Decimal("5.00" if is_locked else "4.95"),
        "ask": Decimal("5.00" if is_locked else "5.05"),
    }  # fmt: skip


def moment(microseconds: int | None) -> datetime:
    assert microseconds is not None
    return BEGIN + timedelta(microseconds=microseconds)


def parents_of(prints: list[Print]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Return what the rule book's rule makes of prints, in plain Python."""
    groups = defaultdict(list)
    for each in prints:
        trade_class, is_iso = CLASSES[each.code]
        is_taken = trade_class == "regular" or (trade_class == "auction" and is_iso)
        in_time = each.known_at - each.traded_at <= SECOND
        stands = each.cancelled_at is None or each.cancelled_at > each.traded_at + SECOND
        if each.side is not None and is_taken and in_time and stands:
            groups[each.contract, each.side].append(each)
    found = {}
    for (contract, side), group in groups.items():
        run: list[Print] = []
        last = -SECOND
        for each in sorted(group, key=lambda told: (told.traded_at, told.sequence, told.id)):
            if each.traded_at - last > 100 * MS:
                if run:
                    found[contract, side, run[0].id] = measured(run)
                run = []
            last = each.traded_at
            if not run or each.traded_at - run[0].traded_at <= SECOND:
                run.append(each)
        found[contract, side, run[0].id] = measured(run)
    return found


def measured(run: list[Print]) -> tuple[Any, ...]:
    """Return the measures of one run, in the order of MEASURES."""
    sizes = [each.size for each in run]
    venues = {each.venue for each in run}
    if len(run) == 1:
        kind = "block" if sizes[0] >= 100 else "single"
    else:
        kind = "sweep" if len(venues) > 1 else "split"
    ended_at = run[-1].traded_at
    mean = sum(sizes) / len(run)
    spread = math.sqrt(sum((size - mean) ** 2 for size in sizes) / len(run))
    assert run[0].side is not None
    return (
        kind, moment(run[0].traded_at), moment(ended_at), moment(ended_at + SECOND + 100 * MS),
        len(run), len(venues),
        max(
            sum(1 for other in run if 0 <= each.traded_at - other.traded_at <= 100 * MS)
            for each in run
        ),
        sum(sizes), sum(each.price * each.size * 100 for each in run),
        round(sum(each.code in "Sb" for each in run) / len(run), 6),
        all(each.is_through for each in run), run[0].side * (run[-1].price - run[0].price),
        run[0].price, run[-1].price, min(each.price for each in run),
        max(each.price for each in run), sorted(each.id for each in run),
        round(spread / mean, 6) if len(run) > 1 else None,
    )  # fmt: skip


MEASURES = (
    "parent_kind", "started_at", "ended_at", "known_at", "n_prints", "n_exchanges", "n_hits",
    "size", "premium_usd", "iso_frac", "is_through", "worse_usd", "first_price", "last_price",
    "min_price", "max_price", "trade_ids", "size_cv",
)  # fmt: skip


@pytest.mark.soak
def test_plain_python_finds_the_same_parents(house: Warehouse, prints: list[Print]) -> None:
    wanted = parents_of(prints)

    answer = rows(house.ask("features.option_parents", BEGINNING, FOREVER))

    found = {
        (each["contract"], each["side"], each["first_trade_id"]): tuple(map(each.get, MEASURES))
        for each in answer
    }
    assert len(answer) == len(found) > 1_000
    assert len(prints) > 10_000
    assert {parent[0] for parent in found.values()} == {"sweep", "split", "block", "single"}
    assert found == wanted


@pytest.mark.parametrize("name", AMONG)
@pytest.mark.soak
def test_asked_again_with_late_prints_and_cancels_in_what_fired_is_the_same(
    house: Warehouse, wholes: Mapping[str, Alerts], name: str
) -> None:
    whole = wholes[name]
    until = random.Random(SEED).choice([each["fired_at"] for each in whole.values()])

    early = alerts(house, name, BEGINNING, until)

    assert early == {key: each for key, each in whole.items() if each["fired_at"] < until}
    assert len(whole) > 3


@pytest.mark.parametrize("name", AMONG)
def test_five_seconds_answer_as_the_whole(
    house: Warehouse, wholes: Mapping[str, Alerts], name: str
) -> None:
    since = random.Random(SEED + 1).choice([each["fired_at"] for each in wholes[name].values()])
    until = since + timedelta(seconds=5)

    found = alerts(house, name, since, until)

    wanted = {k: each for k, each in wholes[name].items() if since <= each["fired_at"] < until}
    assert found == wanted


@pytest.fixture(scope="module")
def wholes(house: Warehouse) -> Mapping[str, Alerts]:
    """Return all that each detector ever fires."""
    return {name: alerts(house, name, BEGINNING, FOREVER) for name in DETECTORS}


def alerts(house: Warehouse, name: str, since: datetime, until: datetime) -> Alerts:
    """Return the rows of a detector by their key, of which there is one each."""
    answer = rows(house.ask(f"detectors.options_{name}", since, until))
    found = {each["alert_key"]: each for each in answer}
    assert len(found) == len(answer)
    return found
