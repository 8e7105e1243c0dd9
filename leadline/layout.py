"""Laid out once: a DuckDB file of empty datasets and bound views, which is copied the next time.

DuckDB binds a view when it is made, with all views below it: a hundred take longer than most
questions do. A copy of the catalog binds nothing.
"""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from threading import Lock
from time import time

import duckdb
from platformdirs import user_cache_path

from leadline.quote import quoted

_KEPT_S = 7 * 86_400  # what nobody has asked for so long is deleted
_attached = Lock()  # a file is attached once a process


class Layout:
    """The file of what some statements make, in the user's cache.

    It is only ever a shorter way: where it can't be read or written, they are run.
    """

    def __init__(self, statements: str) -> None:
        digest = sha256(f"{duckdb.__version__}; {statements}".encode()).hexdigest()
        self.path: Path = user_cache_path("leadline") / "layouts" / f"{digest[:32]}.duckdb"

    def fetch(self, con: duckdb.DuckDBPyConnection) -> bool:
        """Copy it into the empty database of a connection; return whether it was there."""
        try:
            if not self.path.exists():
                return False
            _copy(con, self.path, "from database layout to {own} (schema)", "(read_only)")
            self.path.touch()
        except (duckdb.Error, OSError):
            return False
        return True

    def keep(self, con: duckdb.DuckDBPyConnection) -> None:
        """Store what the database of a connection holds."""
        with suppress(duckdb.Error, OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            for old in self.path.parent.iterdir():
                if old.stat().st_mtime < time() - _KEPT_S:
                    old.unlink(missing_ok=True)
            part = self.path.with_name(f".{token_hex(8)}.part")
            _copy(con, part, "from database {own} to layout (schema)", "")
            part.replace(self.path)


def _copy(con: duckdb.DuckDBPyConnection, path: Path, what: str, how: str) -> None:
    ((own,),) = con.execute("select current_database()").fetchall()
    with _attached, con.cursor() as other:
        other.execute(f"attach {quoted(str(path))} as layout {how}")
        try:
            other.execute(f"copy {what.format(own=own)}")
        finally:
            other.execute("detach layout")
