"""leadline export list, run, show and replay."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from leadline.cli.app import Desk, app, say
from leadline.errors import ConfigError, QueryError, nearest

if TYPE_CHECKING:
    from datetime import datetime

    from leadline.standing import Standing

exports = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Write answers that files are made of."
)
app.add_typer(exports, name="export")

_FILE = typer.Argument(help="A file that leadline wrote.")


@exports.command(name="list")
def list_(context: typer.Context) -> None:
    """List the exports of leadline.toml, and the newest file of each."""
    found = standing(context.obj)
    if not found:
        say("no export; name one in leadline.toml, as [exports.morning]")
    for name, each in found.items():
        table = context.obj.config.exports[name]
        when = table.get("cron") or table.get("after") or "by hand"
        files = each.files()
        newest = str(files[-1]) if files else "no file yet"
        typer.echo("  ".join((f"{name:<20}", f"{when:<16}", newest)))


@exports.command()
def run(
    context: typer.Context,
    name: str = typer.Argument(help="Its name in leadline.toml."),
    until: str | None = typer.Option(None, help="The moment before which to stop; else now."),
) -> None:
    """Write one export's file now, or as it would have been written at a moment."""
    from leadline import clock

    written(context.obj, name, clock.moment(until) if until else clock.now())


@exports.command()
def show(file: Path = _FILE) -> None:
    """Say how a file was made: its question, span, versions and parameters, as JSON."""
    import json

    from leadline.provenance import read

    typer.echo(json.dumps(read(file), ensure_ascii=False, indent=2))


@exports.command()
def replay(context: typer.Context, file: Path = _FILE) -> None:
    """Ask a file's question again, as it was known then, and say whether the rows are the same.

    Its versions and parameters are those of the file, too; exit code 1 where rows differ.
    """
    from leadline.asked import again
    from leadline.export import counted
    from leadline.provenance import read

    desk: Desk = context.obj
    said = read(file)
    found = again(desk.catalog, desk.store, desk.another_engine(), said)
    now = counted(found.n_rows)
    if moved := ", ".join(found.moved):
        now += f"; the text of {moved} is not what it was"
    if said.get("digest") is None:
        raise QueryError(f"{file}: it does not say which rows it has; asked again there are {now}")
    if said["digest"] == found.digest:
        typer.echo(f"{file}: the same {now}")
    elif said.get("order") == "any" and said["n_rows"] == found.n_rows:
        typer.echo(f"{file}: as many rows, {now}; their order was any, so they can't be compared")
    else:
        raise QueryError(f"{file}: other rows, {said['n_rows']:,} then and now {now}")


def standing(desk: Desk) -> "dict[str, Standing]":
    """Read the exports of a desk."""
    from leadline.schedule import Reader, calendars_of
    from leadline.standing import read_all

    tables = desk.config.exports
    warehouse = desk.warehouse()
    reader = Reader({})
    read_all(tables, desk.root, reader, warehouse.names())  # told before a store is that is bare
    if needed := calendars_of(tables, {}):
        from leadline.runs import Runs

        reader.calendars = Runs(warehouse, desk.store).calendars(needed)
    return read_all(tables, desk.root, reader, warehouse.names())


def written(desk: Desk, name: str, until: "datetime") -> int:
    """Write one export's file; return how many rows are in it."""
    from leadline import clock
    from leadline.export import counted

    tables = desk.config.exports
    if name not in tables:
        near = nearest(name, tables) or f"; write [exports.{name}] in leadline.toml"
        raise ConfigError(f"{name}: there is no such export{near}")
    found = standing(desk)
    if name not in found:
        raise ConfigError(f"leadline.toml: [exports.{name}] is off; take that out")
    # Its engine is locked, and others may be at work in the desk's own.
    alone = desk.warehouse(engine=desk.another_engine())
    path, n_rows = found[name].write(alone, until)
    say(f"{name}: {counted(n_rows)} up to {clock.stamp(until.replace(microsecond=0))}, {path}")
    return n_rows
