"""Rows of a run come of counts: intervals where days are enough, else a reason."""

import pyarrow as pa
import pytest

from leadline.backtests.bench import Told
from leadline.backtests.results import needed
from leadline.backtests.series import Base
from leadline.errors import QueryError
from tests.leadline.backtests.test_judge import BASE

NOTHING = pa.table({})


def told(n_alerts: int, *horizons: str) -> Told:
    return Told(n_alerts, pa.table({"horizon": pa.array(horizons, pa.string())}), NOTHING, NOTHING)


def test_horizons_without_a_signal_are_those_of_other_bars() -> None:
    other = Base("up", "5 sessions", BASE.days, BASE.begins, BASE.known, BASE.n_bars, BASE.n_moves)

    found = needed([BASE, other], [told(3, "1 day"), told(0)], "crypto.wall")

    assert found == [BASE]


@pytest.mark.parametrize(
    ("each", "said"),
    [
        (told(0), r"^crypto\.wall: it fires no alert in this span; widen"),
        (told(4), r"^crypto\.wall: none of its 4 alerts stands at an entity whose price is known"),
    ],
)
def test_a_detector_without_outcomes_is_told_why(each: Told, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        needed([BASE], [each], "crypto.wall")
