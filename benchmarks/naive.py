"""A naive tool, to compare with: one fixed bound a kind over a suite's files, and nothing usual.

python -m benchmarks.naive SUITE ALERTS.parquet
"""

import argparse
from pathlib import Path

import duckdb

# Of each kind what looks like it at first sight: entity, when, subject, and how much.
RULES = {
    "options.sweep": """
        select root, max(known_at), contract, sum(price * size * 100) from option_trades
        group by contract, root, date_trunc('second', traded_at)
        having count(distinct venue) > 1 and sum(price * size * 100) >= 50_000
    """,
    "options.golden_sweep": """
        select root, max(known_at), contract, sum(price * size * 100) from option_trades
        group by contract, root, date_trunc('second', traded_at)
        having count(distinct venue) > 1 and sum(price * size * 100) >= 1_000_000
    """,
    "options.split": """
        select root, max(known_at), contract, sum(price * size * 100) from option_trades
        group by contract, root, venue, date_trunc('second', traded_at)
        having count(*) > 1 and sum(price * size * 100) >= 50_000
    """,
    "options.block": """
        select root, known_at, contract, price * size * 100 from option_trades
        where price * size * 100 >= 100_000
    """,
    "options.repeated_hits": """
        select root, max(known_at), contract, sum(price * size * 100) from option_trades
        group by contract, root, date_trunc('second', traded_at)
        having count(*) >= 5 and sum(price * size * 100) >= 100_000
    """,
    "options.repeater": """
        select root, max(known_at), contract, sum(price * size * 100) from option_trades
        group by contract, root, date_trunc('hour', traded_at)
        having count(*) >= 3 and sum(price * size * 100) >= 250_000
    """,
    "options.multi_leg": """
        select root, known_at, null, price * size * 100 from option_trades
        where condition in ('f', 'j') and price * size * 100 >= 50_000
    """,
    "options.volume_oi": """
        select root, max(known_at), contract, sum(size) from option_trades
        group by contract, root, session_date having sum(size) >= 500
    """,
    "options.high_volume": """
        select root, max(known_at), put_call, sum(size) from option_trades
        group by root, put_call, session_date having sum(size) >= 2_000
    """,
    "options.oi_change": """
        select contract[:4], known_at, contract, abs(change) from (
            select *, open_interest - lag(open_interest) over (
                partition by contract order by oi_date
            ) as change from open_interest
        ) where abs(change) >= 1_000
    """,
    "prices.sweep": """
        select symbol, max(known_at), null, sum(price * size) from equity_trades
        where venue <> 'D' group by symbol, date_trunc('second', traded_at)
        having count(*) > 1 and sum(price * size) >= 1_000_000
    """,
    "off_exchange.block": """
        select symbol, known_at, null, price * size from equity_trades
        where venue = 'D' and price * size >= 10_000_000
    """,
    "off_exchange.large_print": """
        select symbol, known_at, null, price * size from equity_trades
        where venue = 'D' and price * size >= 1_000_000
    """,
    "off_exchange.late_print": """
        select symbol, known_at, null, price * size from equity_trades
        where known_at > traded_at + interval 10 minutes and price * size >= 10_000_000
    """,
    "off_exchange.short_share": """
        select symbol, known_at, null, short_volume / total_volume from short_volume
        where short_volume / total_volume >= 0.6
    """,
    "prices.volume_spike": """
        select symbol, known_at, null, volume from equity_bars
        where bar = '1d' and volume >= 10_000_000
    """,
    "filings.insider_cluster": """
        select filings.trading_symbol, max(trades.known_at), null, sum(trades.shares)
        from insider_transactions as trades
        inner join insider_filings as filings using (accession_no)
        where trades.trans_code = 'P' group by filings.trading_symbol
        having sum(trades.shares * trades.price) >= 100_000
    """,
}
DATASETS = (
    "option_trades", "open_interest", "equity_trades", "short_volume", "equity_bars",
    "insider_transactions", "insider_filings",
)  # fmt: skip


def alerts(suite: Path, out: Path) -> int:
    """Write what the rules say of every week; return how many alerts there are."""
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute(
            "create table alerts (week text, kind text, entity text, fired_at timestamptz, "
            "subject text, score double)"
        )
        for (week,) in con.execute(
            "select week from read_parquet(?) order by all", [str(suite / "weeks.parquet")]
        ).fetchall():
            for name in DATASETS:
                path = suite / week / f"{name}.parquet"
                con.execute(f"create or replace view {name} as from '{path}'")
            for kind, rule in RULES.items():
                con.execute(f"insert into alerts select ?, ?, * from ({rule})", [week, kind])
        con.execute(f"copy alerts to '{out}'")
        row = con.execute("select count(*) from alerts").fetchone()
    assert row
    return int(row[0])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.naive", description=__doc__)
    parser.add_argument("suite", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    print(f"{given.out}: {alerts(given.suite, given.out):,} alerts")


if __name__ == "__main__":
    main()
