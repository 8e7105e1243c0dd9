"""leadline review: alerts that nobody looked at again, and what persons say of them."""

import json
import sys
from pathlib import Path

import typer

from leadline.cli.app import Desk, app, say
from leadline.cli.sql import FORM, OUT, check_form

review = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Say which alerts were real: verdicts are labels that detectors are measured against.",
)
app.add_typer(review, name="review")

_DETECTOR = typer.Option(None, help="Only of this detector.")
_SHOWN = 20
_QUEUED = "id, why, detector, entity, fired_at, severity, score, headline, alert_key"
_SAID = "reviewed_at, verdict, reviewer, is_standing, detector, entity, fired_at, note, alert_key"


@review.command(name="list")
def list_(
    context: typer.Context,
    detector: str | None = _DETECTOR,
    is_done: bool = typer.Option(False, "--done", help="The verdicts instead, the newest first."),
    limit: int = typer.Option(_SHOWN, min=1, help="So many at most; the rest is counted."),
    form: str = FORM,
    output: Path | None = OUT,
) -> None:
    """List alerts that nobody reviewed, those first of which a verdict says most."""
    from leadline import export
    from leadline.clock import BEGINNING, FOREVER
    from leadline.quote import quoted
    from leadline.reviews import QUEUE

    desk: Desk = context.obj
    check_form(form)
    warehouse = desk.warehouse()
    rows = warehouse.ask("curated.reviews" if is_done else QUEUE, BEGINNING, FOREVER)
    if detector:
        rows = rows.filter(f"detector = {quoted(warehouse.catalog.find(detector).id)}")
    ((n_all,),) = rows.aggregate("count(*)").fetchall()
    in_order = rows.order("reviewed_at desc, review_id" if is_done else "place")
    found = in_order.project(_SAID if is_done else _QUEUED)
    export.write(found.limit(limit).to_arrow_reader(), form, output, sys.stdout.buffer)
    if n_all > limit:
        say(f"{n_all - limit:,} more; --limit {n_all} shows them all")


@review.command(name="next")
def next_(context: typer.Context, detector: str | None = _DETECTOR) -> None:
    """Show the alert whose verdict says most, with the numbers behind it."""
    from leadline.clock import BEGINNING, FOREVER, stamp
    from leadline.quote import quoted
    from leadline.reviews import QUEUE

    desk: Desk = context.obj
    warehouse = desk.warehouse()
    rows = warehouse.ask(QUEUE, BEGINNING, FOREVER)
    if detector:
        rows = rows.filter(f"detector = {quoted(warehouse.catalog.find(detector).id)}")
    found = rows.order("place").limit(1).to_arrow_table().to_pylist()
    if not found:
        say("every alert has a verdict; leadline review list --done shows them")
        return
    (row,) = found
    evidence = json.loads(row.pop("evidence"))
    row["fired_at"] = stamp(row["fired_at"])
    for name, value in row.items():
        typer.echo(f"{name:<14} {value}")
    for name, value in evidence.items():
        typer.echo(f"  {name:<24} {value}")
    say(f"leadline review mark {row['id']} real|false|unsure")


@review.command()
def mark(
    context: typer.Context,
    alert: str = typer.Argument(metavar="ALERT", help="Its id or key, or an id's first signs."),
    verdict: str = typer.Argument(help="real, false or unsure."),
    note: str | None = typer.Option(None, help="Why, for whoever reads it later."),
    reviewer: str | None = typer.Option(None, "--as", help="Who says so; else who is logged in."),
) -> None:
    """Say of an alert that it was real, that it was not, or that nobody can tell."""
    from leadline import reviews
    from leadline.act import user

    desk: Desk = context.obj
    said = reviews.checked(verdict)
    who = (reviewer or "").strip() or user()
    found = reviews.mark(desk.warehouse(), desk.another_store(), alert, said, who, note)
    say(f"{said} by {who}: {found['headline']}")
