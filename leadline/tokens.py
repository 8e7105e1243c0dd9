"""Tokens by which others come in: the file holds their digests, the environment whole ones."""

import hmac
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex, token_urlsafe

from filelock import FileLock

from leadline import clock
from leadline.errors import ConfigError, nearest

VARIABLE = "LEADLINE_TOKENS"
MARK = "leadline_"  # how those begin that are made here
SHORTEST = 20  # letters; what is shorter can be guessed
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_LINE = re.compile(r"(?P<name>\S+) (?P<digest>[0-9a-f]{64}) (?P<made_at>\S+)")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Token:
    """What is kept of one token; whoever reads it can't come in with it."""

    name: str
    digest: str
    made_at: datetime | None  # those of the environment have none


class Tokens:
    """The tokens of a file and of the environment; the file is read again once it has changed."""

    def __init__(self, path: Path | None, environment: Mapping[str, str] = os.environ) -> None:
        self._path = path
        self._own = {token.name: token for token in _of_environment(environment.get(VARIABLE, ""))}
        self._filed: dict[str, Token] = {}
        self._seen: tuple[int, ...] | None = ()  # nothing was looked at
        self.all()

    @property
    def is_set(self) -> bool:
        """Say whether the settings or the environment ask for tokens."""
        return self._path is not None or bool(self._own)

    def all(self) -> list[Token]:
        """Return every token that lets somebody in now, by name."""
        if self._path is not None:
            self._look(self._path)
        if twice := sorted(self._own.keys() & self._filed.keys()):
            raise ConfigError(f"{VARIABLE}: '{twice[0]}' stands in {self._path} too; rename one")
        both = {**self._own, **self._filed}
        return [both[name] for name in sorted(both)]

    def holder(self, secret: str) -> Token | None:
        """Return whose token it is; it takes as long for one that is nobody's."""
        digest, found = _digest(secret), None
        for token in self.all():
            if hmac.compare_digest(token.digest, digest):
                found = token
        return found

    def _look(self, path: Path) -> None:
        seen = _state(path)
        if seen != self._seen:
            self._filed = {token.name: token for token in _of_file(path)}
            self._seen = seen


def new(path: Path, name: str) -> str:
    """Write the digest of a new token to a file; return the token, which is kept nowhere."""
    if not _NAME.fullmatch(name):
        raise ConfigError(f"token: '{name}' is no name; take letters, digits, _ . and -, up to 64")
    made = MARK + token_urlsafe(32)
    with _changing(path) as tokens:
        if name in tokens:
            raise ConfigError(f"token: '{name}' is there already; revoke it first")
        tokens[name] = Token(name, _digest(made), clock.now())
    return made


def revoke(path: Path, name: str) -> None:
    """Take a token out of a file; whoever holds it is out at once."""
    with _changing(path) as tokens:
        if name not in tokens:
            raise ConfigError(f"token: there is no '{name}'{nearest(name, tokens)}")
        del tokens[name]


@contextmanager
def _changing(path: Path) -> Iterator[dict[str, Token]]:
    """Yield the tokens of a file to be changed, and write them whole; others wait meanwhile."""
    try:
        with FileLock(path.with_name(f".{path.name}.lock")):
            tokens = {token.name: token for token in _of_file(path)} if path.exists() else {}
            yield tokens
            part = path.with_name(f".{path.name}.{token_hex(8)}.part")
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                for token in tokens.values():
                    file.write(f"{token.name} {token.digest} {token.made_at:%Y-%m-%dT%H:%M:%SZ}\n")
            part.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}; name another file") from error


def _of_file(path: Path) -> Iterator[Token]:
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is no text"
        raise ConfigError(f"{path}: {said}; leadline token new NAME makes it") from error
    if path.stat().st_mode & _OTHERS:
        raise ConfigError(f"{path}: others may read it; chmod 600 it")
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            found = _LINE.fullmatch(line.strip())
            if found is None:  # which may be a token itself, so it is not shown
                raise ConfigError(f"{path}:{number}: it is no name, digest and moment; take it out")
            yield Token(found["name"], found["digest"], clock.moment(found["made_at"]))


def _of_environment(text: str) -> Iterator[Token]:
    for number, each in enumerate(filter(None, map(str.strip, text.split(","))), start=1):
        name, _, secret = each.partition("=")
        if not _NAME.fullmatch(name) or len(secret) < SHORTEST:
            raise ConfigError(
                f"{VARIABLE}: its token {number} is no NAME=TOKEN of {SHORTEST} letters or more; "
                f"leadline token new NAME makes one"
            )
        yield Token(name, _digest(secret), None)


def _state(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size, found.st_mode


def _digest(secret: str) -> str:
    return sha256(secret.encode(errors="surrogateescape")).hexdigest()
