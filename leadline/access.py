"""How a store's service is reached: its endpoint, its region, the keys and the room for a cache.

Keys come from the environment or from a file that its owner alone may read, and are shown to
nobody. Where neither holds any, AWS's own libraries look where they always do: a profile, or the
role of the machine.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from leadline.config import Config, read_toml, variables
from leadline.errors import ConfigError, nearest

_OWN = ("key_id", "secret", "token")
_AWS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([kmgt]?)(i?)b?", re.IGNORECASE)
_UNITS = " kmgt"


@dataclass(frozen=True)
class Access:
    """What opens a bucket; an empty endpoint is AWS, and cache is in bytes."""

    endpoint: str = ""
    region: str = ""
    cache: int = 0
    key_id: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def told(self) -> dict[str, Any]:
        """Return all of it, for a process of ours that has no environment of its own."""
        return asdict(self)


def access(config: Config, root: Path, environment: Mapping[str, str] = os.environ) -> Access:
    """Read how the store is reached; what can't be used is a ConfigError that holds no secret."""
    settings = config.store_endpoint, config.store_region, size_of(config.store_cache)
    return Access(*settings, *_keys(config, root, environment))


def size_of(text: str) -> int:
    """Return a size such as 10GB in bytes."""
    found = _SIZE.fullmatch(text.strip())
    assert found is not None, text  # the settings took it
    return int(
        float(found[1]) * (1024 if found[3] else 1_000) ** _UNITS.index(found[2].lower() or " ")
    )


def _keys(config: Config, root: Path, environment: Mapping[str, str]) -> tuple[str, str, str]:
    names = variables("store", *_OWN)
    if environment.get(names[0]) or environment.get(names[1]):
        return _pair([environment.get(name, "") for name in names], " and ".join(names[:2]))
    if config.store_keys:
        return _pair(_written(root / Path(config.store_keys).expanduser()), config.store_keys)
    return _pair([environment.get(name, "") for name in _AWS], " and ".join(_AWS[:2]))


def _pair(found: list[str], where: str) -> tuple[str, str, str]:
    key_id, secret, token = found
    if bool(key_id) != bool(secret):
        raise ConfigError(f"store: there is half a key; set both of {where}")
    return key_id, secret, token if key_id else ""


def _written(path: Path) -> list[str]:
    """Read a file of keys, which nobody else may read."""
    said = read_toml(path)
    if (mode := path.stat().st_mode & 0o777) & 0o077:
        raise ConfigError(f"{path}: others may read it, its mode is {mode:o}; chmod 600 {path}")
    for name in said:
        if name not in _OWN:
            raise ConfigError(f"{path}: unknown key '{name}'{nearest(name, _OWN)}")
    if not all(isinstance(said.get(name, ""), str) for name in _OWN) or "key_id" not in said:
        raise ConfigError(f"{path}: it takes key_id, secret and, where there is one, token")
    return [said.get(name, "") for name in _OWN]
