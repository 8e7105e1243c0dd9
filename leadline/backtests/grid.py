"""Which sets of parameters are tried: a grid's product, each set with the text that it asks."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from leadline.catalog import Bound, Catalog, View
from leadline.errors import ConfigError, QueryError, ViewError, nearest
from leadline.params import read_value

Values = Mapping[str, Mapping[str, Any]]
MOST_TRIALS = 10_000  # of more, the luckiest shows nothing any more


@dataclass(frozen=True)
class Trial:
    """One version of a detector with one set of parameters."""

    number: int
    view: View
    params: Mapping[str, Any]  # what was replaced, as it was asked
    overrides: Values  # the same, by view and version
    fingerprint: str

    @property
    def said(self) -> str:
        """Return what was replaced, as JSON."""
        return json.dumps(dict(self.params), sort_keys=True, default=str)


def versions(catalog: Catalog, name: str, wanted: Sequence[int] = ()) -> list[View]:
    """Return the versions of a detector that are meant; of none wanted the one in force."""
    found = catalog.find(name)
    if not found.is_detector:
        raise QueryError(f"{name}: it is no detector, so it has no alerts; name a detector")
    own = {view.version: view for view in catalog.views[found.stable]}
    for version in wanted:
        if version not in own:
            have = ", ".join(map(str, own))
            raise ViewError(f"{found.id}: it has no version {version}; it has {have}")
    return [own[version] for version in wanted] or [found]


def below(catalog: Catalog, view: View) -> list[View]:
    """Return a view and all that it reads, as they are in force."""
    seen, todo = {view.stable: view}, list(view.reads)
    while todo:
        name = todo.pop()
        if name in catalog.views and name not in seen:
            seen[name] = catalog.in_force(name)
            todo += seen[name].reads
    return list(seen.values())


def trials(
    catalog: Catalog, views: Iterable[View], grid: Mapping[str, Sequence[str]], base: Values
) -> list[Trial]:
    """Return every set of a grid for every one of these versions, numbered by detector.

    base is what the settings replace already. A name that no view of a detector has, or a value of
    another type than the parameter's, is a ConfigError.
    """
    found: list[Trial] = []
    numbers: dict[str, int] = {}
    n_sets = 1
    for name, values in grid.items():
        if not values:
            raise ConfigError(f"--param: '{name}' has no value; write {name}=2,3")
        if len(set(values)) < len(values):
            raise ConfigError(f"--param: '{name}' has a value twice; say each once")
        n_sets *= len(values)
    if n_sets > MOST_TRIALS:
        raise ConfigError(f"--param: {n_sets:,} sets; try at most {MOST_TRIALS:,} at a time")
    for view in views:
        holders = {name: _holders(catalog, view, name) for name in grid}
        for values in product(*grid.values()):
            params = {name: read_value(text) for name, text in zip(grid, values, strict=True)}
            overrides: dict[str, dict[str, Any]] = {}
            for name, value in params.items():
                for holder in holders[name]:
                    own = overrides.setdefault(f"{holder.id}.v{holder.version}", {})
                    own[name.rpartition(".")[2]] = value
            number = numbers[view.id] = numbers.get(view.id, 0) + 1
            bound = bound_by(catalog, base, overrides)[view.pinned]
            found.append(Trial(number, view, params, overrides, bound.fingerprint))
    return found


def bound_by(catalog: Catalog, base: Values, overrides: Values) -> dict[str, Bound]:
    """Return every view as these parameters have it, by its pinned name."""
    return {each.view.pinned: each for each in catalog.bind(merged(base, overrides))}


def merged(base: Values, overrides: Values) -> dict[str, dict[str, Any]]:
    """Return what both replace; the second is stronger."""
    names = {*base, *overrides}
    return {name: {**base.get(name, {}), **overrides.get(name, {})} for name in names}


def varied(given: Sequence[Trial]) -> set[str]:
    """Return the views, by id and version, whose parameters are not the same in all trials."""
    names = {name for trial in given for name in trial.overrides}
    return {name for name in names if len({_key(t.overrides.get(name)) for t in given}) > 1}


def _key(values: Any) -> str:
    return json.dumps(values, sort_keys=True, default=str)


def _holders(catalog: Catalog, view: View, full: str) -> list[View]:
    """Return the views that a parameter is meant for: the detector's own, or what it reads."""
    identity, _, name = full.rpartition(".")
    views = below(catalog, view)
    found = [
        each
        for each in views
        if name in [param.name for param in each.params] and identity in ("", each.id, each.stable)
    ]
    if not found:
        known = [param.name for each in views for param in each.params]
        known += [f"{each.id}.{param.name}" for each in views for param in each.params]
        raise ConfigError(
            f"--param: neither {view.id} v{view.version} nor what it reads has "
            f"'{full}'{nearest(full, known)}"
        )
    # A name that the detector has itself is its own, whatever is called so below it.
    return [view] if view in found and not identity else found
