"""Runs a case: as a whole, reversed, truncated at its moments, and cut into pieces."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import duckdb

from leadline.clock import Span, stamp
from leadline.errors import ViewError, nearest
from leadline.quote import named
from tests.sql_cases import Case
from tests.sql_desk import PLACE, REVERSED, Desk, House, first
from tests.sql_rows import Answer, Mismatch, Row, answer, compare, message

_TICK = timedelta(microseconds=1)
_MOST = 16  # moments that are asked of a case that has more, beside those about its alerts


def run(case: Case, kind: str, house: House) -> None:
    """Run a case or one of its derived runs; raise a Mismatch with the rows that differ."""
    desk = house.desk(case, REVERSED if kind == "reversed" else PLACE)
    {"truncated": _run_truncated, "cut": _run_cut}.get(kind, _run_whole)(case, desk, kind)


def _run_whole(case: Case, desk: Desk, kind: str) -> None:
    if case.expected is None:
        answered = desk.ask(case.span)
        compare(case, kind, answered.columns, [], answered.rows)
        return
    for column in case.columns.split(","):
        if column.strip().isidentifier() and column.strip() not in desk.columns:
            said = f"it has no column '{column.strip()}'{nearest(column.strip(), desk.columns)}"
            raise ViewError(f"{case.at(case.expected.line)}: {said}")
    try:
        answered = desk.ask(case.span, case.columns)
        wanted = _typed(desk.con, case.expected.text, answered)
    except (ViewError, duckdb.Error) as error:
        raise ViewError(f"{case.at(case.expected.line)}: {first(error)}") from error
    compare(case, kind, answered.columns, wanted, answered.rows)


def _run_truncated(case: Case, desk: Desk, kind: str) -> None:
    whole = desk.whole()
    for moment in _moments(desk, whole):
        if case.span.since <= moment < case.span.until:
            answered = desk.ask(Span(case.span.since, moment + _TICK))
            wanted = [tuple(row.values()) for row in whole if row["fired_at"] <= moment]
            about = f"{kind}, asked until just after {stamp(moment)}"
            compare(case, about, answered.columns, wanted, answered.rows)


def _moments(desk: Desk, whole: Sequence[Mapping[str, Any]]) -> list[datetime]:
    """Return when a case's answer may change: all moments or, of many, those about its alerts."""
    found, fired = sorted(desk.moments()), {row["fired_at"] for row in whole}
    if len(found) > _MOST:
        places = {bisect_left(found, at) + n for at in fired for n in (-2, -1, 0, 1)}
        places |= {len(found) * n // _MOST for n in range(_MOST)}
        found = [found[place] for place in places if 0 <= place < len(found)]
    return sorted(fired.union(found))


def _run_cut(case: Case, desk: Desk, kind: str) -> None:
    whole = desk.whole()
    inner = [m for m in _moments(desk, whole) if case.span.since < m < case.span.until]
    edges = [case.span.since, *inner, case.span.until]
    asked = [
        (row["alert_key"], f"from {stamp(since)} until {stamp(until)}")
        for since, until in pairwise(edges)
        for row in desk.rows(Span(since, until))
    ]
    found = Counter(key for key, _ in asked)
    keys = {row["alert_key"] for row in whole}
    missing: list[Row] = [(key,) for key in sorted(keys - found.keys())]
    odd: list[Row] = [each for each in asked if each[0] not in keys or found[each[0]] > 1]
    if missing or odd:
        raise Mismatch(
            message(
                case, f"{kind} in {len(edges) - 1} pieces", ["alert_key", "asked"], missing, odd
            )
        )


def _typed(con: duckdb.DuckDBPyConnection, sql: str, answered: Answer) -> list[Row]:
    """Return the expected rows with texts in the types that the view answers."""
    wanted = answer(con, sql)
    if len(wanted.columns) != len(answered.columns):
        raise ViewError(
            f"the query has {len(wanted.columns)} columns, and expect names {len(answered.columns)}"
        )
    said, is_all_typed = [], True
    for column, have, want in zip(wanted.columns, wanted.types, answered.types, strict=True):
        is_text = have == "VARCHAR" and want != "VARCHAR"
        said.append(f"cast({named(column)} as {want})" if is_text else named(column))
        is_all_typed &= not is_text
    if is_all_typed:
        return wanted.rows
    return answer(con, f"select {', '.join(said)} from ({sql}\n) as wanted").rows
