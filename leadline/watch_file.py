"""Watch lists as files: a table of lines in CSV, or tables by list in TOML."""

import csv
import io
import math
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from leadline.errors import QueryError, nearest
from leadline.watch import COLUMNS, DIRECTIONS, HORIZONS, Line

_NUMBERS = ("threshold_pct", "threshold_sigma", "quantity", "cost_usd")
_WORDS = {"horizon": HORIZONS, "direction": DIRECTIONS}
_TRUTHS = {"": True, "true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def read(path: Path, name: str | None = None) -> dict[str, list[Line]]:
    """Return the lists of a file, by name; of a CSV without a column `watchlist` by its own.

    A QueryError names the line of a mistake.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise QueryError(f"{path}: {why}; name a CSV or TOML file of symbols") from error
    said = _toml(path, text) if path.suffix == ".toml" else _csv(path, text, name or path.stem)
    found: dict[str, list[Line]] = {}
    for where, watchlist, values in said:
        found.setdefault(watchlist, []).append(line(where, values))
    if not found:
        raise QueryError(f"{path}: it holds no symbol; write one, or take the list off by symbol")
    return found


def _csv(path: Path, text: str, name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    lines = csv.reader(io.StringIO(text))
    names = [each.strip().lower() for each in next(lines, [])]
    _known(f"{path}:1", names, (*COLUMNS, "watchlist"))
    if "symbol" not in names:
        raise QueryError(f"{path}:1: no column 'symbol'; the first line names the columns")
    for cells in lines:
        if any(cell.strip() for cell in cells):
            where = f"{path}:{lines.line_num}"
            if len(cells) > len(names):
                raise QueryError(f"{where}: {len(cells)} cells, and line 1 names {len(names)}")
            values: dict[str, Any] = dict(zip(names, map(str.strip, cells), strict=False))
            yield where, values.pop("watchlist", "") or name, values


def _toml(path: Path, text: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise QueryError(f"{path}: {str(error).lower()}; mend the line") from error
    for watchlist, lines in written.items():
        if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
            raise QueryError(f"{path}: {watchlist} is no list of lines; write [[{watchlist}]]")
        for number, values in enumerate(lines, start=1):
            where = f"{path}: {watchlist}, line {number}"
            _known(where, values, COLUMNS)
            yield where, watchlist, values


def _known(where: str, names: Any, known: tuple[str, ...]) -> None:
    for each in names:
        if each not in known:
            raise QueryError(f"{where}: unknown column '{each}'{nearest(each, known)}")


def line(where: str, said: Mapping[str, Any]) -> Line:
    """Turn what is written of one symbol into a line, or say what of it can't be meant."""
    symbol = str(said.get("symbol") or "").strip()
    if not symbol:
        raise QueryError(f"{where}: it has no symbol")
    values: dict[str, Any] = {name: said[name] for name in said if said[name] not in ("", None)}
    for name in _NUMBERS:
        if name in values:
            values[name] = number(f"{where}: {name}", values[name], name)
    for name, words in _WORDS.items():
        if name in values and values[name] not in words:
            raise QueryError(
                f"{where}: {name} is '{values[name]}'; it takes {', '.join(words)}"
                f"{nearest(str(values[name]), words)}"
            )
    truth = str(values.get("is_active", "")).lower()
    if truth not in _TRUTHS:
        raise QueryError(f"{where}: is_active is '{truth}'; it takes true or false")
    note = values.get("note")
    more = {"symbol": symbol, "is_active": _TRUTHS[truth], "note": note and str(note)}
    return Line(**{**values, **more})


def number(where: str, value: Any, name: str) -> float:
    """Return a number that a person wrote, which a threshold has above 0."""
    try:
        if isinstance(value, bool):
            raise ValueError(value)
        found = float(str(value).removesuffix("%"))
    except ValueError as error:
        raise QueryError(f"{where} is '{value}'; it takes a number") from error
    least = 0 if name != "quantity" else -math.inf
    if not math.isfinite(found) or found < least or (name.startswith("threshold") and not found):
        over = "a number above 0" if name.startswith("threshold") else "a number from 0 on"
        raise QueryError(f"{where} is '{value}'; it takes {over}")
    return found
