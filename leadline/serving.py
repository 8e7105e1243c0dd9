"""How the server is open to others: the table [serve] of the settings, and its secrets."""

import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import gaierror, getaddrinfo
from typing import Any

from leadline.config import FILE
from leadline.errors import ConfigError, nearest
from leadline.span import stretch
from leadline.tokens import MARK, Tokens

PASSWORD = "LEADLINE_PASSWORD"  # noqa: S105 - a name
SHORTEST = 8  # letters of a password
_SIZE = re.compile(r"\d+(\.\d+)? ?[mg]i?b", re.IGNORECASE)
_RATE = re.compile(r"(?P<n>[1-9]\d{0,6})/(?P<per>[smh])")
_PER_S = {"s": 1, "m": 60, "h": 3_600}
_NAME = re.compile(r"[A-Za-z0-9.-]+")


@dataclass(frozen=True)
class Limits:
    """What one question of foreign SQL may take, and how many there may be at once."""

    time: timedelta = timedelta(seconds=10)
    max_rows: int = 100_000
    memory: str = "1GB"
    threads: int = 1
    at_once: int = 2


@dataclass(frozen=True)
class Rate:
    """So many requests in a stretch of time."""

    n: int = 200
    seconds: int = 1

    def __str__(self) -> str:
        per = {1: "second", 60: "minute", 3_600: "hour"}[self.seconds]
        return f"{self.n:,} request{'s' if self.n > 1 else ''} a {per}"


@dataclass(frozen=True)
class Serving:
    """What [serve] says."""

    tokens: Tokens = field(default_factory=lambda: Tokens(None, {}), repr=False)
    password: Callable[[], str | None] = field(default=lambda: None, repr=False)
    session: timedelta = timedelta(hours=12)
    rate: Rate | None = Rate()
    names: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    has_sql: bool | None = None  # None where the settings don't say
    limits: Limits = Limits()

    @property
    def is_guarded(self) -> bool:
        """Say whether a secret is asked for; nobody comes in where the last token was revoked."""
        return self.password() is not None or self.tokens.is_set

    @property
    def has_secret(self) -> bool:
        """Say whether there is a token or a password to ask for."""
        return self.password() is not None or bool(self.tokens.all())

    def lets_ask(self, host: str) -> bool:
        """Say whether SQL may be asked; unless it is said, from this machine's Workbench alone."""
        if self.has_sql is not None:
            return self.has_sql
        return is_loopback(host) and not (self.names or self.proxies or self.is_guarded)

    def check(self, host: str) -> None:
        """Raise a ConfigError where others could come in and need show nothing for it."""
        asked = f"--host: {host} is open to others"
        if is_loopback(host):
            if not self.names and not self.proxies:
                return
            asked = f"{FILE}: serve.{'names' if self.names else 'proxies'} lets others in"
        if not self.has_secret:
            raise ConfigError(
                f"{asked}, and there is no token or password; "
                f"run leadline token new NAME, or set {PASSWORD}"
            )


def read(
    root: Path, table: Mapping[str, Any], environment: Mapping[str, str] = os.environ
) -> Serving:
    """Read the table; what can't be used is a ConfigError that holds no secret."""
    keys = _Keys(table)
    return Serving(
        tokens=Tokens(tokens_file(root, table) if "tokens" in table else None, environment),
        password=_password(root, keys, environment),
        session=keys.stretch("session", "12h"),
        rate=keys.rate(),
        names=keys.texts("names", "desk.example.com"),
        proxies=_proxies(keys),
        has_sql=keys.flag("sql") if "sql" in table else None,
        limits=Limits(
            keys.stretch("sql_limit", "10s"),
            keys.whole("sql_rows", Limits.max_rows, 1_000_000_000),
            keys.size("sql_memory", Limits.memory),
            keys.whole("sql_threads", Limits.threads, 256),
            keys.whole("sql_at_once", Limits.at_once, 64),
        ),
    )


def tokens_file(root: Path, table: Mapping[str, Any]) -> Path:
    """Return the file of tokens that the settings name."""
    named = table.get("tokens")
    if not isinstance(named, str) or not named.strip():
        said = "has no tokens" if named is None else f"has tokens = {named!r}"
        raise ConfigError(f'{FILE}: serve {said}; write tokens = "tokens" below [serve]')
    if named.startswith(MARK):  # not a path, and not to be shown
        raise ConfigError(f"{FILE}: serve.tokens is a token itself; it takes the path of a file")
    return root / Path(named).expanduser()


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches an address; a name counts by all its addresses."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        pass
    try:
        found = {str(entry[4][0]) for entry in getaddrinfo(host, None)} if host else set()
    except (gaierror, UnicodeError):
        return False
    return bool(found) and all(ip_address(each).is_loopback for each in found)


