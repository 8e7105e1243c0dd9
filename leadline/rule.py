"""A rule: which rows of a view are worth an alert, what each is about, and how long it lives.

It is read from [rules.NAME] of leadline.toml or from rules/NAME.toml, and checked whole: whatever
can't be used is a ConfigError that names the place.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from leadline.catalog import ALL_LIVE, SEVERITIES, SEVERITY, time_column
from leadline.clock import stamp
from leadline.condition import problem
from leadline.config import FILE, read_toml
from leadline.due import clock_times
from leadline.errors import ConfigError, QueryError, ViewError, nearest
from leadline.quiet import MUTES, Wait
from leadline.warehouse import Warehouse

FOLDER = "rules"
NOTHING = Wait()
# How long an alert of a detector is open after its last row, and quiet after that (0.6). Crypto,
# what is seen within the session, and what is said once a day.
LIVES = {
    "crypto": (Wait(timedelta(minutes=5)), Wait(timedelta(minutes=15))),
    "intraday": (Wait(timedelta(minutes=15)), Wait(timedelta(minutes=60))),
    "daily": (Wait(sessions=1), Wait(sessions=1)),
}
_DAILY = (
    "filings",
    "off_exchange.imbalance",
    "off_exchange.ratio",
    "off_exchange.short_share",
    "options.oi_change",
    "options.opened",
    "options.stock_volume",
)
_KEYS = (
    "of", "where", "key", "for", "ends", "keep", "cooldown", "group", "wait", "repeat", "mute",
    "no_data", "severity", "channels", "expires", "digest",
)  # fmt: skip
_WAITS = ("for", "keep", "cooldown", "wait", "repeat", "no_data")
_TEXTS = ("of", "where", "ends", "severity", "expires", "digest")
_LISTS = ("key", "group", "mute", "channels")

Fault = Callable[[str, str], ConfigError]


@dataclass(frozen=True)
class Rule:
    """A rule that can be used, with what it did not say filled in."""

    name: str
    of: str  # a view's stable name
    where: str
    ends: str | None
    key: tuple[str, ...]
    waits: Mapping[str, Wait]
    mute: tuple[str, ...]
    severity: str | None  # the floor; of a view without severities, what its alerts have
    expires: datetime | None
    has_severity: bool  # of its view
    time: str | None  # the column of its view that says when; None where it is looked at as it is
    definition: Mapping[str, Any]  # as it was written, with what it did not say

    @property
    def is_detector(self) -> bool:
        """Say whether its rows are alerts: instants, that the loop appended."""
        return self.of.startswith("detectors.")

    @property
    def needs_calendar(self) -> bool:
        """Say whether it counts sessions, or is muted by them."""
        return bool(self.mute) or any(wait.sessions for wait in self.waits.values())

    @property
    def text(self) -> str:
        """The definition as JSON."""
        return json.dumps(self.definition, sort_keys=True)


@dataclass(frozen=True)
class Written:
    """A rule as it was written, and where."""

    name: str
    place: str
    table: Mapping[str, Any]


def written(
    root: Path, tables: Mapping[str, Mapping[str, Any]]
) -> Iterator[Written | tuple[str, ConfigError]]:
    """Yield every rule of a project: of its settings, and of a file each.

    One that can't be read is its name and what is wrong with it.
    """
    for name, table in sorted(tables.items()):
        yield Written(name, f"{FILE}: rules.{name}", table)
    for path in sorted((root / FOLDER).glob("*.toml")):
        try:
            each = of_file(path, f"{FOLDER}/{path.name}")
            if each.name in tables:
                raise ConfigError(f"{each.place}: {FILE} has a rule '{each.name}'; rename one")
        except ConfigError as error:
            yield path.stem, error
        else:
            yield each


def of_file(path: Path, place: str | None = None) -> Written:
    """Read a rule's file; what is no TOML is a ConfigError."""
    return Written(path.stem, place or str(path), read_toml(path))


def checked(said: Written, house: Warehouse, channels: Collection[str]) -> Rule:
    """Return a rule that can be used, or raise a ConfigError that says what is wrong with it."""
    table = said.table

    def fault(key: str, what: str) -> ConfigError:
        return ConfigError(f"{said.place}: {key} {what}" if key else f"{said.place}: {what}")

    for key in table:
        if key not in _KEYS:
            raise ConfigError(f"{said.place}: unknown key '{key}'{nearest(key, _KEYS)}")
    _typed(table, fault)
    of, columns = _view(table, house, fault)
    time = time_column(columns)
    for key in ("where", "ends"):
        if key in table and (wrong := problem(table[key], columns)):
            raise fault(key, f"is '{table[key]}': {wrong}")
    keys = _columns("key", table.get("key", ["entity"]), columns, fault)
    if not keys:
        raise fault("key", "is empty; name the columns that say what an alert is about")
    _columns("group", table.get("group", []), columns, fault)
    keep, cooldown = _lives(of, house)
    waits = {"keep": keep, "cooldown": cooldown}
    waits |= {key: _wait(key, table[key], fault) for key in _WAITS if key in table}
    if of.startswith("detectors.") and not waits["keep"]:
        raise fault("keep", "is no time at all; a detector's row is an instant, so write 5m")
    if "no_data" in waits and of.startswith("detectors."):
        raise fault(
            "no_data",
            f"watches a view whose rows keep coming; {table['of']} may have none for days",
        )
    if "no_data" in waits and not waits["no_data"]:
        raise fault("no_data", "is no time at all; write 5m")
    _one_of("mute", table.get("mute", []), MUTES, fault)
    if "earnings" in table.get("mute", ()) and "entity" not in columns:
        raise fault("mute", f"says earnings, and {of} has no column entity; leave it out")
    if "severity" in table:
        _one_of("severity", [table["severity"]], SEVERITIES, fault)
    _one_of("channels", table.get("channels", []), channels, fault, "; add [channels.NAME]")
    if "digest" in table:
        clock_times(f"{said.place}: digest", table["digest"])
    return Rule(
        said.name, of, table.get("where", "true"), table.get("ends"), keys, waits,
        tuple(table.get("mute", ())), table.get("severity"), _expires(table, fault),
        "severity" in columns, time, _definition(table, keys, waits),
    )  # fmt: skip


