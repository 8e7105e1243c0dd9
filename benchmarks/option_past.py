"""Makes what came before the day of option trades: earlier sessions, and what was open of it.

    python -m benchmarks.option_past FOLDER ROWS

Prints and bars are in the layout of Massive's flat files, the chain of the evening before and what
was open after earlier ones in Lean's. The names, their prices and strikes are those of
benchmarks/trades.py, and the rows are a hash of the seed and their place, so that threads and runs
change nothing.
"""

import shutil
import sys
import warnings
import zipfile
from collections.abc import Mapping
from datetime import date
from itertools import groupby
from pathlib import Path

import duckdb
from exchange_calendars import get_calendar

from benchmarks.figures import CACHE, LEADLINE, SEED, python, run
from benchmarks.trades import SPOT, STEP, TICKER, VALUE, VENUES

FIRST, DAY = date(2023, 9, 1), date(2024, 3, 1)
N_SESSIONS = 66  # as far back as a usual volume looks
N_EVENINGS = 22  # a month of changes of what is open, and one figure before them
N_BARS = 30  # of the stocks, up to the day: a month of scores of a week each
SIZE = 11.9  # contracts a print of the day has on average
PER_NAME, MOST, LEAST = 30_000, 200, 3  # rows of the day a busy name; busy names with a past
THIN, SELDOM, ALL = 4, 6, 2_500  # thin names a busy one; they trade in one of so many half hours
GATHERED = 0.03  # of the names somebody gathered calls in the week before
BARRED, CLOSED = "bars", "bars-of-the-day"
CHAINS = 2  # of so many busy names one has a chain
STRIKES, EXPIRATIONS = 10, 8  # each side of the spot; Fridays from the day on

# How much of a name trades in a session, and at which price: of the first names, and of some of the
# others, which do not trade every half hour.
NAMES = """
names as (
    select
        name,
        name >= {busy} as is_thin,
        {ticker} as root,
        {spot} as spot,
        {step} as step,
        {rows} * {size} * (((name + 1) / 2_500) ** (1 / 6) - (name / 2_500) ** (1 / 6)) as usual
    from (
        select name from range({busy}) as firsts (name)
        union all
        select name from range({busy}, {busy} + {thin} * {apart}, {apart}) as others (name)
    )
)
"""

# Of the calls and the puts of a name, near and far, three prints each half hour, seconds apart: one
# contract, what was bought of it, and what was sold. Most names usually do more or less than on the
# day, and of some more is bought than sold. A few were quiet until calls rose in the last week.
PRINTS = """
with {names},

cells as (
    select
        names.*, half_hour, put_call, is_far,
        date '{day}' + cast((12 - isodow(date '{day}')) % 7 as integer) as friday,
        case when is_far then friday + 7 when name < 50 then date '{day}' else friday end
            as expires,
        usual / 2 * case put_call when 'C' then 5 else 4 end / 9
        * 2 / pi() * (asin(sqrt((half_hour + 1) / 13)) - asin(sqrt(half_hour / 13)))
        * case when is_thin then {seldom} else 1 end
        * case
            when {u_gathered} >= {gathered} then exp(0.5 * {of_name})
            when put_call = 'P' then 0.15
            when {ago} > 4 then 0.08
            else 0.75 - 0.1 * {ago}
        end
        * exp(0.3 * {of_session} + 0.3 * {of_cell}) as volume,
        {u_time} as u_time,
        least(0.95, greatest(0.05, 0.5 + 0.1 * {leaning} + 0.1 * {of_side})) as bought_frac,
        greatest(1, round(spot / step) + cast(4 * {away} as integer)) * step as strike,
        cast(floor(17 * {u_venue}) as integer) as venue
    from
        names, range(13) as halves (half_hour), (values ('C'), ('P')) as rights (put_call),
        (values (true), (false)) as terms (is_far)
    where not is_thin or {seldom} * {u_thin} < 1
)

select
    'O:' || root || strftime(expires, '%y%m%d') || put_call
    || lpad(cast(cast(strike * 1_000 as bigint) as text), 8, '0') as ticker,
    209 as conditions,
    0 as correction,
    {venues}[1 + venue] as exchange,
    greatest(0.05, round({value}, 2)) + k % 2 * 0.01 as price,
    1_000_000_000 * (
        {opens} + 1_800 * half_hour + cast(floor(1_700 * u_time) as bigint)
        + k * (1 + venue)
    ) as sip_timestamp,
    case k
        when 0 then 1
        else
            greatest(1, cast(round(
                volume * case k when 1 then bought_frac else 1 - bought_frac end
            ) as bigint))
    end as size
from cells, range(3) as numbers (k)
order by ticker, sip_timestamp
"""

