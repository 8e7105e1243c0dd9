"""What changed between two versions of a view: its text, and its rows over a span."""

import difflib
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from leadline.catalog import View
from leadline.errors import ViewError
from leadline.quote import named
from leadline.warehouse import Warehouse


@dataclass(frozen=True)
class Diff:
    """Lines of a unified diff, and the rows that only one version answers."""

    lines: list[str]
    rows: pa.Table
    n_same: int


def diff(
    warehouse: Warehouse, name: str, old: int, new: int, since: datetime, until: datetime
) -> Diff:
    """Compare two versions of a view: rows are added, removed or, with the same alert, changed."""
    before, after = (_version(warehouse, name, version) for version in (old, new))
    con = warehouse.connect()
    for label, view in (("before", before), ("after", after)):
        con.register(label, warehouse.ask(view.pinned, since, until).to_arrow_table())
    shared = [c for c in warehouse.columns(before.pinned) if c in warehouse.columns(after.pinned)]
    key = ["alert_key"] if before.is_detector else shared
    listed = ", ".join(map(named, shared))
    joined = " and ".join(f"b.{named(c)} is not distinct from a.{named(c)}" for c in key)
    differ = " or ".join(f"b.{named(c)} is distinct from a.{named(c)}" for c in shared)
    if before.is_detector:
        only = "select * from {} as b anti join {} as a on " + joined
        gone, come = only.format("before", "after"), only.format("after", "before")
        changed = f"select a.* from before as b inner join after as a on {joined} where {differ}"
        same = f"select count(*) from before as b inner join after as a on {joined}"
    else:
        # Rows without a key are compared as multisets.
        gone = f"select {listed} from before except all select {listed} from after"
        come = f"select {listed} from after except all select {listed} from before"
        changed = f"select {listed} from after where false"
        same = "select count(*) from before"
    rows = con.sql(
        f"select 'removed' as change, {listed} from ({gone}) union all by name "
        f"select 'added' as change, {listed} from ({come}) union all by name "
        f"select 'changed' as change, {listed} from ({changed})"
    ).to_arrow_table()
    counted = con.execute(same).fetchone()
    total = int(counted[0]) if counted else 0
    word = "changed" if before.is_detector else "removed"
    n_off = rows.column("change").to_pylist().count(word)
    return Diff(text(before, after), rows, total - n_off)


def text(before: View, after: View) -> list[str]:
    """Return what differs between two files, as lines of a unified diff."""
    lines = before.text.splitlines(), after.text.splitlines()
    return list(difflib.unified_diff(*lines, before.path.name, after.path.name, lineterm=""))


def _version(warehouse: Warehouse, name: str, version: int) -> View:
    versions = warehouse.catalog.views[warehouse.catalog.find(name).stable]
    for view in versions:
        if view.version == version:
            return view
    have = ", ".join(str(view.version) for view in versions)
    raise ViewError(f"{name}: it has no version {version}; it has {have}")
