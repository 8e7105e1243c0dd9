"""The views raw.*: a snapshot's explicit files, bounded by the question's session variables."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from leadline.contract import SEEN, Contract
from leadline.older import PLAIN, is_any
from leadline.older import listed as listed_of
from leadline.quote import literal, named, quoted

# A question sets these four on its own cursor; `since` and `until` bound raw rows.
VARIABLES = ("since", "until", "recorded_until", "asked_since")
_PARTITION_TYPE = "date"


@dataclass(frozen=True)
class Bounds:
    """What bounds raw rows: moments, as SQL."""

    since: str
    until: str
    recorded_until: str


@dataclass(frozen=True)
class Rows:
    """Which rows a dataset has, and since when: each known later, and none from a moment on."""

    later: timedelta = timedelta()
    ends_at: str | None = None  # SQL


AS_STORED = Rows()
ASKED = Bounds(*(f"getvariable('{name}')" for name in VARIABLES[:3]))


def view(
    contract: Contract,
    files: Sequence[str],
    bounds: Bounds | None = None,
    name: str | None = None,
    rows: Rows = AS_STORED,
) -> str:
    """Return the statement that makes raw.<dataset> over files, else over its own table.

    Without bounds of its own it opens those that a question names in a variable.
    """
    told = source(contract, files) if bounds else asked(contract, files)
    return f"create or replace view {name or f'raw.{contract.name}'} as " + select(
        contract, told, bounds, rows
    )


def select(
    contract: Contract, told: str, bounds: Bounds | None = None, rows: Rows = AS_STORED
) -> str:
    """Return the rows of raw.<dataset> out of what is stored, which is a thing to select from.

    What the store says of its loads is as it is stored, whatever `rows` says.
    """
    # What is read less far back than the rest of a question has a `since` of its own.
    bounds = bounds or replace(
        ASKED, since=f"coalesce(getvariable('{opened(contract.name)}'), {ASKED.since})"
    )
    own = ", ".join(f"stored.{named(column)}" for column in contract.names)
    if contract.is_ledger:
        recorded = known = "stored.recorded_at"
        columns, joined = f"{own}, {known} as known_at, {_rest(contract, known)}", ""
    else:
        # What the store itself says (rows set aside) is known when it is recorded.
        known = "stored.known_at" if contract.name != "rejected" else "stamps.recorded_at"
        day = "stored.known_date" if contract.partition == "known_date" else None
        if rows.later:
            known, day = f"({known} + {literal(rows.later)})", None
        columns = f"{own}, {known} as known_at, stamps.recorded_at, {_rest(contract, known, day)}"
        recorded = "stamps.recorded_at"
        joined = "inner join engine.stamps as stamps on stored.load_id = stamps.load_id "
    if contract.is_event:
        columns += ", stored.sequence"
    limits = [f"{recorded} <= {bounds.recorded_until}", f"{known} < {bounds.until}"]
    if not contract.is_ledger:
        limits.append(f"coalesce(stamps.forgotten_at > {bounds.recorded_until}, true)")
        if rows.ends_at:
            limits.append(f"{known} < {rows.ends_at}")
    since = f"({bounds.since} - {literal(rows.later)})" if rows.later else bounds.since
    if contract.is_event:
        limits.append(f"stored.known_at >= {since}")
    if contract.partition and contract.is_event:
        limits.append(f"stored.{contract.partition} >= {contract.folder(since)}")
    if contract.partition:
        high = f"cast(timezone('UTC', {bounds.until}) as date)"
        limits.append(f"stored.{contract.partition} <= {high}")
    return f"select {columns} from {told} as stored {joined}where {' and '.join(limits)}"


def listed(name: str, view: str = "") -> str:
    """Return the variable that says which files of a dataset a question opens.

    view is one that keeps days, for which it opens fewer.
    """
    return f"files_{name}" + (f"_of_{view.replace('.', '_')}" if view else "")


def opened(name: str) -> str:
    """Return the variable that says from when a question reads one dataset, or one view."""
    return f"since_{name.replace('.', '_')}"


def bounded(name: str) -> str:
    """Return what is true of the rows of a view that a question sees."""
    since = f"coalesce(getvariable('{opened(name)}'), {ASKED.since})"
    return f"known_at >= {since} and known_at < {ASKED.until}"


def stamps(lines: str) -> str:
    """Return the statement that lays out when each load was recorded and when it was forgotten."""
    return (
        f"create or replace table engine.stamps as "
        f"select loads.load_id, loads.recorded_at, forgets.recorded_at as forgotten_at "
        f"from {lines} as loads left join {lines} as forgets on loads.load_id = forgets.forgets"
    )


def table(contract: Contract) -> str:
    """Return the statements that make a dataset's own table, in which no row is yet."""
    name = f"contract.{contract.name}"
    made = contract.table(name)
    if contract.partition:
        made += f"; alter table {name} add column {contract.partition} {_PARTITION_TYPE}"
    return made


def _rest(contract: Contract, known: str, day: str | None = None) -> str:
    day = day or f"cast(timezone('UTC', {known}) as {SEEN['known_date'][0]})"
    added = [
        f"stored.{name}" for name in ("source", "load_id", "is_gone") if name in contract.added
    ]
    return f"{day} as known_date, {', '.join(added)}"


def source(contract: Contract, files: Sequence[str]) -> str:
    """Return the stored rows of a dataset, as a thing to select from."""
    if not files:
        return f"contract.{contract.name}"
    return listed_of(files, contract.stored, _options(contract))


def asked(contract: Contract, files: Sequence[str], view: str = "") -> str:
    """Return the rows of those files of a dataset that a question names, if it has any file.

    Where files lack columns it is all of them.
    """
    if not files or is_any(files):
        return source(contract, files)
    named_so = f"getvariable('{listed(contract.name)}')"
    if view:
        named_so = f"coalesce(getvariable('{listed(contract.name, view)}'), {named_so})"
    return f"read_parquet({named_so}, {_options(contract)})"


def opens(variable: str, files: Sequence[str]) -> str:
    """Return the statement that says which files a question opens."""
    return f"set variable {variable} = [{', '.join(map(quoted, files))}]"


def _options(contract: Contract) -> str:
    if not contract.partition:
        return PLAIN
    kind = f"{{{quoted(contract.partition)}: {_PARTITION_TYPE}}}"
    return f"hive_partitioning = true, hive_types = {kind}"
