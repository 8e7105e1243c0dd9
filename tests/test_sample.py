"""The sample week: no view looks ahead, slices answer as the whole, kept days as computed ones."""

import shutil
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from leadline import clock
from leadline.catalog import View, time_column
from leadline.clock import Span
from leadline.kept import FOLDER
from leadline.refresh import refresh
from leadline.warehouse import Warehouse
from tests.desks import load_into
from tests.doors import catalog, door, opened
from tests.slices import slices

CATALOG = catalog()
IN_FORCE = {name: CATALOG.in_force(name) for name in CATALOG.views}
TIMELESS = ("reports", "ops", "backtest")  # they show what stands at the end of their span
POINTED = [name for name, view in IN_FORCE.items() if view.schema not in TIMELESS]
KEPT = [name for name, view in IN_FORCE.items() if "partials" in view.keeps]
LIVE = [view.stable for view in CATALOG.all_live()]
WEEK = [datetime(2024, 2, day, tzinfo=UTC) for day in range(12, 18)]
FRIDAY = {  # levels change on no other day
    "features.book_messages", "features.book_message_hours", "features.book_size_minutes",
    "features.book_size_hours", "features.book_moment_hours",
}  # fmt: skip
HALF_HOUR = datetime(2024, 2, 16, 15, tzinfo=UTC)
NEAR = timedelta(minutes=20)  # of the seconds of a book, which are many
FAR = timedelta(hours=30)  # of all else: from the morning before
FIRE = {  # in the sample week; another detector may find nothing in it
    "detectors.options_oi_change", "detectors.off_exchange_short_share",
    "detectors.off_exchange_spike", "detectors.off_exchange_ratio",
    "detectors.filings_holder_change", "detectors.filings_institutional_flow",
    "detectors.filings_insider_cluster", "detectors.filings_insider_flow",
    "detectors.crypto_imbalance",
    "detectors.options_sweep", "detectors.options_golden_sweep", "detectors.options_split",
    "detectors.options_block", "detectors.options_repeated_hits",
    "detectors.options_sweep_then_floor", "detectors.options_multi_leg",
    "detectors.options_roll", "detectors.options_high_volume", "detectors.options_volume_oi",
    "detectors.prices_volume_spike", "detectors.prices_watch_move",
    "detectors.off_exchange_large_print", "detectors.off_exchange_block",
    "detectors.off_exchange_late_print", "detectors.prices_sweep",
    "detectors.scores_index_band", "detectors.scores_accumulation_band",
}  # fmt: skip


def told(name: str) -> set[str]:
    """Return what a view reads itself, but for raw rows and what it is asked."""
    return {read for read in IN_FORCE[name].reads if read in IN_FORCE}


SILENT = {name for name in LIVE if name not in FIRE}
# Who is silent in this week proves nothing by itself, so what it reads is asked.
POINTED_NOW = {*FIRE, *(read for name in SILENT for read in told(name)), *KEPT} - {
    "features.cross_flow",
    "features.crowding",
    "features.order_flow",
    "detectors.scores_index_band",
    "detectors.scores_accumulation_band",
    "scores.unusual_activity",  # seconds each; the soak asks them
}
SLICED_NOW = {  # one of prints and one of days; they share what is below them
    "detectors.options_sweep", "detectors.off_exchange_short_share",
}  # fmt: skip


def among(names: Collection[str], now: Collection[str]) -> list[Any]:
    """Leave all but some to the soak."""
    return [pytest.param(n, marks=() if n in now else pytest.mark.soak) for n in names]


def every(nth: int, names: Collection[str]) -> set[str]:
    """Return every nth of some names."""
    return {*sorted(names)[::nth]}


