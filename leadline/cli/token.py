"""leadline token: who may ask the server."""

import typer

from leadline.cli.app import Desk, app, say

tokens = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Look after who may ask the server."
)
app.add_typer(tokens, name="token")
_NAME = typer.Argument(help="Whose it is, or what for.")


@tokens.command("new")
def new_token(context: typer.Context, name: str = _NAME) -> None:
    """Make a token and print it, once; the file of the settings keeps its digest."""
    from leadline import serving
    from leadline import tokens as filed

    desk: Desk = context.obj
    path = serving.tokens_file(desk.root, desk.config.serve)
    made = filed.new(path, name)
    say(f"{path}: holds the digest of '{name}'; the token is shown this once")
    typer.echo(made)


@tokens.command("list")
def list_tokens(context: typer.Context) -> None:
    """List the names of all tokens, of the file and of the environment."""
    from leadline import clock, serving
    from leadline.tokens import VARIABLE

    desk: Desk = context.obj
    found = serving.read(desk.root, desk.config.serve).tokens.all()
    for token in found:
        made = f"made {clock.stamp(token.made_at)}" if token.made_at else f"of {VARIABLE}"
        typer.echo(f"{token.name}: {made}")
    if not found:
        say("leadline.toml: no tokens; run leadline token new NAME")


@tokens.command()
def revoke(context: typer.Context, name: str = _NAME) -> None:
    """Take a token out; a server that runs lets it in no more."""
    from leadline import serving
    from leadline import tokens as filed

    desk: Desk = context.obj
    path = serving.tokens_file(desk.root, desk.config.serve)
    filed.revoke(path, name)
    say(f"{path}: '{name}' is out")
