"""What two worlds tell of the same view: the rows that only one of them has, and the first one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from leadline import clock
from leadline.clock import Span
from leadline.quote import literal, named, quoted

_N = '"of these, less of those"'
_SHOWN = 3  # columns of a row
_LONGEST = 60  # signs of a value


@dataclass(frozen=True)
class Change:
    """Rows that were told otherwise: how many of how many, by which moment, and the first."""

    at: datetime
    n_changed: int
    n_rows: int
    what: str  # was done to the store
    first: str


@dataclass(frozen=True)
class Told:
    """The rows of a view in two worlds.

    scope is a column and its values of interest.
    """

    con: duckdb.DuckDBPyConnection
    these: str
    those: str
    columns: Sequence[str]
    time: str
    scope: tuple[str, Sequence[str]] | None = None

    def rows(self, whose: str, span: Span) -> str:
        """Return the rows that were told in a span, as they stood at its end."""
        until = literal(span.until)
        read = [
            f"case when {named(name)} < {until} then {named(name)} end as {named(name)}"
            if name == "withdrawn_at"
            else named(name)
            for name in self.columns
        ]
        within = f"{self.time} >= {literal(span.since)} and {self.time} < {until}"
        if self.scope:
            column, values = self.scope
            within += f" and {column} in ({', '.join(map(quoted, values)) or 'null'})"
        return f"select {', '.join(read)} from {whose} where {within}"

    def n_rows(self, span: Span) -> int:
        """Return how many rows the first world tells in a span."""
        ((n,),) = self.con.execute(
            f"select count(*) from ({self.rows(self.these, span)})"
        ).fetchall()
        return int(n)

    def change(self, span: Span, what: str, *, may_come: bool = False) -> Change | None:
        """Return what is told otherwise in a span; may_come: the second world may tell more."""
        these, those = (self.rows(whose, span) for whose in (self.these, self.those))
        listed = ", ".join(map(named, self.columns))
        # As two multisets: of equal rows each side must have the same number.
        self.con.execute(
            f"create or replace temporary table odd as select {listed}, sum({_N}) as {_N} "
            f"from (select *, 1 as {_N} from ({these}) union all select *, -1 from ({those})) "
            f"group by {listed} having sum({_N}) {'> 0' if may_come else '<> 0'}"
        )
        ((gone, come),) = self.con.execute(
            f"select coalesce(sum(greatest({_N}, 0)), 0), coalesce(sum(greatest(-{_N}, 0)), 0) "
            f"from odd"
        ).fetchall()
        if not gone and not come:
            return None
        first = _first(self._odd(">"), self._odd("<"), self.time)
        return Change(span.until, int(max(gone, come)), self.n_rows(span), what, first)

    def _odd(self, sign: str) -> dict[str, Any] | None:
        found = self.con.sql(
            f"select * exclude ({_N}) from odd where {_N} {sign} 0 "
            f"order by {self.time}, columns(*) limit 1"
        )
        rows: list[dict[str, Any]] = found.to_arrow_table().to_pylist()
        return rows[0] if rows else None


@dataclass(frozen=True)
class Later:
    """What became of alerts where all was known later."""

    n_same: int = 0  # at the same moment
    n_later: int = 0
    n_gone: int = 0
    n_new: int = 0
    earlier: Change | None = None


def later(con: duckdb.DuckDBPyConnection, these: str, those: str, what: str) -> Later:
    """Compare alerts by their keys; those of the second world may not fire sooner."""
    con.execute(
        f"create or replace temporary table pairs as select a.alert_key as was, "
        f"b.alert_key as is_now, a.fired_at as was_at, b.fired_at as is_at "
        f"from {these} as a full join {those} as b on a.alert_key = b.alert_key"
    )
    ((same, after, gone, new, before, n_all),) = con.execute(
        "select count(case when is_at = was_at then 1 end), "
        "count(case when is_at > was_at then 1 end), count(case when is_now is null then 1 end), "
        "count(case when was is null then 1 end), count(case when is_at < was_at then 1 end), "
        "count(was) from pairs"
    ).fetchall()
    change = None
    if before:
        found = con.sql("from pairs where is_at < was_at order by is_at, was limit 1")
        (row,) = found.to_arrow_table().to_pylist()
        first = (
            f"{row['was']} fires at {clock.stamp(row['is_at'])}, was {clock.stamp(row['was_at'])}"
        )
        change = Change(row["is_at"], int(before), int(n_all), what, first)
    return Later(int(same), int(after), int(gone), int(new), change)


def _first(gone: Mapping[str, Any] | None, come: Mapping[str, Any] | None, time: str) -> str:
    """Say of one row what changed, or that only one world has it."""
    if gone and come:
        other = [name for name in gone if gone[name] != come[name]]
        if len(other) <= len(gone) / 2:
            shown = other[:_SHOWN]
            said = ", ".join(f"{n} is {_short(come[n])}, was {_short(gone[n])}" for n in shown)
            more = f" and {len(other) - _SHOWN} more" if len(other) > _SHOWN else ""
            return f"{_whose(gone, time)}: {said}{more}"
    if gone:
        return f"{_whose(gone, time)} is not told"
    return f"{_whose(come or {}, time)} is told, and was not"


def _whose(row: Mapping[str, Any], time: str) -> str:
    """Return what tells a row from others: its moment and its first words."""
    words = [f"{name} {_short(said)}" for name, said in row.items() if isinstance(said, str)]
    return ", ".join([*words[:_SHOWN], f"{time} {_short(row[time])}"])


def _short(said: object) -> str:
    text = (
        clock.stamp(said) if isinstance(said, datetime) else "null" if said is None else str(said)
    )
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
