"""A folder for what does not fit into memory; one whose process was killed goes with the next."""

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

_PREFIX = "leadline-spill-"
_OWNER = ".owner"  # locked while the process that made the folder lives
_NEW = 60.0  # seconds for which a folder may be there and not be locked yet


class Spill(tempfile.TemporaryDirectory[str]):
    """A folder that goes with `cleanup`, with the object, or with the process.

    A process that is killed leaves it, full as it may be. So the first folder that a process
    makes takes away those of the same user that nobody holds any more.
    """

    def __init__(self) -> None:
        _sweep(Path(tempfile.gettempdir()))
        super().__init__(prefix=_PREFIX, ignore_cleanup_errors=True)
        self._lock = os.open(Path(self.name, _OWNER), os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def cleanup(self) -> None:
        """Delete the folder with all that is in it."""
        super().cleanup()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __del__(self) -> None:
        """Let go of the lock, as the folder goes."""
        if getattr(self, "_lock", -1) >= 0:
            os.close(self._lock)


@cache
def _sweep(place: Path) -> None:
    for folder in place.glob(f"{_PREFIX}*"):
        # Another process may sweep too, or its owner may end just now.
        with suppress(OSError):
            state = folder.lstat()
            is_ours = state.st_uid == os.getuid() and not folder.is_symlink()
            if is_ours and time.time() - state.st_mtime > _NEW and _is_left(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    lock = os.open(folder / _OWNER, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True
