"""Carries a store on to the contracts of today: each dataset wholly, or it stays as it was.

What only adds or drops columns is one commit and touches no file. What changes a type, or the
folders, writes the files anew beside the old ones and exchanges them in one commit; broken off it
goes on where it was. Rows, their loads and their moments stay as they are.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
from deltalake.exceptions import CommitFailedError
from filelock import FileLock, Timeout

from leadline import shape, whole
from leadline.contract import Contract
from leadline.errors import StoreError, nearest
from leadline.older import PLAIN, Older, listed
from leadline.part import Part
from leadline.quote import named, quoted
from leadline.store import Store
from leadline.table import TRIES, Table, reason

FOLDER = "_upgrade"  # in the store: what is written and not yet exchanged
_NESTED = ("struct", "[]", "map(")


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade does, or did, to one dataset; refused says why it is left as it was."""

    dataset: str
    says: tuple[str, ...]
    n_files: int
    n_rewritten: int
    refused: str = ""


def upgrade(
    store: Store, datasets: Sequence[str] | None = None, *, dry_run: bool = False
) -> Iterator[Upgraded]:
    """Bring datasets to the contracts of today; those that are so already are left out.

    A dataset whose rows do not fit is refused and left as it was, and the others go on. Nobody
    may load meanwhile: a writer that is at work is told to run again.
    """
    for name in datasets or store.tables:
        if name not in store.tables:
            raise StoreError(f"{name}: no such dataset{nearest(name, store.tables)}")
    if not store.place.is_there():
        raise StoreError(f"{store.place}: there is no store; leadline load makes one")
    if dry_run:
        yield from filter(
            None, (_planned(store, store.tables[n]) for n in datasets or store.tables)
        )
        return
    folder = store.place.own / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock", timeout=0):
            for name in datasets or store.tables:
                if done := _carried(store, store.tables[name], folder / f"{name}.json"):
                    yield done
    except Timeout as error:
        raise StoreError(
            f"{store.place}: another process upgrades it; run this again later", try_again=True
        ) from error
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror or error}; check its rights") from error


def _planned(store: Store, table: Table) -> Upgraded | None:
    """Return what is to be done to a dataset; None where there is nothing."""
    table.refresh()
    said, schema = table.said(), table.schema()
    if schema is None or said.get(shape.CONTRACT) == shape.text(table.contract):
        return None
    if version := shape.later(said):
        raise StoreError(
            f"{table.place}: leadline {version} shaped it, and this is {shape.own_version()}; "
            f"update leadline"
        )
    odd = tuple(shape.differences(said, schema, table.contract))
    before = json.loads(said.get(shape.CONTRACT, "{}"))
    if before and not odd:
        odd = ("has other checks or other columns that must be there",)
    files = table.files()
    anew = len(files) if _is_anew(table, odd) else 0
    if not odd:
        return Upgraded(table.contract.name, ("takes the mark of its format",), len(files), 0)
    refused = _misfit(store, table, before, files) if files else ""
    return Upgraded(table.contract.name, odd, len(files), anew, refused)


def _is_anew(table: Table, odd: Sequence[str]) -> bool:
    """Say whether the files must be written anew, and not only their log."""
    kinds = table.contract.stored
    for each in odd:
        name = each.removeprefix("gains ")
        is_nested = name in kinds and any(sign in kinds[name].lower() for sign in _NESTED)
        if name != each and not is_nested:
            continue
        if not each.startswith(("no longer has ", "has the key ", "has other ")):
            return True
    dropped = json.loads(table.said().get(shape.DROPPED, "[]"))
    return any(each.removeprefix("gains ") in dropped for each in odd)


def _carried(store: Store, table: Table, journal: Path) -> Upgraded | None:
    for _ in range(TRIES):
        plan = _planned(store, table)
        if plan is None or plan.refused:
            return plan
        old = table.files() if plan.n_rewritten else []
        new = _written(store, table, old, journal) if old else []
        try:
            table.reshape(old, new)
        except CommitFailedError:
            continue  # with what came meanwhile
        journal.unlink(missing_ok=True)
        return plan
    raise StoreError(
        f"{table.place}: {TRIES} commits were overtaken by other writers; stop them, then run "
        f"this again",
        try_again=True,
    )


def _written(
    store: Store, table: Table, old: Sequence[dict[str, Any]], journal: Path
) -> list[Part]:
    """Write the rows of old files anew, and keep what is done for a run that goes on."""
    done = _done(journal, table)
    parts: list[Part] = []
    for group in _groups(table, old):
        key = sha256("\n".join(file["path"] for file in group).encode()).hexdigest()
        if key not in done:
            sql = f"select {_cast(table.contract)} from {_physical(store, table, group)} as stored"
            try:
                made = table.write(store.con, sql)
            except duckdb.Error as error:
                raise StoreError(
                    f"{table.place}: {reason(error)}; nothing has changed, run this again when "
                    f"there is room"
                ) from error
            table.publish(made)
            done[key] = [asdict(part) for part in made]
            told = {"contract": shape.text(table.contract), "done": done}
            whole.write(journal, json.dumps(told).encode())
        parts += [Part(**part) for part in done[key]]
    return parts


