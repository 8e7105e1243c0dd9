"""leadline config."""

import re

import typer

from leadline.cli.app import Desk, app

# Those that a channel refuses in the file, which is no reason to show them.
_SECRET = ("url", "secret", "password", "token")
_KEYS = re.compile(r"(?<=://)[^/@]*@")


def _open(address: str) -> str:
    """Return an address without the keys that may stand in it."""
    return _KEYS.sub("…@", address)


@app.command()
def config(context: typer.Context) -> None:
    """Show every setting in force, and where it comes from."""
    from leadline import project

    desk: Desk = context.obj
    typer.echo(f"project = {desk.root}")
    for place in project.layers(desk.root)[1:]:
        typer.echo(f"over = {place}")
    for key, origin in desk.config.origins.items():
        typer.echo(f"{key} = {getattr(desk.config, key)!r}  # {origin}")
    for source, address in desk.config.buckets.items():
        typer.echo(f"buckets.{source} = {address!r}  # leadline.toml")
    for host, instead in desk.config.addresses.items():
        typer.echo(f'addresses."{host}" = {instead!r}  # leadline.toml')
    for name, value in desk.config.serve.items():
        shown = "…" if name in _SECRET and name != "tokens" else repr(value)
        typer.echo(f"serve.{name} = {shown}  # leadline.toml")
    for name, value in desk.config.tracking.items():
        typer.echo(f"tracking.{name} = {_open(value)!r}  # leadline.toml")
    for part in ("params", "rules", "channels", "schedule", "exports", "models"):
        for called, values in getattr(desk.config, part).items():
            for name, value in values.items():
                shown = "…" if part == "channels" and name in _SECRET else repr(value)
                typer.echo(f'{part}."{called}".{name} = {shown}  # leadline.toml')
