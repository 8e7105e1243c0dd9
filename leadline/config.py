"""Settings: flags over environment over leadline.toml over defaults; an unknown key is an error."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from leadline.errors import ConfigError, nearest

FILE = "leadline.toml"
Origin = Literal["default", "leadline.toml", "environment", "flag"]
Params = Mapping[str, Mapping[str, Any]]

DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "store": "store",  # a folder beside leadline.toml
        "contact": "",  # sources want to know whom to write to; the SEC refuses without
        "memory": "",  # DuckDB's own default is 80 % of the machine
        "threads": 0,  # 0 is one a core
    }
)

_TAKES = {
    "store": "a folder",
    "contact": "text",
    "memory": "a size such as 8GB",
    "threads": "a whole number, 0 for one a core",
}
_SIZE = re.compile(r"\d+(\.\d+)? ?(%|[kmgt](i?b)?)", re.IGNORECASE)  # as DuckDB reads it
_AT = re.compile(r"(.+) \(at line (\d+), column (\d+)\)")


@dataclass(frozen=True)
class Config:
    """What is in force, and where each setting came from."""

    store: str
    contact: str = ""
    memory: str = ""
    threads: int = 0
    params: Params = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def engine(self) -> dict[str, str]:
        """Return DuckDB's settings for an instance of ours: nothing is fetched from outside."""
        settings = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        }
        if self.memory:
            settings["memory_limit"] = self.memory
        if self.threads:
            settings["threads"] = str(self.threads)
        return settings


def read(root: Path, flags: Mapping[str, Any] | None = None) -> Config:
    """Read the settings of the project at root; a flag that is None was not given."""
    values, origins = dict(DEFAULTS), dict.fromkeys(DEFAULTS, "default")
    written = _file(root / FILE)
    params = _params(written.pop("params", {}))
    given = {key: os.environ.get(_variable(key)) or None for key in DEFAULTS}
    for origin, source in ((FILE, written), ("environment", given), ("flag", flags or {})):
        for key, value in source.items():
            if value is not None:
                values[key], origins[key] = _typed(origin, key, value), origin
    if "://" not in values["store"]:
        # A path is meant from where it was written; an installation holds no store.
        is_installed = Path(__file__).parent in root.parents
        own = origins["store"] in (FILE, "default") and not is_installed
        home = root if own else Path.cwd()
        values["store"] = str((home / Path(values["store"]).expanduser()).absolute())
    return Config(**values, params=params, origins=origins)  # type: ignore[arg-type]


def _file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        written = tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        found = _AT.fullmatch(str(error))
        where, what = (f"{path}:{found[2]}", found[1]) if found else (str(path), str(error))
        raise ConfigError(f"{where}: {what[0].lower()}{what[1:]}; mend the line") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: byte {error.start} is no UTF-8 text") from error
    known = (*DEFAULTS, "params")
    for key in written:
        if key not in known:
            raise ConfigError(f"{path}: unknown key '{key}'{nearest(key, known)}")
    return written


def _params(written: Any) -> Params:
    if not isinstance(written, dict) or not all(
        isinstance(each, dict) for each in written.values()
    ):
        raise ConfigError(
            f'{FILE}: params holds tables of overrides; write [params."options.oi_change"]'
        )
    return written


def _typed(origin: str, key: str, value: Any) -> Any:
    if key not in DEFAULTS:
        raise ConfigError(f"{origin}: unknown setting '{key}'{nearest(key, DEFAULTS)}")
    wanted = type(DEFAULTS[key])
    try:
        if isinstance(value, bool) or (origin == FILE and not isinstance(value, wanted)):
            raise ValueError(value)
        typed = wanted(value)
        if not _is_usable(key, typed):
            raise ValueError(value)
        return typed
    except ValueError as error:
        where = {"environment": _variable(key), "flag": f"--{key}"}.get(origin, origin)
        said = str(value).lower() if isinstance(value, bool) else value
        raise ConfigError(f"{where}: {key} is '{said}'; it takes {_TAKES[key]}") from error


def _is_usable(key: str, value: Any) -> bool:
    if key == "store":
        return bool(value)
    if key == "memory":
        return not value or _SIZE.fullmatch(value) is not None
    return bool(value >= 0) if key == "threads" else True


def _variable(key: str) -> str:
    return f"LEADLINE_{key.upper()}"
