"""Asks the checks of sql/checks over a span, and appends what each of them found."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import duckdb

from leadline import clock
from leadline.catalog import View
from leadline.clock import Span
from leadline.errors import LeadlineError, ViewError, first_line, nearest
from leadline.publication import Publication
from leadline.store import Store
from leadline.warehouse import Warehouse

FEED = "checks"
DATASET = "check_results"
SAMPLE = 5  # bad rows that are kept of a look


@dataclass(frozen=True)
class Found:
    """What one look of a check brought; n_bad is None where it could not be asked."""

    check: View
    span: Span
    n_bad: int | None
    n_looked_at: int | None
    sample: Sequence[Mapping[str, Any]]
    reason: str | None
    fingerprint: str
    checked_at: datetime
    duration_ms: int

    @property
    def state(self) -> str:
        """One word: ok, failing or broken."""
        return "broken" if self.n_bad is None else "failing" if self.n_bad else "ok"


def named(warehouse: Warehouse, names: Sequence[str] = ()) -> list[View]:
    """Return the live checks of these ids or datasets; of none, all of them."""
    catalog = warehouse.catalog
    live = [catalog.in_force(name) for name in sorted(catalog.views)]
    live = [view for view in live if view.is_check and view.status == "live"]
    known = {view.id for view in live} | {_dataset(view) for view in live}
    for name in names:
        if name not in known:
            raise ViewError(f"{name}: no such check{nearest(name, known)}; from ops.checks has all")
    return [v for v in live if not names or v.id in names or _dataset(v) in names]


def due(warehouse: Warehouse, checks: Sequence[View], now: datetime) -> list[View]:
    """Return the checks that were not asked for as long as their `every` says."""
    rows = warehouse.ask("ops.checks", clock.BEGINNING, now + timedelta(microseconds=1))
    last = {
        row["check_id"]: row["checked_at"]
        for row in rows.to_arrow_table().to_pylist()
        if row["is_current"]
    }
    return [view for view in checks if (at := last.get(view.id)) is None or now - at >= view.every]


def look(warehouse: Warehouse, checks: Sequence[View], span: Span) -> Iterator[Found]:
    """Ask one check after the other; one that can't be asked is a finding, and the others go on."""
    counts: dict[str, int] = {}
    for view in checks:
        began = monotonic()
        bad: Sequence[Mapping[str, Any]] = ()
        n_bad, reason, n_looked_at = None, None, None
        dataset = _dataset(view)
        try:
            if dataset not in counts:
                counts[dataset] = _count(warehouse, dataset, span)
            n_looked_at = counts[dataset]
            # Nothing to look at has nothing wrong in it, and reading the rest would be for nothing.
            n_bad = 0
            if n_looked_at:
                n_bad, bad = _bad(warehouse, view, span)
        except (LeadlineError, duckdb.Error) as error:
            n_bad, reason = None, first_line(error)
        took = int((monotonic() - began) * 1_000)
        print_of = warehouse.fingerprint(view.stable).fingerprint
        yield Found(view, span, n_bad, n_looked_at, bad, reason, print_of, clock.now(), took)


def keep(store: Store, found: Sequence[Found]) -> None:
    """Append what looks found as one load."""
    rows = [
        {
            "check_id": each.check.id, "dataset": _dataset(each.check), "since": each.span.since,
            "until": each.span.until, "n_bad": each.n_bad, "n_looked_at": each.n_looked_at,
            "sample": json.dumps(list(each.sample), default=str), "reason": each.reason,
            "severity": each.check.header["severity"], "fingerprint": each.fingerprint,
            "checked_at": each.checked_at, "duration_ms": each.duration_ms,
            "known_at": each.checked_at,
        }
        for each in found
    ]  # fmt: skip
    if rows:
        coverage = f"{clock.stamp(found[0].checked_at)} {len(rows)} checks"
        store.load(Publication(FEED, coverage, (DATASET,), [(DATASET, rows)], "checks"))


def _bad(warehouse: Warehouse, view: View, span: Span) -> tuple[int, list[Mapping[str, Any]]]:
    """Return how many rows a check calls bad, and the first of them."""
    rows = warehouse.ask(view.stable, span.since, span.until)
    order = "known_at desc, entity, reason, cast(evidence as text)"
    found = rows.project("*, count(*) over () as n_bad").order(order).limit(SAMPLE)
    sample = found.to_arrow_table().to_pylist()
    n_bad = sample[0]["n_bad"] if sample else 0
    for row in sample:
        del row["n_bad"]
        row["known_at"] = clock.stamp(row["known_at"])
        row["evidence"] = json.loads(row["evidence"])
    return n_bad, sample


def _count(warehouse: Warehouse, dataset: str, span: Span) -> int:
    rows = warehouse.ask(f"raw.{dataset}", span.since, span.until)
    since = f"known_at >= timestamptz '{span.since.isoformat()}'"
    ((n,),) = rows.filter(since).aggregate("count(*)").fetchall()
    return int(n)


def _dataset(view: View) -> str:
    return view.id.partition(".")[0]
