"""leadline check, leadline check data."""

from datetime import timedelta

import typer

from leadline.cli.app import Desk, app, say
from leadline.errors import ConfigError

checked = typer.Typer(
    invoke_without_command=True, rich_markup_mode=None,
    help="Bind every view and hold the live ones against the lock; or look at the data.",
)  # fmt: skip
app.add_typer(checked, name="check")

_NAMES = typer.Argument(None, help="Checks or datasets; else every check.")


@checked.callback()
def check(context: typer.Context) -> None:
    """Bind every view, hold the live ones against the lock, and check rules; or the data."""
    from leadline import lock, rule

    if context.invoked_subcommand:
        return
    desk: Desk = context.obj
    warehouse = desk.warehouse()
    found = lock.problems(desk.catalog)
    said = rule.written(desk.root, desk.config.rules)
    found += rule.problems(said, warehouse, desk.config.channels)
    for sentence in found:
        say(sentence)
    if found:
        raise typer.Exit(1)
    say(f"{len(warehouse.bound)} views bind; the live ones are as the lock has them")


@checked.command()
def data(
    context: typer.Context,
    names: list[str] | None = _NAMES,
    since: str | None = typer.Option(None, help="First moment looked at; else all of time."),
    until: str | None = typer.Option(None, help="The moment before which to stop; else now."),
    days: int | None = typer.Option(None, min=1, help="Only so many days before --until."),
    is_due: bool = typer.Option(False, "--due", help="Only checks whose `every` is over."),
) -> None:
    """Ask the checks of the data, and keep what each found: ops.checks has the newest."""
    from leadline import checks, clock
    from leadline.clock import Span

    desk: Desk = context.obj
    if since and days:
        raise ConfigError("--days: --since says it already; leave one of them out")
    now = clock.now()
    end = clock.moment(until) if until else now
    begin = clock.moment(since) if since else clock.BEGINNING
    span = Span(end - timedelta(days=days) if days else begin, end)
    warehouse = desk.warehouse()
    asked = checks.named(warehouse, names or [])
    if is_due:
        asked = checks.due(warehouse, asked, now)
    found = []
    for each in checks.look(warehouse, asked, span):
        found.append(each)
        counted = f" of {each.n_looked_at:,} rows" if each.n_looked_at is not None else ""
        said = each.reason if each.n_bad is None else f"{each.n_bad:,} bad{counted}"
        typer.echo(f"{each.state:<8} {each.check.header['severity']:<9} {each.check.id}: {said}")
        for row in each.sample[:1]:
            typer.echo(f"         {row['known_at']} {row['entity']}: {row['reason']}")
    checks.keep(desk.another_store(), found)
    odd = sum(each.state != "ok" for each in found)
    say(f"{len(found):,} checks asked, {odd:,} of them not ok")
    if odd:
        raise typer.Exit(1)
