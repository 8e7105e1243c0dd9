import numpy as np
import pytest

from loaders import _planted_volume as volume
from loaders import _sample as sample
from loaders._planted_volume import Volumes
from loaders._sample import Floats, Ints
from loaders._sample_chains import N_SESSIONS, UNDERLYINGS, listed, quotes
from loaders.sample_option_trades import Tape

N_DAYS, MARK = 45, 5


@pytest.fixture
def made() -> Volumes:
    """Return sessions of some hundred contracts, evenly through the day."""
    chance = np.random.default_rng(3)
    each: Ints = chance.poisson(60, (N_DAYS, len(UNDERLYINGS), 2, volume.N_MARKS))
    contracts = each.cumsum(axis=3)
    return Volumes(
        list(range(N_SESSIONS - N_DAYS, N_SESSIONS)),
        contracts,
        np.asarray(contracts * 300.0, dtype=np.float64),
    )


def raised(made: Volumes, kind: int, more: int) -> Volumes:
    contracts = made.contracts.copy()
    contracts[-1, 0, kind, MARK:] += more
    return Volumes(made.days, contracts, np.asarray(contracts * 300.0, dtype=np.float64))


@pytest.mark.parametrize("size", [0.9, 1.1, 2.0])
def test_what_is_asked_makes_a_volume_so_unusual(made: Volumes, size: float) -> None:
    more = volume.volume_asked(made, N_DAYS - 1, 0, 1, MARK, size)

    found = raised(made, 1, more)

    middle, spread, _ = found.usual(N_DAYS - 1, 0, 1)
    z: Floats = (np.log1p(found.contracts[-1, 0, 1]) - middle) / spread
    assert z[MARK] / volume.CUT == pytest.approx(size, rel=0.02)
    assert found.volume_size(N_DAYS - 1, 0, 1) >= size * 0.98


@pytest.mark.parametrize("is_call", [True, False])
def test_what_is_asked_makes_a_balance_so_unusual(made: Volumes, is_call: bool) -> None:
    more = volume.balance_asked(made, N_DAYS - 1, 0, is_call, MARK, 1.5)

    found = raised(made, 0 if is_call else 1, more).balance_size(N_DAYS - 1, 0)

    assert (found > 0) is is_call
    assert abs(found) >= 1.48


def test_what_is_unusual_is_told_whatever_made_it_so(made: Volumes) -> None:
    more = volume.volume_asked(made, N_DAYS - 1, 0, 0, MARK, 2.0)

    told = raised(made, 0, more).told()

    own = [event for event in told[volume.HIGH] if event["size"] > 1.9]
    assert [(event["entity"], event["subject"]) for event in own] == [(UNDERLYINGS[0], "call")]
    assert "bull" in [event["direction"] for event in told[volume.BALANCE]]


def test_a_tape_is_added_up_by_name_kind_and_half_hour() -> None:
    contracts = listed()
    tape = Tape(contracts, quotes(sample.rng("options"), contracts))
    first = np.flatnonzero(contracts.stock == contracts.stock[0])
    call = first[contracts.is_call[first]][0]
    for day in (N_SESSIONS - 2, N_SESSIONS - 1):
        tape.add(
            np.random.default_rng(1), day, np.array([call, call]),
            np.array([0, volume.HALF_HOUR_US]), np.array([1, 1]), np.array([3, 4]), ["A", "A"],
            ["I", "I"],
        )  # fmt: skip

    found = Volumes.of(tape)

    assert found.days == [N_SESSIONS - 2, N_SESSIONS - 1]
    assert found.contracts[1, 0, 0, :3].tolist() == [3, 7, 7]
    assert found.contracts[:, 1:].sum() == 0
    assert found.usd[0, 0, 0, 0] > 0
