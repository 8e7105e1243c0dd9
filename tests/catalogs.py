"""Views and detectors of a few words, for tests of what a catalog makes of them."""

from collections.abc import Callable, Mapping
from typing import Any

from leadline.catalog import Catalog

TRADES = """-- kind:       event
-- partition:  day
-- what:       Trades of a test.
-- grain:      one row per trade
-- key:        trade_id

create table trades (
    trade_id text not null,  -- its number
    price bigint not null,  -- USD
    check (price > 0)
);
"""
NAMES = TRADES.replace("event", "state").replace("trades", "names")
OF_VIEWS = ("what", "grain", "status", "needs", "changed")
OF_DETECTORS = ("rule", *OF_VIEWS[:3], "every", "needs", "changed", "misses", "noisy")
Made = Callable[[Mapping[str, str]], Catalog]


def view(sql: str = "select 1 as one", keys: tuple[str, ...] = OF_VIEWS, **said: str) -> str:
    """Return a view's text; a key that is said to be nothing is left out."""
    defaults = {"what": "A view.", "grain": "one row", "status": "live"}
    header = {key: said.get(key, defaults.get(key, "")) for key in keys}
    return "".join(f"-- {key}: {value}\n" for key, value in header.items() if value) + f"\n{sql}\n"


def detector(sql: str = "select 1 as one", **said: str) -> str:
    """Return a detector's text."""
    rest = {"rule": "A1", "every": "1m", "needs": "0s", "misses": "all", "noisy": "never"}
    return view(sql, OF_DETECTORS, **{**rest, **said})


def params(*literals: str) -> str:
    return f"with params as (\n    select\n        {', '.join(literals)}\n)\n\nfrom params"


def prints(catalog: Catalog, **rest: Any) -> dict[str, str]:
    """Return the fingerprint of each version."""
    return {bound.view.pinned: bound.fingerprint for bound in catalog.bind(**rest)}
