"""What Massive's feeds share: where their files lie, and how prints are written there."""

from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath

from leadline import clock
from leadline.errors import FeedError
from leadline.feed import File

BUCKET = "https://files.massive.com/flatfiles"
DAY = "%Y/%m/%Y-%m-%d.csv.gz"
TRADES = f"us_options_opra/trades_v1/{DAY}"
FILES = "20??-??-??.csv"
NEXT_DAY = "30 16 * * 2-6"  # 11:30 or 12:30 in New York, when a day is out

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

# Options are marked as such; what is not is no contract.
MARK = "O:"
CONTRACT = f"case when starts_with(ticker, '{MARK}') then substr(ticker, {len(MARK) + 1}) end"


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
