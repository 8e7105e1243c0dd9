"""Reads the files of tests/sql: cases of one view, each with what is given and what it returns.

A file under tests/sql tests the view at the same path under sql. A given query may read
raw.sessions, curated.sessions and curated.us_sessions, which then hold the real calendars,
whatever the case itself gives the view. A directive goes on in comment lines that are indented by
four more spaces.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlglot.tokenizer_core import TokenType

from leadline.clock import BEGINNING, FOREVER, Span, moment
from leadline.errors import ViewError, nearest
from leadline.header import tokens
from leadline.params import read_value

WORDS = ("default", "case", "param", "span", "given", "expect")
NOTHING = "nothing"
ALL_TIME = Span(BEGINNING, FOREVER)
RUNS = ("reversed",)
DETECTOR_RUNS = ("truncated", "cut", "reversed")
_DIRECTIVE = re.compile(r"-- (\w+):(?: (.*))?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?")
_BRACKETS = {
    TokenType.L_PAREN: 1, TokenType.L_BRACKET: 1, TokenType.L_BRACE: 1,
    TokenType.R_PAREN: -1, TokenType.R_BRACKET: -1, TokenType.R_BRACE: -1,
}  # fmt: skip


@dataclass(frozen=True)
class Query:
    """One statement of a case, and the line of the directive above it."""

    text: str
    line: int


@dataclass
class Case:
    """One sentence that is true of a view."""

    path: Path
    line: int
    name: str
    defaults: Mapping[str, str]
    params: dict[str, Any] = field(default_factory=dict)
    span: Span = ALL_TIME
    given: dict[str, Query] = field(default_factory=dict)
    columns: str = ""
    expected: Query | None = None

    def at(self, line: int | None = None) -> str:
        """Return the file and a line of it, the case's own if none is named."""
        return f"{self.path}:{line or self.line}"


@dataclass
class _Part:
    """A directive and the lines of SQL below it."""

    word: str
    said: str
    line: int
    body: list[str] = field(default_factory=list)

    @property
    def query(self) -> Query:
        return Query("\n".join(self.body).strip().removesuffix(";"), self.line)


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a file in order, or raise a ViewError with the line of a mistake."""
    defaults: dict[str, str] = {}
    cases: list[Case] = []
    for part in _parts(path, path.read_text()):
        where = f"{path}:{part.line}"
        _has_body(where, part)
        if part.word == "default":
            if cases:
                raise ViewError(f"{where}: a default stands below a case; move it to the top")
            defaults |= _assignments(path, part)
        elif part.word == "case":
            if part.said in [case.name for case in cases]:
                raise ViewError(f"{where}: '{part.said}' stands twice; rename one")
            cases.append(Case(path, part.line, part.said, defaults))
        elif not cases:
            raise ViewError(f"{where}: {part.word} stands above the first case; write -- case:")
        else:
            _take(where, cases[-1], part)
    if not cases:
        raise ViewError(f"{path}: it holds no case; write -- case:")
    for case in cases:
        if not case.columns:
            raise ViewError(f"{case.at()}: it expects nothing in words; write -- expect: nothing")
    return cases


def runs_of(folder: Path, path: Path) -> Sequence[str]:
    """Return the runs that a case of this file has beside its own."""
    is_detector = path.relative_to(folder).parts[0] == "detectors"
    return DETECTOR_RUNS if is_detector else RUNS


def _take(where: str, case: Case, part: _Part) -> None:
    if case.columns:
        raise ViewError(f"{where}: {part.word} stands below expect; a case ends there")
    if part.word == "param":
        name, equals, value = part.said.partition("=")
        if not equals:
            raise ViewError(f"{where}: '{part.said}' is no parameter; write name = value")
        case.params[name.strip()] = read_value(value.strip())
    elif part.word == "span":
        found = _MOMENT.findall(part.said)
        if len(found) != 2 or _MOMENT.sub("", part.said).strip():
            raise ViewError(f"{where}: '{part.said}' is no span; write two moments, since until")
        case.span = Span(moment(found[0]), moment(found[1]))
    elif part.word == "given":
        if part.said in case.given:
            raise ViewError(f"{where}: {part.said} is given twice; write one query")
        case.given[part.said] = part.query
    else:
        case.columns = part.said
        case.expected = None if part.said == NOTHING else part.query


def _has_body(where: str, part: _Part) -> None:
    """Raise where a query is missing, or stands where none belongs."""
    wants = part.word == "given" or (part.word == "expect" and part.said != NOTHING)
    if not part.said:
        raise ViewError(f"{where}: {part.word} says nothing; fill it in")
    if wants and not part.query.text:
        raise ViewError(f"{where}: {part.word} has no query; write one below it")
    if wants and not part.body[-1].endswith(";"):
        raise ViewError(f"{where}: the query below {part.word} has no end; write ';'")
    if not wants and part.query.text:
        raise ViewError(f"{where}: {part.word} takes no query; take it away")


def _parts(path: Path, text: str) -> Iterator[_Part]:
    part: _Part | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _DIRECTIVE.fullmatch(line):
            if found[1] not in WORDS:
                raise ViewError(
                    f"{path}:{number}: unknown word '{found[1]}'{nearest(found[1], WORDS)}"
                )
            if part:
                yield part
            part = _Part(found[1], (found[2] or "").strip(), number)
        elif part and not part.body and line.startswith("--     "):
            part.said += " " + line.removeprefix("--").strip()
        elif part and (part.body or line.strip()):
            part.body.append(line)
        elif not part and line.strip() and not line.startswith("--"):
            raise ViewError(f"{path}:{number}: SQL stands above the first case; write -- case:")
        while part and part.body and not part.body[-1].strip():
            part.body.pop()
    if part:
        yield part


def _assignments(path: Path, part: _Part) -> dict[str, str]:
    """Read `column = value, column = value`; a value is any expression of SQL."""
    said = part.said
    commas, depth = [-1], 0
    for token in tokens(path, said):
        depth += _BRACKETS.get(token.token_type, 0)
        if token.token_type is TokenType.COMMA and depth == 0:
            commas.append(token.start)
    found = {}
    for start, end in pairwise([*commas, len(said)]):
        name, equals, value = said[start + 1 : end].partition("=")
        if not equals or not value.strip():
            raise ViewError(
                f"{path}:{part.line}: '{said[start + 1 : end].strip()}' is no default; "
                "write column = value"
            )
        found[name.strip()] = value.strip()
    return found
