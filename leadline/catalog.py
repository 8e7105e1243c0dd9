"""The views of a project: found by walking sql/, ordered by what they read, named by version."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from leadline import contract as contracts
from leadline import project
from leadline.engine import reader
from leadline.errors import ViewError, first_line, nearest
from leadline.header import Header, digest_of, text_of
from leadline.params import Param, overridden, parameters
from leadline.span import NOTHING, Needs, stretch
from leadline.syntax import nodes
from leadline.texts import TEXTS

KEYS = (
    "rule", "what", "grain", "scope", "scaled", "status", "keep", "shared", "every", "severity",
    "needs", "changed", "misses", "noisy", "route",
)  # fmt: skip
STATUSES = ("draft", "live", "retired")
SEVERITIES = ("info", "low", "medium", "high", "critical")
KEEPS = ("partials", "tick", "rolling")
# What every detector returns; the meanings are those of the rule book, 0.1.
DETECTOR = {
    "entity": ("varchar", "what a person watches"),
    "entity_type": ("varchar", "contract, underlying, pair, manager, issuer, portfolio or market"),
    "happened_at": ("timestamp with time zone", "when it happened"),
    "fired_at": ("timestamp with time zone", "the first moment at which it could be known"),
    "direction": ("varchar", "bull, bear or neutral; null where the side is unknown"),
    "score": ("double", "0 to 100, how far from usual; severity is its cut"),
    "confidence": ("double", "0 to 1, how good the evidence is"),
    "notional_usd": ("double", "what it weighs in USD; null where that is unknown"),
    "headline": ("varchar", "one sentence with the numbers that matter"),
    "evidence": ("json", "every number that the row is computed from"),
    "alert_key": ("varchar", "detector, entity, first row's id and bucket: the alert's identity"),
}
SEVERITY = (
    "case when score < 20 then 'info' when score < 40 then 'low' when score < 60 then 'medium' "
    "when score < 80 then 'high' else 'critical' end"
)
_FILE = re.compile(r"(?P<name>[a-z][a-z0-9_]*)\.v(?P<version>[1-9][0-9]*)\.sql")
OPS = ("ops.clock", "ops.params", "ops.views")  # what the engine itself lays out
ALL_LIVE = "detectors.all_live"  # and the union of every live detector's rows
_TIMES = ("fired_at", "known_at")


@dataclass(frozen=True)
class View:
    """One version of one view, as its file says."""

    path: Path
    schema: str
    name: str
    id: str
    version: int
    header: Header
    text: str
    params: tuple[Param, ...]
    reads: tuple[str, ...]

    @property
    def stable(self) -> str:
        """The name that analysts read: the highest live version, else the highest draft."""
        return f"{self.schema}.{self.name}"

    @property
    def pinned(self) -> str:
        """The name of this version."""
        return f"{self.stable}_v{self.version}"

    @property
    def is_detector(self) -> bool:
        """Say whether it returns the eleven columns of a detector."""
        return self.schema == "detectors"

    @property
    def is_check(self) -> bool:
        """Say whether it returns the bad rows of a dataset, which its folder names."""
        return self.schema == "checks"

    @property
    def status(self) -> str:
        """draft, live or retired."""
        return self.header["status"]

    def needs_of(self, read: str) -> Needs:
        """How far before the span it reads one of its inputs."""
        return self._needs.get(read, self._needs[""])

    @property
    def needs(self) -> Iterable[Needs]:
        """How far before the span it reads each of its inputs."""
        return [self.needs_of(read) for read in self.reads]

    @cached_property
    def _needs(self) -> Mapping[str, Needs]:
        """The header's `needs`, by the input that it is of; else of all the others."""
        line = self.header.lines.get("needs", 1)
        rest, *named = (self.header.get("needs") or "0s").split(", ")
        found = {"": Needs.of(rest, self.path, line)}
        for part in named:
            said, _, name = part.partition(" of ")
            if name not in self.reads:
                near = nearest(name, self.reads)
                raise ViewError(
                    f"{self.path}:{line}: needs names '{name}', which it does not read{near}"
                )
            found[name] = Needs.of(said, self.path, line)
        return found

    @cached_property
    def keeps(self) -> Mapping[str, timedelta]:
        """What of it is computed once: `partials` of closed days, its rows of one `tick`.

        Or `rolling`, from tick to tick, those whose stretch of time is over; 0s where each is
        final as soon as it is known.
        """
        said, line = self.header.get("keep"), self.header.lines.get("keep", 1)
        found: dict[str, timedelta] = {}
        for part in said.split(", ") if said is not None else ():
            word, _, text = part.partition(" ")
            length = stretch(text or "0s")
            if length is None or word not in KEEPS or (text and word != "rolling"):
                raise ViewError(
                    f"{self.path}:{line}: keep is '{said}'; it takes partials, tick, rolling, "
                    f"rolling 1h, or partials with one of these: partials, rolling 1h"
                )
            found[word] = length
        return found

    @property
    def every(self) -> timedelta:
        """How often it is worth asking again."""
        said, line = self.header.get("every"), self.header.lines.get("every", 1)
        if (found := stretch(said or "0s")) is None:
            raise ViewError(f"{self.path}:{line}: every is '{said}'; it takes 5s, 1m, 2h or 1d")
        return found

    @cached_property
    def digest(self) -> str:
        """The digest of the file's tokens, which the lock freezes."""
        return digest_of(self.text, self.path)

    @property
    def comments(self) -> dict[str, str]:
        """What the last select says of its columns, each on its own line."""
        last = self.text[self.text.rfind("\nselect") :]
        found = re.findall(r"^ {4}.*?(\w+),?  -- (.+)$", last, re.MULTILINE)
        return dict(found)


