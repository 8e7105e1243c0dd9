"""Packages planted among a day's prints of one stock are found again, with what they are."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from leadline.clock import FOREVER, stamp
from leadline.engine import scratch
from leadline.publication import Publication
from tests.doors import ROOT, door, one_core, rows
from tests.option_days import (
    DAYS,
    SHARES,
    SMALL,
    VENUES,
    Option,
    bars,
    cut,
    meant,
    midnight,
    symbol,
    told,
)  # fmt: skip
from tests.stores import load_sessions

SEED = 97  # not the one that the bounds of the view were chosen with
N_CODED, N_INFERRED = 1_200, 200
LARGE = (10, 10, 15, 20, 25, 30, 50, 100, 200)
GONE_ASTRAY = 0.15  # share of packages whose legs are up to 45 ms apart, not at once
IN_TWO = 0.2  # share of coded packages that were filled in two goes
PACKAGES = "features.option_packages"
VIEWS = ("option_package_legs", "option_packages")


@dataclass(frozen=True)
class Planted:
    """A package, by what it is and who began it."""

    kind: str
    tier: int
    side: int
    legs: Sequence[tuple[Option, int, int]]  # each with its side, as if bought, and its parts


@dataclass(frozen=True)
class World:
    """A day's prints, which of them were planted together, and what."""

    prints: pa.Table
    planted: Mapping[int, Planted]
    of_print: Mapping[str, int]


def shapes(chance: Random, listed: Mapping[tuple[date, str], Sequence[float]]) -> Planted:
    """Return one of the packages that the view has a name for."""
    ends = sorted({end for end, _ in listed})
    end = chance.choice([e for e in ends[:6] if len(listed.get((e, "call"), ())) >= 8])
    later = chance.choice([e for e in ends if e > end])
    strikes = listed[end, "call"]
    place = chance.randrange(len(strikes) - 4)
    low, mid, high, top = strikes[place : place + 4]
    right = chance.choice(("call", "put"))

    def same(*legs: tuple[float, int, int]) -> list[tuple[Option, int, int]]:
        return [((right, strike, end), sign, parts) for strike, sign, parts in legs]

    made: dict[str, list[tuple[Option, int, int]]] = {
        "vertical": same((low, 1, 1), (mid, -1, 1)),
        "ratio": same((low, 1, 1), (high, -1, 2)),
        "butterfly": same((low, 1, 1), (mid, -1, 2), (high, 1, 1)),
        "condor": same((low, 1, 1), (mid, -1, 1), (high, -1, 1), (top, 1, 1)),
        "calendar": [((right, low, end), -1, 1), ((right, low, later), 1, 1)],
        "diagonal": [((right, low, end), -1, 1), ((right, mid, later), 1, 1)],
        "straddle": [(("call", low, end), 1, 1), (("put", low, end), 1, 1)],
        "strangle": [(("call", high, end), 1, 1), (("put", low, end), 1, 1)],
        "synthetic": [(("call", low, end), 1, 1), (("put", low, end), -1, 1)],
        "risk_reversal": [(("call", high, end), 1, 1), (("put", low, end), -1, 1)],
        "iron_condor": [
            (("put", low, end), 1, 1), (("put", mid, end), -1, 1),
            (("call", high, end), -1, 1), (("call", top, end), 1, 1),
        ],
        "iron_butterfly": [
            (("put", low, end), 1, 1), (("put", mid, end), -1, 1),
            (("call", mid, end), -1, 1), (("call", high, end), 1, 1),
        ],
        "box": [
            (("call", low, end), 1, 1), (("call", high, end), -1, 1),
            (("put", low, end), -1, 1), (("put", high, end), 1, 1),
        ],
    }  # fmt: skip
    kind = chance.choice([*made, "vertical", "vertical", "vertical"])
    return Planted(kind, 0, chance.choice((1, -1)), made[kind])


