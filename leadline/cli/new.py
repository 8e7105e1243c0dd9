"""leadline new detector, loader, page, desk."""

import os
from pathlib import Path

import typer

from leadline.cli.app import Desk, news, say
from leadline.config import FILE
from leadline.errors import ConfigError

_PLACE = typer.Argument(metavar="PATH", help="A new folder.")
_DOCS = {"detector": "docs/detectors.md", "loader": "docs/loaders.md"}


@news.command()
def detector(
    context: typer.Context,
    name: str = typer.Argument(metavar="FAMILY.NAME", help="As options.sweep."),
) -> None:
    """Write a detector that binds, as a draft, and its cases; then rewrite them."""
    _make(context.obj, "detector", name)
    say(
        f"now rewrite it; leadline check binds it, leadline sql 'from detectors.{_view(name)}' asks"
    )


@news.command()
def loader(
    context: typer.Context,
    name: str = typer.Argument(metavar="SOURCE_WHAT", help="As deribit_trades."),
) -> None:
    """Write a loader of files, its test and a recorded message; then rewrite them."""
    _make(context.obj, "loader", name)
    say(f"now rewrite it; leadline load {name} --from PATH loads files")


@news.command()
def page(
    context: typer.Context,
    name: str = typer.Argument(metavar="NAME", help="As flow."),
) -> None:
    """Write a page of the dashboard and its test; then rewrite them."""
    _make(context.obj, "page", name)
    say("now rewrite it; a page lays out what reports.* say")


@news.command(name="desk")
def desk_(path: Path = _PLACE) -> None:
    """Copy views, detectors, loaders and settings into a project of your own."""
    from leadline import template

    for made in template.make_desk(path):
        typer.echo(made)
    say(f"this is a project of its own: work in {path}, or set LEADLINE_PROJECT")


def _make(desk: Desk, kind: str, name: str) -> None:
    from leadline import project, template

    is_new = desk.root == project.STARTER
    root = project.begin(Path.cwd()) if is_new else desk.root
    try:
        made = template.make(kind, name, root)
    except ConfigError:
        if is_new:
            (root / FILE).unlink()
        raise
    if is_new:
        say(f"{root}: this is a project now, which lies over what leadline brings")
    for path in made:
        typer.echo(os.path.relpath(path))
    docs = root / _DOCS.get(kind, "docs")
    if docs.is_file():
        say(f"{os.path.relpath(docs)} names every {kind}: say there what this one does")


def _view(name: str) -> str:
    return name.replace(".", "_")
