"""leadline audit: who ran, changed, acknowledged or exported what."""

import sys
from pathlib import Path

import typer

from leadline.cli.app import Desk, app, say
from leadline.cli.sql import FORM, OUT, check_form

_SHOWN = 50
_COLUMNS = (
    "began_at, actor, via, act, about, outcome, n_times, n_rows, n_bytes, form, target, "
    "duration_ms, reason, query"
)


@app.command()
def audit(
    context: typer.Context,
    since: str | None = typer.Option(None, help="Only what began from this moment on."),
    until: str | None = typer.Option(None, help="Only what began before this moment."),
    actor: str | None = typer.Option(None, help="Only of this user, or holder of a token."),
    act: str | None = typer.Option(None, help="Only this, as login, sql or store compact."),
    loads: bool = typer.Option(False, "--loads", help="Each load of the ledger, too."),
    limit: int = typer.Option(_SHOWN, min=1, help="So many at most; the rest is counted."),
    is_head: bool = typer.Option(
        False, "--head", help="Print the digest of the newest batch instead, to keep elsewhere."
    ),
    holds: str | None = typer.Option(
        None, metavar="DIGEST", help="Say whether the trail still has this batch; exit 1 if not."
    ),
    form: str = FORM,
    output: Path | None = OUT,
) -> None:
    """List what was done on this store, the newest first."""
    from leadline import clock, export, trail
    from leadline.errors import StoreError
    from leadline.quote import literal, quoted

    desk: Desk = context.obj
    check_form(form)
    store = desk.another_store()
    try:
        trail.fold(store)
    except (OSError, StoreError) as error:
        say(f"audit: what waits could not be carried in, {error}; older acts follow")
    if is_head:
        typer.echo(trail.head(store) or "none")
        return
    if holds is not None:
        _hold(trail.known(store, holds), holds)
        return
    kept = [f"began_at >= {literal(clock.moment(since))}"] if since else []
    kept += [f"began_at < {literal(clock.moment(until))}"] if until else []
    kept += [f"actor = {quoted(actor)}"] if actor else []
    kept += [f"act = {quoted(act)}"] if act else []
    if not loads and act != "loaded":
        kept.append("act <> 'loaded'")
    found = desk.warehouse().ask("ops.audit", clock.BEGINNING, clock.FOREVER)
    rows = found.filter(" and ".join(kept) or "true")
    ((n_all,),) = rows.aggregate("count(*)").fetchall()
    shown = _COLUMNS if form == "table" else "*"
    newest = rows.order("began_at desc, id").limit(limit).project(shown)
    export.write(newest.to_arrow_reader(), form, output, sys.stdout.buffer)
    if n_all > limit:
        say(f"{n_all - limit:,} more; --limit {n_all} shows them all")


def _hold(is_known: bool, digest: str) -> None:
    if not is_known:
        say(f"audit: no batch has the digest {digest}; it was taken out, or is of another store")
        raise typer.Exit(1)
    say("audit: the batch is there; leadline store verify looks at all up to now")