@pytest.fixture(scope="module")
def kept(
    request: pytest.FixtureRequest, sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Copy the sample store and store the days that are over, of the views that are asked here."""
    place = tmp_path_factory.mktemp("kept") / "store"
    shutil.copytree(sample, place, copy_function=shutil.copy)
    test = test_kept_days_answer_as_computed_ones.__name__
    items = [item for item in request.session.items if item.name.startswith(f"{test}[")]
    views = [name for name in KEPT if any(item.name.endswith(f"[{name}]") for item in items)]
    with door(place) as house:
        made = list(refresh(house, clock.now(), views, since=WEEK[0])) if views else []
        assert len(made) >= 3 * len(views)
    return place


@pytest.fixture(scope="module")
def house(kept: Path) -> Iterator[Warehouse]:
    with door(kept) as house:
        yield house


@pytest.fixture(scope="module")
def computing(kept: Path) -> Iterator[Warehouse]:
    """Open the same views with no kept day."""
    with door(kept) as house:
        house.kept.clear()
        yield house


def differing(one: pa.Table, other: pa.Table) -> int:
    """Count the rows that one of two answers has and the other has not."""
    with duckdb.connect() as con:
        con.register("one", one)
        con.register("other", other)
        ((n,),) = con.execute(
            "select count(*) from ((from one except all from other) union all "
            "(from other except all from one))"
        ).fetchall()
    return int(n)


def is_of_a_book(view: View) -> bool:
    names = (
        "book_", "order_", "cross_flow", "wall", "ladders", "whale_", "features.spoof_",
        "detectors.crypto_",
    )  # fmt: skip
    return any(name in view.stable for name in names)


@pytest.mark.parametrize("name", among(POINTED, every(12, POINTED_NOW)))
def test_no_row_changes_when_all_that_came_after_it_is_taken_away(
    house: Warehouse, name: str
) -> None:
    at = HALF_HOUR + timedelta(minutes=11, milliseconds=500)
    if name in KEPT:  # a partial sum grows until its hour, or its day, is over
        at = at.replace(minute=0, second=0, microsecond=0)
        at = at.replace(hour=0) if name.endswith("_days") else at
    columns = house.columns(name)
    column = time_column(columns)
    around = NEAR if is_of_a_book(IN_FORCE[name]) else FAR
    since, until = at - around, at + around

    before = house.ask(name, since, at)
    whole = house.ask(name, since, until)
    if column:
        whole = whole.filter(f"{column} < timestamptz '{at}'")
    if "withdrawn_at" in columns:
        stood = f"case when withdrawn_at < timestamptz '{at}' then withdrawn_at end"
        whole = whole.project(f"* replace ({stood} as withdrawn_at)")
    assert differing(before.to_arrow_table(), whole.to_arrow_table()) == 0


@pytest.mark.parametrize("name", among(LIVE, SLICED_NOW))
def test_the_week_asked_in_slices_gives_the_same_alerts_each_once(
    house: Warehouse, name: str
) -> None:
    near = [HALF_HOUR + timedelta(minutes=6 * n) for n in range(5)]
    whole = Span(WEEK[0], WEEK[-1])
    if name == "detectors.crypto_imbalance":  # a day of books is as much as all else in a week
        whole = Span(HALF_HOUR, HALF_HOUR + timedelta(minutes=30))
    half = (whole.until - whole.since) / 2

    n_alerts, odd = slices(house, name, whole, [whole.since, whole.since + half], near, half)

    assert n_alerts or name not in FIRE
    assert odd == []


def answer(house: Warehouse, name: str) -> pa.Table:
    """Ask a span that begins and ends within a day."""
    first = 3 if name in FRIDAY else 2
    span = WEEK[first] + timedelta(hours=21), WEEK[first + 2] + timedelta(hours=1)
    return house.ask(name, *span).to_arrow_table()


@pytest.mark.parametrize("name", among(KEPT, every(5, KEPT)))
def test_kept_days_answer_as_computed_ones(
    house: Warehouse, computing: Warehouse, name: str
) -> None:
    found = answer(house, name)

    assert differing(found, answer(computing, name)) == 0
    assert len(found) > 0


@pytest.mark.soak
def test_kept_days_answer_as_computed_ones_after_a_late_row_and_with_an_override(
    kept: Path, tmp_path: Path
) -> None:
    place = tmp_path / "store"
    shutil.copytree(kept, place, copy_function=shutil.copy)
    late = datetime(2024, 2, 15, 12, 0, 0, 500_000, tzinfo=UTC)
    names = dict.fromkeys(("bid_size", "ask_size", "bid_size_5", "ask_size_5"), 1.0)
    wide = dict.fromkeys(("bid_size_10bps", "ask_size_10bps"), 1.0)
    row = {"venue": "sample", "pair": "BTC-USDT", "epoch": "late", "update_id": 1}
    row |= {"exchange_at": late, "known_at": late, "best_bid": 1.0, "best_ask": 2.0}
    with opened(place) as store:
        load_into(store, "book_tops", [row | names | wide], feed="late")
    params = {"features.book_bars": {"max_delay": "20 milliseconds"}}

    for own in ({}, params):
        with door(place, params=own) as house:
            found = answer(house, "features.book_imbalance_hours")
            house.kept.clear()
            assert differing(found, answer(house, "features.book_imbalance_hours")) == 0
    with door(place) as house:
        house.refresh()
        served = house.kept["features.book_bars"].files
    assert sorted(served) == [date(2024, 2, 14), date(2024, 2, 16)]
    assert (place / FOLDER / "features.book_bars").is_dir()
