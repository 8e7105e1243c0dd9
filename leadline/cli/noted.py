"""Notes each command in the audit trail: when it begins, and how it ended."""

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import typer

from leadline.act import IN_HAND, Act, user
from leadline.errors import LeadlineError

if TYPE_CHECKING:
    from leadline.cli.app import Desk
    from leadline.trail import Trail

# They list or show what is no row of the store, or what they do is a row with its doer already.
QUIET = frozenset(
    {
        "alerts ack", "alerts snooze", "alerts wake", "alerts test", "alerts preview",
        "channels list", "check", "config", "doctor", "export list", "export show", "feeds",
        "schedule list", "token list", "views", "watch list",
    }
)  # fmt: skip
_LONG = 1_000_000  # bytes of a journal that wait; then the next command carries them in
_OLD_S = 86_400.0
_ENDED = "SystemExit", "Exit", "Abort"


def begin(context: typer.Context, desk: "Desk") -> None:
    """Note the command that a context is about to run, and have its end noted."""
    name, params = _named(context)
    if not name or name in QUIET:
        return
    act = desk.act = _act(name, params)
    token = IN_HAND.set(act)
    trail = trail_of(desk)
    if trail:
        trail.note(act)

    def end() -> None:
        IN_HAND.reset(token)
        if _ended(act, sys.exc_info()[1]) and (noted := trail or trail_of(desk)):
            noted.note(act)
            _carry(desk, noted)

    context.call_on_close(end)


def _act(name: str, params: dict[str, Any]) -> Act:
    """Return what is kept of a command: its arguments, and the options that were given."""
    query = params.pop("query", None)
    words = [str(each) for value in params.pop("", []) for each in _listed(value)]
    given = {key: ", ".join(map(str, _listed(value))) for key, value in params.items()}
    return Act(name, user(), "cli", " ".join(words) or None, query=query, details=given)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _named(context: typer.Context) -> tuple[str, dict[str, Any]]:
    """Return a command's name and what it is given: its arguments under '', options by name."""
    command: Any = context.command
    names = list[str]()
    try:
        # What was said after the name of a group is not in its context any more.
        parent = command.make_context("leadline", sys.argv[1:], resilient_parsing=True)
        while words := [*parent._protected_args, *parent.args]:
            if not hasattr(command, "commands"):
                break
            name, command, words = command.resolve_command(parent, words)
            names.append(str(name))
            parent = command.make_context(name, words, parent=parent, resilient_parsing=True)
    except Exception:  # what is wrong with it, its own reading says
        return "", {}
    if "--help" in sys.argv:
        return "", {}
    said: dict[str, Any] = {"": []}
    for param in getattr(command, "params", ()):
        value = parent.params.get(param.name)
        if param.name in ("form", "output"):
            continue  # the export says them
        if value in (None, (), [], False) or value == param.default:
            continue
        if param.param_type_name == "argument" and param.name != "query":
            said[""].append(value)
        else:
            said[str(param.name)] = value
    return " ".join(names), said


def trail_of(desk: "Desk") -> "Trail | None":
    """Return the trail of a desk's store; None where its settings can't be read."""
    from leadline import config
    from leadline.config import digest
    from leadline.trail import Trail

    try:
        # The flags of one command change no setting.
        return Trail(desk.place, digest(config.read(desk.root, {})))
    except (LeadlineError, OSError):
        return None


def _ended(act: Act, error: BaseException | None) -> bool:
    """Say of an act how it ended; False where nothing was done, for the command was not one."""
    code = getattr(error, "exit_code", getattr(error, "code", None))
    if error is None or (type(error).__name__ in _ENDED and code in (0, None)):
        act.end()
    elif isinstance(error, KeyboardInterrupt):
        act.end("interrupted")
    elif isinstance(error, LeadlineError):
        act.end("failed", str(error))
    elif type(error).__name__ in _ENDED:
        act.end("failed", f"it ended with {code}")
    elif code == 2:
        act.end("refused", "wrong usage")
    else:
        act.end("failed", type(error).__name__)
    return True


def _carry(desk: "Desk", trail: "Trail") -> None:
    """Carry the journal into the store where none of its servers has for long."""
    if trail.journal.size < _LONG and trail.journal.age_s < _OLD_S:
        return
    from leadline import trail as trails

    with suppress(LeadlineError, OSError):  # the next one carries it
        trails.fold(desk.another_store(is_patient=True))
