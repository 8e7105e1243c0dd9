"""Settings: flags over environment over leadline.toml over defaults; an unknown key is an error."""

import os
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
    given = {key: os.environ.get(f"LEADLINE_{key.upper()}") for key in DEFAULTS}
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
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}; mend the line") from error
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
        return wanted(value)
    except ValueError as error:
        word = {"str": "text", "int": "a whole number"}[wanted.__name__]
        raise ConfigError(f"{origin}: {key} is '{value}'; it takes {word}") from error
