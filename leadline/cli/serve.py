"""leadline serve: the dashboard and the API."""

import typer

from leadline.cli.app import Desk, app, say


@app.command()
def serve(
    context: typer.Context,
    host: str = typer.Option("127.0.0.1", help="The address to listen at."),
    port: int = typer.Option(8000, min=0, max=65535, help="The port; 0 takes a free one."),
) -> None:
    """Show the dashboard, and answer the API, on one port until interrupted."""
    from leadline import clock, project

    desk: Desk = context.obj
    shown = project.room(desk.root, "panel_app.app")
    shown.serve(desk.warehouse(), clock.now, host, port, say)
