"""Lean factor files: the splits and dividends by which a stock's prices are adjusted.

Source: https://github.com/QuantConnect/Lean, Data/equity/usa: factor_files/TICKER.csv, and
    map_files/TICKER.csv beside it, which says what the ticker was when.
Limits: files only; a stock of no map file has the ticker of its file's name for all time.
Quirks: a line is the last day of its factors, so what changed them is the next session's;
    known_at is the begin of that day in New York, for nobody says when it was announced; factors
    are rounded, so a ratio within 0.05 % of a whole number, or of one over it, is taken for it;
    a dividend is what the factor took off the close, good to about 0.0001 % of it, and may be the
    worth of a spin-off; a factor file is looked at again when itself has changed, not when its
    map file has.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from leadline.errors import FeedError
from leadline.feed import Batch, Feed, File, Files, understood

# A zip is left as it is, for those that lie beside hold prices.
FEED = Feed(writes=("corporate_actions",), files="[a-z]*.csv", parts=2, zips="joined")

NAME = re.compile(r"(?P<folder>factor_files|map_files)/(?P<ticker>[a-z0-9.]+?)(\.\d+)?\.csv")
SPELL = re.compile(r"(?P<last_day>\d{8}),(?P<ticker>[a-z0-9.]+)(,\w*)?")

ACTIONS = """
with split as (select string_split(line, ',') as said from lines),

factors as (
    select
        cast(strptime(said[1], '%Y%m%d') as date) as day,
        cast(said[2] as double) as price_factor,
        case
            when len(said) = 4 then cast(said[3] as double)
            else error('a line has ' || len(said) || ' parts and not 4; mend the loader')
        end as split_factor,
        cast(said[4] as double) as close
    from split
),

changed as (
    select
        *,
        lead(split_factor) over in_order / split_factor as new_for_old,
        split_factor / lead(split_factor) over in_order as old_for_new,
        price_factor / lead(price_factor) over in_order as kept
    from factors
    window in_order as (order by day)
),

dated as (
    select
        changed.*,
        (
            select min(sessions.session_date)
            from sessions
            where sessions.calendar = 'XNYS' and changed.day < sessions.session_date
        ) as ex_date
    from changed
    where changed.new_for_old <> 1 or changed.kept <> 1
),

actions as (
    select
        ex_date,
        'split' as action,
        case
            when abs(new_for_old / nullif(round(new_for_old), 0) - 1) < 0.0005
                then round(new_for_old)
            when abs(old_for_new / nullif(round(old_for_new), 0) - 1) < 0.0005
                then 1 / round(old_for_new)
            else round(new_for_old, 6)
        end as ratio,
        null as amount_usd
    from dated
    where new_for_old <> 1
    union all
    select ex_date, 'dividend', null, round(close * (1 - kept), 4)
    from dated
    where kept <> 1
)

select
    {symbol} as symbol,
    actions.*,
    timezone('America/New_York', cast(actions.ex_date as timestamp)) as known_at
from actions
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each factor file as one relation; map files are only looked into."""
    maps = {file.name: file for file in files[:]}
    for file in files:
        name = NAME.fullmatch(file.name)
        if name is None:
            raise FeedError(
                f"{file.origin}: its folder should be factor_files or map_files; "
                f"name one of these folders"
            )
        if name["folder"] == "factor_files":
            known = maps.get(file.name.replace("factor_files", "map_files"))
            tickers = spells(known) if known else {}
            lines = file.csv("line text", delimiter="\t", header=False)
            symbol = symbols(tickers, name["ticker"].upper())
            yield "corporate_actions", lines.query("lines", ACTIONS.format(symbol=symbol))


def spells(file: File) -> Mapping[str, str]:
    """Return the tickers of a map file, by the last day of each."""
    found = {}
    for line in file.text().split():
        with understood(file.origin, line):
            if (said := SPELL.fullmatch(line)) is None:
                raise ValueError("no line of a map")
            last_day = datetime.strptime(said["last_day"], "%Y%m%d").date()
            found[last_day.isoformat()] = said["ticker"].upper()
    return dict(sorted(found.items()))


def symbols(tickers: Mapping[str, str], otherwise: str) -> str:
    """Return SQL for the ticker of an action on its day."""
    if not tickers:
        return f"'{otherwise}'"
    spans = " ".join(
        f"when actions.ex_date <= date '{day}' then '{t}'" for day, t in tickers.items()
    )
    return f"case {spans} end"
