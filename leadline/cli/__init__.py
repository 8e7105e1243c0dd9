"""The command line: stdout is data, stderr is talk, and an exit code says how it ended.

0 done, 1 a LeadlineError, 2 wrong usage, 3 worth trying again, 130 interrupted.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pkgutil import iter_modules
from threading import Event, Thread

from leadline.cli.app import app, stops
from leadline.errors import LeadlineError, inner

__all__ = ["app", "main"]

for _room in iter_modules(__path__):  # each file adds its commands
    import_module(f"{__name__}.{_room.name}")


def main() -> None:
    """Run one command."""
    interrupted = Event()
    try:
        with _listening(interrupted):
            app(prog_name="leadline")
    except LeadlineError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except SystemExit as ended:
        # Who read us has seen enough, as `| head` has; typer calls that 1.
        if isinstance(ended.__context__, BrokenPipeError):
            sys.exit(0)
        raise
    except Exception as error:
        # What clears up after Ctrl-C is stopped by it, too.
        if interrupted.is_set():
            sys.exit(130)
        if (told := inner(error)) is None:
            raise
        print(told, file=sys.stderr)
        sys.exit(told.exit_code)


@contextmanager
def _listening(interrupted: Event) -> Iterator[None]:
    """Stop DuckDB at Ctrl-C, from a thread: Python hears of it when DuckDB has returned.

    It is stopped by the handler too: while Python clears up after a KeyboardInterrupt no thread
    has a turn, and a question that still runs in the background would never end.
    """
    ear, mouth = os.pipe()
    os.set_blocking(mouth, False)
    before = signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)

    def stop_all() -> None:
        for stop in list(stops):
            with suppress(Exception):  # it has just been closed
                stop()

    def listen() -> None:
        while heard := os.read(ear, 1):
            if heard[0] == signal.SIGINT:
                stop_all()

    def end(*_: object) -> None:
        interrupted.set()
        stop_all()
        raise KeyboardInterrupt

    asked = signal.signal(signal.SIGINT, end)
    thread = Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, asked)
        signal.set_wakeup_fd(before)
        os.close(mouth)
        thread.join()
        os.close(ear)
