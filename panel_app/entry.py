"""What the catalog says of a name: a view, a dataset, or what the engine itself lays out."""

from collections.abc import Sequence
from dataclasses import dataclass

from leadline import project
from leadline.catalog import ALL_LIVE, OPS, View
from leadline.errors import QueryError, nearest
from leadline.warehouse import Warehouse


@dataclass(frozen=True)
class Param:
    """A parameter as it is in force, and what its line in the file says of it."""

    name: str
    value: str
    default: str
    meaning: str


@dataclass(frozen=True)
class Entry:
    """One name of the catalog; `view` is None where it is no view, `text` empty where no file."""

    name: str
    title: str
    text: str
    path: str
    view: View | None
    versions: Sequence[View]
    fingerprint: str
    params: Sequence[Param]
    columns: Sequence[tuple[str, str, str | None]]


def entry(warehouse: Warehouse, name: str, version: int | None = None) -> Entry:
    """Return what is known of a name; an unknown one, or version, is an error that names another.

    A detector is known by its id, too.
    """
    catalog = warehouse.catalog
    if name.startswith("raw.") and (found := catalog.contracts.get(name.removeprefix("raw."))):
        path = project.said(catalog.root, found.path)
        return Entry(
            name, name, found.path.read_text(), path, None, (), found.digest[:16], (),
            warehouse.described(name),
        )  # fmt: skip
    if name in (*OPS, ALL_LIVE):
        return Entry(name, name, "", "", None, (), "", (), warehouse.described(name))
    known = {each.id: each for each in catalog.all()} | {e.stable: e for e in catalog.all()}
    if name not in known and name not in {each.pinned for each in catalog.all()}:
        near = nearest(name, [*known, *warehouse.names()])
        raise QueryError(f"{name}: there is no such view{near}")
    view = catalog.find(name)
    versions = catalog.views[view.stable]
    if version is not None:
        by_version = {each.version: each for each in versions}
        if version not in by_version:
            have = ", ".join(map(str, by_version))
            raise QueryError(f"{view.id}: it has no version {version}; it has {have}")
        view = by_version[version]
    bound = warehouse.fingerprint(view.pinned)
    lines = view.text.splitlines()
    params = [
        Param(
            each.name, bound.params[each.name], each.text,
            lines[each.line - 1].partition("--")[2].strip(),
        )
        for each in view.params
    ]  # fmt: skip
    path = project.said(catalog.root, view.path)
    columns = warehouse.described(view.pinned)
    return Entry(
        view.id, view.pinned, view.text, path, view, versions, bound.fingerprint, params, columns
    )