@dataclass(frozen=True)
class Bound:
    """A view as it is in force: its SQL with overrides, what it reads, and its fingerprint."""

    view: View
    sql: str
    params: Mapping[str, str]
    inputs: Mapping[str, int]
    fingerprint: str


class Catalog:
    """Everything under sql/ of one project."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.views: dict[str, list[View]] = {}
        self.contracts = contracts.read(project.found(root, "sql/tables/*.sql").values())
        for view in sorted(_found(root), key=lambda each: each.version):
            self.views.setdefault(view.stable, []).append(view)
        TEXTS.keep()
        self._readable()

    def all(self) -> list[View]:
        """Return every version of every view, by name and version."""
        return [view for name in sorted(self.views) for view in self.views[name]]

    def in_force(self, name: str, pins: Mapping[str, int] | None = None) -> View:
        """Return the version that a stable name stands for; pins are by id or stable name."""
        versions = self.views[name]
        pin = (pins or {}).get(name, (pins or {}).get(versions[0].id))
        if pin is not None:
            for view in versions:
                if view.version == pin:
                    return view
            have = ", ".join(str(view.version) for view in versions)
            raise ViewError(f"{name}: it has no version {pin}; it has {have}")
        for status in ("live", "draft", "retired"):
            if found := [view for view in versions if view.status == status]:
                return found[-1]
        raise AssertionError(name)

    def find(self, name: str) -> View:
        """Return the view that a person means: stable or pinned name, or a detector's id."""
        for view in self.all():
            if name == view.pinned:
                return view
        for versions in self.views.values():
            if name in (versions[0].stable, versions[0].id):
                return self.in_force(versions[0].stable)
        known = [view.stable for view in self.all()] + [view.id for view in self.all()]
        raise ViewError(f"{name}: no such view{nearest(name, known)}; leadline views lists them")

    def bind(
        self,
        overrides: Mapping[str, Mapping[str, Any]] | None = None,
        pins: Mapping[str, int] | None = None,
    ) -> list[Bound]:
        """Return every version in an order in which each can be created, with its fingerprint."""
        self._known(overrides or {}, pins or {})
        bound: dict[str, Bound] = {}
        for view in self._ordered(pins or {}):
            is_in_force = view is self.in_force(view.stable, pins)
            values = _overrides(view, overrides or {}, is_in_force)
            sql, params = overridden(view.text, view.params, values)
            inputs: dict[str, int] = {}
            prints = []
            for name in self._read_by(view, pins or {}):
                if name in self.views:
                    read = bound[self.in_force(name, pins).pinned]
                    inputs |= {**read.inputs, name: read.view.version}
                    prints.append(read.fingerprint)
                elif name.startswith("raw."):
                    prints.append(self.contracts[name.removeprefix("raw.")].digest)
            said = json.dumps([view.digest, sorted(params.items()), sorted(prints)])
            fingerprint = hashlib.sha256(said.encode()).hexdigest()[:16]
            bound[view.pinned] = Bound(view, sql, params, dict(sorted(inputs.items())), fingerprint)
        return list(bound.values())

    def all_live(self, pins: Mapping[str, int] | None = None) -> list[View]:
        """Return the detectors that the union of alerts holds."""
        found = [self.in_force(name, pins) for name in sorted(self.views)]
        return [view for view in found if view.is_detector and view.status == "live"]

    def is_state(self, name: str) -> bool:
        """Say whether a view reads nothing but state, so that no span cuts it from below."""
        if name.startswith("raw."):
            return not self.contracts[name.removeprefix("raw.")].is_event
        if name == ALL_LIVE:
            return all(self.is_state(view.stable) for view in self.all_live())
        if name not in self.views:
            return True
        return all(self.is_state(read) for read in self.in_force(name).reads)

    def reads(self, name: str, pins: Mapping[str, int]) -> Iterable[tuple[str, Needs]]:
        """Return what a stable name reads, and how far before its span."""
        if name == ALL_LIVE:
            return [(view.stable, NOTHING) for view in self.all_live(pins)]
        if name not in self.views:
            return []
        view = self.in_force(name, pins)
        return [(read, view.needs_of(read)) for read in view.reads]

    def _ordered(self, pins: Mapping[str, int]) -> Iterator[View]:
        done: set[str] = set()

        def visit(view: View, path: tuple[str, ...]) -> Iterator[View]:
            if view.pinned in path:
                circle = " reads ".join((*path[path.index(view.pinned) :], view.pinned))
                raise ViewError(f"{view.path}: {circle}; break the circle")
            if view.pinned in done:
                return
            for name in self._read_by(view, pins):
                if name in self.views:
                    yield from visit(self.in_force(name, pins), (*path, view.pinned))
            done.add(view.pinned)
            yield view

        for view in self.all():
            yield from visit(view, ())

    def _read_by(self, view: View, pins: Mapping[str, int]) -> Iterator[str]:
        """Yield what a view reads; the union of alerts is each of its detectors."""
        for name in view.reads:
            if name == ALL_LIVE:
                yield from (live.stable for live in self.all_live(pins))
            else:
                yield name

    def _readable(self) -> None:
        """Raise a ViewError for a name that no view may read, or that means two."""
        known = {*self.views, *OPS, ALL_LIVE, *(f"raw.{name}" for name in self.contracts)}
        for view in self.all():
            if view.id != view.stable and (others := self.views.get(view.id)):
                other = f"'{view.id}' is the name of {others[0].path}"
                raise ViewError(f"{view.path}: {other}; rename one")
            for name in view.reads:
                if name not in known:
                    near = nearest(name, known)
                    raise ViewError(f"{view.path}: it reads '{name}', which is no view{near}")

    def _known(self, overrides: Mapping[str, Any], pins: Mapping[str, int]) -> None:
        ids = {view.id for view in self.all()} | set(self.views)
        ids |= {f"{view.id}.v{view.version}" for view in self.all()}
        for name in (*overrides, *pins):
            if name not in ids:
                raise ViewError(f"params: there is no view '{name}'{nearest(name, ids)}")


