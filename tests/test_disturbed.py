"""Messages are lost, doubled and late, and connections break: every book told is the true one."""

import asyncio
import os
import time
from collections.abc import Callable
from typing import Any, cast

import pytest

from leadline import clock
from leadline.allowance import Allowance
from leadline.book import Message
from loaders import binance_book, bitfinex_book
from loaders._binance_snapshots import Snapshots
from tests.disturbed import Exchange, Verdict
from tests.disturbed_bitfinex import RATES, Bitfinex
from tests.doors import ROOT
from tests.soaks import SOAK, commit_of, write_page

SEED = 20240301
PIECE = 250_000
DOLLARS = ("BTC-USD", "ETH-USD", "SOL-USD")
PAIRS = ("BTC-USDT", "ETH-USDT", "SOL-USDT", "XRP-USDT")


def judged(seed: int, n_messages: int, monkeypatch: pytest.MonkeyPatch) -> Verdict:
    exchange = Exchange(seed, n_messages, *PAIRS)
    monkeypatch.setattr(clock, "now", exchange.now)

    async def listen() -> None:
        snapshots = Snapshots(1_000)
        snapshots._allowance = Allowance(4_000, 1_500, lambda: exchange.at / 1e6)
        n_batches = 0
        async for dataset, table in binance_book.listen(cast(Any, exchange), snapshots=snapshots):
            exchange.hear(dataset, cast(Any, table))
            if not (n_batches := n_batches + 1) % 300:
                exchange.settle()

    asyncio.run(listen())
    exchange.settle(is_over=True)
    return exchange.verdict


def test_every_book_is_true_or_its_stretch_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = judged(SEED, 30_000, monkeypatch)

    assert (verdict.n_wrong, verdict.n_again, verdict.n_unflagged) == (0, 0, 0)
    assert min(verdict.n_faults.values()) >= 1
    assert len(verdict.n_faults) == 5
    assert verdict.n_told > verdict.n_messages / 2  # each gap leaves some out
    assert verdict.p95_s < 2


def judged_bitfinex(seed: int, n_messages: int, monkeypatch: pytest.MonkeyPatch) -> Verdict:
    exchange = Bitfinex(seed, n_messages, *DOLLARS)
    monkeypatch.setattr(clock, "now", exchange.now)

    async def listen() -> None:
        heard = bitfinex_book.listen(cast(Any, exchange), orders=(), levels=DOLLARS)
        n_batches = 0
        async for dataset, table in heard:
            exchange.hear(dataset, cast(Any, table))
            if not (n_batches := n_batches + 1) % 300:
                exchange.settle()

    asyncio.run(listen())
    exchange.settle(is_over=True)
    return exchange.verdict


def test_a_book_with_checksums_is_true_or_its_stretch_is_a_gap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verdict = judged_bitfinex(SEED, 30_000, monkeypatch)

    assert (verdict.n_wrong, verdict.n_again, verdict.n_unflagged) == (0, 0, 0)
    assert {name for name, n in verdict.n_faults.items() if n} == set(RATES)
    assert verdict.n_told > verdict.n_messages / 4
    assert verdict.p95_s < 2


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize(
    ("proof", "venue", "judged"),
    [("books", "Binance", judged), ("checksums", "Bitfinex", judged_bitfinex)],
)
def test_ten_million_disturbed_messages_make_no_book_that_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
    proof: str,
    venue: str,
    judged: Callable[[int, int, pytest.MonkeyPatch], Verdict],
) -> None:
    pieces = int(os.environ.get("LEADLINE_SOAK_PIECES", "20"))
    commit = commit_of(ROOT)
    SOAK.mkdir(exist_ok=True)
    memory = SOAK / f"{proof}-{commit[:12]}.txt"
    done = [line.split() for line in memory.read_text().splitlines()] if memory.exists() else []
    known = {int(words[0]) for words in done}

    for seed in range(SEED, SEED + pieces):
        if seed in known:
            continue
        started = time.monotonic()
        verdict = judged(seed, PIECE, monkeypatch)
        assert (verdict.n_wrong, verdict.n_again, verdict.n_unflagged) == (0, 0, 0), f"seed {seed}"
        assert verdict.p95_s < 2, f"seed {seed}"
        faults = sum(verdict.n_faults.values())
        took = time.monotonic() - started
        told = (seed, verdict.n_messages, faults, len(verdict.resyncs_us), verdict.p95_s, took)
        done.append([f"{each:.2f}" if isinstance(each, float) else str(each) for each in told])
        with memory.open("a") as file:
            file.write(" ".join(done[-1]) + "\n")
    columns = zip(*done, strict=True)
    seeds, messages, n_faults, gaps, p95s, seconds = (list(map(float, each)) for each in columns)
    write_page(
        f"| {proof} | {sum(messages):,.0f} messages of {venue} in simulated time, "
        f"{sum(n_faults):,.0f} faults, {sum(gaps):,.0f} gaps "
        f"| {min(seeds):.0f} to {max(seeds):.0f} | `{commit[:12]}` | {sum(seconds):,.0f} "
        f"| no wrong book outside a gap; in sync again within {max(p95s):.2f} s (p95) |"
    )


def test_a_book_that_takes_what_does_not_follow_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Message, "follows", lambda *_: True)

    verdict = judged(SEED, 5_000, monkeypatch)

    assert verdict.n_wrong > 100
