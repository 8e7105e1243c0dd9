"""The command line: stdout is data, stderr is talk, and an exit code says how it ended.

0 done, 1 a LeadlineError, 2 wrong usage, 3 worth trying again, 130 interrupted.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from leadline.cli import config, load, sql, store, views
from leadline.cli.app import app, stops
from leadline.errors import LeadlineError

__all__ = ["app", "config", "load", "main", "sql", "store", "views"]


def main() -> None:
    """Run one command."""
    try:
        with _listening():
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


@contextmanager
def _listening() -> Iterator[None]:
    """Stop DuckDB at Ctrl-C; Python hears of it when DuckDB has returned."""
    ear, mouth = os.pipe()
    os.set_blocking(mouth, False)
    before = signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)

    def listen() -> None:
        while heard := os.read(ear, 1):
            if heard[0] == signal.SIGINT:
                for stop in list(stops):
                    stop()

    thread = Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(mouth)
        thread.join()
        os.close(ear)
