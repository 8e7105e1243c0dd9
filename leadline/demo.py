"""Fills a store of its own with the sample week, by the same road as every other load."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from leadline import clock, project
from leadline.clock import Span
from leadline.errors import StoreError
from leadline.http import Http
from leadline.load import over_network
from leadline.publication import OURS
from leadline.store import Loaded, Store

FOLDER = "demo"
PREFIX = "sample_"
# What codes and calendars mean, before what is told in them.
RULES = ("sessions", "option_codes", "equity_codes")
# A fixed end, so that the calendars are the same whenever it is run.
SPAN = Span(clock.BEGINNING, datetime(2024, 2, 17, tzinfo=UTC))
# When most happens, in the books above all.
HALF_HOUR = Span(datetime(2024, 2, 16, 15, tzinfo=UTC), datetime(2024, 2, 16, 15, 30, tzinfo=UTC))
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
    return str(Path(store).parent / FOLDER)


def feeds(root: Path) -> list[str]:
    """Return what the demo loads, in order: what is so by rule, then every sample feed."""
    found = project.feeds(root)
    rules = [name for name in RULES if name in found]
    return [*rules, *(name for name in found if name.startswith(PREFIX))]


def fill(root: Path, store: Store) -> Iterator[Filled]:
    """Load feed after feed; what is there already adds nothing.

    A StoreError is raised before anything is written if the store holds loads of other feeds.
    """
    own = feeds(root)
    store.ledger.refresh()
    others = sorted(store.ledger.feeds() - {*own, *project.models(root), *OURS})
    if others:
        raise StoreError(
            f"{store.place}: it holds loads of {others[0]}, and the demo mixes with no other; "
            f"name a folder of its own with --into"
        )
    for feed in own:
        module = project.feed(root, feed)
        yield Filled(feed, tuple(over_network(feed, module, store, SPAN, _NOBODY)))