# A stock's bar of a session begins at midnight in New York.
BARS = """
with {names},

closed as (
    select
        *,
        round(spot * (1 + 0.02 * {of_session}), 2) as price
    from names
)

select
    root as ticker, 1_000_000 as volume, price as open, price as close, price as high, price as low,
    1_000_000_000 * cast({opens} - 34_200 as bigint) as window_start,
    10_000 as transactions
from closed
order by ticker
"""

# What is open of most contracts is some days of their volume; it moves by a fiftieth an evening,
# and of one in twenty a large part of what traded on the last evening was opened.
OPEN = """
with {names},

listed as (
    select
        names.*, put_call,
        date '{day}' + cast(7 * week as integer) as expires,
        (round(spot / step) + offset_) * step as strike,
        usual * case put_call when 'C' then 5 else 4 end / 9 * exp(-offset_ * offset_ / 50) / 12.5
        * (
            case when name < 50 then 0.65 else 1 end
            * (((week + 1) / 40) ** 0.25 - (week / 40) ** 0.25)
            + case when name < 50 and week = 0 then 0.35 else 0 end
        ) as traded
    from
        names, range({expirations}) as weeks (week), (values ('C'), ('P')) as rights (put_call),
        range(-{strikes}, {strikes} + 1) as offsets (offset_)
    where round(spot / step) + offset_ >= 1
),

contracts as (
    select
        *,
        {u_told} < 0.7 as is_told,
        {u_opened} < 0.05 as is_opened,
        cast(round(traded * exp(0.5 * {of_volume})) as bigint) as volume,
        cast(10 + round(traded * exp(1 + 0.9 * {of_open})) as bigint) as open_before,
        0.3 * exp(0.1 * {of_iv}) as iv,
        {value} as value
    from listed
),

changes as (
    select
        contracts.*, evening,
        case
            when evening = {evenings} - 1 and is_opened then cast(round(0.7 * volume) as bigint)
            else cast(round(open_before / 50 * {of_evening}) as bigint)
        end as change
    from contracts, range({evenings}) as numbers (evening)
)

select
    *,
    greatest(0, open_before + sum(change) over (
        partition by root, expires, put_call, strike order by evening
    )) as open_interest
from changes
order by root, expires, strike, put_call, evening
"""


# One text a contract: the morning on which each figure came, but for the last evening's.
MEMBERS = """
select
    lower(root),
    case put_call when 'C' then 'call' else 'put' end || '_' || cast(strike * 10_000 as bigint)
    || '_' || strftime(expires, '%Y%m%d') as member,
    string_agg(
        $mornings[1 + evening] || ' 00:00,' || cast(open_interest as bigint) || '\n', ''
        order by evening
    )
from changes
where is_told and evening < len($mornings)
group by all
order by 1, 2
"""

