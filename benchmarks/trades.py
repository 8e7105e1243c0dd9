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

# 300,000 contracts, few of them busy; 17 venues; equal prints happen, as they do in the real file.
PRINTS = """
with draws as (
    select
        day, n,
        (hash(n, day, {seed}) % 1_000_003) / 1_000_003 as u1,
        (hash(n, day, {seed} + 1) % 1_000_003) / 1_000_003 as u2,
        (hash(n, day, {seed} + 2) % 1_000_003) / 1_000_003 as u3,
        hash(n, day, {seed} + 3) as roll
    from range({rows}) as numbers (n), (values {days}) as days (day)
),

prints as (
    select
        *,
        cast(floor(300_000 * u1 ** 4) as bigint) as place,
        cast((roll // 8) % 4 as bigint) as expiry
    from draws
)

select
    'O:' || chr(cast(65 + place % 26 as integer)) || chr(cast(65 + place // 26 % 26 as integer))
    || chr(cast(65 + place // 676 % 26 as integer)) || strftime(day + cast(7 * expiry as integer),
    '%y%m%d') || case when place % 2 = 0 then 'C' else 'P' end
    || lpad(cast(5_000 * (10 + place // 17_576 * 4 + expiry) as text), 8, '0') as ticker,
    case when u3 < 0.6 then 209 when u3 < 0.85 then 227 when u3 < 0.95 then 232 else 219 end
        as conditions,
    0 as correction,
    300 + cast(floor(17 * u2 * u2) as integer) as exchange,
    round(0.05 + (place % 997) * 0.05 + (roll % 5) * 0.01, 2) as price,
    epoch_ns(cast(day as timestamp)) + 52_200_000_000_000
    + cast(floor(23_400_000 * (hash(n, day, {seed} + 4) % 1_000_003) / 1_000_003) as bigint)
    * 1_000_000 as sip_timestamp,
    1 + cast(floor(-3 * ln(1 - u2)) as bigint) as size,
    day
from prints
"""


def prints(rows: int, days: list[date]) -> str:
    """Return the query of so many prints a day."""
    listed = ", ".join(f"(date '{day}')" for day in days)
    return PRINTS.format(seed=SEED, rows=rows, days=listed)


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
