"""leadline filings: filings as EDGAR sent them, which their loaders read again."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from leadline.cli.app import Desk, app, say
from leadline.errors import StoreError

if TYPE_CHECKING:
    import duckdb

_AT_ONCE = 50  # filings whose text is held together; most have some 10 KB
_NUMBERS = typer.Argument(None, help="Accession numbers, with dashes; else all of the span.")
_INTO = typer.Option(None, help="A folder, with one for each feed in it; else one goes to stdout.")


@app.command()
def filings(
    context: typer.Context,
    numbers: list[str] | None = _NUMBERS,
    since: str | None = typer.Option(None, help="Only what was accepted from this moment on."),
    until: str | None = typer.Option(None, help="Only what was accepted before this moment."),
    into: Path | None = _INTO,
) -> None:
    """Give back filings as they came, byte for byte; their loaders read the files again."""
    from leadline import clock, whole

    desk: Desk = context.obj
    if into is None and len(numbers or ()) != 1:
        raise typer.BadParameter("name one filing, or a folder with --into")
    found = desk.warehouse().ask(
        "curated.filing_texts",
        clock.moment(since) if since else clock.BEGINNING,
        clock.moment(until) if until else clock.FOREVER,
    )
    held = dict.fromkeys(_numbers(found))
    wanted = list(dict.fromkeys(numbers or held))
    if absent := [number for number in wanted if number not in held]:
        raise StoreError(
            f"filings: no text of {absent[0]} is here"
            f"{f', nor of {len(absent) - 1:,} more' * (len(absent) > 1)}; "
            f"leadline load sec_13f or sec_ownership brings it"
        )
    n_files = 0
    for feed, name, body in _bodies(found, wanted):
        n_files += 1
        if into is None:
            sys.stdout.buffer.write(body)
            return
        path = into / feed / Path(name).name
        try:
            whole.write(path, body)
        except OSError as error:
            raise StoreError(f"{path}: {error.strerror}; choose another folder") from error
    say(f"{n_files:,} files of {len(wanted):,} filings in {into}")


def _numbers(found: "duckdb.DuckDBPyRelation") -> list[str]:
    named = found.project("accession_no").distinct().order("accession_no")
    return [number for (number,) in named.fetchall()]


def _bodies(
    found: "duckdb.DuckDBPyRelation", numbers: Sequence[str]
) -> Iterator[tuple[str, str, bytes]]:
    """Yield feed, name and bytes of each file, some filings at a time."""
    from leadline.quote import quoted

    for start in range(0, len(numbers), _AT_ONCE):
        some = ", ".join(map(quoted, numbers[start : start + _AT_ONCE]))
        rows = found.filter(f"accession_no in ({some})").order("accession_no, feed, name")
        told = rows.project("feed, name, body, charset").fetchall()
        yield from ((feed, name, body.encode(charset)) for feed, name, body, charset in told)
