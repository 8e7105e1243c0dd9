"""Makes option trades as Massive's flat files have them: seeded, sorted by ticker, then time.

    python -m benchmarks.trades PATH ROWS DAY

The rows are a hash of the seed and their number, so that threads and runs change nothing.
"""

import shutil
import sys
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.figures import CACHE, LEADLINE, ROOT, SEED, python, run

# What a name is called, where it trades, and its strikes' distance; a price, where `day` is known.
# The third letter is none of A, B and C: BFB is what the options of BF.B are called.
TICKER = """chr(cast(65 + name % 26 as integer)) || chr(cast(65 + name // 26 % 26 as integer))
    || chr(cast(68 + name // 676 as integer))"""
SPOT = f"20 + cast(hash(name, {SEED}) % 480 as bigint)"
STEP = "case when spot < 60 then 1 when spot < 250 then 2.5 else 5 end"
VALUE = """greatest(0, (spot - strike) * case put_call when 'C' then 1 else -1 end)
+ 0.12 * spot * sqrt((1 + expires - {day}) / 365.0) * exp(-abs(strike / spot - 1) * 6)"""
VENUES = "300 + [0, 1, 2, 3, 4, 7, 8, 9, 12, 13, 15, 16, 19, 20, 22, 23, 25]"

PRINTS = """
with draws as (
    select
        day, n,
        (hash(n, day, {seed}) % 1_000_003) / 1_000_003 as u_name,
        (hash(n, day, {seed} + 1) % 1_000_003) / 1_000_003 as u_expiry,
        (hash(n, day, {seed} + 2) % 1_000_003 + hash(n, day, {seed} + 3) % 1_000_003
        + hash(n, day, {seed} + 4) % 1_000_003) / 1_000_003 - 1.5 as away,
        (hash(n, day, {seed} + 5) % 1_000_003) / 1_000_003 as u_kind,
        (hash(n, day, {seed} + 6) % 1_000_003) / 1_000_003 as u_size,
        (hash(n, day, {seed} + 7) % 1_000_003) / 1_000_003 as u_time,
        cast(hash(n, day, {seed} + 8) // 2 as bigint) as roll
    from range({orders}) as numbers (n), (values {days}) as days (day)
),

-- 2,500 names, of which the first has a quarter of the orders; of every hundred: 60 plain, 14 swept
-- by a single print, 3 swept over venues, 2 split, 8 auctions, 11 packages, 2 crosses and the rest.
orders as (
    select
        *,
        cast(floor(2_500 * u_name ** 6) as bigint) as name,
        case
            when u_kind < 0.60 then 'plain' when u_kind < 0.74 then 'iso'
            when u_kind < 0.77 then 'sweep' when u_kind < 0.79 then 'split'
            when u_kind < 0.87 then 'auction' when u_kind < 0.98 then 'package'
            when u_kind < 0.99 then 'cross' when u_kind < 0.995 then 'floor'
            when u_kind < 0.999 then 'late' else 'cancelled'
        end as kind
    from draws
),

contracts as (
    select
        *,
        {spot} as spot,
        case
            when name < 50 and u_expiry < 0.35 then day
            else day + cast((12 - isodow(day)) % 7 + 7 * floor(40 * u_expiry ** 4) as integer)
        end as expires,
        case when roll % 9 < 5 then 'C' else 'P' end as put_call,
        case
            when kind in ('package', 'cancelled') then 2
            when kind in ('sweep', 'split') then 2 + cast((roll // 16) % 5 as bigint)
            else 1
        end as n_prints,
        1 + cast(floor(-4 * ln(1 - u_size)) as bigint) * case when u_size > 0.985 then 25 else 1 end
            as size,
        epoch_ms(cast(day as timestamp)) + 52_200_000
        + cast(floor(23_400_000 * (1 - cos(pi() * u_time)) / 2) as bigint) as at_ms
    from orders
),

prints as (
    select
        contracts.*,
        k,
        {step} as step,
        round(spot / step + away * 10)
        + case when kind = 'package' then k else 0 end as nth_strike
    from contracts, range(7) as ks (k)
    where k < n_prints
),

priced as (
    select
        *,
        nth_strike * step as strike,
        {value} as value
    from prints
    where nth_strike >= 1
)

select
    'O:' || {ticker} || strftime(expires, '%y%m%d') || put_call
    || lpad(cast(cast(strike * 1_000 as bigint) as text), 8, '0') as ticker,
    case kind
        when 'plain' then 209 when 'split' then 209 when 'iso' then 219 when 'sweep' then 219
        when 'auction' then 227 + cast(roll % 2 as bigint) when 'cross' then 229
        when 'floor' then 231 when 'late' then 202
        when 'package' then [232, 232, 232, 233, 233, 235, 236, 238, 240][1 + roll % 9]
        else case k when 0 then 209 else 201 end
    end as conditions,
    0 as correction,
    {venues}[
        1 + (roll // 128 + case kind when 'sweep' then k else 0 end) % 17
    ] as exchange,
    greatest(0.01, round(
        value + (cast((roll // 4096) % 5 as bigint) - 2) * 0.01
        + case kind when 'sweep' then k * 0.01 else 0 end, 2
    )) as price,
    (at_ms + case kind
        when 'package' then 0 when 'cancelled' then k * 1_000 else k * cast(5 + roll % 25 as bigint)
    end) * 1_000_000 as sip_timestamp,
    size,
    day
from priced
"""
PER_ORDER = 1.26  # prints, by the shares of its kinds


