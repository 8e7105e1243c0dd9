"""The `-- key: value` block that opens every file under sql/, and the digest of what follows."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from leadline.errors import ViewError, nearest
from leadline.quote import named
from leadline.texts import TEXTS

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

# Begin and end of `schema.view` or `alias.column`, both its names, and whether `as` is next.
Place: TypeAlias = tuple[int, int, str, bool]
_QUOTED = {"STRING": "'", "BYTE_STRING": "e'", "HEREDOC_STRING": "$", "IDENTIFIER": '"'}


@dataclass(frozen=True)
class Header:
    """The header of one file: its values by key, and the line of each."""

    path: Path
    values: dict[str, str]
    lines: dict[str, int]

    @classmethod
    def of(cls, path: Path, text: str, known: Sequence[str], needed: Sequence[str]) -> "Header":
        """Read the header; raise a ViewError with the line of the first mistake."""
        values: dict[str, str] = {}
        lines: dict[str, int] = {}
        last = None
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.startswith("--"):
                break
            body = line.removeprefix("--")
            key, colon, value = body.partition(":")
            if body.startswith("    ") and last is not None:
                values[last] += " " + body.strip()
                continue
            key = key.strip()
            if not colon or " " in key:
                raise ViewError(f"{path}:{number}: '{line}' is no header line; write -- key: value")
            if key not in known:
                raise ViewError(f"{path}:{number}: unknown header key '{key}'{nearest(key, known)}")
            if key in values:
                raise ViewError(f"{path}:{number}: '{key}' stands twice; keep one")
            values[key], lines[key], last = value.strip(), number, key
        order = [key for key in known if key in values]
        if order != list(values):
            raise ViewError(f"{path}:1: the header's order is {', '.join(order)}; sort its lines")
        for key in needed:
            if not values.get(key):
                raise ViewError(f"{path}:1: the header has no '{key}'; say it")
        return cls(path, values, lines)

    def __getitem__(self, key: str) -> str:
        return self.values[key]

    def get(self, key: str) -> str | None:
        """Return a value, or None where the header does not say."""
        return self.values.get(key)

    def one_of(self, key: str, words: Sequence[str]) -> None:
        """Raise a ViewError unless the value is one of these words."""
        if self[key] not in words:
            some = " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
            where = f"{self.path}:{self.lines[key]}"
            raise ViewError(f"{where}: {key} is '{self[key]}'; it takes {some}")


def text_of(path: Path) -> str:
    """Return the text of a file under sql/ or queries/; what is no UTF-8 is a ViewError."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ViewError(f"{path}: byte {error.start} is no UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise ViewError(f"{path}: {error.strerror or error}; bring it back") from error


def tokens(path: Path, text: str) -> "list[Token]":
    """Split SQL into tokens; comments and white space are gone."""
    from sqlglot.dialects.duckdb import DuckDB  # it takes longer to load than most files to read
    from sqlglot.errors import TokenError

    try:
        return DuckDB().tokenize(text)
    except TokenError as error:
        raise ViewError(f"{path}: a quote or a comment has no end; close it") from error


def places(path: Path, text: str) -> Iterator[Place]:
    """Yield where `schema.view` or `alias.column` stands."""
    found = tokens(path, text)
    for place in range(len(found) - 2):
        first, dot, last = found[place : place + 3]
        if dot.token_type.name == "DOT":
            after = found[place + 3].text.lower() if place + 3 < len(found) else ""
            yield first.start, last.end + 1, f"{first.text}.{last.text}".lower(), after == "as"


def renamed(path: Path, text: str, names: Mapping[str, str]) -> str:
    """Return SQL that reads other views; an alias keeps what is read under its old name."""
    return put(text, [*places(path, text)], names)


def put(text: str, found: Sequence[Place], names: Mapping[str, str]) -> str:
    """Return SQL with other names in the places of views; an alias keeps the old one."""
    for start, end, name, is_aliased in reversed(found):
        if name in names:
            alias = "" if is_aliased else f" as {named(name.partition('.')[2])}"
            text = text[:start] + names[name] + alias + text[end:]
    return text


def words(found: "Sequence[Token]") -> list[str]:
    """Return tokens as text: lower case but for what is quoted."""
    return [
        f"{_QUOTED[token.token_type.name]}{token.text}"
        if token.token_type.name in _QUOTED
        else token.text.lower()
        for token in found
    ]


def digest_of(text: str, path: Path = Path("sql")) -> str:
    """Return the digest of the tokens, which no comment and no layout changes."""

    def found() -> str:
        return hashlib.sha256("\x1f".join(words(tokens(path, text))).encode()).hexdigest()[:16]

    return str(TEXTS.recall("digest", text, found))
