"""The views raw.*: a snapshot's explicit files, bounded by the question's session variables."""

from collections.abc import Sequence

from leadline.contract import SEEN, Contract
from leadline.quote import named, quoted

# A question sets these four on its own cursor; `since` and `until` bound raw rows.
VARIABLES = ("since", "until", "recorded_until", "asked_since")
_PARTITION_TYPE = "date"


def view(contract: Contract, files: Sequence[str]) -> str:
    """Return the statement that makes raw.<dataset> over these files."""
    name = f"raw.{contract.name}"
    own = ", ".join(f"stored.{named(column)}" for column in contract.names)
    if contract.is_ledger:
        recorded = known = "stored.recorded_at"
        columns, joined = f"{own}, {known} as known_at, {_rest(contract, known)}", ""
    else:
        # What the store itself says (rows set aside) is known when it is recorded.
        known = "stored.known_at" if contract.name != "rejected" else "stamps.recorded_at"
        day = "stored.known_date" if contract.partition == "known_date" else None
        columns = f"{own}, {known} as known_at, stamps.recorded_at, {_rest(contract, known, day)}"
        recorded = "stamps.recorded_at"
        joined = "inner join engine.stamps as stamps on stored.load_id = stamps.load_id "
    if contract.is_event:
        columns += ", stored.sequence"
    bounds = [
        f"{recorded} <= getvariable('recorded_until')",
        f"{known} < getvariable('until')",
    ]
    if not contract.is_ledger:
        bounds.append("coalesce(stamps.forgotten_at > getvariable('recorded_until'), true)")
    if contract.is_event:
        bounds.append("stored.known_at >= getvariable('since')")
    if contract.partition and contract.is_event:
        low = contract.folder("getvariable('since')")
        bounds.append(f"stored.{contract.partition} >= {low}")
    if contract.partition:
        high = "cast(timezone('UTC', getvariable('until')) as date)"
        bounds.append(f"stored.{contract.partition} <= {high}")
    return (
        f"create or replace view {name} as select {columns} from {_source(contract, files)} "
        f"as stored {joined}where {' and '.join(bounds)}"
    )


def _rest(contract: Contract, known: str, day: str | None = None) -> str:
    day = day or f"cast(timezone('UTC', {known}) as {SEEN['known_date'][0]})"
    added = [
        f"stored.{name}" for name in ("source", "load_id", "is_gone") if name in contract.added
    ]
    return f"{day} as known_date, {', '.join(added)}"


def _source(contract: Contract, files: Sequence[str]) -> str:
    if not files:
        return f"contract.{contract.name}"
    listed = ", ".join(map(quoted, files))
    if not contract.partition:
        return f"read_parquet([{listed}], hive_partitioning = false)"
    kind = f"{{{quoted(contract.partition)}: {_PARTITION_TYPE}}}"
    return f"read_parquet([{listed}], hive_partitioning = true, hive_types = {kind})"
