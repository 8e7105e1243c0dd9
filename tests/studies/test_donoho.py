from collections.abc import Iterator

import numpy as np
import pytest

from leadline.errors import QueryError
from leadline.warehouse import Warehouse
from studies import donoho, donoho_market
from studies.donoho import LABELLED, Days
from studies.donoho_market import Flags, Floats, Market
from studies.house import house
from studies.ranks import found_at
from tests.doors import all_cores, catalog

STOCKS, INSIDERS, SEED = 60, 1.0, 3


@pytest.fixture(scope="module")
def warehouse() -> Iterator[Warehouse]:
    with house(all_cores(), catalog()) as opened:
        yield opened


@pytest.fixture(scope="module")
def drawn(warehouse: Warehouse) -> Market:
    sessions = donoho.sessions_of(warehouse)
    made = donoho_market.market(sessions, STOCKS, INSIDERS, donoho.SPREAD, SEED)
    donoho.fill(warehouse, made)
    return made


@pytest.fixture(scope="module")
def days(warehouse: Warehouse, drawn: Market) -> Days:
    return donoho.asked(warehouse, drawn)


@pytest.fixture(scope="module")
def ranking(days: Days) -> tuple[Flags, dict[str, Floats]]:
    return donoho.rankings(days.gated, SEED)


@pytest.mark.soak
def test_the_gate_is_what_plain_numpy_makes_of_the_same_volumes(days: Days, drawn: Market) -> None:
    # Half sessions are compared with nothing: of these months 3 July is one.
    length = [each.closes_at - each.opens_at for each in drawn.sessions]
    whole = np.array([each == max(length) for each in length])
    calls = drawn.calls.sum(axis=2)[whole]
    own = [each.day for each, kept in zip(drawn.sessions, whole, strict=True) if kept]
    wanted = {
        (drawn.names[stock], own[day])
        for day in range(20, len(own))
        for stock in range(STOCKS)
        if LABELLED[0] <= own[day] <= LABELLED[1]
        and calls[day, stock] >= 2 * calls[day - 20 : day, stock].mean() > 0
    }

    assert (~whole).sum() == 1
    assert days.n_ratio == len(wanted)
    gated = set(zip(days.gated["underlying"], days.gated["session_date"], strict=True))
    assert gated < wanted
    assert days.n_all == 100 * STOCKS or days.n_all == 101 * STOCKS
    assert (days.gated["score"] > 0).all()


def test_where_insiders_buy_before_all_good_news_the_gate_holds_more_events(days: Days) -> None:
    base = days.gated["is_hit"].mean()

    hits = days.gated["is_hit"].to_numpy()
    assert 0.05 < base < 0.5  # type: ignore[operator]
    assert days.n_insiders > 20
    assert 0 < days.n_alerts < 0.05 * days.n_all
    scores = days.gated["score"].to_numpy().astype(float)
    assert found_at(scores, hits, 0.2) > 0.2


def test_models_learn_from_days_whose_two_weeks_were_over_and_rank_the_rest(
    days: Days, ranking: tuple[Flags, dict[str, Floats]]
) -> None:
    hits, ranked = ranking

    n_test = int((days.gated["session_date"] >= donoho.TEST).sum())
    assert set(ranked) == {"expert", "tree", "regression", "network"}
    assert {len(scores) for scores in ranked.values()} == {len(hits)} == {n_test}
    assert all(len(np.unique(ranked[name])) > 20 for name in ("regression", "network"))


def test_the_report_sets_the_papers_figures_beside_and_a_seed_repeats_ours(
    days: Days, ranking: tuple[Flags, dict[str, Floats]]
) -> None:
    hits, ranked = ranking
    lines = list(donoho.report([(INSIDERS, days)], SEED))

    assert "| paper |  | 216,294 |  | 2.7 % | 7.8 % |" in lines
    for name, scores in ranked.items():
        (line,) = (line for line in lines if line.startswith(f"| 100% | {name} |"))
        assert f"| {found_at(scores, hits, 0.05):.1%} |" in line
    assert any(line.startswith("| paper | tree |") for line in lines)


def test_what_is_no_share_and_too_few_events_are_sentences(days: Days) -> None:
    assert donoho.shares_of("0,0.5") == [0, 0.5]
    for word in ("1.5", "many", ""):
        with pytest.raises(QueryError, match=f"--insiders: '{word}' is no share"):
            donoho.shares_of(word)
    with pytest.raises(QueryError, match="events to learn from are too few; take more companies"):
        donoho.rankings(days.gated.head(5), SEED)
