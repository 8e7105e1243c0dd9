"""Opens the place that a store's address names."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadline.errors import ConfigError
from leadline.home import Folder, Home

if TYPE_CHECKING:
    from leadline.access import Access
    from leadline.config import Config

_S3 = re.compile(
    r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?P<key>(?:/[^/\s?#*\[\]]+)*)/?"
)


def at(address: "str | Path | Home", access: "Access | None" = None) -> Home:
    """Return where an address is; a bucket's is opened, and asked nothing."""
    if isinstance(address, Path):
        return Folder(address)
    if not isinstance(address, str):
        return address
    if "://" not in address:
        return Folder(address)
    found = _S3.fullmatch(address)
    if found is None:
        raise ConfigError(f"store: '{address}' is no place; name a folder or s3://bucket/prefix")
    from leadline.access import Access
    from leadline.cloud import Cloud, Prefix

    key = found["key"].strip("/")
    return Cloud(Prefix(found["bucket"], key, access or Access()), key)


def of(config: "Config", root: Path) -> Home:
    """Return where the store of these settings is, with the keys that open it."""
    if "://" not in config.store:
        return Folder(config.store)
    from leadline.access import access

    return at(config.store, access(config, root))


def told(said: Mapping[str, Any]) -> Home:
    """Return what another process of ours has told of a place."""
    from leadline.access import Access

    return at(said["store"], Access(**said["access"]) if "access" in said else None)
