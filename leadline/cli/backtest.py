"""leadline backtest: alerts held against known events, and against what prices did next."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from leadline.cli.app import Desk, app, say, stops, track
from leadline.cli.sql import FORM, OUT, check_form, overrides, pairs

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa

    from leadline.backtests.grid import Trial
    from leadline.backtests.run import Done, Plan
    from leadline.warehouse import Warehouse

_DETECTORS = typer.Argument(None, metavar="[DETECTOR]...", help="As options.sweep; else all.")
_PARAM = typer.Option(
    None, "--param", help="name=value, or name=2,3,4: all combinations of such lists are tried."
)
_HORIZON = typer.Option(None, help="As '5 sessions'; as often as you like, else all.")
_LABEL = typer.Option(None, help="As sigma_2, or events for known events; else all.")
_MEASURES = ("outcomes", "signals", "signal_days", "rule_days", "signal_returns", "base_days")
_LISTED = 20  # sets that are told one by one; of more, every tenth part


@app.command()
def backtest(
    context: typer.Context,
    detectors: list[str] | None = _DETECTORS,
    form: str = FORM,
    output: Path | None = OUT,
    since: str | None = typer.Option(None, help="First moment; else all of time."),
    until: str | None = typer.Option(None, help="The moment before which to stop; else now."),
    versions: str | None = typer.Option(None, help="As 1,2; else the one in force."),
    param: list[str] | None = _PARAM,
    horizon: list[str] | None = _HORIZON,
    label: list[str] | None = _LABEL,
    train: int | None = typer.Option(None, help="Days that a set is chosen on; 252."),
    test: int | None = typer.Option(None, help="Days that it is then judged in; 21."),
    step: int | None = typer.Option(None, help="Days from test to test; as --test."),
    embargo: int | None = typer.Option(
        None, help="Days left out before a test; 1 % of all, at least the horizon."
    ),
    best_by: str = typer.Option("z", help="What training chooses by: z, precision, recall, f1."),
    cost_bps: float | None = typer.Option(None, min=0, help="Costs of a trade, in and out."),
    cool_down: str | None = typer.Option(
        None, help="As 60m or 5d: alerts so soon after the entity's last count no more."
    ),
    seed: int | None = typer.Option(None, help="Of the draws that intervals come from."),
    workers: int | None = typer.Option(None, min=1, help="Sets that are asked at a time; 2."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would be tried, and stop."),
) -> None:
    """Show how many of the known events each detector finds, and what followed its alerts.

    Named detectors are held against what prices did next, where there are prices; the scorecard
    is a row for each set of parameters, label and horizon, and stays in the store.
    """
    import pyarrow as pa

    from leadline import clock, export
    from leadline.backtests import folds, grid, judge, run
    from leadline.errors import UnpricedError

    desk: Desk = context.obj
    check_form(form)
    if best_by not in judge.BEST_BY:
        raise typer.BadParameter(f"--best-by takes one of {', '.join(judge.BEST_BY)}")
    start = clock.moment(since) if since else clock.BEGINNING
    end = clock.moment(until) if until else clock.now()
    span = clock.Span(start, end)
    given = pairs("--param", param)
    is_of_events = label == ["events"]
    if not detectors or is_of_events or not _measures(desk):
        _curve(desk, start, end, detectors or (), given, form, output)
        return
    asked = [
        view for name in detectors for view in grid.versions(desk.catalog, name, _numbers(versions))
    ]
    own, said = _of_measures(desk, given, cost_bps, cool_down)
    lists = {name: [each.strip() for each in text.split(",")] for name, text in own.items()}
    params = grid.merged(desk.config.params, said)
    trials = grid.trials(desk.catalog, asked, lists, params)
    walk = folds.Walk(train or 252, test or 21, step or test or 21, embargo)
    plan = run.Plan(
        span, walk, horizon or (), [each for each in label or () if each != "events"], best_by,
        run.SEED if seed is None else seed, workers or run.WORKERS,
        must_walk=any(each is not None for each in (train, test, step, embargo)),
    )  # fmt: skip
    for view in asked:
        if view.status != "live":
            say(f"{view.id} v{view.version}: it is {view.status}, so it fires no alerts by itself")
    if dry_run:
        _say_what(trials, plan)
        return
    house = desk.warehouse(said)
    try:
        scored = _scored(desk, house, plan, params, trials, lists)
    except UnpricedError as error:
        if lists or label or horizon or versions:
            raise
        say(str(error))  # known events need no price
        _curve(desk, start, end, detectors, given, form, output)
        return
    rows = pa.RecordBatchReader.from_batches(scored.schema, scored.to_batches())
    export.write(rows, form, output, sys.stdout.buffer)
    track(desk, house)


def _scored(
    desk: Desk,
    house: "Warehouse",
    plan: "Plan",
    params: Any,
    trials: "Sequence[Trial]",
    lists: dict[str, list[str]],
) -> "pa.Table":
    """Measure, and return the run's rows of the scorecard."""
    from leadline import clock
    from leadline.backtests import run

    store = desk.another_store(is_patient=True)  # Ctrl-C is written, too
    with _progress(trials) as hear:
        run_id = run.measure(
            house, store, params, plan, trials, lists, hear=hear, say=say, stops=stops
        )
    rows = house.ask("backtest.scorecard", clock.BEGINNING, clock.FOREVER)
    order = "detector, version, label, horizon, trial"
    return rows.filter(f"run_id = '{run_id}'").order(order).to_arrow_table()


