"""Yields of US Treasuries by maturity, one line a day.

Source: https://github.com/quantopian/zipline, treasury_curves.csv: the par yield curve that the US
    Treasury publishes, 1 month to 30 years.
Limits: the file ends with 2017-03-29.
Quirks: yields are fractions, half-yearly compounded as bonds pay; a maturity that was not issued
    then is empty, and is no row; the Treasury publishes in the evening, so known_at is 06:30 New
    York of the next day.
"""

from collections.abc import Iterator

from leadline.feed import Batch, Feed, Files

FEED = Feed(writes=("macro",), files="treasury_curves*.csv", step=0)

# Our word for each of the file's columns.
MATURITIES = {
    "1month": "1m", "3month": "3m", "6month": "6m", "1year": "1y", "2year": "2y", "3year": "3y",
    "5year": "5y", "7year": "7y", "10year": "10y", "20year": "20y", "30year": "30y",
}  # fmt: skip
COLUMNS = '"Time Period" text, ' + ", ".join(f'"{name}" double' for name in MATURITIES)

LISTED = ", ".join(
    f"struct_pack(series := 'treasury_{word}', value := \"{name}\")"
    for name, word in MATURITIES.items()
)
ROWS = f"""
with told as (
    select
        cast(try_strptime(left("Time Period", 10), '%Y-%m-%d') as date) as day,
        unnest([{LISTED}]) as figure
    from lines
)
select
    figure.series as series,
    day,
    figure.value as value,
    timezone('America/New_York', day + interval 1 day + interval 390 minutes) as known_at
from told
where figure.value is not null
"""


def read(files: Files) -> Iterator[Batch]:
    """Yield each file as one relation."""
    for file in files:
        yield "macro", file.csv(COLUMNS).query("lines", ROWS)
