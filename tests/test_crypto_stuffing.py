"""Bursts of messages beside an independent reckoning in plain Python, over made-up books."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from statistics import median
from typing import Any

import pyarrow as pa
import pytest

from leadline.engine import scratch
from tests.doors import ROOT

SEED = 29
MICRO = 1_000_000
NOON = int(datetime(2024, 8, 8, 12, tzinfo=UTC).timestamp())
DAY, SECONDS = 86_400, 1_200  # the first twenty minutes of the same hour on two days
BURSTS = {100: 2, 200: 3, 300: 12, 400: 45, 500: 20, 700: 5}  # begin and length, in seconds
TRADED, ONE_SIDED, CUT = 500, 700, 440  # bursts that trade, or only add; a new epoch in a burst
VIEWS = ("features/book_messages", "features/book_message_hours", "features/book_message_rate")


@dataclass
class Made:
    """Changes of levels and trades, as the curated views have them."""

    updates: list[dict[str, Any]] = field(default_factory=list)
    trades: list[dict[str, Any]] = field(default_factory=list)


def invented() -> Made:
    """Invent two days' twenty minutes of a book, with bursts on the second day."""
    chance, made, number = Random(SEED), Made(), 0
    for second in range(2 * SECONDS):
        day, at = divmod(second, SECONDS)
        begin = next((b for b, n in BURSTS.items() if day and b <= at < b + n), None)
        n_messages = 400 if begin is not None else int(math.exp(chance.gauss(2, 0.4)))
        moments = sorted(chance.randrange(MICRO) for _ in range(n_messages))
        for moment in moments:
            number += 1
            known_at = (NOON + day * DAY + at) * MICRO + moment
            epoch = str(day + (1 if day and at >= CUT else 0))
            for n in range(chance.choice((1, 1, 2))):
                is_add = number % 2 == 0 or (begin == ONE_SIDED and n == 0)
                made.updates.append(
                    {
                        "known_at": known_at, "epoch": epoch, "update_id": number,
                        "size": float(is_add), "prev_size": float(not is_add),
                    }
                )  # fmt: skip
        for _ in range(6 if begin == TRADED else chance.choice((0, 1, 1, 2))):
            trade = {"known_at": (NOON + day * DAY + at) * MICRO + chance.randrange(MICRO)}
            made.trades.append(trade | {"trade_id": len(made.trades)})
    return made


def told(made: Made) -> tuple[list[dict[str, Any]], list[tuple[int, str]]]:
    """Return each second of the second day, and the alerts, as the views have them."""
    with scratch() as con:
        con.execute("set timezone = 'UTC'")
        con.execute("create schema curated; create schema features; create schema ops")
        con.execute("create view ops.clock as select timestamptz '2100-01-01 00:00Z' as until")
        for name, rows in (("book_updates", made.updates), ("crypto_trades", made.trades)):
            con.register(name, pa.Table.from_pylist(rows))
            con.execute(
                f"create table curated.{name} as select * replace "
                "(make_timestamptz(known_at) as known_at), 'made' as venue, 'UP-DOWN' as pair, "
                "cast(null as timestamptz) as exchange_at, false as is_snapshot, "
                f"false as is_aggregate, make_timestamptz(known_at) as traded_at from {name}"
            )
            con.unregister(name)
        for view in VIEWS:
            text = (ROOT / f"sql/views/{view}.v1.sql").read_text()
            con.execute(f"create view {view.replace('/', '.')} as {text}")
        seconds = con.execute(
            "select epoch_us(bar_at) // 1000000 as second, n_messages, n_adds, n_removals, "
            "n_trades, n_obs, stuffing_mz from features.book_message_rate where n_obs > 0"
        ).fetchall()
        alerts = con.execute(
            "select epoch_us(fired_at) // 1000000, evidence ->> '$.rung' from "
            f"({(ROOT / 'sql/detectors/crypto/stuffing.v1.sql').read_text()}) order by all"
        ).fetchall()
    names = ("second", "n_messages", "n_adds", "n_removals", "n_trades", "n_obs", "stuffing_mz")
    return [dict(zip(names, row, strict=True)) for row in seconds], alerts


def reckoned(made: Made) -> tuple[list[dict[str, Any]], list[tuple[int, str]]]:
    """Return the same by plain Python."""
    heard: defaultdict[int, set[int]] = defaultdict(set)
    adds, removals, epochs = Counter[int](), Counter[int](), dict[int, str]()
    for change in made.updates:
        second = change["known_at"] // MICRO
        heard[second].add(change["update_id"])
        adds[second] += change["size"] > change["prev_size"]
        removals[second] += change["size"] < change["prev_size"]
        epochs[second] = change["epoch"]
    trades = Counter(trade["known_at"] // MICRO for trade in made.trades)
    past = [second for second in heard if second < NOON + DAY]
    logs = [math.log(1 + len(heard[second])) for second in past]
    middle, usual_trades = median(logs), median(trades[second] for second in past)
    mad = median(abs(each - middle) for each in logs)
    rows = []
    for second in sorted(set(heard) - set(past)):
        mz = 0.6745 * (math.log(1 + len(heard[second])) - middle) / mad
        rows.append(
            {
                "second": second, "n_messages": len(heard[second]), "n_adds": adds[second],
                "n_removals": removals[second], "n_trades": trades[second], "n_obs": len(past),
                "stuffing_mz": mz,
            }
        )  # fmt: skip
    return rows, list(alarms(rows, epochs, usual_trades))


def alarms(
    rows: Sequence[Mapping[str, Any]], epochs: Mapping[int, str], usual: float
) -> list[tuple[int, str]]:
    """Return when a burst had lasted for 3, 10 and 30 seconds."""
    found: list[tuple[int, str]] = []
    run: list[Mapping[str, Any]] = []
    for row in rows:
        if row["stuffing_mz"] < 10:
            run = []
            continue
        second = row["second"]
        goes_on = run and run[-1]["second"] == second - 1 and epochs[second - 1] == epochs[second]
        run = [*run, row] if goes_on else [row]
        n_adds, n_trades = (sum(each[name] for each in run) for name in ("n_adds", "n_trades"))
        n_cancels = sum(max(0, each["n_removals"] - each["n_trades"]) for each in run)
        rises = n_trades >= 2 * max(usual, 1) * len(run)
        if len(run) in (3, 10, 30) and n_cancels >= 0.95 * n_adds and not rises:
            found.append((second + 1, f"{len(run)}s"))
    return found


@pytest.fixture(scope="module")
def made() -> Made:
    return invented()


def test_seconds_and_bursts_are_as_plain_python_reckons(made: Made) -> None:
    rows, alerts = told(made)

    wanted, wanted_alerts = reckoned(made)
    assert len(wanted) > 1_000
    for row, other in zip(sorted(rows, key=lambda row: row["second"]), wanted, strict=True):
        assert row == pytest.approx(other, abs=1e-5)
    assert alerts == wanted_alerts


def test_a_burst_that_trades_or_only_adds_does_not_fire(made: Made) -> None:
    _, alerts = told(made)

    begin = NOON + DAY
    fired = {(second - begin, rung) for second, rung in alerts}
    assert {(310, "10s"), (403, "3s"), (410, "10s"), (430, "30s")} <= fired
    assert not {each for each in fired if each[0] >= 500}