def _curve(
    desk: Desk,
    start: "datetime",
    end: "datetime",
    detectors: "Sequence[str]",
    given: dict[str, str],
    form: str,
    output: Path | None,
) -> None:
    """Show recall by the size of known events."""
    import pyarrow as pa

    from leadline import export
    from leadline.backtests import curve as testing

    params = overrides(desk.catalog, f"from {testing.CURVE}", given)
    found = testing.backtest(desk.warehouse(params), start, end, detectors)
    for name in found.not_live:
        say(f"{name}: it has events and is not live, so nothing measures it")
    if found.without_events:
        say(f"without events, so not measured: {', '.join(found.without_events)}")
    is_shown = form == "table" and output is None and sys.stdout.isatty()
    curve = testing.with_bars(found.curve) if is_shown else found.curve
    rows = pa.RecordBatchReader.from_batches(curve.schema, curve.to_batches())
    export.write(rows, form, output, sys.stdout.buffer)


def _measures(desk: Desk) -> bool:
    """Say whether the project has what outcomes are measured by."""
    return all(f"backtest.{name}" in desk.catalog.views for name in _MEASURES)


def _numbers(text: str | None) -> list[int]:
    found = []
    for each in (text or "").split(",") if text is not None else ():
        if not each.strip().removeprefix("v").isdigit():
            raise typer.BadParameter(f"--versions takes numbers as 1,2, not '{each}'")
        found.append(int(each.strip().removeprefix("v")))
    return found


def _of_measures(
    desk: Desk, given: dict[str, str], cost_bps: float | None, cool_down: str | None
) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Part parameters of what measures, which all sets share, from those that are tried."""
    from leadline.errors import ConfigError
    from leadline.params import read_value

    said: dict[str, dict[str, Any]] = {}
    own = {}
    for full, text in given.items():
        view, _, name = full.rpartition(".")
        if not view.startswith("backtest."):
            own[full] = text
            continue
        if "," in text:
            raise ConfigError(
                f"--param: '{full}' is of what measures, which all sets share; give it one value"
            )
        said.setdefault(view, {})[name] = read_value(text)
    if cost_bps is not None:
        said.setdefault("backtest.signals", {})["cost_bps"] = cost_bps
    if cool_down is not None:
        from leadline.cli.app import length

        seconds = length("--cool-down", cool_down, "60m or 5d").total_seconds()
        said.setdefault("backtest.signals", {})["cool_down"] = f"{seconds:.0f} seconds"
    return own, said


def _say_what(trials: "Sequence[Trial]", plan: "Plan") -> None:
    """Tell what a run would try."""
    from leadline import clock

    views = dict.fromkeys(f"{trial.view.id} v{trial.view.version}" for trial in trials)
    say(f"{len(trials):,} sets of {', '.join(views)}")
    say(f"from {clock.stamp(plan.span.since)} to {clock.stamp(plan.span.until)}")
    walk = plan.walk
    gap = (
        "1 % of the days, at least the horizon," if walk.embargo is None else f"{walk.embargo} days"
    )
    say(
        f"folds: {walk.train} days to choose on, {gap} left out, {walk.test} days to judge, "
        f"every {walk.step} days"
    )
    for trial in trials[:_LISTED]:
        say(f"{trial.view.id} v{trial.view.version} set {trial.number}: {trial.said}")
    if len(trials) > _LISTED:
        say(f"and {len(trials) - _LISTED:,} more")


@contextmanager
def _progress(trials: "Sequence[Trial]") -> "Iterator[Callable[[Done], None]]":
    """Lend what tells of each set: a bar on a terminal, else lines."""
    n_done = 0

    def tell(done: "Done") -> None:
        nonlocal n_done
        n_done += 1
        if len(trials) > _LISTED and n_done % (len(trials) // 10) and n_done < len(trials):
            return
        trial = done.trial
        how = f"{done.took_s:.1f} s" if done.is_new else "kept from a run that was interrupted"
        say(
            f"{n_done:,} of {len(trials):,}: {trial.view.id} v{trial.view.version} "
            f"{trial.said}: {done.told.n_alerts:,} alerts, {how}"
        )

    if len(trials) == 1 or not sys.stderr.isatty():
        yield tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    shown = (*columns, TextColumn("{task.description}"))
    with Progress(*shown, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=len(trials))
        yield lambda done: bar.update(
            task, advance=1, description=f"{done.told.n_alerts:,} alerts of {done.trial.said}"
        )
