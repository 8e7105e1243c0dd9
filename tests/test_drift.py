"""Drift over a store of a year and more: held against numpy and scipy, and never ahead of time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import ks_2samp

from leadline import clock, preview, project
from leadline.alerts import Alerts
from leadline.clock import Span
from leadline.rule import Written, checked
from leadline.warehouse import Warehouse
from tests.desks import load_into
from tests.doors import ROOT, door, one_core, opened, rows

SEED = 11
SYMBOLS = [f"T{n}" for n in range(8)]
LEAP = date(2024, 2, 1)  # from here on three times as much is traded
BEGIN, END = date(2022, 12, 1), date(2024, 3, 15)
ALL = (clock.BEGINNING, clock.FOREVER)
Row = dict[str, Any]


def bars(calendar: list[Row], chance: np.random.Generator) -> Iterator[Row]:
    """Yield a session's volume of each symbol, log-normal."""
    for session in calendar:
        for symbol in SYMBOLS:
            times = 3 if session["session_date"] >= LEAP else 1
            yield {
                "symbol": symbol, "bar": "1d", "starts_at": session["opens_at"],
                "session_date": session["session_date"], "close": 10, "is_close_only": True,
                "volume": int(np.exp(chance.normal(12, 0.6)) * times), "adjusted": "none",
                "known_at": session["closes_at"] + timedelta(minutes=15),
            }  # fmt: skip


def scores(calendar: list[Row], chance: np.random.Generator) -> Iterator[Row]:
    """Yield scores of a model, many of them equal; those of the second month are larger."""
    for session in calendar:
        day = session["session_date"]
        if day < date(2024, 1, 1):
            continue
        for n in range(9):
            score = round(float(chance.normal(0.6 if day >= LEAP else 0, 1)), 1)
            yield {
                "model": "forest", "entity": f"T{n}", "measure": "anomaly", "session_date": day,
                "fit_id": "one", "trained_until": datetime(2024, 1, 1, tzinfo=UTC),
                "score": score, "known_at": session["closes_at"] + timedelta(hours=5),
            }  # fmt: skip


