"""leadline warehouse build."""

from pathlib import Path

import typer

from leadline.cli.app import Desk, app, say

warehouses = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Publish the views for other programs."
)
app.add_typer(warehouses, name="warehouse")

NAME = "warehouse.duckdb"
_OUT = typer.Option(
    None, "-o", "--output", help=f"The file; else {NAME} beside the store, or leadline.toml."
)
_EXAMPLE = typer.Option(False, "--example", help="Put the rows inside, for a file that travels.")

_DENSE = typer.Option(
    None, help="From when an example holds rows of datasets with too many; else the first moment."
)
_ONLY = typer.Option(
    [], metavar="DATASET=CONDITION", help="Which rows of a dataset an example holds, as SQL."
)


@warehouses.callback()
def publish() -> None:
    """Publish the views for other programs."""


@warehouses.command()
def build(
    context: typer.Context,
    days: int = typer.Option(30, min=1, help="How many days before the newest row it shows."),
    since: str | None = typer.Option(None, help="First moment; else the last days."),
    until: str | None = typer.Option(None, help="The moment before which to stop; else the end."),
    output: Path | None = _OUT,
    example: bool = _EXAMPLE,
    dense_since: str | None = _DENSE,
    only: list[str] = _ONLY,
) -> None:
    """Write a DuckDB file with every view, which any DuckDB opens read-only."""
    from leadline import build as building
    from leadline import clock
    from leadline.example import Example

    desk: Desk = context.obj
    if (dense_since or only) and not example:
        raise typer.BadParameter("--dense-since and --only are of an --example; say that, too")
    ending = ".example" if example else ""
    store = desk.config.store
    beside = desk.root if "://" in store else Path(store).parent
    path = output or beside / f"{NAME}{ending}"
    warehouse = desk.warehouse()
    span = building.span_of(
        warehouse,
        days,
        clock.moment(since) if since else None,
        clock.moment(until) if until else None,
    )
    holds = Example(clock.moment(dense_since) if dense_since else None, dict(map(_pair, only)))
    built = building.build(warehouse, path, span, holds if example else None)
    shown = f"{clock.stamp(span.since)} to {clock.stamp(span.until)}"
    if built.is_new:
        say(f"{path}: {built.n_views:,} views, {shown}, {built.n_bytes:,} bytes")
    else:
        say(f"{path}: nothing has changed, left as it is; {built.n_views:,} views, {shown}")


def _pair(text: str) -> tuple[str, str]:
    dataset, is_said, condition = text.partition("=")
    if not is_said:
        raise typer.BadParameter(f"'{text}' is no DATASET=CONDITION")
    return dataset, condition