def prints(rows: int, days: list[date]) -> str:
    """Return the query of so many prints a day."""
    listed = ", ".join(f"(date '{day}')" for day in days)
    orders = int(rows / PER_ORDER * 1.02) + 20
    made = PRINTS.format(
        seed=SEED,
        orders=orders,
        days=listed,
        ticker=TICKER,
        spot=SPOT,
        step=STEP,
        value=VALUE.format(day="day"),
        venues=VENUES,
    )
    return (
        f"from ({made}) qualify row_number() over (partition by day order by hash(ticker, "
        f"sip_timestamp, exchange, price, size), ticker, sip_timestamp) <= {rows}"
    )


def flat_file(rows: int, day: str = "2024-03-01") -> Path:
    """Return one day's file of so many rows; it is made once."""
    folder = CACHE / f"trades-{SEED}-{rows}"
    path = folder / f"{day}.csv.gz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        python("benchmarks.trades", path, rows, day)
    return path


def project(place: Path) -> Path:
    """Lay out a project of the real loader and its datasets, with the sessions that it needs."""
    for pattern in ("loaders/massive_option_trades.py", "loaders/_*.py", "loaders/sessions.py"):
        _copy(place, *ROOT.glob(pattern))
    tables = ("loads", "rejected", "sessions", "feed_gaps", "option_quotes", "option_trades")
    _copy(place, *(ROOT / "sql" / "tables" / f"{name}.sql" for name in tables))
    (place / "sql" / "detectors").mkdir(parents=True)
    (place / "leadline.toml").touch()
    run((*LEADLINE, "load", "sessions"), environment(place))
    return place


def environment(place: Path) -> dict[str, str]:
    """Return what sets a command to work in a project."""
    return {"LEADLINE_PROJECT": str(place), "LEADLINE_STORE": str(place / "store")}


def _copy(place: Path, *paths: Path) -> None:
    for path in paths:
        target = place / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)


def main() -> None:
    path, rows, day = Path(sys.argv[1]), int(sys.argv[2]), date.fromisoformat(sys.argv[3])
    part = path.with_name(f"part-{path.name}")
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute(
            f"copy (select * exclude day from ({prints(rows, [day])}) order by ticker, "
            f"sip_timestamp, exchange, price, size, conditions) to '{part}' "
            "(format csv, header, compression gzip)"
        )
    part.rename(path)


if __name__ == "__main__":
    main()
