"""The first CTE of a view, `params`: a literal each, replaced by name and never by SQL."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadline.errors import ConfigError, ViewError, nearest
from leadline.header import tokens
from leadline.quote import literal, quoted
from leadline.texts import TEXTS

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

_OPENING = re.compile(r"\bparams\s+as\s*\(", re.IGNORECASE)


@dataclass(frozen=True)
class Param:
    """One parameter: its literal in the file, and where that stands."""

    name: str
    text: str
    start: int
    end: int
    line: int
    path: Path
    kind: str


def parameters(path: Path, text: str) -> tuple[Param, ...]:
    """Return the parameters of a view's file, in order."""
    if not _OPENING.search(text):
        return ()
    said = TEXTS.recall("params", text, lambda: [_plain(each) for each in _read(path, text)])
    return tuple(Param(**each, path=path) for each in said)


def _plain(param: Param) -> dict[str, Any]:
    return {name: value for name, value in vars(param).items() if name != "path"}


def _read(path: Path, text: str) -> list[Param]:
    """Take the first CTE apart."""
    found = tokens(path, text)
    words = [token.text.lower() for token in found]
    if words[:4] != ["with", "params", "as", "("] or words[4] != "select":
        raise ViewError(f"{path}: params is not the first step; write it first")
    params: list[Param] = []
    start, depth = 5, 0
    from sqlglot.tokenizer_core import TokenType

    for place in range(5, len(found)):
        kind = found[place].token_type
        closing = depth == 0 and kind in (TokenType.COMMA, TokenType.R_PAREN)
        if closing:
            params.append(_param(path, text, found[start:place]))
            start = place + 1
            if kind is TokenType.R_PAREN:
                break
        depth += (kind is TokenType.L_PAREN) - (kind is TokenType.R_PAREN)
    return params


def overridden(
    text: str, params: Sequence[Param], values: Mapping[str, Any]
) -> tuple[str, dict[str, str]]:
    """Return the SQL with values in the place of literals, and every literal in force."""
    names = [param.name for param in params]
    for name in values:
        if name not in names:
            where = params[0].path if params else "params"
            line = f":{params[0].line}" if params else ""
            raise ConfigError(f"{where}{line}: params has no '{name}'{nearest(name, names)}")
    effective = {}
    for param in reversed(params):
        said = param.text
        if param.name in values:
            said = _literal(param, values[param.name])
            text = text[: param.start] + said + text[param.end :]
        effective[param.name] = said
    return text, effective


def _param(path: Path, text: str, found: "Sequence[Token]") -> Param:
    line = found[0].line if found else 1
    if len(found) < 3 or found[-2].text.lower() != "as":
        raise ViewError(f"{path}:{line}: a parameter reads `literal as name`; write it so")
    first, last = found[0], found[-3]
    said = text[first.start : last.end + 1]
    return Param(
        found[-1].text, said, first.start, last.end + 1, line, path, _kind(path, line, said)
    )


def _kind(path: Path, line: int, said: str) -> str:
    lowered = said.lower()
    if lowered.startswith(("interval ", "date ")):
        return lowered.split()[0]
    if lowered in ("true", "false"):
        return "boolean"
    if said.startswith("'"):
        return "text"
    if re.fullmatch(r"-?[\d_]+", said):
        return "integer"
    if re.fullmatch(r"-?[\d_]*\.?[\d_]+(e-?\d+)?", lowered):
        return "number"
    raise ViewError(f"{path}:{line}: '{said}' is no literal; a parameter is one literal")


def _literal(param: Param, value: Any) -> str:
    """Return a value as a literal of the parameter's type, or raise a ConfigError."""
    fits = {
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "number": isinstance(value, int | float | Decimal)
        and not isinstance(value, bool)
        and isfinite(value),
        "boolean": isinstance(value, bool),
        "text": isinstance(value, str),
        "date": isinstance(value, date | str),
        "interval": isinstance(value, str),
    }[param.kind]
    if not fits:
        raise ConfigError(
            f"{param.path}:{param.line}: {param.name} is {param.text}, and {value!r} is no "
            f"{param.kind}; give one"
        )
    if param.kind == "interval":
        return f"interval {quoted(value.removeprefix('interval').strip())}"
    if param.kind == "date":
        return f"date {quoted(str(value))}"
    return literal(value)


def read_value(text: str) -> Any:
    """Read the value of `--param name=value` as the configuration file would."""
    lowered = text.lower()
    if lowered in ("true", "false"):
        return lowered == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text.strip("'")


def read_literal(text: str) -> Any:
    """Read a parameter's literal back, as the settings would say it."""
    for kind in ("interval ", "date "):
        if text.startswith(kind):
            return text.removeprefix(kind).strip().strip("'")
    return read_value(text.replace("_", "") if text.replace("_", "").isdigit() else text)
