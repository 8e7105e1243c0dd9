"""leadline watch load, add, remove, list, show."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from leadline.cli.app import Desk, app, say
from leadline.cli.sql import FORM, OUT, check_form

if TYPE_CHECKING:
    from leadline.watch import Kept, Watchlists

watches = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Keep personal watch lists."
)
app.add_typer(watches, name="watch")

_FILE = typer.Argument(help="CSV or TOML; it is the whole of the lists that it names.")
_LIST = typer.Argument(metavar="LIST", help="A list's name.")
_SYMBOLS = typer.Argument(metavar="SYMBOL...", help="As AAPL, BRK.B or binance:BTC-USDT.")
_KNOWN = typer.Option(None, help="Since when it counts, to try it on the past; else from now on.")


@watches.command()
def load(
    context: typer.Context,
    file: Path = _FILE,
    name: str | None = typer.Option(
        None, "--list", help="The list's name, of a CSV that names none; else the file's."
    ),
    known_at: str | None = _KNOWN,
) -> None:
    """Make a file the whole of a list: what it no longer names is taken off."""
    from leadline import watch_file

    found = watch_file.read(file, name)
    lists = _lists(context.obj)
    at = _moment(known_at)
    _told([lists.put(each, lines, str(file), at) for each, lines in found.items()])


@watches.command()
def add(
    context: typer.Context,
    name: str = _LIST,
    symbols: list[str] = _SYMBOLS,
    threshold: str | None = typer.Option(None, help="Per cent of the price."),
    sigma: str | None = typer.Option(None, help="Standard deviations of the horizon."),
    horizon: str | None = typer.Option(None, help="5m, 15m, 60m, 1d or 14d."),
    direction: str | None = typer.Option(None, help="up or down; else both."),
    quantity: str | None = typer.Option(None, help="Shares or coins held."),
    cost: str | None = typer.Option(None, help="USD paid for one."),
    note: str | None = typer.Option(None, help="In your words."),
    known_at: str | None = _KNOWN,
) -> None:
    """Add symbols to a list, or change what it says of them."""
    from leadline.watch import DIRECTIONS, HORIZONS
    from leadline.watch_file import number

    given: dict[str, Any] = {"is_active": True}
    numbers = (
        ("--threshold", "threshold_pct", threshold), ("--sigma", "threshold_sigma", sigma),
        ("--quantity", "quantity", quantity), ("--cost", "cost_usd", cost),
    )  # fmt: skip
    for option, column, value in numbers:
        if value is not None:
            given[column] = number(option, value, column)
    words = (("horizon", horizon, HORIZONS), ("direction", direction, DIRECTIONS))
    for column, value, known in words:
        if value is not None and value not in known:
            raise typer.BadParameter(f"--{column} is '{value}'; it takes {', '.join(known)}")
        if value is not None:
            given[column] = value
    if note is not None:
        given["note"] = note
    _told([_lists(context.obj).add(name, symbols, given, _moment(known_at))])


@watches.command()
def remove(context: typer.Context, name: str = _LIST, symbols: list[str] = _SYMBOLS) -> None:
    """Take symbols off a list."""
    _told([_lists(context.obj).remove(name, symbols)])


@watches.command(name="list")
def list_(context: typer.Context) -> None:
    """Show every list, and how many symbols are on it."""
    lists = _lists(context.obj)
    for name in lists.names():
        lines = lists.lines(name)
        n_active = sum(line.is_active for line in lines)
        typer.echo(f"{name:<24} {n_active:,} of {len(lines):,} symbols active")


@watches.command()
def show(
    context: typer.Context, name: str = _LIST, form: str = FORM, output: Path | None = OUT
) -> None:
    """Show the lines of a list; as CSV it is the file that `load` takes."""
    import pyarrow as pa

    from leadline import export

    check_form(form)
    lines = _lists(context.obj).lines(name)
    rows = pa.Table.from_pylist([vars(line) for line in lines], _schema())
    batches = rows.to_reader()
    export.write(batches, form, output, sys.stdout.buffer)


def _schema() -> Any:
    """Return the columns of a list's lines, which may all be empty."""
    import pyarrow as pa

    from leadline.watch import COLUMNS

    kinds = {"is_active": pa.bool_()} | dict.fromkeys(
        ("threshold_pct", "threshold_sigma", "quantity", "cost_usd"), pa.float64()
    )
    return pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])


def _lists(desk: Desk) -> "Watchlists":
    from leadline.watch import Watchlists

    return Watchlists(desk.warehouse(), desk.another_store())


def _moment(said: str | None) -> datetime | None:
    from leadline import clock

    return clock.moment(said) if said else None


def _told(kept: "list[Kept]") -> None:
    """Say what became of each list; who was refused ends it with 1."""
    for each in kept:
        for symbol, reason in each.refused.items():
            say(f"{each.watchlist}: {symbol} {reason}")
        say(
            f"{each.watchlist}: {len(each.symbols):,} symbols, {each.n_changed:,} new or changed, "
            f"{each.n_gone:,} taken off, {len(each.refused):,} refused"
        )
    if any(each.refused for each in kept):
        raise typer.Exit(1)
