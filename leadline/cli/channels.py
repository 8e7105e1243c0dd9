"""leadline channels: to whom notices go, whether they arrive, and what is dead."""

import typer

from leadline.cli.app import Desk, app, say
from leadline.errors import LeadlineError, NoticeError

channels = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Look after where notices go."
)
app.add_typer(channels, name="channels")


@channels.command("list")
def list_channels(context: typer.Context) -> None:
    """List every channel of the settings, and what of it can't be used; no secret is shown."""
    from leadline import project

    desk: Desk = context.obj
    room = project.room(desk.root, "live.channel")
    broken: list[LeadlineError] = []
    for name, table in desk.config.channels.items():
        try:
            found = room.read_one(desk.root, name, table)
        except LeadlineError as error:
            broken.append(error)
        else:
            typer.echo(f"{name}: {found.kind}, {found.carrier.whither()}, from {found.severity}")
    for each in broken:
        say(str(each))
    if not desk.config.channels:
        say("leadline.toml: no channels; write [channels.desk]")
    if broken:
        raise typer.Exit(1)


@channels.command("test")
def try_one(
    context: typer.Context, name: str = typer.Argument(help="The channel, as [channels.NAME].")
) -> None:
    """Send one notice to a channel, and say what came of it."""
    from leadline import clock, project

    desk: Desk = context.obj
    room = project.room(desk.root, "live.channel")
    notices = project.room(desk.root, "live.notice")
    channel = room.read_one(desk.root, name, room.named(name, desk.config.channels))
    at = clock.now()
    act = {
        "action_id": f"test {clock.stamp(at)}", "action": "fired", "rule": None, "key": "leadline",
        "alert_key": None, "acted_at": at, "severity": "info", "evidence": None,
        "headline": f"leadline reaches the channel {name}",
    }  # fmt: skip
    own = notices.identity(name, [act["action_id"]])
    told = (own, name, notices.subject([act]), at, [act["action_id"]], [act])
    try:
        said = channel.carrier.carry(notices.Notice(*told))
    except NoticeError as error:
        more = "" if error.is_final else "; mend it, or run this again later"
        raise NoticeError(f"{error}{more}", is_final=error.is_final) from error
    say(f"{name}: {channel.carrier.whither()} took {own}" + (f", {said}" if said else ""))


@channels.command()
def retry(
    context: typer.Context, notice_id: str = typer.Argument(help="As in ops.deliveries.")
) -> None:
    """Have a notice that was given up sent again, by the loop that runs or runs next."""
    from leadline import clock, project

    desk: Desk = context.obj
    project.room(desk.root, "live.notify").again(desk.store, notice_id, clock.now())
    say(f"{notice_id}: leadline live sends it again")
