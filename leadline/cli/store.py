"""leadline store compact, retain, vacuum, verify, mend, history, forget, upgrade."""

from contextlib import suppress

import typer

from leadline.cli.app import Desk, say, stores
from leadline.errors import StoreError

_DATASETS = typer.Argument(None, help="Which datasets; else all.")


@stores.command()
def compact(
    context: typer.Context,
    datasets: list[str] | None = _DATASETS,
) -> None:
    """Join small files into sorted ones, beside readers and writers."""
    from leadline import upkeep

    desk: Desk = context.obj
    for done in upkeep.compact(desk.store, datasets or None):
        where = f"{done.dataset} {done.partition or ''}".strip()
        if done.skipped:
            say(f"{where}: left as it is; {done.skipped}")
        else:
            say(
                f"{where}: {done.files_before:,} files of {done.bytes_before:,} bytes are now "
                f"{done.files_after:,} of {done.bytes_after:,}"
            )


@stores.command()
def vacuum(
    context: typer.Context,
    hours: int = typer.Option(24, min=24, help="Keep what went out of use since."),
) -> None:
    """Delete files that no question can need any more."""
    from leadline import upkeep

    desk: Desk = context.obj
    deleted = upkeep.vacuum(desk.store, hours)
    say(f"{len(deleted):,} files deleted")


@stores.command()
def retain(
    context: typer.Context,
    dry_run: bool = typer.Option(False, "--dry-run", help="Only say what would go."),
) -> None:
    """Take out the rows that are older than [retention] of leadline.toml keeps them."""
    from leadline import clock, retention

    desk: Desk = context.obj
    kept = retention.wanted(desk.config.retention, desk.catalog.contracts)
    if not kept:
        say("leadline.toml has no [retention], so everything stays")
        return
    n_skipped = n = 0
    for each in retention.drop(desk.store, kept, clock.now(), dry_run=dry_run):
        n += 1
        rows = f"{each.n_rows:,} rows known before {each.before.date()}"
        if each.skipped:
            n_skipped += 1
            say(f"{each.dataset}: {rows} are still there; {each.skipped}, run this again")
        else:
            typer.echo(f"{each.dataset}: {rows} {'would go' if dry_run else 'are gone'}")
    if not n:
        say("nothing is as old as that")
    if n_skipped:
        raise typer.Exit(3)


@stores.command()
def verify(context: typer.Context) -> None:
    """Read every live file with a second implementation, and compare it with the log.

    The batches of the audit trail are held against their digests.
    """
    from itertools import chain

    from leadline import trail
    from leadline import verify as verifying

    desk: Desk = context.obj
    errors = 0
    for finding in chain(verifying.verify(desk.store), trail.findings(desk.store)):
        errors += finding.is_error
        typer.echo(f"{'error' if finding.is_error else 'note'}: {finding.path}: {finding.what}")
    files = 0
    for table in desk.store.tables.values():
        with suppress(StoreError):  # its log can't be read, which was told
            files += len(table.paths())
    say(f"{files:,} files read, {errors:,} errors")
    if errors:
        say("leadline store mend sets aside what is damaged, and says what to load again")
        raise typer.Exit(1)


@stores.command()
def mend(context: typer.Context) -> None:
    """Set aside what is damaged, and forget the loads that lost rows; say what to load again."""
    from leadline.mend import Mending

    desk: Desk = context.obj
    n = 0
    for sentence in Mending(desk.store).run():
        typer.echo(sentence)
        n += 1
    say("nothing had to be mended" if not n else f"{n:,} things done; run leadline store verify")


@stores.command()
def history(
    context: typer.Context,
    feed: str | None = typer.Option(None, help="Only this feed."),
    coverage: str | None = typer.Option(None, help="Only this file or step."),
) -> None:
    """List every load and forget, oldest first."""
    from leadline import clock, upkeep

    desk: Desk = context.obj
    for line in upkeep.history(desk.store, feed, coverage):
        said = f"{line['n_rows']:,} rows, {line['n_gone']:,} gone, {line['n_rejected']:,} rejected"
        if line["action"] == "forget":
            said = f"forgets {line['forgets']}"
        elif not line["stands"]:
            said += ", forgotten"
        typer.echo(
            f"{clock.stamp(line['recorded_at'])}  {line['load_id']}  {line['feed']}  "
            f"{line['coverage']}  {said}"
        )


@stores.command()
def forget(
    context: typer.Context, load_id: str = typer.Argument(help="From leadline store history.")
) -> None:
    """Take a wrong load out of every later question; the same content can be loaded again."""
    desk: Desk = context.obj
    for line in desk.store.forget(load_id):
        say(f"{line['load_id']}: {line['feed']} {line['coverage']} forgotten")


@stores.command()
def upgrade(
    context: typer.Context,
    datasets: list[str] | None = _DATASETS,
    dry_run: bool = typer.Option(False, "--dry-run", help="Only say what there is to do."),
) -> None:
    """Carry the store on to the tables of today; each dataset wholly, or it is left as it was."""
    from leadline import upgrade as upgrading

    desk: Desk = context.obj
    refused = n_done = 0
    for each in upgrading.upgrade(desk.store, datasets or None, dry_run=dry_run):
        n_done += 1
        what = f"{each.dataset}: {', '.join(each.says)}"
        if each.refused:
            refused += 1
            say(f"{what}: left as it was; {each.refused}")
        elif each.n_rewritten:
            typer.echo(
                f"{what}; {each.n_rewritten:,} files {'to write' if dry_run else 'written'} anew"
            )
        else:
            typer.echo(f"{what}; none of {each.n_files:,} files is touched")
    if not n_done:
        say(f"{desk.store.place}: it is as sql/tables says")
    if refused:
        raise typer.Exit(1)
