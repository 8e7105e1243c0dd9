"""Reads the settings of one channel; a secret comes from the environment or a file of its own."""

import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from leadline.config import FILE
from leadline.errors import ConfigError, nearest
from leadline.span import stretch


@dataclass(frozen=True)
class Settings:
    """One table of leadline.toml, `[channels.NAME]`, and where it is told."""

    name: str
    values: Mapping[str, Any]
    root: Path

    @property
    def where(self) -> str:
        """Where the reader finds it."""
        return f"{FILE}: channels.{self.name}"

    def refused(self, what: str) -> ConfigError:
        """Return the error that says what is wrong here."""
        return ConfigError(f"{self.where}: it {what}")

    def only(self, known: Iterable[str]) -> None:
        """Refuse a key that means nothing here."""
        names = sorted(known)
        for key in self.values:
            if key not in names:
                raise self.refused(f"has '{key}', which is no key of it{nearest(key, names)}")

    def text(self, key: str, example: str, default: str | None = None) -> str:
        """Return a text; without a default it has to be there."""
        found = self.values.get(key, default)
        if not isinstance(found, str) or not found.strip():
            said = f"has {key} = {found!r}" if key in self.values else f"has no {key}"
            raise self.refused(f"{said}; write {key} = {example}")
        return found

    def texts(self, key: str, example: str) -> tuple[str, ...]:
        """Return one text or several, of which there has to be one."""
        found = self.values.get(key)
        listed = [found] if isinstance(found, str) else found
        if not isinstance(listed, list) or not listed or not all(map(_is_text, listed)):
            said = f"has {key} = {found!r}" if key in self.values else f"has no {key}"
            raise self.refused(f"{said}; write {key} = {example}")
        return tuple(listed)

    def one_of(self, key: str, known: Iterable[str], default: str | None = None) -> str:
        """Return one of a few words."""
        names = list(known)
        found = self.values.get(key, default)
        if found not in names:
            said = f"has {key} = {found!r}" if key in self.values else f"has no {key}"
            near = nearest(found, names) if isinstance(found, str) else ""
            raise self.refused(f"{said}; it takes {', '.join(names)}{near}")
        return str(found)

    def whole(self, key: str, default: int, most: int) -> int:
        """Return a whole number from 1."""
        found = self.values.get(key, default)
        if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= most:
            raise self.refused(f"has {key} = {found!r}; it takes a number from 1 to {most:,}")
        return found

    def flag(self, key: str) -> bool:
        """Return whether something is switched on; without a word it is not."""
        found = self.values.get(key, False)
        if not isinstance(found, bool):
            raise self.refused(f"has {key} = {found!r}; it takes true or false")
        return found

    def stretch(self, key: str, default: str) -> timedelta:
        """Return a stretch of time."""
        found = self.values.get(key, default)
        read = stretch(found) if isinstance(found, str) else None
        if read is None:
            raise self.refused(f"has {key} = {found!r}; it takes a stretch of time such as 5m")
        return read

    def secret(self, key: str) -> str:
        """Return a secret, from the variable or the file that is named, or the usual variable."""
        if key in self.values:
            raise self.refused(
                f"has {key}, which is a secret; set {self._variable(key)} in the environment "
                f"and take it out of the file"
            )
        if f"{key}_file" in self.values:
            return self._of_file(key)
        variable = self.text(f"{key}_env", '"NAME_OF_A_VARIABLE"', self._variable(key))
        found = os.environ.get(variable, "").strip()
        if not found:
            raise self.refused(f"needs a secret; set {variable} in the environment")
        return found

    def has_secret(self, key: str) -> bool:
        """Say whether a secret that may be left out is there."""
        named = key in self.values or f"{key}_file" in self.values or f"{key}_env" in self.values
        return named or bool(os.environ.get(self._variable(key), "").strip())

    def _variable(self, key: str) -> str:
        name = re.sub(r"\W", "_", self.name, flags=re.ASCII)
        return f"LEADLINE_CHANNEL_{name.upper()}_{key.upper()}"

    def _of_file(self, key: str) -> str:
        named = self.text(f"{key}_file", '"~/secret"')
        path = self.root / Path(named).expanduser()
        try:
            mode = path.stat().st_mode
            found = path.read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text"
            raise self.refused(f"names the file '{named}': {reason}") from error
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise self.refused(f"names the file '{named}', which others may read; chmod 600 it")
        if not found:
            raise self.refused(f"names the file '{named}', which is empty")
        return found


def secret_keys(key: str) -> tuple[str, str, str]:
    """Return the keys that a secret may have; the first of them is refused with a sentence."""
    return key, f"{key}_env", f"{key}_file"


def _is_text(found: Any) -> bool:
    return isinstance(found, str) and bool(found.strip())
