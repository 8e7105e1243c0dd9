"""leadline doctor."""

import json
import platform
from importlib import metadata

import typer

from leadline.cli.app import Desk, app, say

PACKAGES = ("duckdb", "deltalake", "pyarrow", "sqlglot", "exchange-calendars")


@app.command()
def doctor(
    context: typer.Context,
    is_json: bool = typer.Option(False, "--json", help="Say it as one JSON object."),
    port: int | None = typer.Option(None, help="Also whether this port is free to serve at."),
) -> None:
    """Examine installation, settings and store: each finding names its cause and its fix."""
    from leadline import project
    from leadline.doctor import Doctor, as_json

    desk: Desk = context.obj
    channel = project.room(desk.root, "live.channel").read_one
    found = list(Doctor(desk.root, desk.flags, port=port, channel=channel).examine())
    versions = {package: metadata.version(package) for package in PACKAGES}
    versions = {"python": platform.python_version(), **versions}
    if is_json:
        told = {"project": str(desk.root), "versions": versions, "findings": as_json(found)}
        typer.echo(json.dumps(told, indent=2))
    else:
        typer.echo(f"project {desk.root}")
        typer.echo(", ".join(f"{package} {version}" for package, version in versions.items()))
        for finding in found:
            typer.echo(str(finding))
        say(f"findings: {len(found):,}" if found else "sound")
    if found:
        raise typer.Exit(1)
