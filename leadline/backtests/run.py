"""Asks every set of parameters of every detector once, and keeps what came of it as rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import groupby
from queue import SimpleQueue
from time import monotonic
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from leadline.backtests import bench as benches
from leadline.backtests.bench import BASE, Bench, Told
from leadline.backtests.folds import Walk, days_of
from leadline.backtests.grid import Trial, Values
from leadline.backtests.past import DATASETS, Book, past
from leadline.backtests.planted import planted, with_events
from leadline.backtests.results import Measured, needed
from leadline.backtests.saved import Saved, key_of
from leadline.backtests.series import Base, bases
from leadline.clock import Span
from leadline.errors import QueryError, UnpricedError, first_line, nearest
from leadline.store import Store
from leadline.warehouse import Warehouse

SEED = 20_240_301
WORKERS = 2  # a set's questions are too small to keep two cores busy alone


@dataclass(frozen=True)
class Plan:
    """What is asked of the sets, besides the sets; without horizons or labels it is all of them."""

    span: Span
    walk: Walk = field(default_factory=Walk)
    horizons: Sequence[str] = ()
    labels: Sequence[str] = ()
    best_by: str = "z"
    seed: int = SEED
    workers: int = WORKERS
    must_walk: bool = False  # too few days for a fold are an error, and not told alone


@dataclass(frozen=True)
class Done:
    """One set that was asked, or was found among those of a run that was interrupted."""

    trial: Trial
    told: Told
    took_s: float
    is_new: bool


Hear = Callable[[Done], None]
Say = Callable[[str], None]


def measure(
    house: Warehouse,
    store: Store,
    params: Values,
    plan: Plan,
    trials: Sequence[Trial],
    grid: Mapping[str, Sequence[str]],
    *,
    hear: Hear,
    say: Say,
    stops: list[Callable[[], None]],
) -> str:
    """Ask all sets and append what came of them; return the run's name.

    stops is told how to stop what DuckDB does. A run that is interrupted leaves its sets, which
    were tried, and no result; asked again it goes on with those that are missing.
    """
    snapshot = house.refresh()
    settings = {
        "train": plan.walk.train, "test": plan.walk.test, "step": plan.walk.step,
        "embargo": plan.walk.embargo, "best_by": plan.best_by, "seed": plan.seed,
        "params": {name: dict(values) for name, values in params.items()},
    }  # fmt: skip
    book = Book(store, plan.span, snapshot.recorded_until, grid, settings, trials)
    with ExitStack() as stack:
        bench = Bench.open(house, params, plan.span, snapshot.recorded_until)
        stack.callback(bench.close)
        stops.append(bench.house.interrupt)
        bench.share(benches.inputs_of_outcomes(bench.house), [benches.RETURNS, benches.RULE, BASE])
        base_days = _wanted(bench.ask(BASE), plan)
        bench.only(plan.horizons)
        bench.planted = with_events(house, plan.span)
        before = {trial.view.id: past(house, trial.view.id) for trial in trials}
        book.begin()
        try:
            results: list[dict[str, Any]] = []
            returns: list[dict[str, Any]] = []
            for _, group in groupby(trials, key=lambda trial: trial.view.pinned):
                own = list(group)
                told = _told(bench, own, plan, hear, stops)
                detector = own[0].view.id
                try:
                    found = needed(bases(base_days), told, detector)
                except QueryError as error:
                    found_events = planted(own, told)
                    results += found_events
                    if not found_events and len({each.view.pinned for each in trials}) == 1:
                        raise
                    say(str(error))
                    continue
                n_tried = len(
                    before[detector].trials
                    | {each.fingerprint for each in trials if each.view.id == detector}
                )
                made = Measured(
                    own, told, found, base_days, _walk(plan, found, say), plan.best_by, plan.seed,
                    n_tried, before[detector].sharpes,
                )  # fmt: skip
                results += [*made.results(), *planted(own, told)]
                returns += made.returns()
            if not results:
                raise QueryError("backtest: no detector has an outcome in this span; widen it")
        except BaseException as error:
            book.give_up(
                first_line(error) if isinstance(error, Exception) else "it was interrupted"
            )
            raise
        book.end(results, returns)
        key = _key(bench)
        Saved(store.place.own, key).drop()
    return book.run_id


def _wanted(base_days: pa.Table, plan: Plan) -> pa.Table:
    """Return the days of the labels and horizons that are asked; one that is not is an error."""
    if not base_days.num_rows:
        raise UnpricedError(
            "backtest.moves: no price of this span is followed by another, so nothing moved; load "
            "bars or trades, or widen --since and --until"
        )
    for option, column, wanted in (
        ("--horizon", "horizon", plan.horizons),
        ("--label", "label", plan.labels),
    ):
        known = base_days[column].unique().to_pylist()
        for name in wanted:
            if name not in known:
                near = nearest(name, known) or f"; there are {', '.join(sorted(known))}"
                raise QueryError(f"{option}: no bar of this span has '{name}'{near}")
        if wanted:
            base_days = base_days.filter(pc.is_in(base_days[column], pa.array(list(wanted))))
    return base_days


def _walk(plan: Plan, found: Sequence[Base], say: Say) -> Walk | None:
    """Return how to walk forward, if the days are enough."""
    longest = max(found, key=lambda base: len(base.days))
    gap = plan.walk.embargo
    gap = days_of(longest.horizon) if gap is None else gap
    if len(longest.days) > plan.walk.train + 1 and gap < plan.walk.train:
        short = [base for base in found if len(base.days) <= plan.walk.train + 1]
        if not short:
            return plan.walk
        say(
            f"{short[0].horizon}: {len(short[0].days)} days are too few to walk forward, which "
            f"takes {plan.walk.train + 1}; take them out with --horizon"
        )
    sentence = (
        f"{len(longest.days)} days have labels, and walking forward takes {plan.walk.train} to "
        f"train and one to test; widen the span, or give a smaller --train"
    )
    if plan.must_walk:
        raise QueryError(sentence)
    say(sentence)
    return None


def _key(bench: Bench) -> str:
    views = [benches.DAYS, benches.RULE, benches.RETURNS, benches.MATCHES]
    return key_of(bench, views, DATASETS)


def _told(
    bench: Bench, trials: Sequence[Trial], plan: Plan, hear: Hear, stops: list[Callable[[], None]]
) -> list[Told]:
    """Ask all sets of one version, several at a time, but for those that are kept."""
    saved = Saved(bench.house.store.place.own, _key(bench)) if len(trials) > 1 else None
    found: dict[int, Told] = {}
    missing = []
    for place, trial in enumerate(trials):
        if saved and (told := saved.find(trial)):
            found[place] = told
            hear(Done(trial, told, 0.0, False))
        else:
            missing.append(place)
    shared, is_own = benches.shared_by(bench.house, trials)
    if len(missing) > 1:
        bench.share(shared, [trials[0].view.pinned])
    with _workers(bench, min(plan.workers, len(missing)), stops) as workers:
        for place, told, took_s in _asked(workers, trials, missing, is_own=is_own):
            found[place] = told
            if saved:
                saved.keep(trials[place], told)
            hear(Done(trials[place], told, took_s, True))
    return [found[place] for place in range(len(trials))]


@contextmanager
def _workers(bench: Bench, n: int, stops: list[Callable[[], None]]) -> Iterator[list[Bench]]:
    """Lend a bench for each thread; the first answers from its own tables."""
    own = [bench, *(bench.another() for _ in range(n - 1))]
    stops += [each.house.interrupt for each in own[1:]]
    try:
        yield own
    finally:
        for each in own[1:]:
            each.close()


def _asked(
    workers: Sequence[Bench], trials: Sequence[Trial], places: Sequence[int], *, is_own: bool
) -> Iterator[tuple[int, Told, float]]:
    """Yield what each of these sets told, as they end."""
    free: SimpleQueue[Bench] = SimpleQueue()
    for each in workers:
        free.put(each)

    def ask(place: int) -> tuple[int, Told, float]:
        began, worker = monotonic(), free.get()
        try:
            trial = trials[place]
            if is_own:
                told = worker.tell(trial, benches.set_of(worker, trial))
            else:
                other = worker.another(trial.overrides)
                try:
                    told = other.tell(trial, benches.set_of(other, trial))
                finally:
                    other.close()
            return place, told, monotonic() - began
        finally:
            free.put(worker)

    if len(workers) == 1:
        yield from map(ask, places)
        return
    with ThreadPoolExecutor(len(workers)) as pool:
        todo: set[Future[tuple[int, Told, float]]] = {pool.submit(ask, each) for each in places}
        try:
            while todo:
                done, todo = wait(todo, return_when=FIRST_COMPLETED)
                for ended in done:
                    yield ended.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in workers:
                with suppress(Exception):  # it has just ended
                    worker.house.interrupt()
            raise