def problems(
    said: Iterable[Written | tuple[str, ConfigError]], house: Warehouse, channels: Collection[str]
) -> list[str]:
    """Return what is wrong with each rule that can't be used."""
    found = []
    for each in said:
        try:
            if not isinstance(each, Written):
                raise each[1]
            checked(each, house, channels)
        except ConfigError as error:
            found.append(str(error))
    return found


def _typed(table: Mapping[str, Any], fault: Fault) -> None:
    for key in (*_TEXTS, *_WAITS):
        if key in table and not isinstance(table[key], str):
            if key == "expires" and isinstance(table[key], datetime):
                continue
            raise fault(key, f"is {table[key]}; write it as a text, in quotes")
    for key in _LISTS:
        each = table.get(key, [])
        if not isinstance(each, list) or not all(isinstance(name, str) for name in each):
            raise fault(key, f'is {each}; write a list, as ["entity"]')


def _view(
    table: Mapping[str, Any], house: Warehouse, fault: Fault
) -> tuple[str, Mapping[str, str]]:
    """Return the view that a rule is of, and its columns with their types."""
    if "of" not in table:
        raise fault("", 'it does not say of which view it is; write of = "options.sweep"')
    try:
        of = house.stable(table["of"])
    except (ViewError, QueryError) as error:
        known = {*house.names(), *(bound.view.id for bound in house.bound)}
        near = nearest(table["of"], known)
        raise fault("of", f"is '{table['of']}', which is no view{near}") from error
    columns = dict(house.types(of))
    if of.startswith("detectors."):
        columns["severity"] = "varchar"
        if of != ALL_LIVE and house.fingerprint(of).view.status != "live":
            raise fault("of", f"is '{table['of']}', which is not live, so it fires no alerts")
    return of, columns


def _columns(
    key: str, names: list[str], columns: Mapping[str, str], fault: Fault
) -> tuple[str, ...]:
    for name in names:
        if name not in columns:
            raise fault(
                key, f"names '{name}', which is no column of its view{nearest(name, columns)}"
            )
    return tuple(names)


def _lives(of: str, house: Warehouse) -> tuple[Wait, Wait]:
    """Return keep and cool-down where a rule does not say them."""
    if not of.startswith("detectors."):
        return NOTHING, NOTHING
    return LIVES["intraday" if of == ALL_LIVE else family(house.catalog.find(of).id)]


def family(detector: str) -> str:
    """Return whose defaults a detector's alerts have."""
    if detector.startswith("crypto."):
        return "crypto"
    return "daily" if detector.startswith(_DAILY) else "intraday"


def _wait(key: str, text: str, fault: Fault) -> Wait:
    found = Wait.of(text)
    if found is None:
        raise fault(
            key, f"is '{text}', which is no stretch of time; write 90s, 5m, 2h or 1 session"
        )
    if found.sessions and key not in ("keep", "cooldown"):
        raise fault(key, f"is '{text}'; only keep and cooldown count sessions, so write 1d")
    return found


def _one_of(
    key: str, given: list[str], known: Collection[str], fault: Fault, now: str = ""
) -> None:
    for name in given:
        if name not in known:
            what = nearest(name, known) or now or f"; use one of {', '.join(known)}"
            raise fault(key, f"says '{name}', which is not known{what}")


def _expires(table: Mapping[str, Any], fault: Fault) -> datetime | None:
    if "expires" not in table:
        return None
    said = table["expires"]
    try:
        read = said if isinstance(said, datetime) else datetime.fromisoformat(said)
    except ValueError as error:
        raise fault(
            "expires", f"is '{said}', which is no moment; write 2026-03-01T16:00Z"
        ) from error
    if read.tzinfo is None:
        raise fault("expires", f"is '{said}', in no zone; write 2026-03-01T16:00Z")
    return read.astimezone(UTC)


def _definition(
    table: Mapping[str, Any], keys: tuple[str, ...], waits: Mapping[str, Wait]
) -> dict[str, Any]:
    own: dict[str, Any] = {key: table.get(key) for key in _KEYS}
    own |= {"where": own["where"] or "true", "key": list(keys)}
    own |= {name: own[name] or [] for name in ("group", "mute", "channels")}
    for name in ("keep", "cooldown"):
        own[name] = own[name] or _told(waits[name])
    own["for"] = own["for"] or "0s"
    if isinstance(own["expires"], datetime):
        own["expires"] = stamp(own["expires"])
    return own


def _told(wait: Wait) -> str:
    if wait.sessions:
        return f"{wait.sessions} session{'s' if wait.sessions > 1 else ''}"
    return f"{wait.time // timedelta(seconds=1)}s"


def severity_of(rule: Rule) -> str:
    """Return the SQL of the severity of a rule's rows."""
    if rule.is_detector and rule.of != ALL_LIVE:
        return SEVERITY
    return "severity" if rule.has_severity else f"'{rule.severity or 'medium'}'"
