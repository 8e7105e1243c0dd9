"""What Massive's feeds share: where files lie, and how prints and bars are written there."""

from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath

from leadline import clock
from leadline.errors import FeedError
from leadline.feed import File, Relation

BUCKET = "https://files.massive.com/flatfiles"
DAY = "%Y/%m/%Y-%m-%d.csv.gz"
TRADES = f"us_options_opra/trades_v1/{DAY}"
FILES = "20??-??-??.csv"
NEXT_DAY = "30 11 * * 2-6"  # in New York, when a day is out

# A nanosecond is whole by itself; other whole numbers are decimals, which round nothing.
PRINTS = """
ticker text, conditions text, correction text, exchange text, price decimal(18, 8),
sip_timestamp bigint, size decimal(18, 8)
"""

STOCK_TRADES = f"us_stocks_sip/trades_v1/{DAY}"
STOCK_PRINTS = """
ticker text, conditions text, correction text, exchange text, id text,
participant_timestamp bigint, price decimal(18, 8), sequence_number bigint, sip_timestamp bigint,
size decimal(20, 6), tape text, trf_id text, trf_timestamp bigint
"""

FACILITIES = {"201": "FINY", "202": "FINN", "203": "FINC"}
TAPES = {"1": "A", "2": "B", "3": "C"}
SHARES_SINCE_US = 1_762_146_000_000_000  # 2025-11-03: before, sizes of quotes were round lots

# Options are marked as such; what is not is no contract.
MARK = "O:"
CONTRACT = f"case when starts_with(ticker, '{MARK}') then substr(ticker, {len(MARK) + 1}) end"

# A bar's columns, the same of options and stocks, of a session and of a minute.
BARS = """
ticker text, volume decimal(18, 4), open decimal(18, 8), close decimal(18, 8),
high decimal(18, 8), low decimal(18, 8), window_start bigint, transactions decimal(18, 2)
"""
# How long a bar is, and since and until when, by the folder of its file.
KINDS = {
    "day_aggs_v1": ("1d", "sessions.opens_at", "sessions.closes_at + interval 15 minutes"),
    "minute_aggs_v1": ("1m", "dated.window_at", "dated.window_at + interval 1 minute"),
}
_ROWS = """
with timed as (
    select *, make_timestamptz(window_start // 1_000) as window_at, {name} as name from bars
),

dated as (
    select *, cast(timezone('America/New_York', window_at) as date) as session_date from timed
)

select
    {columns},
    '{bar}' as bar,
    {starts_at} as starts_at,
    {known_at} as known_at,
    dated.session_date,
    dated.open,
    dated.high,
    dated.low,
    dated.close,
    dated.volume
from dated
left join sessions
    on sessions.calendar = 'XNYS' and sessions.session_date = dated.session_date
"""


def bars(file: File, name: str, columns: str) -> Relation:
    """Return a file of bars as rows: `name` is what they are of, `columns` what else they have."""
    kinds = [KINDS[part] for part in PurePosixPath(file.name).parts if part in KINDS]
    if not kinds:
        raise FeedError(
            f"{file.origin}: its path has no day_aggs_v1 and no minute_aggs_v1, so it does not "
            f"say how long its bars are; keep the source's folders"
        )
    bar, starts_at, known_at = kinds[-1]
    said = {"bar": bar, "starts_at": starts_at, "known_at": known_at}
    return file.csv(BARS).query("bars", _ROWS.format(name=name, columns=columns, **said))


def shortest(number: str) -> str:
    """Return SQL for a decimal as text, without zeros that say nothing."""
    return rf"regexp_replace(cast({number} as text), '\.?0+$', '')"


def shortened(number: Decimal | int) -> str:
    """Return the text that `shortest` gives of the same number."""
    if not isinstance(number, Decimal | int):
        raise ValueError(f"no number, '{number}'")
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def need_past(file: File) -> None:
    """Raise a FeedError where a file is named by a day that is yet to come, or by none."""
    name = PurePosixPath(file.name).name
    try:
        day = date.fromisoformat(name[:10])
    except ValueError as error:
        raise FeedError(f"{file.origin}: '{name}' names no day; name it as it came") from error
    if day > clock.now().date():
        raise FeedError(f"{file.origin}: {day} is yet to come; name it by its own day")
