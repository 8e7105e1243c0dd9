from typing import Any

import numpy as np
import pytest

from loaders import _planted_options as options
from loaders import _sample as sample
from loaders import sample_option_trades as orders
from loaders import sample_options
from loaders._planted_volume import VOLUME_NAMES
from loaders._sample import Ints
from loaders._sample_chains import N_SESSIONS, Chain, Contracts, listed, quotes


@pytest.fixture(scope="module")
def market() -> tuple[Contracts, Chain, Ints]:
    chance, contracts = sample.rng("options"), listed()
    chain = quotes(chance, contracts)
    interest = sample_options.opened(chance, contracts, chain)
    options.thin_out(sample.rng("thin"), contracts, chain, interest)
    return contracts, chain, interest


@pytest.fixture
def planter(market: tuple[Contracts, Chain, Ints]) -> options.Hidden:
    contracts, chain, interest = market
    tape = orders.Tape(contracts, chain)
    return options.Hidden(np.random.default_rng(5), tape, interest)


def column(planter: options.Hidden, name: str) -> Any:
    return np.concatenate(planter.tape.columns[name])


def test_orders_come_at_odd_moments_in_uneven_steps(planter: options.Hidden) -> None:
    for _ in range(20):
        orders.sweep(planter, 2.0)

    minutes = [event["starts_at"].minute % 5 for event in planter.events["options.sweep"]]
    assert len(set(minutes)) == 5
    gaps = np.diff(np.sort(column(planter, "at_us")))
    own = gaps[gaps < 100_000]
    assert len(set(own.tolist())) > 30
    assert own.max() <= 12_000


def test_names_of_volume_have_no_orders(planter: options.Hidden) -> None:
    for _ in range(30):
        orders.block(planter, 1.1)

    entities = {event["entity"] for event in planter.events["options.block"]}
    assert entities
    assert entities.isdisjoint(VOLUME_NAMES)


@pytest.mark.parametrize("size", [0.5, 1.0, 3.0])
def test_four_orders_are_worth_what_is_told(planter: options.Hidden, size: float) -> None:
    options.repeater(planter, size)

    worth = (column(planter, "price") * column(planter, "size")).sum() * orders.MULTIPLIER
    ratio = worth / options.REPEATER
    assert ratio == pytest.approx(size, rel=0.06)
    assert bool(ratio >= 1) is (size >= 1)
    assert len(planter.events["options.split"]) == options.N_REPEATS


@pytest.mark.parametrize("size", [0.9, 1.1, 5.0])
def test_so_much_more_trades_than_was_open(planter: options.Hidden, size: float) -> None:
    options.two_sided(planter)  # a tape is never empty
    options.volume_over_interest(planter, planter.interest, size)

    contract, day = column(planter, "contract")[-1], column(planter, "day")[-1]
    asked = max(options.RATIO * planter.interest[day - 1, contract], options.OVER_VOLUME)
    found = options.traded(planter.tape, int(day), int(contract)) / asked
    assert found == pytest.approx(size, abs=0.01)
    assert bool(found >= 1) is (size >= 1)


def test_a_roll_of_more_than_was_open_is_none(planter: options.Hidden) -> None:
    planter.legs((N_SESSIONS - 2, 1_000_000), [(3, -1), (17, 1)], 40)

    open_ = planter.interest.copy()
    open_[N_SESSIONS - 3, 3] = 40
    assert options.was_open(planter.tape, open_)
    open_[N_SESSIONS - 3, 3] = 39
    assert not options.was_open(planter.tape, open_)


def test_a_decoy_is_no_order_and_tells_nothing(planter: options.Hidden) -> None:
    options.two_sided(planter)
    options.slow(planter)

    assert planter.events == {}
    assert len(column(planter, "contract")) == 10


def test_a_jump_of_volatility_lasts_a_session_and_its_prices_follow(
    market: tuple[Contracts, Chain, Ints],
) -> None:
    contracts, before = market[0], quotes(sample.rng("options"), market[0])
    chain = quotes(sample.rng("options"), contracts)

    events = options.jump_volatility(np.random.default_rng(2), 3, contracts, chain)

    assert events
    changed = np.flatnonzero((chain.iv != before.iv).any(axis=1))
    assert set(changed.tolist()) <= {N_SESSIONS - 2, N_SESSIONS - 1}
    assert {event["entity"] for event in events} <= set(contracts.underlying)
    rise = chain.iv[changed] - before.iv[changed]
    assert (chain.ask[changed] >= before.ask[changed] - 1e-9)[rise > 0].all()
    assert (chain.ask >= chain.bid).all()
