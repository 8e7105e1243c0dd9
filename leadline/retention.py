"""Retention: rows older than somebody wants to keep leave the store for good; by default none do.

What goes is written down before it goes, so that nobody takes it for damage, an alert that is gone
never fires again, and a run that breaks off is ended by the next.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from leadline import clock, upkeep
from leadline.contract import Contract
from leadline.dropped import AHEAD, DATASET, WHOLE, known
from leadline.errors import ConfigError, StoreError, nearest
from leadline.older import listed
from leadline.publication import Publication
from leadline.quote import literal, quoted
from leadline.store import Store
from leadline.table import Table

FEED = "retention"
PRESETS: Mapping[str, Mapping[str, str]] = {
    "founding": {"equity_trades": "30 days", "alerts": "7 days"}  # as the first of its kind did
}
_LENGTH = re.compile(r"([1-9]\d{0,4}) days?")
_STATE = ("alerts",)  # each of its rows stands by itself, as those of events do

File = dict[str, Any]


@dataclass(frozen=True)
class Dropped:
    """What went of a dataset, or would go; skipped says why it is still there."""

    dataset: str
    before: datetime
    n_rows: int
    n_files: int
    skipped: str = ""


def wanted(said: Mapping[str, Any], contracts: Mapping[str, Contract]) -> dict[str, timedelta]:
    """Return how long each dataset is kept, as [retention] says; a ConfigError tells a mistake."""
    own = {name: length for name, length in said.items() if name != "preset"}
    preset = said.get("preset")
    if preset is not None and preset not in PRESETS:
        raise ConfigError(f"leadline.toml: retention.preset is '{preset}'; it takes founding")
    kept = {}
    for name, length in {**PRESETS.get(str(preset), {}), **own}.items():
        where = f"leadline.toml: retention.{name}"
        if name not in contracts:
            raise ConfigError(f"{where}: there is no such dataset{nearest(name, contracts)}")
        if not (contracts[name].is_event or name in _STATE):
            raise ConfigError(
                f"{where}: its old rows say what holds today; only events and alerts may go"
            )
        if not isinstance(length, str) or not (found := _LENGTH.fullmatch(length)):
            raise ConfigError(f"{where} is '{length}'; it takes a length such as 30 days")
        kept[name] = timedelta(days=int(found[1]))
    return kept


def drop(
    store: Store, kept: Mapping[str, timedelta], now: datetime, *, dry_run: bool = False
) -> Iterator[Dropped]:
    """Take out what was known before the midnight, of UTC, that lies so far before a moment.

    Files stay on disk for readers that are at them, until vacuum. What another writer joins
    meanwhile is left for the next time.
    """
    if DATASET not in store.tables:
        raise StoreError(f"sql/tables/{DATASET}.sql: retention needs it; bring it back")
    for name, length in kept.items():
        before = clock.midnight((now - length).astimezone(UTC).date())
        table = store.tables[name]
        table.refresh()
        table.agree()
        old = [file for file in table.files() if _known(file)[0] < before]
        counted = _counted(store, table, old, f"known_at < {literal(before)}")
        if n_rows := sum(counted.values()):
            skipped = ""
            if not dry_run:
                _write_down(store, table, before, counted)
                skipped = "" if _take_out(store, table, old, before) else "another writer was first"
            yield Dropped(name, before, n_rows, len(old), skipped)


def _write_down(store: Store, table: Table, before: datetime, counted: Mapping[str, int]) -> None:
    """Say what goes: of loads that may have later rows too, how many of those are left."""
    name = table.contract.name
    store.ledger.refresh()
    told = {load: n for (dataset, load), n in known(store).left.items() if dataset == name}
    lines = {load: store.ledger.find(load) for load in (*told, *counted)}
    late = [load for load, line in lines.items() if line and line["recorded_at"] + AHEAD >= before]
    fresh = [load for load in late if load in counted]
    left = _counted(store, table, table.files(), f"known_at >= {literal(before)}", fresh)
    told = {load: left.get(load, 0) if load in counted else told[load] for load in late}
    rows = [
        {"dataset": name, "of_load": load, "dropped_before": before, "n_left": n}
        for load, n in {WHOLE: None, **told}.items()
    ]
    said = [{**row, "known_at": clock.now()} for row in rows]
    store.load(Publication(FEED, name, (DATASET,), [(DATASET, said)], "retention"))


def _take_out(store: Store, table: Table, old: list[File], before: datetime) -> bool:
    """Exchange old files for what stays of them, in one commit; False where one was exchanged."""
    torn = [file for file in old if _known(file)[1] >= before]
    where = f"known_at >= {literal(before)}"
    new = [upkeep.joined(store, table, [file], where) for file in torn]
    if upkeep.exchanged(table, old, new, is_change=True):
        return True
    for part in new:
        table.drop(part)
    return False


def _counted(
    store: Store, table: Table, files: list[File], where: str, loads: list[str] | None = None
) -> dict[str, int]:
    """Return how many rows of these files each load has; of some loads, or of all."""
    if not files or loads == []:
        return {}
    rows = listed([table.path(file) for file in files], table.contract.stored)
    some = f" and load_id in ({', '.join(map(quoted, loads))})" if loads else ""
    sql = f"select load_id, count(*) from {rows} where {where}{some} group by load_id"
    with table.readable():
        return dict(store.con.execute(sql).fetchall())


def _known(file: File) -> tuple[datetime, datetime]:
    """Return when the first and the last row of a file became known; never, if nobody says."""
    bounds: dict[str, tuple[datetime, datetime]] = file["bounds"]
    return bounds.get("known_at", (clock.FOREVER, clock.FOREVER))
