"""leadline backtest: alerts held against known events."""

import sys
from pathlib import Path

import typer

from leadline.cli.app import Desk, app, say
from leadline.cli.sql import FORM, OUT, PARAM, check_form, overrides, pairs

_DETECTORS = typer.Argument(None, metavar="[DETECTOR]...", help="As options.sweep; else all.")


@app.command()
def backtest(
    context: typer.Context,
    detectors: list[str] | None = _DETECTORS,
    form: str = FORM,
    output: Path | None = OUT,
    since: str | None = typer.Option(None, help="First moment; else all of time."),
    until: str | None = typer.Option(None, help="The moment before which to stop; else now."),
    param: list[str] | None = PARAM,
) -> None:
    """Show how many of the known events each detector finds, by their size."""
    import pyarrow as pa

    from leadline import backtest as testing
    from leadline import clock, export

    desk: Desk = context.obj
    check_form(form)
    params = overrides(desk.catalog, f"from {testing.CURVE}", pairs("--param", param))
    start = clock.moment(since) if since else clock.BEGINNING
    warehouse = desk.warehouse(params)
    end = clock.moment(until) if until else clock.now()
    found = testing.backtest(warehouse, start, end, detectors or ())
    for name in found.not_live:
        say(f"{name}: it has events and is not live, so nothing measures it")
    if found.without_events:
        say(f"without events, so not measured: {', '.join(found.without_events)}")
    is_shown = form == "table" and output is None and sys.stdout.isatty()
    curve = testing.with_bars(found.curve) if is_shown else found.curve
    rows = pa.RecordBatchReader.from_batches(curve.schema, curve.to_batches())
    export.write(rows, form, output, sys.stdout.buffer)
