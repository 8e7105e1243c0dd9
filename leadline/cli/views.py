"""leadline views, leadline lock."""

import sys
from typing import TYPE_CHECKING

import typer

from leadline.cli.app import Desk, app, say
from leadline.errors import ViewError

if TYPE_CHECKING:
    from leadline.warehouse import Warehouse

_DIFF = typer.Option(None, "--diff", help="NAME OLD NEW: what changed between two versions.")


@app.command()
def views(
    context: typer.Context,
    name: str | None = typer.Argument(None, help="One view: what it says, reads and returns."),
    diff: tuple[str, int, int] | None = _DIFF,
    since: str | None = typer.Option(None, help="First moment of --diff; else all of time."),
    until: str | None = typer.Option(None, help="The moment before which --diff stops."),
) -> None:
    """List the views, show one, or compare two versions of one."""
    desk: Desk = context.obj
    warehouse = desk.warehouse()
    if diff:
        _diff(warehouse, *diff, since, until)
    elif name:
        _show(warehouse, name)
    else:
        for bound in sorted(warehouse.bound, key=lambda each: each.view.pinned):
            view = bound.view
            typer.echo(f"{view.pinned:<42} {view.status:<8} {view.header['what']}")


@app.command(name="lock")
def lock_(context: typer.Context) -> None:
    """Freeze the new live views: what they mean can only change in a new version."""
    from leadline import lock

    desk: Desk = context.obj
    desk.warehouse()
    for path in lock.freeze(desk.catalog):
        say(f"{path}: frozen")


def _show(warehouse: "Warehouse", name: str) -> None:
    from leadline.catalog import ALL_LIVE, OPS

    if name.startswith("raw."):
        contract = warehouse.catalog.contracts.get(name.removeprefix("raw."))
        if contract is None:
            raise ViewError(f"{name}: no such dataset; leadline views lists the views")
        typer.echo(f"{name}\n{contract.header['what']}\n\n{contract.path.read_text()}")
        return
    if name in (*OPS, ALL_LIVE):  # no file says what the engine itself lays out
        typer.echo(name)
        _columns(warehouse, name)
        return
    bound = warehouse.fingerprint(name)
    view = bound.view
    typer.echo(f"{view.pinned} ({view.status}), fingerprint {bound.fingerprint}")
    reads = ", ".join(f"{read} v{version}" for read, version in bound.inputs.items())
    typer.echo(f"reads: {reads or ', '.join(view.reads)}")
    for param in view.params:
        value = bound.params[param.name]
        said = f" (default {param.text})" if value != param.text else ""
        typer.echo(f"param: {param.name} = {value}{said}")
    _columns(warehouse, view.pinned)
    typer.echo(f"\n{view.path}\n\n{view.text}")


def _columns(warehouse: "Warehouse", name: str) -> None:
    for column, kind, comment in warehouse.described(name):
        typer.echo(f"column: {column} {kind}{f' -- {comment}' if comment else ''}")


def _diff(
    warehouse: "Warehouse", name: str, old: int, new: int, since: str | None, until: str | None
) -> None:
    import pyarrow as pa

    from leadline import clock, export
    from leadline.diff import diff

    end = clock.moment(until) if until else clock.now()
    found = diff(warehouse, name, old, new, clock.moment(since) if since else clock.BEGINNING, end)
    for line in found.lines:
        typer.echo(line)
    counts = {word: 0 for word in ("added", "removed", "changed")}
    for word in found.rows.column("change").to_pylist():
        counts[word] += 1
    typer.echo(
        f"\n{', '.join(f'{n:,} {word}' for word, n in counts.items())}, {found.n_same:,} same"
    )
    if found.rows.num_rows:
        sys.stdout.flush()
        reader = pa.RecordBatchReader.from_batches(found.rows.schema, found.rows.to_batches())
        export.write(reader, "table", None, sys.stdout.buffer)
