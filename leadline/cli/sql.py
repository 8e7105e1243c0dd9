"""leadline sql: one question, one export."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from leadline.cli.app import Desk, app
from leadline.errors import ConfigError, nearest

if TYPE_CHECKING:
    import pyarrow as pa

    from leadline.catalog import Catalog

_FILE = typer.Option(None, "-f", "--file", help="Read the query from a file.")
OUT = typer.Option(None, "-o", "--output", help="Write to a file instead of stdout.")
PARAM = typer.Option(None, "--param", help="name=value: a parameter of a view, for this run.")
_BIND = typer.Option(None, "--bind", help="name=value: fills $name in the query.")
_ANY = typer.Option(
    False, "--any-order", help="Leave out the total order that machines' forms have; faster."
)
_BARE = typer.Option(False, "--no-provenance", help="Leave out how it was made.")
FORM = typer.Option("table", "--format", help="table, csv, json, jsonl, parquet, arrow or xlsx.")
_ENGINE = typer.Option("duckdb", "--engine", help="duckdb or spark.")
_MASTER = typer.Option(None, "--master", help="Where Spark is: local[2], spark://host:7077, …")
ENGINES = ("duckdb", "spark")


@app.command()
def sql(
    context: typer.Context,
    query: str | None = typer.Argument(None, help="One SELECT over the views."),
    file: Path | None = _FILE,
    form: str = FORM,
    output: Path | None = OUT,
    since: str | None = typer.Option(None, help="First moment; else all of time."),
    until: str | None = typer.Option(None, help="The moment before which to stop; else now."),
    param: list[str] | None = PARAM,
    bind: list[str] | None = _BIND,
    limit: float | None = typer.Option(
        None, "--time-limit", min=0, help="Seconds before it is stopped."
    ),
    any_order: bool = _ANY,
    no_provenance: bool = _BARE,
    engine: str = _ENGINE,
    master: str | None = _MASTER,
) -> None:
    """Ask one question of the views, and write its answer in any form."""
    from datetime import timedelta

    from leadline import clock, export
    from leadline.asked import provenance_of
    from leadline.params import read_value
    from leadline.provenance import Provenance
    from leadline.question import Questions

    desk: Desk = context.obj
    if (query is None) == (file is None):
        raise typer.BadParameter("give one query, as an argument or with -f")
    check_form(form)
    if engine not in ENGINES:
        raise typer.BadParameter(f"'{engine}' is no engine; use one of {', '.join(ENGINES)}")
    if master is not None and engine != "spark":
        raise typer.BadParameter("--master is of --engine spark; give that, too")
    text = query if query is not None else _read(file)
    if desk.act:
        desk.act.query = text
    params = overrides(desk.catalog, text, pairs("--param", param))
    binds = {name: read_value(value) for name, value in pairs("--bind", bind).items()}
    warehouse = desk.warehouse(params)
    snapshot = warehouse.refresh()
    newest = snapshot.recorded_until
    end = clock.moment(until) if until else max(clock.now(), newest + timedelta(microseconds=1))
    start = clock.moment(since) if since else clock.BEGINNING
    clock.Span(start, end)
    is_ordered = form != "table" and not any_order
    if engine == "spark":
        rows, version = _on_spark(
            desk, master, limit, warehouse, text, start, end, binds,
            recorded_until=newest, is_ordered=is_ordered,
        )  # fmt: skip
    else:
        asked = Questions(warehouse, limit_s=limit)
        rows = asked.answer(text, start, end, binds, recorded_until=newest, is_ordered=is_ordered)
        version = None
    made = None
    if not no_provenance:
        made = provenance_of(
            warehouse, text, start, end, binds, snapshot=snapshot, is_ordered=is_ordered
        )
        if version:
            made = Provenance({**made.said, "spark": version})
    export.write(rows, form, output, sys.stdout.buffer, made)


def _on_spark(
    desk: Desk, master: str | None, limit_s: float | None, *asked: Any, **how: Any
) -> "tuple[pa.RecordBatchReader, str]":
    """Ask Spark, and stop it again; return the rows and its version."""
    from leadline.spark.answer import Asked
    from leadline.spark.session import LOCAL, check, started

    said = desk.config.spark
    place = master or said.get("master", LOCAL)
    check(place)
    question = Asked(*asked, **how)
    with started(place, said.get("conf")) as session:
        return question.rows(session, limit_s), str(session.version)


def _read(path: Path | None) -> str:
    assert path is not None
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: byte {error.start} is no UTF-8 text") from error
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}; name a file with a query") from error


def pairs(flag: str, given: list[str] | None) -> dict[str, str]:
    """Read name=value as often as the flag stands."""
    found = {}
    for each in given or []:
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{flag} takes name=value, not '{each}'")
        found[name] = value
    return found


def check_form(form: str) -> None:
    """End with wrong usage where --format names none."""
    from leadline import export

    if form not in export.FORMATS:
        raise typer.BadParameter(f"'{form}' is no format; use one of {', '.join(export.FORMATS)}")


def overrides(catalog: "Catalog", text: str, given: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Return overrides by view: `name` is meant for the views that the query reads."""
    from leadline.names import tables_of
    from leadline.params import read_value

    if not given:
        return {}
    read: list[str] = []
    todo = tables_of(text)
    while todo:
        name = todo.pop()
        if name not in read:
            read.append(name)
            todo += [each for each, _ in catalog.reads(name, {})]
    views = [catalog.in_force(name) for name in read if name in catalog.views]
    found: dict[str, dict[str, Any]] = {}
    for full, value in given.items():
        identity, _, name = full.rpartition(".")
        holders = [
            view
            for view in views
            if name in [param.name for param in view.params]
            and identity in ("", view.id, view.stable)
        ]
        if not holders:
            known = [param.name for view in views for param in view.params]
            raise ConfigError(f"--param: no view of this query has '{full}'{nearest(name, known)}")
        for view in holders:
            # For one version, as leadline.toml may say it; a flag is stronger.
            found.setdefault(f"{view.id}.v{view.version}", {})[name] = read_value(value)
    return found
