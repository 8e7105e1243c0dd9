"""Where a view's rows come from and who reads it, set out in columns from left to right."""

from collections.abc import Mapping
from dataclasses import dataclass

from leadline.catalog import OPS, Catalog

_FURTHER = 2  # steps above a view: its readers, and theirs


@dataclass(frozen=True)
class Node:
    """A name, its column (0 is the view itself, negative is below it) and its place in it."""

    name: str
    column: int
    row: int


@dataclass(frozen=True)
class Lineage:
    """What stands where, and who reads whom: below, above."""

    nodes: list[Node]
    edges: list[tuple[str, str]]


def lineage(catalog: Catalog, name: str) -> Lineage:
    """Return all that a stable name is computed from, and who reads it, two steps far."""
    below = {view: list(_reads(catalog, view)) for view in catalog.views}
    above: dict[str, list[str]] = {}
    for reader, reads in below.items():
        for read in reads:
            above.setdefault(read, []).append(reader)
    columns = {each: -depth for each, depth in _depths(below, name).items()}
    near = {name: 0}
    for step in range(1, _FURTHER + 1):
        for each in [each for each, at in near.items() if at == step - 1]:
            for reader in above.get(each, ()):
                near.setdefault(reader, step)
    columns = near | columns
    nodes = []
    for column in sorted(set(columns.values())):
        names = sorted(each for each, at in columns.items() if at == column)
        nodes += [Node(each, column, row) for row, each in enumerate(names)]
    edges = [
        (read, reader)
        for reader in sorted(columns)
        for read in below.get(reader, ())
        if read in columns and (columns[reader] <= 0 or columns[read] == columns[reader] - 1)
    ]
    return Lineage(nodes, edges)


def _depths(below: Mapping[str, list[str]], name: str) -> dict[str, int]:
    """Return how many steps each is at most below a name, so that no arrow points left."""
    depths = {name: 0}
    todo = [name]
    while todo:
        here = todo.pop()
        for read in below.get(here, ()):
            if depths.get(read, -1) < depths[here] + 1:
                depths[read] = depths[here] + 1
                todo.append(read)
    return depths


def _reads(catalog: Catalog, name: str) -> list[str]:
    """Return what a view reads, but for the engine's clock and lists, which nearly all read."""
    return [read for read in catalog.in_force(name).reads if read not in OPS]
