"""Two models on the same sessions: figures as scikit-learn has them, and what chance does."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support, roc_auc_score

from leadline import clock
from leadline.compare import auc, compare, figures
from leadline.errors import QueryError
from tests.comparing import comparing_desk
from tests.desks import SmallDesk

SEED = 5
ALL = (clock.BEGINNING, clock.FOREVER)
Row = dict[str, Any]


def labelled() -> list[Row]:
    """Yield two months of scores: `lof` knows of what comes, `forest` and `net` guess."""
    chance = np.random.default_rng(SEED)
    found: list[Row] = []
    for n in range(40):
        day = date(2024, 3, 4) + timedelta(days=n)
        for stock in range(40):
            is_true = bool(chance.random() < 0.1)
            # The second month's fit tells on another scale.
            scale = 10.0 if day.month == 4 else 1.0
            for model in ("forest", "lof", "net"):
                knows = 2.0 if model == "lof" and is_true else 0.0
                found.append(
                    {
                        "model": model, "entity": f"S{stock}", "session_date": day,
                        "score": scale * (float(chance.normal()) + knows), "label": "sigma_2",
                        "horizon": "5 sessions", "is_true": is_true,
                        "known_at": datetime(day.year, day.month, day.day, 22, tzinfo=UTC),
                    }
                )  # fmt: skip
    # What one of them did not score counts for neither.
    found += [{**found[0], "entity": "ALONE"}, {**found[1], "label": "events", "horizon": None}]
    return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Three models, one of which is good."""
    return comparing_desk(tmp_path_factory.mktemp("compare") / "desk", labelled())


def test_figures_are_scikit_learns() -> None:
    chance = np.random.default_rng(SEED)
    positive, alerted = chance.random(500) < 0.2, chance.random(500) < 0.1
    scores = np.round(chance.normal(size=500) + positive, 1)

    found = figures(alerted, positive)

    precision, recall, f1, _ = precision_recall_fscore_support(positive, alerted, average="binary")
    assert [found[name] for name in ("precision", "recall", "f1")] == pytest.approx(
        [precision, recall, f1]
    )
    assert found["fpr"] == pytest.approx((alerted & ~positive).sum() / (~positive).sum())
    assert auc(scores, positive) == pytest.approx(roc_auc_score(positive, scores))
    assert auc(np.ones(500), positive) == 0.5


def test_both_alarm_as_often_and_the_one_that_knows_is_better(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        found = compare(house, ["forest", "lof"], *ALL, rate=0.05)

    first, second = found.lines.to_pylist()
    # Of each month a twentieth: 28 days and 12 days of 40 stocks.
    assert first["n"] == second["n"] == 1_600
    assert first["n_alerts"] == second["n_alerts"] == 56 + 24
    assert second["lift"] > 3 > 2 > first["lift"]
    assert second["auc"] > 0.85
    assert found.low <= found.difference <= found.high
    assert found.better == 1


def test_two_that_guess_are_no_better_than_each_other(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        found = compare(house, ["forest", "net"], *ALL, rate=0.05)
        again = compare(house, ["forest", "net"], *ALL, rate=0.05)

    assert found.better is None
    assert (found.low, found.high) == (again.low, again.high)


@pytest.mark.parametrize(
    ("models", "given", "said"),
    [
        (("forest", "loff"), {}, "loff: no such model was fitted; did you mean 'lof'"),
        (("forest", "forest"), {}, "forest: it is as good as itself; name two models"),
        (("forest", "lof"), {"label": "sigma2"}, "--label: 'sigma2' is none; did you mean 'sigma_"),
        (("forest", "lof"), {"rate": 2}, "--rate: it is 2; it takes a share of sessions, as 0.01"),
        (("forest", "lof"), {"horizon": "9 sessions"}, "they scored no session of this span that"),
        (("forest", "lof"), {"label": "events"}, "they scored no session of this span that has"),
    ],
)
def test_what_can_not_be_compared_is_told_in_a_sentence(
    desk: SmallDesk, models: tuple[str, str], given: Row, said: str
) -> None:
    with desk.warehouse() as house, pytest.raises(QueryError) as caught:
        compare(house, models, *ALL, **given)

    assert said in str(caught.value)


def test_a_label_that_is_true_of_all_tells_nothing_apart(tmp_path: Path) -> None:
    rows = [{**row, "is_true": True} for row in labelled()[:30]]
    own = comparing_desk(tmp_path / "desk", rows)

    with own.warehouse() as house, pytest.raises(QueryError, match="every one of 10 sessions is"):
        compare(house, ["forest", "lof"], *ALL)
