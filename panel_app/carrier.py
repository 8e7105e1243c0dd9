"""Carries the audit trail of a server into its store, from a thread: seldom, and all at once.

What is added up is journalled every 10 seconds, so a kill loses no more of it; what is noted one
by one is journalled at once. Each batch is a commit, so the store gets one every five minutes.
"""

import logging
from contextlib import suppress
from threading import Event, Thread
from time import monotonic

import duckdb

from leadline import trail
from leadline.errors import LeadlineError
from leadline.trail import Trail
from leadline.warehouse import Warehouse
from panel_app.beside import store_beside

_LOG = logging.getLogger("leadline")
FLUSH_S, FOLD_S = 10.0, 300.0


class Carrier:
    """Works from `begin` until it is closed."""

    def __init__(
        self,
        held: Trail,
        warehouse: Warehouse,
        *,
        flush_s: float = FLUSH_S,
        fold_s: float = FOLD_S,
    ) -> None:
        self._trail, self._warehouse = held, warehouse
        self._flush_s, self._fold_s = flush_s, fold_s
        self._ended = Event()
        self._was_told = False
        self._thread = Thread(target=self._run, name="audit trail", daemon=True)

    def begin(self) -> None:
        """Begin to carry."""
        self._thread.start()

    def close(self) -> None:
        """Journal what is added up, and end; the next one carries it in."""
        self._ended.set()
        self._thread.join()
        self._flush()

    def _run(self) -> None:
        folded_at = monotonic()
        while not self._ended.wait(self._flush_s):
            self._flush()
            if monotonic() - folded_at >= self._fold_s:
                self._fold()
                folded_at = monotonic()

    def _flush(self) -> None:
        if not self._trail.flush() and not self._was_told:
            self._was_told = True  # once; each request would say it again
            _LOG.warning("audit: the trail can't be written, so what is asked is not kept")

    def _fold(self) -> None:
        if not self._trail.journal.size:
            return
        try:
            with store_beside(self._warehouse) as (store, _):
                trail.fold(store)
        except (LeadlineError, duckdb.Error, OSError) as error:
            with suppress(Exception):
                _LOG.warning("audit: what waits is not in the store yet, %s", error)
