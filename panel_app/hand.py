"""What a viewer may do: act on alerts, review or replay one, try a rule. One at a time, apart.

The served engine is locked and busy with questions, so each of these has a DuckDB of its own with
one core. Whoever reaches a page may act: a server that others reach asks them for a secret first.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from threading import Lock, Timer
from typing import Any

import duckdb

from leadline import actions, clock, config, preview, replay, reviews, rule_file
from leadline.act import user
from leadline.alerts import Alerts
from leadline.errors import ConfigError, LateError, QueryError
from leadline.preview import Preview
from leadline.quote import literal
from leadline.replay import Replay
from leadline.rule import Rule, checked
from leadline.span import stretch
from leadline.store import Store
from leadline.warehouse import Warehouse
from panel_app.beside import store_beside
from panel_app.entrance import ANYBODY

OPEN = "open"  # a snooze that lasts until the exchange opens next
_LIMIT_S = 60.0
_JUST_AFTER = timedelta(microseconds=1)  # what was done at this moment counts
_ONE = Lock()  # of all viewers


class Hand:
    """Acts for one viewer on the store that is served; call it from a thread."""

    def __init__(self, warehouse: Warehouse, now: Callable[[], datetime], guest: str) -> None:
        self._warehouse, self._now = warehouse, now
        self.actor = user() if guest == ANYBODY.name else guest

    def act(self, alert: str, action: str, span: str = "", note: str = "") -> tuple[str, datetime]:
        """Append what a viewer does to an alert; return what to tell him, and its moment."""
        now = self._now()
        until = self._until(now, span) if action == "snoozed" else None
        with _ONE, store_beside(self._warehouse) as (store, _):
            found = actions.find(self._warehouse, alert, now + _JUST_AFTER)
            actions.act(
                store, found, action, self.actor, until=until, note=note.strip() or None, at=now
            )
        told = f" until {clock.stamp(until)}" if until else ""
        return f"{found['id']} {action}{told}: {found['headline']}", now

    def review(self, alert: str, verdict: str, note: str = "") -> tuple[str, datetime]:
        """Append a viewer's verdict on an alert; return what to tell him, and its moment."""
        now, said = self._now(), reviews.checked(verdict)
        with _ONE, store_beside(self._warehouse) as (store, _):
            found = reviews.mark(
                self._warehouse, store, alert, said, self.actor, note.strip() or None, at=now
            )
        return f"{said} by {self.actor}: {found['headline']}", now

    def replay(self, alert_key: str) -> Replay:
        """Ask an alert's detector again, as it was known then."""
        with self._house() as (house, _):
            return replay.replay(house, alert_key)

    def mistakes(self, name: str, text: str) -> list[str]:
        """Return what is wrong with a rule that is not saved."""
        try:
            said = rule_file.parsed(name, text)
            return rule_file.mistakes(said, self._warehouse, self._channels)
        except ConfigError as error:
            return [str(error)]

    def preview(self, name: str, text: str, days: int) -> tuple[Rule, Preview]:
        """Return what a rule that is not saved would have said of the last days."""
        said = rule_file.parsed(name, text)
        with self._house() as (house, store):
            rule = checked(said, house, self._channels)
            return rule, preview.preview(rule, Alerts(house, store), days)

    @property
    def _channels(self) -> Any:
        return config.read(self._warehouse.catalog.root).channels

    def _until(self, now: datetime, span: str) -> datetime:
        if span != OPEN:
            lasts = stretch(span)
            if not lasts:
                raise QueryError(f"snooze: '{span}' is no stretch of time; write 15m, 1h or 1d")
            return now + lasts
        asked = self._warehouse.ask("curated.us_sessions", clock.BEGINNING, clock.FOREVER)
        later = asked.filter(f"opens_at > {literal(now)}").aggregate("min(opens_at) as opens_at")
        (row,) = later.to_arrow_table().to_pylist()
        if row["opens_at"] is None:
            raise QueryError("snooze: the calendar ends before the next open; choose 1d")
        opens_at: datetime = row["opens_at"]
        return opens_at

    @contextmanager
    def _house(self) -> Iterator[tuple[Warehouse, Store]]:
        with (
            _ONE,
            store_beside(self._warehouse) as (store, engine),
            closing(self._warehouse.another(store, engine)) as house,
        ):
            timer = Timer(_LIMIT_S, house.interrupt)
            timer.daemon = True
            timer.start()
            try:
                yield house, store
            except duckdb.InterruptException as error:
                raise LateError(
                    f"query: it took longer than {_LIMIT_S:.0f} s and was stopped; "
                    f"run it as leadline alerts"
                ) from error
            finally:
                timer.cancel()
