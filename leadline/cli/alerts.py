"""leadline alerts: what fired and where it stands, what persons do, and rules tried out."""

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from leadline.cli.app import Desk, app, length, say
from leadline.cli.sql import FORM, OUT, check_form
from leadline.errors import ConfigError, QueryError, nearest

if TYPE_CHECKING:
    from leadline.rule import Rule
    from leadline.warehouse import Warehouse

alerts = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="See what fired, act on it, and try rules before they are saved.",
)
app.add_typer(alerts, name="alerts")

_ID = typer.Argument(metavar="ID", help="As leadline alerts list shows it; its first signs do.")
_NOTE = typer.Option(None, help="Why, for whoever reads it later.")
_FILE = typer.Option(None, "-f", "--file", help="A rule's file that need not be saved yet.")
_NEWEST = timedelta(microseconds=1)


@alerts.command(name="list")
def list_(
    context: typer.Context,
    is_open: bool = typer.Option(False, "--open", help="Only what is pending or open."),
    rule: str | None = typer.Option(None, help="Only of this rule."),
    entity: str | None = typer.Option(None, help="Only of this entity, or of this key of a rule."),
    since: str | None = typer.Option(None, help="Only what was told from this moment on."),
    until: str | None = typer.Option(None, help="As it stood at this moment; else now."),
    form: str = FORM,
    output: Path | None = OUT,
) -> None:
    """List alerts with where each stands, the newest first."""
    from leadline import clock, export
    from leadline.quote import literal, quoted

    desk: Desk = context.obj
    check_form(form)
    warehouse = desk.warehouse()
    end = clock.moment(until) if until else _now(warehouse)
    start = clock.moment(since) if since else clock.BEGINNING
    clock.Span(start, end)
    kept = [f"told_at >= {literal(start)}"] if since else []
    if is_open:
        kept.append("is_open")
    if rule:
        kept.append(f"rule = {quoted(rule)}")
    if entity:
        kept.append(f"(entity = {quoted(entity)} or (rule is not null and key = {quoted(entity)}))")
    found = warehouse.ask("reports.alerts", clock.BEGINNING, end)
    if kept:
        found = found.filter(" and ".join(kept))
    rows = found.project(
        "id, told_at, state, severity, rule, coalesce(entity, key) as entity, detector, headline, "
        "note, ended_at, snoozed_until, actor, key, alert_key"
    ).order("told_at desc, id")
    export.write(rows.to_arrow_reader(), form, output, sys.stdout.buffer)


@alerts.command()
def show(
    context: typer.Context,
    alert: str = _ID,
    is_replayed: bool = typer.Option(
        False, "--replay", help="Ask its detector again, as the loop did, and compare."
    ),
) -> None:
    """Show an alert with every step of it, or ask for it again: exit code 1 if it differs."""
    from leadline.clock import stamp

    desk: Desk = context.obj
    warehouse = desk.warehouse()
    found = _find(warehouse, alert)
    if is_replayed:
        _replay(warehouse, found)
        return
    for name, value in found.items():
        if value is not None:
            typer.echo(f"{name:<14} {stamp(value) if isinstance(value, datetime) else value}")
    for step in _steps(warehouse, found["alert_id"]):
        until = f" until {stamp(step['until_at'])}" if step["until_at"] else ""
        note = f": {step['note']}" if step["note"] else ""
        said = f"{step['action']}{until} by {step['actor']}{note}"
        typer.echo(f"{stamp(step['acted_at']):<20} {said}")


@alerts.command()
def ack(context: typer.Context, alert: str = _ID, note: str | None = _NOTE) -> None:
    """Say that somebody looks after an open alert; it is told again only if it gets worse."""
    _act(context.obj, alert, "acknowledged", note)


@alerts.command()
def snooze(
    context: typer.Context,
    alert: str = _ID,
    span: str = typer.Option(..., "--for", help="How long, as 30m, 2h or 1d."),
    note: str | None = _NOTE,
) -> None:
    """Hear nothing of an open alert for a while, nor of what fires anew of its rule and key."""
    from leadline import clock

    time = length("--for", span, "30m, 2h or 1d")
    _act(context.obj, alert, "snoozed", note, until=clock.now() + time)


@alerts.command()
def wake(context: typer.Context, alert: str = _ID, note: str | None = _NOTE) -> None:
    """Hear of a snoozed alert again."""
    _act(context.obj, alert, "woken", note)


