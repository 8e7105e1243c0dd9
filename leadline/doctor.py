"""Examines an installation, its project and its store; each finding names its cause and its fix.

It raises nothing, whatever it finds: what one look can't tell, the next ones may.
"""

import os
import re
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import duckdb
from packaging.requirements import InvalidRequirement, Requirement

from leadline import clock, config, homes, lock, project, serving
from leadline.catalog import Catalog
from leadline.clock import Span
from leadline.config import Config
from leadline.engine import Engine
from leadline.errors import LeadlineError, first_line, nearest
from leadline.home import Home
from leadline.rule import Written, written
from leadline.schedule import UPKEEP
from leadline.store import Store
from leadline.warehouse import Warehouse

ROOM = 0.05  # of a disk, below which a compaction may not fit,
SPARE = 1_000_000_000  # unless so many bytes are left beside a copy of the whole store
MANY = 1_000  # files of a dataset, from which on questions are slow
OLD = timedelta(days=2)  # what is out of use for longer nobody reads any more
SOON = timedelta(days=30)  # the calendar's end
_JUST_AFTER = timedelta(microseconds=1)
_EXTRAS = {"s3": "s3fs", "greeks": "QuantLib", "verify": "fastparquet", "spark": "pyspark"}
_KEYS = {
    "massive": ("LEADLINE_MASSIVE_KEY_ID", "LEADLINE_MASSIVE_SECRET"),
    "equity_bars_alpaca": ("LEADLINE_ALPACA_KEY_ID", "LEADLINE_ALPACA_SECRET"),
}
_SECRETS = (".env", "*.secret", "*secrets*.toml", "*.pem")
_UNITS = {"k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: where, why, and what mends it."""

    name: str
    where: str
    cause: str
    fix: str

    def __str__(self) -> str:
        return f"{self.where}: {self.cause}; {self.fix}"


@dataclass
class Doctor:
    """What is examined, and the machine that it is on."""

    root: Path
    flags: Mapping[str, Any] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)
    now: Callable[[], datetime] = clock.now
    version: Callable[[str], str] = metadata.version
    room: Callable[[Path], tuple[int, int]] = lambda place: shutil.disk_usage(place)[::2]
    memory: Callable[[], int] = lambda: os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    port: int | None = None
    channel: Callable[[Path, str, Mapping[str, Any]], object] = lambda root, name, table: None

    def examine(self) -> Iterator[Finding]:
        """Yield every finding, from what all else stands on to what is told of the data."""
        yield from self._packages()
        try:
            settings = config.read(self.root, self.flags)
        except LeadlineError as error:
            yield _told("settings", error)
            return
        yield from self._settings(settings)
        yield from self._secrets(settings)
        if self.port is not None:
            yield from self._port(self.port)
        try:
            place = homes.of(settings, self.root)
            blocking = list(self._place(place))
        except LeadlineError as error:
            yield _told("store", error)
            return
        yield from blocking
        try:
            catalog = Catalog(self.root)
        except LeadlineError as error:
            yield _told("views", error)
            return
        yield from self._lock(catalog)
        if any(found.name in ("no store", "no folder") for found in blocking):
            return
        try:
            with closing(Engine(settings.engine())) as engine:
                yield from self._inside(catalog, engine, settings, place)
        except (LeadlineError, duckdb.Error) as error:
            yield _told("store", error)

    def _inside(
        self, catalog: Catalog, engine: Engine, settings: Config, place: Home
    ) -> Iterator[Finding]:
        with closing(Store(place, catalog.contracts, engine)) as store:
            broken = list(self._files(store))
            yield from broken
            if broken and any(found.name in ("log", "file") for found in broken):
                return  # no question can be answered over it
            try:
                yield from self._ledger(store)
                opened = Warehouse(catalog, store, engine, settings.params)
            except (LeadlineError, duckdb.Error) as error:
                yield _told("views", error)
                return
            with closing(opened) as warehouse:
                yield from self._told(warehouse)

    def _packages(self) -> Iterator[Finding]:
        try:
            needed = metadata.requires("leadline") or []
        except metadata.PackageNotFoundError:
            needed = []
        for line in needed:
            try:
                asked = Requirement(line)
            except InvalidRequirement:
                continue
            if asked.marker and not asked.marker.evaluate({"extra": ""}):
                continue
            try:
                have = self.version(asked.name)
            except metadata.PackageNotFoundError:
                fix = f"pip install '{asked.name}{asked.specifier}'"
                yield Finding("package", asked.name, "it is not installed", fix)
                continue
            if not asked.specifier.contains(have, prereleases=True):
                cause = f"version {have} is not {asked.specifier}"
                yield Finding("version", asked.name, cause, f"pip install -U '{line}'")

    def _extra(self, extra: str, why: str) -> Iterator[Finding]:
        try:
            self.version(_EXTRAS[extra])
        except metadata.PackageNotFoundError:
            cause = f"{_EXTRAS[extra]} is not installed, which {why} needs"
            yield Finding("extra", f"leadline[{extra}]", cause, f"pip install 'leadline[{extra}]'")

    def _settings(self, own: Config) -> Iterator[Finding]:
        if own.store.startswith("s3://"):
            yield from self._extra("s3", "the store")
        if own.memory and _bytes(own.memory) > self.memory():
            cause = f"memory is '{own.memory}', the machine has {self.memory() / 1e9:.1f}GB"
            yield Finding("memory", config.FILE, cause, "set less, or leave it out")
        jobs = {*project.feeds(self.root), *UPKEEP}
        for name in own.schedule:
            if name not in jobs:
                cause = f"[schedule.{name}] names no feed{nearest(name, jobs)}"
                yield Finding("schedule", config.FILE, cause, "leadline feeds lists them")
        rules = [each for each in written(self.root, own.rules) if isinstance(each, Written)]
        used = {name for rule in rules for name in _list(rule.table.get("channels"))}
        for name in sorted(own.channels.keys() - used) if rules else ():
            cause = f"[channels.{name}] is named by no rule"
            yield Finding("unused", config.FILE, cause, "name it in a rule's channels, or drop it")
        for name in sorted(used - own.channels.keys()):
            cause = (
                f"a rule names channel '{name}', which is not there{nearest(name, own.channels)}"
            )
            yield Finding("channel", config.FILE, cause, f"write [channels.{name}]")

    def _secrets(self, own: Config) -> Iterator[Finding]:
        for feed in own.schedule:
            for source, names in _KEYS.items():
                missing = [name for name in names if not self.env.get(name)]
                if feed.startswith(source) and missing:
                    cause = f"it is scheduled and {' and '.join(missing)} is not set"
                    yield Finding(
                        "secret", feed, cause, "set it in the environment of the schedule"
                    )
            if feed.startswith("sec_") and not own.contact:
                cause = "it is scheduled and the SEC refuses who does not say whom to write to"
                yield Finding("contact", feed, cause, f"set contact in {config.FILE}")
        for name, table in own.channels.items():
            try:
                self.channel(self.root, name, table)
            except LeadlineError as error:
                yield _told("channel", error)
        try:
            serving.read(self.root, own.serve, self.env)
        except LeadlineError as error:
            yield _told("serve", error)
        for pattern in _SECRETS:
            for path in sorted(self.root.glob(pattern)):
                mode = path.stat().st_mode & 0o777
                if mode & 0o077:
                    cause = f"others may read it, its mode is {mode:o}"
                    yield Finding("mode", str(path), cause, f"chmod 600 {path}")

    def _port(self, port: int) -> Iterator[Finding]:
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            fix = "end what listens there, or serve with another --port"
            yield Finding("port", f"127.0.0.1:{port}", "the port is in use", fix)

    def _place(self, place: Home) -> Iterator[Finding]:
        if not (place.exists() if isinstance(place, Path) else place.is_there()):
            cause = "there is no store yet"
            yield Finding("no store", str(place), cause, "run leadline load sessions, or --store")
            return
        if not isinstance(place, Path):
            return
        if not place.is_dir():
            cause = "it is no folder"
            yield Finding("no folder", str(place), cause, "name a folder with LEADLINE_STORE")
            return
        if not os.access(place, os.W_OK | os.X_OK):
            cause = "it can't be written to"
            yield Finding("rights", str(place), cause, f"chmod u+rwx {place}, or run as its owner")
        whole, free = self.room(place)
        if free < ROOM * whole and free < SPARE + _size(place):
            cause = f"its disk has {free / 1e9:.1f} GB left of {whole / 1e9:.1f}"
            fix = "run leadline store vacuum, or move it to a larger disk"
            yield Finding("disk", str(place), cause, fix)

    def _lock(self, catalog: Catalog) -> Iterator[Finding]:
        try:
            for sentence in lock.problems(catalog):
                where, _, rest = sentence.partition(": ")
                cause, _, fix = rest.partition("; ")
                yield Finding("lock", where, cause, fix or "run leadline lock")
        except LeadlineError as error:
            yield _told("lock", error)

    def _files(self, store: Store) -> Iterator[Finding]:
        now = self.now()
        for name, table in store.tables.items():
            try:
                table.refresh()
                table.agree()
                files = table.files()
            except LeadlineError as error:
                yield Finding("log", str(table.place), *_parted(error))
                continue
            there = {found.name: found for found in table.place.found()}
            for file in files:
                path, found = str(table.place / file["path"]), there.pop(file["path"], None)
                if found is None:
                    cause, fix = "the log names it and it is gone", "bring it back from a backup"
                    yield Finding("file", path, cause, fix)
                elif found.size != file["size"]:
                    cause = f"{found.size:,} bytes, the log says {file['size']:,}"
                    yield Finding("file", path, cause, "bring it back from a backup")
            if not files and there:
                cause = "it has files and no log names one"
                yield Finding("log", str(table.place), cause, "bring _delta_log back from a backup")
                continue
            if old := [found for found in there.values() if now - found.modified_at > OLD]:
                cause = f"{len(old):,} files of {sum(found.size for found in old):,} bytes are "
                cause += "out of use for days"
                yield Finding("vacuum", str(table.place), cause, "run leadline store vacuum")
            folders = table.place.glob("_made-*") if isinstance(table.place, Path) else ()
            if made := [path for path in folders if _age(path, now) > OLD / 48]:
                cause = f"a killed load left {made[0].name}"
                yield Finding("leftover", str(table.place), cause, f"rm -r {made[0]}")
            if len(files) > MANY:
                cause = f"{len(files):,} small files slow every question"
                yield Finding("small", str(table.place), cause, f"leadline store compact {name}")

    def _ledger(self, store: Store) -> Iterator[Finding]:
        store.ledger.refresh()
        ahead = store.ledger.newest() - self.now()
        if ahead > timedelta(minutes=1):
            cause = f"its newest load was recorded {ahead} after this machine's clock"
            yield Finding("clock", str(store.place), cause, "set the machine's clock by NTP")

    def _told(self, warehouse: Warehouse) -> Iterator[Finding]:
        """Yield what the store's own views say."""
        warehouse.refresh()
        now = self.now()
        ends = max((moments[-1] for moments in warehouse.closes.values()), default=None)
        where, again = str(warehouse.store.place), "run leadline load sessions"
        if ends is None:
            yield Finding("sessions", where, "it holds no sessions", again)
        elif ends - now < SOON:
            cause = f"its sessions end on {ends:%Y-%m-%d}"
            yield Finding("sessions", where, cause, again)
        for row in _rows(warehouse, "ops.feeds", now):
            if row["state"] in ("STALE", "PARTIAL", "DRIFT"):
                name = f"{row['feed']} ({row['dataset']})"
                fix = {
                    "STALE": f"run leadline load {row['feed']}, or see why it does not run",
                    "PARTIAL": "from ops.feed_gaps shows them; load the stretch from files",
                    "DRIFT": "from ops.rejected shows them, if its source changed mend the loader",
                }[row["state"]]
                yield Finding("feed", name, f"{row['state']}, {row['reason']}", fix)
        for row in _rows(warehouse, "ops.checks", now):
            if row["state"] in ("failing", "broken"):
                n_bad = row["n_bad"] or 0
                cause = row["reason"] or f"it calls {n_bad:,} rows bad"
                fix = f"leadline check data {row['check_id']} shows them"
                yield Finding("check", row["check_id"], cause, fix)
        counts: dict[str, int] = {}
        for line in _rows(warehouse, "ops.loads", now):
            if now - line["recorded_at"] < timedelta(days=7) and line["n_rejected"]:
                counts[line["feed"]] = counts.get(line["feed"], 0) + line["n_rejected"]
        for feed, n in counts.items():
            cause = f"{n:,} rows were set aside in the last week"
            yield Finding("rejected", feed, cause, "from ops.rejected tells why; mend the loader")
        if (warehouse.store.place / "_kept").is_there():
            missing = {
                name: n
                for name, kept in warehouse.kept.items()
                if (n := len(kept.missing(Span(clock.BEGINNING, now))))
            }
            if missing:
                cause = f"kept partials of {sum(missing.values()):,} days are missing"
                yield Finding("kept", ", ".join(sorted(missing)), cause, "run leadline refresh")