def time_column(columns: Iterable[str]) -> str | None:
    """Return the column that a span cuts: fired_at of detectors, else known_at."""
    names = list(columns)
    return next((name for name in _TIMES if name in names), None)


def _overrides(
    view: View, overrides: Mapping[str, Mapping[str, Any]], is_in_force: bool
) -> dict[str, Any]:
    """Return what is said of a view; of a version out of force only what it has can be said."""
    own = {param.name for param in view.params}
    said = {**overrides.get(view.stable, {}), **overrides.get(view.id, {})}
    meant = {key: value for key, value in said.items() if is_in_force or key in own}
    return {**meant, **overrides.get(f"{view.id}.v{view.version}", {})}


def _found(root: Path) -> Iterator[View]:
    folders = ("views", True, ""), ("detectors", False, "detectors"), ("checks", False, "checks")
    for folder, schema_of, prefix in folders:
        for said, path in project.found(root, f"sql/{folder}/**/*.sql").items():
            if said.count("/") != 3:
                raise ViewError(f"{path}: a view lies one folder below sql/{folder}; move it")
            place = path.parent.name
            schema, name = (place, "") if schema_of else (prefix, f"{place}_")
            yield _view(path, schema, name, place)


def _view(path: Path, schema: str, prefix: str, family: str) -> View:
    named = _FILE.fullmatch(path.name)
    if not named:
        raise ViewError(f"{path}: its name is no name.vN.sql; rename it")
    text = text_of(path)
    needed = ["what", "grain", "status"]
    if schema == "detectors":
        needed += ["rule", "every", "needs", "misses", "noisy"]
    if schema == "checks":
        needed += ["every", "severity"]
    header = Header.of(path, text, KEYS, needed)
    header.one_of("status", STATUSES)
    for key, values in (("severity", SEVERITIES), ("shared", ("never",))):
        if header.get(key):
            header.one_of(key, values)
    if int(named["version"]) > 1 and not header.get("changed"):
        before = int(named["version"]) - 1
        raise ViewError(f"{path}:1: the header has no 'changed'; say what v{before} did wrong")
    try:
        reads = tuple(TEXTS.recall("reads", text, lambda: _reads(text)))
    except duckdb.Error as error:
        raise ViewError(sentence(path, error)) from error
    name = prefix + named["name"]
    identity = f"{family}.{named['name']}"
    params = parameters(path, text)
    return View(
        path, schema, name, identity, int(named["version"]), header, text, params, reads
    )  # fmt: skip