# One text a name: the stock's own line, and its contracts; greeks are those of Black and Scholes.
CHAIN = """
with solved as (
    select
        *,
        (expires - date '{day}') / 365.0 as years,
        iv * sqrt(years) as width,
        ln(spot / strike) / width + width / 2 as d1,
        exp(-d1 * d1 / 2) / sqrt(2 * pi()) as density,
        1 / (1 + exp(-1.702 * d1)) as call_delta  -- near enough to the normal distribution
    from changes
    where evening = {evenings} - 1
)

select
    lower(root),
    '#expiry,strike,right,open,high,low,close,volume,open_interest,implied_volatility,delta,gamma,'
    || 'vega,theta,rho\n,,,' || concat_ws(',', max(spot), max(spot), max(spot), max(spot))
    || ',1000000,,,,,,,\n'
    || string_agg(
        concat_ws(
            ',', strftime(expires, '%Y%m%d'), strike, put_call, mid, mid, mid, mid, volume,
            case when is_told then cast(cast(open_interest as bigint) as text) else '' end,
            round(iv, 6), round(call_delta - case put_call when 'P' then 1 else 0 end, 6),
            round(density / (spot * width), 9), round(spot * sqrt(years) * density / 100, 6),
            round(-spot * density * iv / (2 * sqrt(years)) / 365, 6), 0
        ) || '\n', '' order by expires, strike, put_call
    )
from (select *, greatest(0.01, round(value, 2)) as mid from solved)
group by root
"""


def drawn(number: int, *keys: str) -> str:
    """Return SQL of a number from 0 to 1 that these keys always give."""
    return f"(hash({', '.join(keys)}, {SEED} + {number}) % 1_000_003) / 1_000_003"


def spread(number: int, *keys: str) -> str:
    """Return SQL of a number around 0 that these keys always give; its usual size is 1."""
    draws = " + ".join(drawn(number + nth, *keys) for nth in range(3))
    return f"(2 * ({draws} - 1.5))"


def names(busy: int, thin: int, rows: int) -> str:
    """Return the step of so many names, beside a day of so many rows."""
    apart = (ALL - busy) // max(thin, 1)
    of_name = {"ticker": TICKER, "spot": SPOT, "step": STEP}
    return NAMES.format(busy=busy, thin=thin, apart=apart, rows=rows, size=SIZE, **of_name)


