"""Half hours of option volume that tests make up, and the views over them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from leadline.engine import scratch
from leadline.quote import literal
from tests.doors import ROOT
from tests.sql_desk import calendar

Ints = NDArray[np.int64]
N_HALF_HOURS = 13
VIEWS = ("option_marks", "option_sessions", "option_volume", "option_volume_rank")


@dataclass
class Made:
    """Volume of names in half hours of sessions, by term; a name's options are calls or puts.

    Each array is of names, sessions and half hours; sessions count from the first one.
    """

    names: list[tuple[str, str]]
    sessions: list[date]
    volumes: Mapping[str, Ints]
    opens_at: list[datetime] = field(default_factory=list)

    def table(self) -> pa.Table:
        """Return them as rows of features.option_half_hours, those without volume left out."""
        name, session, half_hour = np.nonzero(self.volumes["all"])
        starts = np.array([when.timestamp() for when in self.opens_at]) * 1_000_000
        moments = starts[session].astype(np.int64) + (half_hour + 1) * 1_800_000_000 - 1_000_000
        days = pa.array(self.sessions, pa.date32()).take(pa.array(session))
        underlyings, sides = zip(*self.names, strict=True)
        columns = {
            "session_date": days,
            "known_date": days,
            "underlying": pa.array(underlyings).take(pa.array(name)),
            "put_call": pa.array(sides).take(pa.array(name)),
            "half_hour": half_hour.astype(np.int64),
            "known_at": pa.array(moments).cast(pa.timestamp("us", "UTC")),
        }
        for term, column in (
            ("all", "volume"),
            ("near", "near_volume"),
            ("0dte", "zero_dte_volume"),
        ):
            columns[column] = self.volumes[term][name, session, half_hour]
        money = ("premium_usd", "near_premium_usd", "zero_dte_premium_usd", "package_volume")
        columns |= {column: 100 * columns["volume"] for column in money}
        return pa.table(columns)


def whole_sessions(until: date, n: int) -> tuple[list[date], list[datetime]]:
    """Return the last whole sessions of New York to a day, and when each opened."""
    with scratch() as con:
        con.register("sessions", calendar())
        found = con.execute(
            "select session_date, epoch(cast(opens_at as timestamptz)) from sessions "
            "where calendar = 'XNYS' "
            "and not is_half_session and session_date <= ? order by session_date desc limit ?",
            [until, n],
        ).fetchall()
    days = [day for day, _ in reversed(found)]
    return days, [datetime.fromtimestamp(second).astimezone() for _, second in reversed(found)]


@contextmanager
def views_over(made: Made, since: datetime, until: datetime) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the volume views over what was made, for a question of this span."""
    with scratch() as con:
        con.execute("set timezone = 'UTC'")
        con.execute("create schema curated; create schema features; create schema ops")
        con.execute("create schema raw")
        con.register("loaded", calendar())
        con.execute(
            "create view raw.sessions as select * replace ("
            "cast(opens_at as timestamptz) as opens_at, "
            "cast(closes_at as timestamptz) as closes_at), "
            "known_at as recorded_at, '' as load_id, false as is_gone from loaded"
        )
        for name, moment in (("since", since), ("until", until)):
            con.execute(f"set variable {name} = {literal(moment)}")
        con.execute(
            "create view ops.clock as select getvariable('since') as since, "
            "getvariable('until') as until"
        )
        con.register("half_hours", made.table())
        con.execute(
            "create table features.option_half_hours as "
            "from half_hours where known_at < getvariable('until')"
        )
        for view in ("sessions", "us_sessions"):
            _create(con, "curated", view)
        for view in VIEWS:
            _create(con, "features", view)
        yield con


def _create(con: duckdb.DuckDBPyConnection, schema: str, view: str) -> None:
    text = (ROOT / f"sql/views/{schema}/{view}.v1.sql").read_text()
    con.execute(f"create view {schema}.{view} as {text}")