def _reads(text: str) -> list[str]:
    """Return the views that a text names with their schema."""
    with reader() as con:
        try:
            found = con.get_table_names(text, qualified=True)
            names = {name.split(" AS ")[0].replace('"', "") for name in found}
        except duckdb.BinderException as error:  # it binds a frame's bounds and as-ofs, and can't
            if "RANGE" not in str(error) and "ASOF" not in str(error):
                raise
            tables = (node for node in nodes(con, text) if node.get("type") == "BASE_TABLE")
            names = {".".join(table["qualified_name"]["path"]) for table in tables}
    return sorted(name for name in names if "." in name)


def sentence(path: Path, error: duckdb.Error, above: int = 0, known: Iterable[str] = ()) -> str:
    """Return what DuckDB says of a text, with the line that it means.

    `above` is how many lines of the text DuckDB did not count; `known` are the names that could
    have been meant where it proposes none.
    """
    said = str(error).strip()
    what = first_line(error).rstrip("!")
    line = re.search(r"^LINE (\d+): ", said, re.MULTILINE)
    where = f"{path}:{int(line[1]) + above}" if line else f"{path}"
    return f"{where}: {what}{_hint(what, said, known)}"


def _hint(what: str, said: str, known: Iterable[str]) -> str:
    proposed = re.search(r"^(?:Candidate bindings|Did you mean).*$", said, re.MULTILINE)
    names = re.findall(r'"([^"]+)"', proposed[0]) if proposed else []
    meant = re.search(r'(?:column(?: named)?|name) "?(\w+)"?(?: not found| does not exist|$)', what)
    near = nearest(meant[1], names or known) if meant else ""
    return near or (f"; did you mean '{names[0]}'" if names else "; mend the statement")