def n_busy(rows: int) -> int:
    """Return how many of the first names have a past beside a day of so many rows."""
    return max(LEAST, min(MOST, rows // PER_NAME))


def with_chains(rows: int) -> int:
    """Return how many of the first names have chains."""
    return max(LEAST, n_busy(rows) // CHAINS)


def whole_sessions() -> dict[date, int]:
    """Return the whole sessions before the day, each with the second at which it opens."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in the loader of sessions
        calendar = get_calendar("XNYS", start=FIRST.isoformat(), end=DAY.isoformat())
    halves = set(calendar.early_closes)
    opens = calendar.schedule["open"]
    told = {day.date(): int(at.timestamp()) for day, at in opens.items() if day not in halves}
    return dict([item for item in told.items() if item[0] < DAY][-N_SESSIONS:])


def write_prints(con: duckdb.DuckDBPyConnection, place: Path, rows: int) -> None:
    """Write the prints of each earlier session."""
    place.mkdir(parents=True)
    step = names(n_busy(rows), THIN * n_busy(rows), rows)
    told = whole_sessions()
    for nth, (day, opens) in enumerate(told.items()):
        session = f"date '{day}'"
        cell = ("name", "put_call", "half_hour", "is_far", session)
        sql = PRINTS.format(
            names=step,
            day=day,
            seldom=SELDOM,
            gathered=GATHERED,
            ago=len(told) - nth,
            u_gathered=drawn(76, "name"),
            u_thin=drawn(75, *cell),
            opens=opens,
            value=VALUE.format(day=f"date '{day}'"),
            venues=VENUES,
            of_name=spread(20, "name", "put_call"),
            of_session=spread(30, "name", "put_call", session),
            of_cell=spread(40, *cell),
            leaning=spread(50, "name"),
            away=spread(60, *cell),
            u_time=drawn(70, *cell),
            u_venue=drawn(71, *cell),
            of_side=spread(72, *cell),
        )
        con.execute(f"copy ({sql}) to '{place}/{day}.csv.gz' (format csv, header)")


def write_bars(con: duckdb.DuckDBPyConnection, place: Path, rows: int) -> None:
    """Write the bars of the last sessions, and of the day, in a folder of its own."""
    step = names(n_busy(rows), THIN * n_busy(rows), rows)
    told = whole_sessions()
    for day, opens in [*told.items(), (DAY, told[max(told)] + 86_400)][-N_BARS:]:
        of_session = spread(100, "name", f"date '{day}'")
        sql = BARS.format(names=step, opens=opens, of_session=of_session)
        part = place / (CLOSED if day == DAY else BARRED) / "day_aggs_v1"
        part.mkdir(parents=True, exist_ok=True)
        con.execute(f"copy ({sql}) to '{part}/{day}.csv.gz' (format csv, header)")


def write_chains(con: duckdb.DuckDBPyConnection, place: Path, rows: int) -> None:
    """Write what was open of each contract after earlier sessions, and the last one's chains."""
    evening = list(whole_sessions())[-1]
    mornings = list(whole_sessions())[1 - N_EVENINGS :]
    contract = ("name", "expires", "put_call", "strike")
    con.execute(
        "create table changes as "
        + OPEN.format(
            names=names(with_chains(rows), 0, rows),
            day=DAY,
            strikes=STRIKES,
            expirations=EXPIRATIONS,
            evenings=N_EVENINGS,
            value=VALUE.format(day=f"date '{evening}'"),
            u_told=drawn(80, *contract),
            u_opened=drawn(81, *contract),
            of_volume=spread(82, *contract),
            of_open=spread(85, *contract),
            of_iv=spread(88, *contract),
            of_evening=spread(91, *contract, "evening"),
        )
    )
    members = con.execute(MEMBERS, {"mornings": [f"{day:%Y%m%d}" for day in mornings]}).fetchall()
    for root, group in groupby(members, key=lambda member: member[0]):
        folder = place / root
        folder.mkdir(parents=True)
        with zipfile.ZipFile(folder / f"{root}_2024_openinterest_american.zip", "w") as archive:
            for _, name, text in group:
                archive.writestr(f"{root}_openinterest_american_{name}.csv", text)
    query = CHAIN.format(evenings=N_EVENINGS, day=evening)
    for root, text in con.execute(query).fetchall():
        (place / root / f"{evening:%Y%m%d}.csv").write_text(text)


def folder(rows: int) -> Path:
    """Return the folder of what came before a day of so many rows; it is made once."""
    place = CACHE / f"past-{SEED}-{rows}"
    if not place.exists():
        python("benchmarks.option_past", place, rows)
    return place


def load(rows: int, env: Mapping[str, str]) -> float:
    """Load what came before a day of so many rows, and return the seconds of it."""
    place = folder(rows)
    feeds = {
        "massive_option_trades": "prints",
        "massive_equity_bars": BARRED,
        "lean_option_chains": "chains",
    }
    loads = [(*LEADLINE, "load", feed, "--from", f"{place / kind}") for feed, kind in feeds.items()]
    return sum(run(load, env).seconds for load in loads)


def load_close(rows: int, env: Mapping[str, str]) -> None:
    """Load the bars of the day itself, which are told after its close."""
    run((*LEADLINE, "load", "massive_equity_bars", "--from", str(folder(rows) / CLOSED)), env)


def told(rows: int) -> list[str]:
    """Return what a store holds of what came before a day of so many rows."""
    busy = n_busy(rows)
    return [
        f"Before it the store holds {N_SESSIONS} whole sessions of the {busy:,} busiest names and "
        f"{THIN * busy:,} others, in few prints of as many contracts as on the day, and of "
        f"{with_chains(rows):,} names the chain of the evening before and the open interest of "
        f"{N_EVENINGS} evenings, of seven in ten contracts; and of all these names the last "
        f"{N_BARS} daily bars. It holds no quotes, no chains of the day and no reports.",
    ]


def main() -> None:
    place, rows = Path(sys.argv[1]), int(sys.argv[2])
    part = place.with_name(f"part-{place.name}")
    shutil.rmtree(part, ignore_errors=True)
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        write_prints(con, part / "prints", rows)
        write_bars(con, part, rows)
        write_chains(con, part / "chains", rows)
    part.rename(place)


if __name__ == "__main__":
    main()
