"""Says of a question how it is asked, and asks it again as it was asked then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

import duckdb

from leadline.catalog import ALL_LIVE, OPS, Catalog
from leadline.clock import BEGINNING
from leadline.digest import Digest
from leadline.engine import Engine
from leadline.names import tables_of
from leadline.params import read_literal
from leadline.provenance import Provenance
from leadline.question import Questions
from leadline.store import Snapshot, Store
from leadline.warehouse import Warehouse


def provenance_of(
    warehouse: Warehouse,
    sql: str,
    since: datetime,
    until: datetime,
    binds: Mapping[str, Any] | None = None,
    *,
    snapshot: Snapshot,
    is_ordered: bool = True,
) -> Provenance:
    """Return how an answer is made that a warehouse gives; it is asked with the same words."""
    views: dict[str, Any] = {}
    params: dict[str, Any] = {}
    known = set(warehouse.names())
    for name in sorted(warehouse.below(known.intersection(tables_of(sql)))):
        if name.startswith("raw."):
            contract = warehouse.catalog.contracts[name.removeprefix("raw.")]
            views[name] = {"fingerprint": contract.digest[:16]}
        elif name not in (*OPS, ALL_LIVE):
            bound = warehouse.fingerprint(name)
            view = bound.view
            views[name] = {"version": view.version, "fingerprint": bound.fingerprint}
            usual = {param.name: param.text for param in view.params}
            changed = {key: text for key, text in bound.params.items() if usual[key] != text}
            if changed:
                params[f"{view.id}.v{view.version}"] = changed
    return Provenance(
        {
            "sql": sql, "binds": dict(binds or {}),
            "since": None if since <= BEGINNING else since.isoformat(),
            "until": until.isoformat(), "recorded_until": snapshot.recorded_until.isoformat(),
            "store_version": snapshot.version,
            "zone": "UTC", "order": "total" if is_ordered else "any",
            "views": views, "params": params,
            "leadline": version("leadline"), "duckdb": duckdb.__version__,
        }
    )  # fmt: skip


@dataclass(frozen=True)
class Again:
    """What an answer is when it is asked once more."""

    n_rows: int
    digest: str
    moved: list[str]  # views and datasets whose text is not what it was, with all below them


def again(catalog: Catalog, store: Store, engine: Engine, said: Mapping[str, Any]) -> Again:
    """Ask again what a provenance says, with its versions and parameters, as it was known then.

    The engine serves nobody else, since it is locked.
    """
    views: Mapping[str, Mapping[str, Any]] = said["views"]
    pins = {name: each["version"] for name, each in views.items() if name in catalog.views}
    params = {
        view: {name: read_literal(text) for name, text in changed.items()}
        for view, changed in said["params"].items()
    }
    warehouse = Warehouse(catalog, store, engine, params, pins)
    try:
        since = datetime.fromisoformat(said["since"]) if said["since"] else BEGINNING
        until = datetime.fromisoformat(said["until"])
        snapshot = warehouse.refresh()
        recorded_until = datetime.fromisoformat(said["recorded_until"])
        rows = Questions(warehouse).answer(
            said["sql"], since, until, said["binds"],
            recorded_until=recorded_until, is_ordered=said.get("order") != "any",
        )  # fmt: skip
        digest, n_rows = Digest(rows.schema), 0
        for batch in rows:
            digest.add(batch)
            n_rows += batch.num_rows
        now = provenance_of(warehouse, said["sql"], since, until, snapshot=snapshot)
        seen: Mapping[str, Any] = now.said["views"]
    finally:
        warehouse.close()
    moved = [name for name in sorted(views) if views[name] != seen.get(name)]
    return Again(n_rows, digest.text, moved)
