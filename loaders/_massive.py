"""What Massive's feeds share: where the files of options lie, and how prints are written there."""

from decimal import Decimal

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