@alerts.command(name="test")
def try_(
    context: typer.Context,
    rule: str | None = typer.Argument(None, metavar="[RULE]", help="A rule that is saved."),
    file: Path | None = _FILE,
) -> None:
    """Say what of a rule would be open right now; nothing is appended."""
    from leadline import preview
    from leadline.clock import stamp

    desk: Desk = context.obj
    watching = _watching(desk)
    until, life, steps = preview.now(_rule(desk, watching.warehouse, rule, file), watching)
    for step in steps:
        typer.echo(f"{stamp(step.at)} {step.severity} {step.action} {step.key}: {step.headline}")
    n_quiet = sum(key.quiet_until > until for key in life.keys.values())
    n_open = len({step.alert_id for step in steps})
    say(f"at {stamp(until)}: {n_open:,} open or pending, {n_quiet:,} quiet after one that ended")


@alerts.command(name="preview")
def preview_(
    context: typer.Context,
    rule: str | None = typer.Argument(None, metavar="[RULE]", help="A rule that is saved."),
    file: Path | None = _FILE,
    days: int = typer.Option(7, min=1, help="How far back from the newest row of its view."),
    form: str = FORM,
    output: Path | None = OUT,
) -> None:
    """Say how often a rule would have fired, per day and key with a sample; nothing is appended."""
    from leadline import export, preview
    from leadline.clock import stamp

    desk: Desk = context.obj
    check_form(form)
    watching = _watching(desk)
    found = preview.preview(_rule(desk, watching.warehouse, rule, file), watching, days)
    table = found.table()
    rows = table.to_reader()
    export.write(rows, form, output, sys.stdout.buffer)
    per_day = found.n_fired / days
    say(
        f"{stamp(found.since)} to {stamp(found.until)}: it would have fired {found.n_fired:,} "
        f"times, {per_day:,.1f} a day"
    )


def _watching(desk: Desk) -> Any:
    from leadline.alerts import Alerts

    return Alerts(desk.warehouse(), desk.another_store())


def _rule(desk: Desk, warehouse: "Warehouse", name: str | None, file: Path | None) -> "Rule":
    """Return the rule that is meant: a saved one, or one of a file."""
    from leadline.rule import Written, checked, of_file, written

    if (name is None) == (file is None):
        raise typer.BadParameter("name one rule, or give its file with -f")
    if file is not None:
        return checked(of_file(file), warehouse, desk.config.channels)
    found = {
        each.name if isinstance(each, Written) else each[0]: each
        for each in written(desk.root, desk.config.rules)
    }
    if name not in found:
        raise ConfigError(
            f"{name}: no such rule{nearest(str(name), found)}; write rules/{name}.toml, or try a "
            f"file with -f"
        )
    said = found[name]
    if not isinstance(said, Written):
        raise said[1]
    return checked(said, warehouse, desk.config.channels)


def _now(warehouse: "Warehouse") -> datetime:
    from leadline import clock

    return max(clock.now(), warehouse.refresh().recorded_until + _NEWEST)


def _find(warehouse: "Warehouse", alert: str) -> dict[str, Any]:
    from leadline import actions

    return actions.find(warehouse, alert, _now(warehouse))


def _steps(warehouse: "Warehouse", alert_id: str) -> list[dict[str, Any]]:
    from leadline import clock
    from leadline.quote import quoted

    asked = warehouse.ask("curated.alert_actions", clock.BEGINNING, _now(warehouse))
    own = asked.filter(f"alert_id = {quoted(alert_id)}").order("recorded_at, step, acted_at")
    rows: list[dict[str, Any]] = own.to_arrow_table().to_pylist()
    return rows


def _act(
    desk: Desk, alert: str, action: str, note: str | None, until: datetime | None = None
) -> None:
    from leadline import actions
    from leadline.act import user
    from leadline.clock import stamp

    found = _find(desk.warehouse(), alert)
    actions.act(desk.another_store(), found, action, user(), until=until, note=note)
    told = f" until {stamp(until)}" if until else ""
    say(f"{found['id']} {action}{told}: {found['headline']}")


def _replay(warehouse: "Warehouse", found: dict[str, Any]) -> None:
    from leadline.replay import replay

    if not found["alert_key"]:
        raise QueryError(
            f"{found['id']}: a row of a view fired it, not an alert of a detector; ask the view "
            f"with leadline sql --until"
        )
    again = replay(warehouse, found["alert_key"])
    text = "" if again.is_same_text else "; the text of its views is no longer what it was"
    if not again.differs:
        typer.echo(f"equal: {found['alert_key']}{text}")
        return
    if again.again is None:
        typer.echo(f"{found['alert_key']}: it does not fire again{text}")
    else:
        for name in again.differs:
            typer.echo(
                f"{name}: {again.told[name]} was told, {again.again[name]} is told now{text}"
            )
    raise typer.Exit(1)
