"""Rules as files of a project: read, saved whole, set aside and brought back."""

import hashlib
import json
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from leadline import whole
from leadline.errors import ConfigError
from leadline.project import not_starter
from leadline.rule import FOLDER, Written, checked
from leadline.warehouse import Warehouse

OFF = ".off"  # a file rules/NAME.toml.off is a rule that nobody uses
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True)
class RuleFile:
    """A rule as it is saved; `mark` tells one text from another, and is empty of a new one."""

    name: str
    text: str
    mark: str
    is_on: bool = True
    is_setting: bool = False  # of leadline.toml, which is edited there


def all_of(root: Path, tables: Mapping[str, Mapping[str, Any]]) -> dict[str, RuleFile]:
    """Return every rule that is written down, by name, those that are set aside too."""
    found = {
        name: RuleFile(name, _toml(table), "", is_setting=True) for name, table in tables.items()
    }
    for path in sorted((root / FOLDER).glob(f"*.toml{OFF}")):
        name = path.name.removesuffix(f".toml{OFF}")
        found[name] = _read(name, path, is_on=False)
    for path in sorted((root / FOLDER).glob("*.toml")):
        found[path.stem] = _read(path.stem, path, is_on=True)
    return dict(sorted(found.items()))


def parsed(name: str, text: str) -> Written:
    """Return a rule that is not saved yet; what is no name or no TOML is a ConfigError."""
    if not _NAME.fullmatch(name):
        raise ConfigError(f"name: '{name}' is no name of a rule; write it as big_sweeps")
    place = f"{FOLDER}/{name}.toml"
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{place}: {str(error).lower()}; mend the line") from error
    return Written(name, place, table)


def mistakes(said: Written, house: Warehouse, channels: Collection[str]) -> list[str]:
    """Return a sentence for each thing that is wrong with a rule."""
    table, found = dict(said.table), list[str]()
    while True:
        try:
            checked(Written(said.name, said.place, table), house, channels)
            return found
        except ConfigError as error:
            told = str(error)
        found.append(told)
        # What is wrong with one key does not hide what is wrong with the others.
        begins = told.removeprefix(f"{said.place}: ")
        wrong = [key for key in table if begins.startswith((f"{key} ", f"unknown key '{key}'"))]
        if not wrong or wrong == ["of"]:
            return found
        del table[wrong[0]]


def save(root: Path, name: str, text: str, mark: str) -> RuleFile:
    """Write a rule's file whole, if it is still the one whose mark this is; return it."""
    parsed(name, text)
    not_starter(FOLDER, root)
    path = root / FOLDER / f"{name}.toml"
    text = text.replace("\r\n", "\n").rstrip() + "\n"
    _must_be(path, mark)
    try:
        whole.write(path, text.encode())
        path.with_name(path.name + OFF).unlink(missing_ok=True)
    except OSError as error:
        raise _refused(path, error) from error
    return _read(name, path, is_on=True)


def switch(root: Path, name: str, mark: str, *, is_on: bool) -> None:
    """Set a rule aside, or bring it back, if it is still the one whose mark this is."""
    parsed(name, "")
    not_starter(FOLDER, root)
    path = root / FOLDER / f"{name}.toml"
    off = path.with_name(path.name + OFF)
    here, there = (off, path) if is_on else (path, off)
    _must_be(here, mark)
    if not here.exists() or there.exists():
        raise ConfigError(f"{FOLDER}/{there.name}: it is so already; open the rule again")
    try:
        here.rename(there)
    except OSError as error:
        raise _refused(here, error) from error


def _must_be(path: Path, mark: str) -> None:
    is_there = path.exists()
    if is_there and _mark(path.read_bytes()) != mark:
        what = "it was changed meanwhile" if mark else "there is such a rule already"
        now = "open it again" if mark else "open that one, or choose another name"
        raise ConfigError(f"{FOLDER}/{path.name}: {what}; {now}, your text stays here")


def _read(name: str, path: Path, *, is_on: bool) -> RuleFile:
    try:
        said = path.read_bytes()
        return RuleFile(name, said.decode(), _mark(said), is_on)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise ConfigError(f"{FOLDER}/{path.name}: {why}; mend the file") from error


def _mark(said: bytes) -> str:
    return hashlib.sha256(said).hexdigest()[:32]


def _refused(path: Path, error: OSError) -> ConfigError:
    why = (error.strerror or str(error)).lower()
    return ConfigError(f"{FOLDER}/{path.name}: {why}; let the server write there")


def _toml(table: Mapping[str, Any]) -> str:
    """Return a table of texts, lists of texts and moments, as TOML writes them."""
    return "".join(
        f"{key} = {value.isoformat() if isinstance(value, datetime) else json.dumps(value)}\n"
        for key, value in table.items()
    )