def _size(place: Path) -> int:
    """Return how many bytes the files of a folder have; one that goes meanwhile has none."""
    size = 0
    for folder, _, names in os.walk(place):
        for name in names:
            with suppress(OSError):
                size += os.lstat(os.path.join(folder, name)).st_size
    return size


def as_json(findings: list[Finding]) -> list[dict[str, str]]:
    """Return findings as plain values."""
    return [asdict(found) for found in findings]


def _rows(warehouse: Warehouse, view: str, now: datetime) -> list[dict[str, Any]]:
    if view not in warehouse.names():
        return []  # a small project has it not
    until = max(now, warehouse.store.ledger.newest()) + _JUST_AFTER
    found = warehouse.ask(view, clock.BEGINNING, until)
    return list(found.to_arrow_table().to_pylist())


def _told(name: str, error: Exception) -> Finding:
    where, _, _ = first_line(error).partition(": ")
    return Finding(name, where, *_parted(error))


def _parted(error: Exception) -> tuple[str, str]:
    """Return what an error's sentence says is wrong, and what to do now."""
    _, _, rest = first_line(error).partition(": ")
    cause, _, fix = (rest or str(error)).partition("; ")
    return cause, fix or "mend it, and run leadline doctor again"


def _bytes(size: str) -> float:
    number = float(re.match(r"[\d.]+", size)[0])  # type: ignore[index]
    unit = size[len(re.match(r"[\d.]+ ?", size)[0]) :].lower()  # type: ignore[index]
    return 0 if unit == "%" else number * _UNITS[unit[0]]


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _age(path: Path, now: datetime) -> timedelta:
    return now - datetime.fromtimestamp(path.stat().st_mtime, now.tzinfo)
