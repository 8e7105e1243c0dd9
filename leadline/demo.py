"""Fills a store of its own with the sample week, by the same road as every other load."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import md5
from pathlib import Path
from typing import cast

from leadline import clock, project
from leadline.alerts import Alerts
from leadline.clock import Span
from leadline.errors import StoreError
from leadline.feed import Batch, batches
from leadline.http import Http
from leadline.load import over_network
from leadline.publication import OURS, Publication
from leadline.store import Loaded, Store

FOLDER = "demo"
PREFIX = "sample_"
ON_ASK = "demo_stock"  # what invents a stock that somebody names
# What codes and calendars mean, before what is told in them.
RULES = ("sessions", "option_codes", "equity_codes")
# A fixed end, so that the calendars are the same whenever it is run.
SPAN = Span(clock.BEGINNING, datetime(2024, 2, 17, tzinfo=UTC))
# When most happens, in the books above all.
HALF_HOUR = Span(datetime(2024, 2, 16, 15, tzinfo=UTC), datetime(2024, 2, 16, 15, 30, tzinfo=UTC))
FIRST = "options.golden_sweep"  # who is asked first: what it looks at is little
_DATED = "equity_bars"  # of which every session has one
_NOBODY = cast(Http, None)  # a sample feed asks no source


@dataclass(frozen=True)
class Filled:
    """What one feed added."""

    feed: str
    loads: tuple[Loaded, ...]

    @property
    def n_rows(self) -> int:
        """How many rows are new."""
        return sum(loaded.n_rows for loaded in self.loads)


def place(store: str) -> str:
    """Return the demo's own folder, which lies beside the user's store."""
    beside, _, _ = store.rstrip("/").rpartition("/")
    return f"{beside}/{FOLDER}"


def feeds(root: Path) -> list[str]:
    """Return what the demo loads, in order: what is so by rule, then every sample feed."""
    found = project.feeds(root)
    rules = [name for name in RULES if name in found]
    return [*rules, *(name for name in found if name.startswith(PREFIX))]


def fill(root: Path, store: Store) -> Iterator[Filled]:
    """Load feed after feed; what is there already adds nothing.

    A StoreError is raised before anything is written if the store holds loads of other feeds.
    """
    if others := strangers(root, store):
        raise StoreError(
            f"{store.place}: it holds loads of {others[0]}, and the demo mixes with no other; "
            f"name a folder of its own with --into"
        )
    for feed in feeds(root):
        module = project.feed(root, feed)
        yield Filled(feed, tuple(over_network(feed, module, store, SPAN, _NOBODY)))


def first_alert(alerts: Alerts) -> list[str]:
    """Ask one detector, append what it says, and return the strongest alert in words, explained.

    It is empty where it has told all that it has to tell, or the project has no such detector.
    """
    known = {view.id: view for view in alerts.warehouse.catalog.all_live()}
    told = alerts.tick(HALF_HOUR.since, only=(FIRST,)).alerts if FIRST in known else ()
    if not told:
        return []
    first = max(told, key=lambda alert: (alert["score"], alert["alert_key"]))
    why = ", ".join(
        f"{name} {value}"
        for name, value in json.loads(first["evidence"]).items()
        if isinstance(value, int | float | str) and not name.endswith("_us")
    )
    return [
        f"first alert: {first['headline']}",
        f"  {FIRST}: {known[FIRST].header['what']}",
        f"  fired at {clock.stamp(first['fired_at'])}, {first['direction']}, score "
        f"{first['score']:.0f} of 100, confidence {first['confidence']:.2f}, because: {why}",
        f"  read it: leadline --store {alerts.store.place} alerts show {id_of(first['alert_key'])}",
    ]


def id_of(alert_key: str) -> str:
    """Return the first signs of an alert's id, as `reports.alerts` makes it of its key."""
    return md5(alert_key.encode(), usedforsecurity=False).hexdigest()[:8]


def strangers(root: Path, store: Store) -> list[str]:
    """Return the feeds of a store's loads that are none of the demo's."""
    store.ledger.refresh()
    own = {*feeds(root), ON_ASK, *project.models(root), *OURS}
    return sorted(store.ledger.feeds() - own)


def is_demo(root: Path, store: Store) -> bool:
    """Say whether all that a store holds was invented: its own ledger tells who loaded it."""
    others = strangers(root, store)
    return not others and any(feed.startswith(PREFIX) for feed in store.ledger.feeds())


def add(root: Path, store: Store, symbol: str, days: int) -> int:
    """Invent so many sessions of a stock; return how many rows are new.

    What is there already adds nothing, and fewer sessions than there are take none away; a stock
    of the sample week stays as it is.
    """
    module = project.feed(root, ON_ASK)
    if symbol in module.TAKEN:
        return 0
    store.ledger.refresh()
    if _begins(store, symbol) <= module.begins(days):
        return 0
    told: dict[str, list[Batch]] = {}
    for dataset, rows in batches(ON_ASK, module.FEED, module.made(symbol, days)):
        told.setdefault(module.TOLD_BY.get(dataset, ON_ASK), []).append((dataset, rows))
    n_rows = 0
    # What says how far it goes is last, so that a load that broke off is made again.
    for feed in sorted(told, key=lambda name: name == ON_ASK):
        parts = told[feed]
        # A stock that is told more of than before was known then all the same.
        publication = Publication(
            feed, symbol, tuple(name for name, _ in parts), parts, f"{ON_ASK} {symbol}",
            known_at=clock.BEGINNING,
        )  # fmt: skip
        n_rows += store.load(publication).n_rows
    return n_rows


def _begins(store: Store, symbol: str) -> date:
    """Return the first day that a stock's invented bars became known, of all that was loaded."""
    standing = store.ledger.place(ON_ASK, symbol).standing
    parts = [part for line in standing for part in line["datasets"]]
    known = [part["since_date"] for part in parts if part["dataset"] == _DATED]
    return min(known, default=date.max)