def world(day: str, seed: int) -> World:
    """Return a day's bars as prints, with packages planted among them."""
    chance, minutes = Random(seed), bars(day)
    found: list[dict[str, Any]] = []
    planted: dict[int, Planted] = {}
    of_print: dict[str, int] = {}
    prices: dict[Option, float] = {}
    listed: dict[tuple[date, str], list[float]] = defaultdict(list)

    def add(option: Option, at_s: float, venue: str, tier: int, size: int, edge: float) -> str:
        right, strike, end = option
        mid = round(prices.setdefault(option, 1.0), 2) + 1
        trade_id = str(len(found))
        found.append(
            {
                "contract": symbol(option), "trade_id": trade_id, "venue": venue, "size": size,
                "traded_at": midnight(day) + timedelta(seconds=at_s),
                "expiration": end, "strike": strike, "put_call": right,
                "opt_trade_class": "multi_leg" if tier == 1 else "regular",
                "price": mid + edge, "bid": mid - 0.1, "ask": mid + 0.1,
            }
        )  # fmt: skip
        return trade_id

    for bar in minutes:
        right, strike, end = bar.option
        prices.setdefault(bar.option, bar.price)
        if strike not in listed[end, right]:
            listed[end, right].append(strike)
        for size, venue in cut(chance, bar):
            add(bar.option, bar.at_s + 60 * chance.random(), venue, 2, size, 0.05)
    in_order = {key: sorted(strikes) for key, strikes in listed.items()}
    whens = chance.choices(minutes, [bar.volume for bar in minutes], k=N_CODED + N_INFERRED)
    for n, when in enumerate(whens):
        tier = 1 if n < N_CODED else 2
        kind = shapes(chance, in_order)
        planted[n] = Planted(kind.kind, tier, kind.side, kind.legs)
        at_s = when.at_s + 60 * chance.random()
        (venue,) = chance.choices(VENUES, SHARES)
        size = chance.choice(SMALL if tier == 1 else LARGE)
        first = chance.randrange(1, size) if tier == 1 and size > 4 else size
        spread = 0.045 if chance.random() < GONE_ASTRAY else 0.0003
        for part in [first, size - first] if first < size and chance.random() < IN_TWO else [size]:
            for option, sign, parts in kind.legs:
                edge = round(kind.side * sign * chance.uniform(0.01, 0.1), 2)
                late_s = chance.uniform(0, spread)
                of_print[add(option, at_s + late_s, venue, tier, parts * part, edge)] = n
            at_s += chance.uniform(0, 0.02)
    return World(pa.Table.from_pylist(found), planted, of_print)


def packages(prints: pa.Table, until: datetime = FOREVER) -> list[dict[str, Any]]:
    """Return what the views make of prints that are known at once, as of a moment."""
    amounts = ", ".join(
        f"cast({n} as decimal(18, 8)) as {n}" for n in ("price", "size", "bid", "ask", "strike")
    )
    with scratch() as con:
        con.execute("set timezone = 'UTC'")
        con.execute("create schema curated; create schema features; create schema ops")
        con.execute(f"create view ops.clock as select timestamptz '{stamp(until)}' as until")
        con.register("given", prints)
        con.execute(
            f"create table curated.option_prints as select * replace ({amounts}), "
            "'AAPL' as underlying, traded_at as known_at, "
            "cast(traded_at as date) as session_date, row_number() over () as sequence, "
            "cast(100 as decimal(18, 8)) as multiplier, "
            "cast(cast(price * 100 as decimal(18, 8)) * size as decimal(28, 6)) as premium_usd, "
            "cast(null as decimal(18, 8)) as underlying_price, cast(null as double) as delta, "
            "cast(null as bigint) as side_told, cast(null as text) as block_id, "
            "cast(null as timestamptz) as withdrawn_at "
            "from given where traded_at < (select until from ops.clock)"
        )
        for name in VIEWS:
            text = (ROOT / "sql/views/features" / f"{name}.v1.sql").read_text()
            con.execute(f"create view features.{name} as {text}")
        return rows(con.sql("from features.option_packages order by package_id"))


@pytest.fixture(
    scope="module",
    params=[DAYS[0], *(pytest.param(day, marks=pytest.mark.soak) for day in DAYS[1:])],
)
def day(request: pytest.FixtureRequest) -> World:
    return world(request.param, SEED)


@pytest.fixture(scope="module")
def found(day: World) -> list[dict[str, Any]]:
    return packages(day.prints)


