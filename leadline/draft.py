"""Makes a draft of a detector from a query; its file says what nobody knows yet."""

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from leadline import template
from leadline.errors import QueryError
from leadline.header import tokens
from leadline.params import read_value
from leadline.quote import literal, named

# The first of these that a query has is what is watched, and when it was known.
ENTITIES = ("entity", "symbol", "underlying", "pair", "ticker", "contract", "manager", "issuer")
MOMENTS = ("fired_at", "known_at", "bar_at", "traded_at", "happened_at")
_TYPES = {
    "pair": "pair", "contract": "contract", "manager": "manager", "issuer": "issuer",
}  # fmt: skip
_ONE_LINE = re.compile(r"\s+")


def draft(
    root: Path,
    name: str,
    what: str,
    sql: str,
    binds: Mapping[str, str],
    columns: Mapping[str, str],
) -> dict[Path, str]:
    """Return the texts of a draft by their paths; `columns` are names and types of the query's.

    A query that names nothing to watch, or no moment, is a QueryError.
    """
    entity = _first(ENTITIES, columns, "what is watched")
    moment = _first(
        MOMENTS, {each for each, kind in columns.items() if "TIME ZONE" in kind.upper()},
        "the moment at which it was known",
    )  # fmt: skip
    body, used = _with_params(sql.strip().rstrip(";").rstrip(), binds)
    literals = ",\n".join(f"        {literal(read_value(binds[each]))} as {each}" for each in used)
    more = {
        "what": _ONE_LINE.sub(" ", what).strip() or "Say in one sentence what you see.",
        "params": f"params as (\n    select\n{literals}\n),\n\n" if used else "",
        "query": "\n".join(f"    {line}".rstrip() for line in body.splitlines()),
        "entity": named(entity), "fired_at": named(moment),
        "entity_type": _TYPES.get(entity, "underlying"),
        "direction": "asked.direction" if "direction" in columns else "null",
        "score": "asked.score" if "score" in columns else "50",
        "notional_usd": _notional(columns),
        "headline": "asked.headline" if "headline" in columns
        else f"asked.{named(entity)} || ': {name}'",
    }  # fmt: skip
    return template.filled("draft", name, root, more)


def write(texts: Mapping[Path, str]) -> list[Path]:
    """Write a draft's files; return them."""
    return template.write(texts)


def names_in(sql: str) -> list[str]:
    """Return every `$name` of a query, in order."""
    return list(dict.fromkeys(name for name, _, _ in _places(sql)))


def _with_params(sql: str, binds: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return a query that reads its parameters, and which they are."""
    used = []
    for name, start, end in reversed(_places(sql)):
        if name not in binds:
            raise QueryError(f"query: nothing fills ${name} in; give it a value")
        used.append(name)
        sql = f"{sql[:start]}(select params.{name} from params){sql[end:]}"
    return sql, list(dict.fromkeys(reversed(used)))


def _places(sql: str) -> list[tuple[str, int, int]]:
    found = tokens(Path("query"), sql)
    places = []
    for one, other in pairwise(found):
        if one.token_type.name == "PARAMETER" and one.text == "$" and other.start == one.end + 1:
            places.append((other.text, one.start, other.end + 1))
    return places


def _notional(columns: Mapping[str, str]) -> str:
    found = next((each for each in columns if each.endswith("_usd")), None)
    return f"asked.{named(found)}" if found else "null"


def _first(wanted: tuple[str, ...], have: Mapping[str, str] | set[str], what: str) -> str:
    for each in wanted:
        if each in have:
            return each
    raise QueryError(
        f"query: no column of it says {what}; name one of them {', '.join(wanted[:4])}"
    )
