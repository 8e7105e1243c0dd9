"""What a dataset's log says of its rows: their contract, the store's format, and who wrote it."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from types import MappingProxyType

from deltalake import Schema
from packaging.version import InvalidVersion, Version

from leadline.contract import Contract
from leadline.errors import StoreError

# Of folders, logs and files; it rises when a leadline that knows less would read them wrongly.
FORMAT = 1
CONTRACT = "leadline.contract"
ADDED = "leadline.added"  # the columns that files written before lack
DROPPED = "leadline.dropped"  # the columns that files written before may have
EVEN = MappingProxyType({ADDED: "[]", DROPPED: "[]"})  # all files have what the contract says
_FORMAT = "leadline.format"
_VERSION = "leadline.version"


def text(contract: Contract) -> str:
    """Return what a log keeps of a contract, always in the same words."""
    said = {
        "kind": contract.header["kind"],
        "partition": contract.header["partition"],
        "key": contract.key,
        "columns": contract.stored,
        "required": [column.name for column in contract.columns if column.is_required],
        "checks": contract.checks,
    }
    return json.dumps(said, separators=(",", ":"))


def properties(contract: Contract) -> dict[str, str]:
    """Return what is written into the log of a table that holds this contract."""
    return {_FORMAT: str(FORMAT), _VERSION: own_version(), CONTRACT: text(contract)}


def not_newer(place: object, said: Mapping[str, str]) -> None:
    """Raise a StoreError if a later leadline has written what this one does not know."""
    found = int(said.get(_FORMAT, 0))
    if found > FORMAT:
        raise StoreError(
            f"{place}: leadline {said.get(_VERSION, 'of a later version')} wrote it in format "
            f"{found}, and this is {own_version()}, which knows {FORMAT}; update leadline"
        )


def differences(said: Mapping[str, str], schema: Schema, contract: Contract) -> list[str]:
    """Say in words how the rows that a log holds differ from what a contract says of them.

    Only what decides how they are read and told apart: columns, types, partition and key.
    """
    if said.get(CONTRACT) == text(contract):
        return []
    stored, wanted = kinds(schema), kinds(Schema.from_arrow(contract.arrow))
    before = json.loads(said.get(CONTRACT, "{}"))
    folders = _folders(stored) or "none"
    own = contract.partition or "none"
    parts = {name for name in (folders, own) if name != "none"}
    odd = [f"gains {name}" for name in wanted if name not in {*stored, *parts}]
    odd += [f"no longer has {name}" for name in stored if name not in {*wanted, *parts}]
    for name in stored:
        if name in wanted and stored[name] != wanted[name]:
            was = before.get("columns", {}).get(name, stored[name])
            odd.append(f"has {name} as {contract.stored.get(name, wanted[name])}, not {was}")
    if folders != own:
        odd.append(f"lies by {own}, not by {folders}")
    if before and before["key"] != list(contract.key):
        odd.append(f"has the key {', '.join(contract.key)}, not {', '.join(before['key'])}")
    if before and before["kind"] != contract.header["kind"]:
        odd.append(f"is {contract.header['kind']}, not {before['kind']}")
    return odd


def mixed(said: Mapping[str, str], schema: Schema, contract: Contract) -> dict[str, str]:
    """Return what the log is to say where files stay as they are and columns come or go."""
    stored, wanted = kinds(schema).keys(), kinds(Schema.from_arrow(contract.arrow)).keys()
    changed = ((ADDED, wanted - stored), (DROPPED, stored - wanted))
    found = {name: {*json.loads(said.get(name, "[]")), *columns} for name, columns in changed}
    found[ADDED] &= wanted
    return {name: json.dumps(sorted(columns)) for name, columns in found.items()}


def later(said: Mapping[str, str]) -> str:
    """Return the leadline that last shaped a table, if it is later than this one; else nothing."""
    found = said.get(_VERSION, "0")
    try:
        return found if Version(found) > Version(own_version()) else ""
    except InvalidVersion:
        return ""


def kinds(schema: Schema) -> dict[str, str]:
    """Return each column's type as Delta names it."""
    return {field.name: str(field.type) for field in schema.fields}


def _folders(stored: Mapping[str, str]) -> str | None:
    """Return the column of the folders among those that a log names."""
    return next((name for name in ("known_date", "known_month") if name in stored), None)


@cache
def own_version() -> str:
    """Return the version of this leadline."""
    return version("leadline")