def prints_of(package: Mapping[str, Any]) -> list[str]:
    return [each.partition(":")[2] for leg in package["legs"] for each in leg["trade_ids"]]


def pairs(n: int) -> int:
    return n * (n - 1) // 2


@pytest.mark.parametrize("tier", [1, 2])
def test_nine_of_ten_pairs_of_legs_are_found_and_nine_of_ten_found_are_right(
    day: World, found: list[dict[str, Any]], tier: int
) -> None:
    sizes = Counter(n for n in day.of_print.values() if day.planted[n].tier == tier)
    n_planted = sum(map(pairs, sizes.values()))
    n_found = n_right = 0
    for package in found:
        if package["tier"] == tier:
            own = prints_of(package)
            n_found += pairs(len(own))
            together = Counter(day.of_print[each] for each in own if each in day.of_print)
            n_right += sum(map(pairs, together.values()))

    precision, recall = n_right / n_found, n_right / n_planted
    f1 = 2 * precision * recall / (precision + recall)
    print(f"tier {tier}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
    assert f1 >= 0.9


def test_what_is_found_whole_is_called_what_it_is_and_each_leg_has_its_side(
    day: World, found: list[dict[str, Any]]
) -> None:
    wholes: dict[int, set[str]] = defaultdict(set)
    for trade_id, n in day.of_print.items():
        wholes[n].add(trade_id)
    known = {frozenset(ids): n for n, ids in wholes.items()}

    kinds: Counter[str] = Counter()
    for package in found:
        whole = known.get(frozenset(prints_of(package)))
        if whole is not None:
            planted = day.planted[whole]
            kinds[planted.kind] += 1
            assert package["package_type"] == planted.kind
            sides = {
                (leg["put_call"], leg["strike"], leg["expiration"]): leg["side"]
                for leg in package["legs"]
            }
            assert sides == {option: planted.side * sign for option, sign, _ in planted.legs}
    assert len(kinds) == 13
    assert kinds.total() > 0.9 * len(known)


def test_no_print_is_a_leg_twice_and_every_leg_is_a_print_of_that_option(
    day: World, found: list[dict[str, Any]]
) -> None:
    contracts = dict(
        zip(
            day.prints["trade_id"].to_pylist(),
            day.prints["contract"].to_pylist(),
            strict=True,
        )
    )
    ids = [each for package in found for each in prints_of(package)]
    assert len(set(ids)) == len(ids)
    for leg in [leg for package in found for leg in package["legs"]]:
        for print_id in leg["trade_ids"]:
            assert contracts[print_id.partition(":")[2]] == leg["contract"]
    assert sum(package["n_prints"] for package in found) == len(ids)


def test_at_noon_they_are_those_that_were_over_by_then(
    day: World, found: list[dict[str, Any]]
) -> None:
    noon = found[0]["started_at"].replace(hour=16, minute=0, second=0, microsecond=0)

    early = packages(day.prints, noon)

    assert early == [package for package in found if package["known_at"] < noon]
    assert 0 < len(early) < len(found)


@pytest.mark.parametrize("day", DAYS[:1], indirect=True)
def test_a_second_that_is_asked_for_alone_has_the_same_packages(day: World, tmp_path: Path) -> None:
    prints = sorted(day.prints.to_pylist(), key=lambda each: str(each["traded_at"]))[:2_000]
    first, last = prints[0]["traded_at"], prints[-1]["traded_at"]
    loaded = {
        "conditions": [meant(each) for each in ("regular", "multi_leg")],
        "option_trades": [told(each) for each in prints],
    }
    with door(tmp_path, engine=one_core()) as house:
        load_sessions(house.store, first.date(), first.date())
        for name, own in loaded.items():
            house.store.load(Publication("test", name, (name,), [(name, own)], "loader"))
        whole = rows(house.ask(PACKAGES, first, last))
        for each in Random(SEED).sample(whole, 4):
            since, until = each["known_at"], each["known_at"] + timedelta(seconds=1)
            alone = rows(house.ask(PACKAGES, since, until))
            wanted = [other for other in whole if since <= other["known_at"] < until]
            assert sorted(alone, key=str) == sorted(wanted, key=str)