class _Keys:
    """The keys of the table, each checked when it is read."""

    known = (
        "tokens", "password_file", "session", "rate", "names", "proxies", "sql", "sql_limit",
        "sql_rows", "sql_memory", "sql_threads", "sql_at_once",
    )  # fmt: skip

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table = table
        if "password" in table:
            raise ConfigError(
                f"{FILE}: serve has password, which is a secret; set {PASSWORD} in the environment "
                f"and take it out of the file"
            )
        for key in table:
            if key not in self.known:
                raise ConfigError(f"{FILE}: unknown key 'serve.{key}'{nearest(key, self.known)}")

    def _wrong(self, key: str, takes: str) -> ConfigError:
        return ConfigError(f"{FILE}: serve.{key} is {self._table[key]!r}; it takes {takes}")

    def flag(self, key: str) -> bool:
        found = self._table.get(key, False)
        if not isinstance(found, bool):
            raise self._wrong(key, "true or false")
        return found

    def whole(self, key: str, default: int, most: int) -> int:
        found = self._table.get(key, default)
        if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= most:
            raise self._wrong(key, f"a number from 1 to {most:,}")
        return found

    def stretch(self, key: str, default: str) -> timedelta:
        found = self._table.get(key, default)
        read = stretch(found) if isinstance(found, str) else None
        if not read:
            raise self._wrong(key, f"a stretch of time such as {default}")
        return read

    def size(self, key: str, default: str) -> str:
        found = self._table.get(key, default)
        if not isinstance(found, str) or not _SIZE.fullmatch(found):
            raise self._wrong(key, f"a size such as {default}")
        return found

    def texts(self, key: str, example: str) -> tuple[str, ...]:
        found = self._table.get(key, [])
        listed = [found] if isinstance(found, str) else found
        if not isinstance(listed, list) or not all(
            isinstance(each, str) and _NAME.fullmatch(each) for each in listed
        ):
            raise self._wrong(key, f"a name or a list of names such as {example}")
        return tuple(listed)

    def text(self, key: str, example: str) -> str | None:
        found = self._table.get(key)
        if found is not None and (not isinstance(found, str) or not found.strip()):
            raise self._wrong(key, example)
        return found

    def rate(self) -> Rate | None:
        said = self._table.get("rate", "200/s")
        if said == "none":
            return None
        found = _RATE.fullmatch(said) if isinstance(said, str) else None
        if found is None:
            raise self._wrong("rate", 'such as "50/s", "1000/m", "none"')
        return Rate(int(found["n"]), _PER_S[found["per"]])


def _proxies(keys: _Keys) -> tuple[str, ...]:
    found = keys._table.get("proxies", [])
    listed = [found] if isinstance(found, str) else found
    try:
        return tuple(str(ip_address(each)) for each in listed)
    except (ValueError, TypeError) as error:
        raise keys._wrong("proxies", "addresses of proxies such as 127.0.0.1") from error


def _password(root: Path, keys: _Keys, environment: Mapping[str, str]) -> Callable[[], str | None]:
    if PASSWORD in environment:
        own = _usable(PASSWORD, environment[PASSWORD])
        return lambda: own
    named = keys.text("password_file", "the path of a file")
    if named is None:
        return lambda: None
    path = root / Path(named).expanduser()
    found = _OfFile(path)
    found()
    return found


class _OfFile:
    """The password of a file, which is read again once it has changed."""

    def __init__(self, path: Path) -> None:
        self._path, self._seen, self._held = path, 0, ""

    def __call__(self) -> str:
        try:
            state = self._path.stat()
            if state.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise ConfigError(f"{self._path}: others may read it; chmod 600 it")
            if state.st_mtime_ns != self._seen:
                self._held = _usable(str(self._path), self._path.read_text())
                self._seen = state.st_mtime_ns
        except (OSError, UnicodeDecodeError) as error:
            said = error.strerror if isinstance(error, OSError) else "it is no text"
            raise ConfigError(f"{self._path}: {said}; write the password into it") from error
        return self._held


def _usable(where: str, text: str) -> str:
    found = text.strip()
    if len(found) < SHORTEST:
        raise ConfigError(f"{where}: {len(found)} letters can be guessed; take {SHORTEST} or more")
    return found
