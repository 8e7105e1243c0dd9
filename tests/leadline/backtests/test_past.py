"""What was tried stays: every run, whatever became of it."""

from pathlib import Path

from leadline import clock
from leadline.backtests import grid
from leadline.backtests.past import Book, past
from leadline.clock import Span
from tests.moving_desk import moving_desk


def test_sets_of_given_up_runs_are_remembered_and_other_detectors_are_not(tmp_path: Path) -> None:
    desk = moving_desk(tmp_path / "desk")
    span = Span(clock.moment("2024-01-01"), clock.moment("2024-02-01"))
    with desk.warehouse() as house, desk.store() as store:
        views = grid.versions(house.catalog, "prices.mark")
        lists = {"min_weight": ["1", "2"]}
        tried = grid.trials(house.catalog, views, lists, {})
        book = Book(store, span, clock.BEGINNING, lists, {"seed": 1}, tried)

        book.begin()
        running = past(house, "prices.mark")
        book.give_up("it was interrupted")
        given_up = past(house, "prices.mark")
        (row,) = (
            house.ask("raw.backtest_runs", clock.BEGINNING, clock.FOREVER)
            .filter("outcome = 'abandoned'")
            .to_arrow_table()
            .to_pylist()
        )

        assert running.trials == given_up.trials == {each.fingerprint for each in tried}
        assert past(house, "prices.high").trials == frozenset()
    assert (row["n_trials"], row["reason"]) == (2, "it was interrupted")
    assert row["grid"] == '{"min_weight": ["1", "2"]}'
    assert row["ended_at"] >= row["started_at"]