def quantiles(chance: np.random.Generator) -> list[float]:
    """Return the quantiles of a fit's own scores."""
    return list(np.quantile(np.round(chance.normal(0, 1, 5_000), 1), np.linspace(0, 1, 1_001)))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fill a store with bars, and with scores of one fit."""
    chance = np.random.default_rng(SEED)
    place = tmp_path_factory.mktemp("drift") / "store"
    span = Span(clock.midnight(BEGIN), clock.midnight(END))
    calendar = [
        row
        for _, found in project.feed(ROOT, "sessions").pull(span, None)
        for row in found.to_pylist()
        if row["calendar"] == "XNYS" and BEGIN <= row["session_date"] < END
    ]
    fit = {
        "model": "forest", "fit_id": "one", "fitted_for": date(2024, 1, 1),
        "trained_until": datetime(2024, 1, 1, tzinfo=UTC), "n_rows": 5_000,
        "feature_view": "features.anomaly_inputs", "feature_fingerprint": "f", "seed": SEED,
        "settings": "{}", "score_quantiles": quantiles(chance),
        "known_at": datetime(2024, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    with opened(place, engine=one_core()) as store:
        for dataset, own in (
            ("sessions", calendar), ("equity_bars", list(bars(calendar, chance))),
            ("model_fits", [fit]), ("model_scores", list(scores(calendar, chance))),
        ):  # fmt: skip
            # Of a feed of its own, else the next would correct the one before.
            assert load_into(store, dataset, own, dataset).n_rejected == 0
    return place


@pytest.fixture(scope="module")
def house(place: Path) -> Iterator[Warehouse]:
    """Open the real views over it."""
    with door(place, engine=one_core()) as opened:
        yield opened


@pytest.fixture(scope="module")
def whole(house: Warehouse) -> list[Row]:
    """Ask once for all that is told."""
    return rows(house.ask("ops.drift", *ALL))


def of_kind(whole: list[Row], kind: str) -> dict[date, Row]:
    """Return what is told of a kind, by month."""
    names = ("value_z", "forest")
    found = {r["period_date"]: r for r in whole if r["kind"] == kind and r["name"] in names}
    return dict(sorted(found.items()))


def psi(before: Any, now: Any) -> float:
    """Compute the index as the textbook has it, of ten bins that end with each tenth value."""
    ends = np.sort(before)[[int(np.ceil(len(before) * k / 10)) - 1 for k in range(1, 10)]]
    was, is_ = (np.bincount(np.searchsorted(ends, x), minlength=10) / len(x) for x in (before, now))
    was, is_ = np.maximum(was, 0.0001), np.maximum(is_, 0.0001)
    return float(((is_ - was) * np.log(is_ / was)).sum())


def test_the_index_is_that_of_the_textbook_and_drifts_when_trading_leaps(
    house: Warehouse, whole: list[Row]
) -> None:
    placed = {
        row["session_date"]: row["sequence"] for row in rows(house.ask("curated.us_sessions", *ALL))
    }
    given = [
        (placed[row["session_date"]], row["value_z"])
        for row in rows(house.ask("features.anomaly_inputs", *ALL))
    ]
    found = of_kind(whole, "feature_psi")

    measured = {month: row for month, row in found.items() if row["state"]}
    for month, row in measured.items():
        own = [place for day, place in placed.items() if day.replace(day=1) == month]
        before = [value for place, value in given if min(own) - 252 <= place < min(own)]
        now = [value for place, value in given if min(own) <= place <= max(own)]
        assert row["statistic"] == pytest.approx(psi(before, now), abs=2e-6)
        assert row["n"] == len(now)
    # Of few sessions before, z themselves are few: 2023 is its own year only in its second half.
    calm = {row["state"] for month, row in measured.items() if date(2023, 7, 1) <= month < LEAP}
    assert (measured[LEAP]["state"], calm <= {"stable", "watch"}) == ("drift", True)
    assert "refit the models" in measured[LEAP]["what_now"]


def test_the_distance_of_scores_is_scipys(house: Warehouse, whole: list[Row]) -> None:
    (fit,) = rows(house.ask("raw.model_fits", *ALL))
    given = rows(house.ask("raw.model_scores", *ALL))

    found = of_kind(whole, "score_ks")

    for month, row in [*found.items()][:2]:
        own = [each["score"] for each in given if each["session_date"].replace(day=1) == month]
        wanted = ks_2samp(own, fit["score_quantiles"]).statistic
        assert row["statistic"] == pytest.approx(wanted, abs=1e-6)
    assert [row["state"] for row in found.values()] == ["stable", "drift", None]


def test_cut_to_a_span_it_says_what_it_says_of_the_whole(
    house: Warehouse, whole: list[Row]
) -> None:
    since, until = datetime(2024, 1, 20, tzinfo=UTC), datetime(2024, 3, 2, tzinfo=UTC)
    wanted = [row for row in whole if since <= row["known_at"] < until]

    found = rows(house.ask("ops.drift", since, until))

    assert sorted(map(str, found)) == sorted(map(str, wanted))
    assert [row["name"] for row in found if row["state"]] == ["value_z", "forest"]


def test_a_rule_can_follow_it(house: Warehouse, place: Path) -> None:
    table = {"of": "ops.drift", "where": "state = 'drift'", "key": ["kind", "name", "scope"]}
    with opened(place, engine=one_core()) as store:
        alerts = Alerts(house, store)
        _, _, steps = preview.now(checked(Written("drift", "a test", table), house, ()), alerts)

    assert sorted((step.key, step.action) for step in steps) == [
        ("feature_psi|value_z|all symbols", "fired"),
        ("score_ks|forest|anomaly", "fired"),
    ]
