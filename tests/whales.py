"""Opens the views below the whale detector over changes of made-up books."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from leadline.engine import scratch
from tests.doors import ROOT

VIEWS = (
    "book_adds", "book_size_minutes", "book_size_hours", "book_size_baselines",
    "book_moment_hours", "book_moments", "whale_adds", "whale_orders",
)  # fmt: skip


@contextmanager
def whales(updates: pa.Table) -> Iterator[duckdb.DuckDBPyConnection]:
    """Compute each view once; of all coins a bitcoin alone has a rate, 60,000 dollars."""
    with scratch() as con:
        con.execute("set timezone = 'UTC'")
        con.execute("create schema curated; create schema features; create schema ops")
        con.execute("create view ops.clock as select timestamptz '2100-01-01 00:00Z' as until")
        con.register("made", updates)
        con.execute("create table curated.book_updates as from made")
        con.execute("create table curated.dollar_coins as select 'USDT' as coin")
        con.execute(
            "create table features.quote_rates as select 'made' as venue, 'BTC' as coin, "
            "hour_at, 60000.0 as usd_rate from range(timestamptz '2024-08-07 00:00Z', "
            "timestamptz '2024-08-12 00:00Z', interval 1 hour) as hours (hour_at)"
        )
        for view in VIEWS:
            text = (ROOT / f"sql/views/features/{view}.v1.sql").read_text()
            con.execute(f"create table features.{view} as {text}")
        yield con


def detector(version: int) -> str:
    """Return the text of a version of the detector."""
    return (ROOT / f"sql/detectors/crypto/whale.v{version}.sql").read_text()