def _done(journal: Path, table: Table) -> dict[str, list[dict[str, Any]]]:
    """Return what an upgrade to the same contract has written before it was broken off."""
    try:
        told = json.loads(journal.read_text())
    except (OSError, ValueError):
        return {}
    if told["contract"] != shape.text(table.contract):
        return {}
    return {
        key: parts for key, parts in told["done"].items() if all(_is_there(table, p) for p in parts)
    }


def _is_there(table: Table, part: dict[str, Any]) -> bool:
    return bool(table.place.size(part["path"]) == part["size"])


def _groups(table: Table, old: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield files whose rows go into one file: one each, or those that now share a folder."""
    coarser: dict[str, list[dict[str, Any]]] = {}
    for file in sorted(old, key=lambda file: str(file["path"])):
        day = file["partition"].get("known_date")
        month = day and f"{day[:7]}-01"
        to = {"known_month": month, None: "all"}.get(table.contract.partition)
        own = file["partition"].get(table.contract.partition or "")
        is_moved = own is None and (file["partition"] or table.contract.partition)
        coarser.setdefault(str(to if is_moved and to else file["path"]), []).append(file)
    yield from coarser.values()


def _physical(store: Store, table: Table, files: Sequence[dict[str, Any]]) -> str:
    """Return SQL for the rows of files as they are on disk."""
    kinds, paths = table.contract.stored, []
    for file in files:
        path = str(table.place / file["path"])
        found = store.con.execute(f"describe from read_parquet({quoted(path)}, {PLAIN})")
        own = {name for name, *_ in found.fetchall()}
        paths.append(Older(path, frozenset(kinds.keys() - own)))
    return listed(paths, kinds)


def _cast(contract: Contract) -> str:
    return ", ".join(
        f"cast(stored.{named(name)} as {kind}) as {named(name)}"
        for name, kind in contract.stored.items()
    )


def _misfit(
    store: Store, table: Table, before: dict[str, Any], files: Sequence[dict[str, Any]]
) -> str:
    """Return why the rows do not fit the contract, or nothing: all are looked at."""
    contract = table.contract
    if (contract.is_event and before.get("kind", "event") != "event") or _lacks_order(table):
        return "rows of a state have no sequence; load them again, into a new store"
    has_key = bool(before) and before["key"] == list(contract.key)
    with table.readable():
        rows = _physical(store, table, files)
        described = store.con.execute(f"describe select * from {rows}").fetchall()
        stored = {name: kind for name, kind, *_ in described}
        for what, condition in _conditions(contract, stored, before).items():
            ((n_bad, n_rows),) = store.con.execute(
                f"select count(*) filter ({condition}), count(*) from {rows} as stored"
            ).fetchall()
            if n_bad:
                return f"{n_bad:,} of {n_rows:,} rows {what}; forget their loads, or load again"
        key = ", ".join(f"stored.{named(name)}" for name in contract.key)
        repeats = (
            f"select 1 from {rows} as stored group by stored.load_id, {key} having count(*) > 1"
        )
        if not has_key and store.con.execute(f"{repeats} limit 1").fetchall():
            return f"a load has rows that are one by {', '.join(contract.key)}; load again"
    return ""


def _lacks_order(table: Table) -> bool:
    schema = table.schema()
    names = {field.name for field in schema.fields} if schema else set()
    return table.contract.is_event and "sequence" not in names


def _conditions(
    contract: Contract, stored: Mapping[str, str], before: Mapping[str, Any]
) -> dict[str, str]:
    """Return what no row may be, each with the words for it; what held before is left out."""
    found = {}
    for name, kind in contract.stored.items():
        own, was = f"stored.{named(name)}", stored[name]
        there = f"try_cast({own} as {kind})"
        if _spelled(was) != _spelled(kind):
            back = f"try_cast({there} as {was})"
            lost = f"{own} is not null and ({there} is null or {back} is distinct from {own})"
            found[f"have a {name} that {kind} does not hold"] = lost
    needed = {column.name for column in contract.columns if column.is_required}
    for name in sorted(needed - set(before.get("required", ()))):
        is_null = f"stored.{named(name)} is null"
        # What says that a key is gone has its key alone.
        is_of_key = name in contract.key
        found[f"have no {name}"] = is_null if is_of_key else f"not stored.is_gone and {is_null}"
    for check in contract.checks:
        if check not in before.get("checks", ()):
            said = check.removeprefix("CHECK").strip()
            found[f"break {said}"] = f"not stored.is_gone and not ({said})"
    for name in contract.key if before else ():
        if name not in before["key"]:
            found[f"have no {name}, which the key names"] = f"stored.{named(name)} is null"
    return found


def _spelled(kind: str) -> str:
    """Return a type in one of the words that DuckDB has for it."""
    said = kind.lower().replace(" ", "")
    return {"text": "varchar", "timestamptz": "timestampwithtimezone"}.get(said, said)
