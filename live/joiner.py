"""Joins small files beside the loop, in a thread and a store of its own.

Every flush of a feed and every tick adds files; so many of one size become one, and a day that is
under way has few files of each size.
"""

import logging
import os
import sys
from threading import Event, Thread, get_native_id
from types import TracebackType
from typing import Self

from leadline import upkeep
from leadline.errors import LeadlineError
from leadline.store import Store

_NICE = 19  # what a feed says comes first

_log = logging.getLogger("leadline.live")


class Joiner:
    """A thread that looks after the files while this is entered; what breaks is tried again."""

    def __init__(self, store: Store, *, every_s: float = 60, most: int = upkeep.MANY) -> None:
        """Use the store alone; look every so many seconds, and join so many files or more."""
        self._store, self._every_s, self._most = store, every_s, most
        self._stop = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self.n_joined = 0

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Finish what is under way."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        if sys.platform == "linux":  # where a thread may give way to the others of its process
            os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICE)
        while not self._stop.wait(self._every_s):
            try:
                for done in upkeep.join(self._store, self._most):
                    self.n_joined += not done.skipped
                    if self._stop.is_set():
                        return
            except LeadlineError as error:
                _log.warning("files left for later reason=%s", error)
