"""The VIX, Cboe's index of volatility: open, high, low and close of each day.

Source: https://cdn.cboe.com/api/global/us_indices/daily_prices/VIX_History.csv, no key; as copied
    to https://github.com/datasets/finance-vix, vix-daily.csv.
Limits: files only, the whole history in one.
Quirks: days are YYYY-MM-DD in the copy and MM/DD/YYYY at Cboe; before 1992 the four are one
    figure, which is taken for the close alone; the index is told until 16:15 New York, so
    known_at is 16:30 of the day, on short days too.
"""

from collections.abc import Iterator

from leadline.feed import Batch, Feed, Files

FEED = Feed(writes=("macro",), files=("vix-daily*.csv", "VIX_History*.csv"), step=0)

COLUMNS = "DATE text, OPEN double, HIGH double, LOW double, CLOSE double"
ROWS = """
with dated as (
    select
        *,
        cast(coalesce(
            try_strptime("DATE", '%Y-%m-%d'), try_strptime("DATE", '%m/%d/%Y')
        ) as date) as day
    from lines
),

told as (
    select
        day,
        unnest([
            struct_pack(series := 'vix_open', value := "OPEN"),
            struct_pack(series := 'vix_high', value := "HIGH"),
            struct_pack(series := 'vix_low', value := "LOW"),
            struct_pack(series := 'vix_close', value := "CLOSE")
        ]) as figure
    from dated
)

select
    figure.series as series,
    day,
    figure.value as value,
    timezone('America/New_York', day + interval 990 minutes) as known_at
from told
where figure.series = 'vix_close' or day is null or day >= date '1992-01-01'
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each file as one relation."""
    for file in files:
        yield "macro", file.csv(COLUMNS).query("lines", ROWS)
