"""The command line: stdout is data, stderr is talk, and an exit code says how it ended.

0 done, 1 a LeadlineError, 2 wrong usage, 3 worth trying again, 130 interrupted.
"""

import sys

from leadline.cli import config, load, sql, store, views
from leadline.cli.app import app
from leadline.errors import LeadlineError

__all__ = ["app", "config", "load", "main", "sql", "store", "views"]


def main() -> None:
    """Run one command."""
    try:
        app()
    except LeadlineError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # Who read us has seen enough, as `| head` has.
        sys.stderr.close()
        sys.exit(0)
