"""What sets share is found by what they change, and a bench answers as its house does."""

import pytest

from leadline import clock
from leadline.backtests import bench as benches
from leadline.backtests import grid
from leadline.backtests.bench import Bench
from leadline.clock import Span
from tests.desks import SmallDesk
from tests.moving_desk import made, moving_desk

SPAN = Span(clock.moment("2022-01-01"), clock.moment("2022-06-01"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    return moving_desk(tmp_path_factory.mktemp("moving") / "desk", made(10, 100))


@pytest.mark.parametrize(
    ("lists", "shared", "is_own"),
    [
        ({"min_weight": ["1", "2"]}, {"features.weights"}, True),
        ({"scale": ["1", "2"]}, set(), False),
    ],
)
def test_what_no_set_changes_is_shared(
    desk: SmallDesk, lists: dict[str, list[str]], shared: set[str], is_own: bool
) -> None:
    with desk.warehouse() as house:
        views = grid.versions(house.catalog, "prices.mark")
        trials = grid.trials(house.catalog, views, lists, {})

        assert benches.shared_by(house, trials) == (shared, is_own)
        assert benches.inputs_of_outcomes(house) == {"backtest.moves"}


def test_a_bench_and_its_neighbour_answer_as_the_house_does(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        recorded = house.refresh().recorded_until
        views = grid.versions(house.catalog, "prices.mark")
        (trial,) = grid.trials(house.catalog, views, {}, {})
        bench = Bench.open(house, {}, SPAN, recorded)
        bench.share({"backtest.moves", "features.weights"}, [benches.RULE, trial.view.pinned])
        other = bench.another()

        told = [each.tell(trial, benches.set_of(each, trial)) for each in (bench, other)]
        plain = {
            name: house.ask(name, SPAN.since, SPAN.until).order("all").to_arrow_table()
            for name in (benches.DAYS, benches.RULE)
        }
        other.close()
        bench.close()

    by_day = [("session_date", "ascending"), ("horizon", "ascending"), ("label", "ascending")]
    for each in told:
        assert each.n_alerts > 10
        assert each.days.sort_by(by_day) == plain[benches.DAYS].sort_by(by_day)
        assert each.rule.sort_by(by_day[:2]) == plain[benches.RULE].sort_by(by_day[:2])
