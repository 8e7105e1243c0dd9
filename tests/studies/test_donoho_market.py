from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest

from leadline.quiet import Session
from studies import donoho_market as markets
from studies.donoho_market import FAR, N_SERIES, Market

FIRST, OPEN, CLOSE = date(2003, 3, 10), time(14, 30), time(21)
SESSIONS = [
    Session(day, datetime.combine(day, OPEN, UTC), datetime.combine(day, CLOSE, UTC))
    for day in (FIRST + timedelta(days=7 * (n // 5) + n % 5) for n in range(60))
]  # fmt: skip


@pytest.fixture(scope="module")
def drawn() -> Market:
    return markets.market(SESSIONS, 200, 0.5, 0.3, 7)


def test_a_seed_draws_the_same_market_and_another_one_another(drawn: Market) -> None:
    again, other = (markets.market(SESSIONS, 200, 0.5, 0.3, seed) for seed in (7, 8))

    assert (drawn.calls == again.calls).all()
    assert (drawn.closes == again.closes).all()
    assert (drawn.calls != other.calls).any()


def test_insiders_add_calls_before_good_news_and_change_no_other_volume(drawn: Market) -> None:
    without = markets.market(SESSIONS, 200, 0.0, 0.3, 7)

    more = (drawn.calls - without.calls).sum(axis=2)
    assert not without.is_inside.any()
    assert (more[~drawn.is_inside] == 0).all()
    assert (more[drawn.is_inside] > 0).all()
    assert (drawn.puts == without.puts).all()
    # Each of them buys up to five sessions, and the news follow the last.
    for day, stock in np.argwhere(drawn.is_inside):
        assert drawn.is_news[day + 1 : day + 6, stock].any()
    assert 10 < drawn.n_insiders < 60


def test_an_event_is_a_large_rise_and_news_within_the_window(drawn: Market) -> None:
    rises, events = markets.rises(drawn, 10)

    before = drawn.closes / (1 + drawn.returns)
    n_events = 0
    for day in range(0, 45, 7):
        for stock in range(0, 200, 3):
            later = range(day + 1, min(day + 11, len(SESSIONS)))
            rose = any(
                drawn.returns[at, stock] > 0.05
                and drawn.returns[at, stock] >= np.quantile(drawn.returns[at], 0.98)
                and drawn.closes[at, stock] - before[at, stock] > 0.5
                for at in later
            )
            told = any(drawn.is_news[at, stock] for at in later)
            assert rises[day, stock] == rose
            assert events[day, stock] == (rose and told)
            n_events += int(rose and told)
    assert n_events > 5


def test_every_contract_of_a_session_is_one_print_of_its_volume(drawn: Market) -> None:
    table = markets.trades(drawn)

    sizes = np.array(table["size"].to_pylist())
    is_far = np.array([end == FAR for end in table["expiration"].to_pylist()])
    is_put = np.array([kind == "put" for kind in table["put_call"].to_pylist()])
    assert sizes.min() > 0
    assert sizes[~is_far & ~is_put].sum() == drawn.calls.sum()
    assert sizes[is_put].sum() == drawn.puts.sum()
    assert sizes[is_far].sum() == drawn.far_calls.sum()
    first = table.slice(0, 1).to_pylist()[0]
    assert first["contract"].startswith("ZAAA030321C000")
    assert len({row for row in table["contract"].to_pylist() if row.startswith("ZAAB")}) > N_SERIES


def test_options_end_on_third_fridays() -> None:
    found = markets.expirations([date(2003, 3, 11), date(2003, 3, 19), date(2003, 8, 12)])

    assert found == [date(2003, 3, 21), date(2003, 4, 18), date(2003, 8, 15)]
